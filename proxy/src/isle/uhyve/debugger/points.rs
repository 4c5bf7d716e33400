//! Breakpoints in the code: [`Planted`].
//!
//! The instruction of one is `out dx, al`, which leaves the guest on every CPU: the program's own `int3`
//! stays the program's, and QEMU's emulation of AMD's SVM, where this is tested, does not let KVM see an
//! `int3`.

use kvm_ioctls::VcpuFd;
use std::collections::HashMap;

/// `out dx, al`.
pub const BREAKPOINT: u8 = 0xee;

/// Breakpoints in the code: their addresses, and what was there.
#[derive(Debug, Default)]
pub struct Planted {
    /// Address and the byte that the breakpoint stands for.
    pub bytes: HashMap<u64, u8>,
}

impl Planted {
    /// Whether `vcpu`, which leaves the guest for an I/O port, stands on one. KVM would let the port's
    /// instruction be done when the vCPU runs again, unless the vCPU is elsewhere then: so it is elsewhere
    /// for a run of no instruction.
    pub fn hit(&self, vcpu: &mut VcpuFd) -> bool {
        let Ok(registers) = vcpu.get_regs() else { return false };
        if !self.bytes.contains_key(&registers.rip) {
            return false;
        }
        let elsewhere = kvm_bindings::kvm_regs { rip: !registers.rip, ..registers };
        if vcpu.set_regs(&elsewhere).is_err() {
            return false;
        }
        vcpu.set_kvm_immediate_exit(1);
        // It ends with EINTR, as it shall.
        let _ = vcpu.run();
        vcpu.set_kvm_immediate_exit(0);
        vcpu.set_regs(&registers).is_ok()
    }
}
