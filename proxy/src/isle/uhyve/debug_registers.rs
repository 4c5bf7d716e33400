//! The CPU's debug registers, as KVM is told of them: [`DebugRegisters`].

use kvm_bindings::{
    KVM_GUESTDBG_ENABLE, KVM_GUESTDBG_SINGLESTEP, KVM_GUESTDBG_USE_HW_BP, kvm_guest_debug,
    kvm_guest_debug_arch,
};

/// DR7.LE and GE, and the bit that is always one (SDM vol. 3, 17.2.4).
const DR7_EXACT: u64 = 0b111 << 8;

/// Whether the CPU's debug registers work in guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hardware {
    /// They do.
    Works,
    /// They are ignored, as in QEMU's emulation of AMD's SVM: gdb does without.
    Ignored,
}

/// What a debug register waits for, by its bits in DR7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// An instruction is executed.
    Execute = 0b00,
    /// Something is written.
    Write = 0b01,
    /// Something is read or written: there is nothing for "read" alone.
    Any = 0b11,
}

/// One debug register in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The address.
    pub address: u64,
    /// Length in bytes: 1, 2, 4 or 8, and the address is a multiple of it.
    pub len_bytes: u64,
    /// What it waits for.
    pub trigger: Trigger,
}

impl Watch {
    /// Its bits of length in DR7; `None` if the CPU has none for it.
    fn len_bits(self) -> Option<u64> {
        let bits = match self.len_bytes {
            1 => 0b00,
            2 => 0b01,
            4 => 0b11,
            8 => 0b10,
            _ => return None,
        };
        self.address.is_multiple_of(self.len_bytes).then_some(bits)
    }
}

/// The CPU's four debug registers.
#[derive(Clone, Debug, Default)]
pub struct DebugRegisters {
    watches: [Option<Watch>; 4],
}

impl DebugRegisters {
    /// Takes a register; false if there is none left, or none for this.
    pub fn add(&mut self, watch: Watch) -> bool {
        let register = self.watches.iter_mut().find(|register| register.is_none());
        match register {
            Some(register) if watch.len_bits().is_some() => {
                *register = Some(watch);
                true
            }
            _ => false,
        }
    }

    /// Gives it back; false if it is not in use.
    pub fn remove(&mut self, watch: Watch) -> bool {
        let register = self.watches.iter_mut().find(|register| **register == Some(watch));
        register.is_some_and(|register| register.take().is_some())
    }

    /// What has happened, by the bits of DR6.
    pub fn found(&self, dr6: u64) -> Option<Watch> {
        let hit = (0..self.watches.len()).filter(|number| dr6 & 1 << number != 0);
        hit.filter_map(|number| self.watches[number]).next()
    }

    /// What KVM is told: these registers, and whether to stop after one instruction.
    pub fn for_kvm(&self, step: Option<Step>) -> kvm_guest_debug {
        let mut arch = kvm_guest_debug_arch::default();
        let mut control = 0;
        let mut dr7 = DR7_EXACT;
        for (number, watch) in self.watches.iter().enumerate() {
            let Some(watch) = watch else { continue };
            arch.debugreg[number] = watch.address;
            let bits = watch.trigger as u64 | watch.len_bits().unwrap_or_default() << 2;
            // Enabled globally, for the whole machine.
            dr7 |= 0b10 << (2 * number) | bits << (16 + 4 * number);
            control |= KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP;
        }
        if control != 0 {
            arch.debugreg[7] = dr7;
        }
        if let Some(step) = step {
            control |= KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | step.more_flags;
        }
        kvm_guest_debug { control, pad: 0, arch }
    }
}

/// How to make one step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// KVM_GUESTDBG_BLOCKIRQ where KVM has it: else a step may lead into an interrupt's handler.
    pub more_flags: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Watch = Watch { address: 0x20_1000, len_bytes: 1, trigger: Trigger::Execute };
    const DATA: Watch = Watch { address: 0x30_0008, len_bytes: 8, trigger: Trigger::Write };

    #[test]
    fn debug_registers_are_as_the_manual_says() {
        let mut registers = DebugRegisters::default();
        assert_eq!(registers.for_kvm(None).control, 0, "nothing to do");
        assert!(registers.add(CODE) && registers.add(DATA));
        let told = registers.for_kvm(None);
        assert_eq!(told.control, KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP);
        assert_eq!(told.arch.debugreg[..2], [0x20_1000, 0x30_0008]);
        assert_eq!(told.arch.debugreg[7], 0b1001 << 20 | 0b1010 | 0x700);
        assert_eq!((registers.found(0b01), registers.found(0b10)), (Some(CODE), Some(DATA)));
        assert_eq!(registers.found(1 << 14), None, "a step");
        assert!(registers.remove(CODE) && !registers.remove(CODE));
        assert_eq!(registers.found(0b01), None);
        let step = registers.for_kvm(Some(Step { more_flags: 0 })).control;
        assert_eq!(step, KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP | KVM_GUESTDBG_SINGLESTEP);
    }

    #[test]
    fn what_the_cpu_cannot_watch_is_refused() {
        let mut registers = DebugRegisters::default();
        assert!(!registers.add(Watch { len_bytes: 3, ..DATA }));
        assert!(!registers.add(Watch { address: 0x30_0004, ..DATA }), "not aligned");
        assert!((0..4).all(|_| registers.add(CODE)));
        assert!(!registers.add(CODE), "there are four");
    }
}
