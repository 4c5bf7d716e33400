//! The paths of exceptions and interrupts: the CPU's table (VM isles), and the assembly around `hermit_trap`, which sees the same
//! [`TrapFrame`] in every isle. What they mean is [`crate::interrupt`]'s to know, where that function is.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::gdt::{CODE_SELECTOR, IST_EMERGENCY, IST_EXCEPTION, IST_INTERRUPT, TablePointer};
use super::{cpu, percpu};
use abi::trap::{TrapFrame, vector};

#[cfg(panic = "abort")]
core::arch::global_asm!(include_str!("trap.s"), options(att_syntax, raw));

// What trap.s uses of a core's data, through GS.
#[cfg(panic = "abort")]
core::arch::global_asm!(
    ".global hermit_percpu_interrupts_on, hermit_percpu_pending",
    ".set hermit_percpu_interrupts_on, {}",
    ".set hermit_percpu_pending, {}",
    const percpu::INTERRUPTS_ON_OFFSET,
    const percpu::PENDING_OFFSET,
);

#[cfg(panic = "abort")]
unsafe extern "C" {
    static hermit_trap_stubs: [u64; 256];
}

/// Bytes that the stubs reserve for the vector state, 0: FXSAVE.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that trap.s uses")]
static hermit_trap_xsave_bytes: AtomicU32 = AtomicU32::new(0);

/// Components of the vector state that are saved.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that trap.s uses")]
static hermit_trap_xsave_mask: AtomicU32 = AtomicU32::new(0);

/// An interrupt gate (SDM vol. 3, figure 6-8).
#[derive(Clone, Copy)]
#[repr(C)]
struct Gate {
    low: u64,
    high: u64,
}

#[repr(C, align(16))]
struct Idt(UnsafeCell<[Gate; 256]>);

// SAFETY: written once by the boot processor before it is loaded anywhere, then read by CPUs only.
unsafe impl Sync for Idt {}

static IDT: Idt = Idt(UnsafeCell::new([Gate { low: 0, high: 0 }; 256]));

impl Gate {
    /// A present 64-bit interrupt gate to `handler` on stack `ist`.
    const fn new(handler: u64, ist: u8) -> Self {
        let low = (handler & 0xffff)
            | (CODE_SELECTOR as u64) << 16
            | (ist as u64) << 32
            | 0x8e << 40
            | (handler >> 16 & 0xffff) << 48;
        Self { low, high: handler >> 32 }
    }
}

/// Measures the vector state, once, before it is first saved.
pub fn measure_vector_state() {
    if hermit_trap_xsave_mask.load(Relaxed) == 0 {
        let (mask, bytes) = cpu::vector_state();
        hermit_trap_xsave_bytes.store(bytes, Relaxed);
        hermit_trap_xsave_mask.store(mask, Relaxed);
    }
}

/// Bytes of the vector state in frames.
pub fn vector_state_bytes() -> u64 {
    measure_vector_state();
    match hermit_trap_xsave_bytes.load(Relaxed) {
        // FXSAVE's.
        0 => 512,
        bytes => u64::from(bytes),
    }
}

/// VM isles: fills the table, on the boot processor; every core then calls [`load`].
#[cfg(panic = "abort")]
pub fn init_table() {
    measure_vector_state();
    // SAFETY: the assembly defines 256 addresses.
    for (number, &stub) in unsafe { hermit_trap_stubs }.iter().enumerate() {
        let ist = match number as u64 {
            vector::NMI | vector::DOUBLE_FAULT | vector::MACHINE_CHECK => IST_EMERGENCY,
            0..vector::NR_EXCEPTIONS => IST_EXCEPTION,
            _ => IST_INTERRUPT,
        };
        // SAFETY: the table is not loaded yet.
        unsafe { (*IDT.0.get())[number] = Gate::new(stub, ist) };
    }
}

/// VM isles: loads the table on this core.
///
/// # Safety
/// Ring 0, after `init_table` and `gdt::init`.
pub unsafe fn load() {
    let pointer = TablePointer { limit: size_of::<[Gate; 256]>() as u16 - 1, base: IDT.0.get() as u64 };
    // SAFETY: the table is complete and static.
    unsafe { core::arch::asm!("lidt [{}]", in(reg) &raw const pointer, options(nostack, preserves_flags)) };
}

/// Places in `trap.s`.
pub mod assembly {
    /// Their names.
    #[derive(Clone, Copy)]
    pub enum Label {
        /// Where an interrupted thread goes that has something to do first.
        Trampoline,
        /// Where it begins again if an interrupt came at its end, ...
        TrampolineAgain,
        /// ... which is from here on, ...
        TrampolineEnds,
        /// ... to here.
        TrampolineEnded,
        /// The instruction that sleeps.
        Halts,
        /// What follows it.
        Halted,
    }

    /// Where it is.
    #[cfg(panic = "abort")]
    pub fn address(label: Label) -> u64 {
        unsafe extern "C" {
            fn hermit_trampoline();
            fn hermit_trampoline_again();
            fn hermit_trampoline_ends();
            fn hermit_trampoline_ended();
            fn hermit_halts();
            fn hermit_halted();
        }
        let label: unsafe extern "C" fn() = match label {
            Label::Trampoline => hermit_trampoline,
            Label::TrampolineAgain => hermit_trampoline_again,
            Label::TrampolineEnds => hermit_trampoline_ends,
            Label::TrampolineEnded => hermit_trampoline_ended,
            Label::Halts => hermit_halts,
            Label::Halted => hermit_halted,
        };
        label as *const () as u64
    }

    /// There is no assembly under test.
    #[cfg(not(panic = "abort"))]
    pub fn address(_: Label) -> u64 {
        0
    }
}

/// Bits of a page fault's error code (SDM vol. 3, figure 4-12).
pub mod page_fault {
    /// The page is there: it is the access that is not allowed.
    pub const PRESENT: u64 = 1 << 0;
    /// A write.
    pub const WRITE: u64 = 1 << 1;
    /// An instruction was fetched.
    pub const FETCH: u64 = 1 << 4;
}

/// VM isles: the address whose access faulted.
pub fn fault_address() -> u64 {
    let address;
    // SAFETY: ring 0, reading.
    unsafe { core::arch::asm!("mov {}, cr2", out(reg) address, options(nomem, nostack, preserves_flags)) };
    address
}

const _: () = assert!(
    core::mem::offset_of!(TrapFrame, vector) == 17 * 8
        && core::mem::offset_of!(TrapFrame, r15) == 16
        && core::mem::offset_of!(TrapFrame, rflags) == 168
);

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn gate_holds_handler_and_stack() {
        let gate = Gate::new(0x1122_3344_5566_7788, 2);
        assert_eq!(gate.low, 0x5566_8e02_0008_7788);
        assert_eq!(gate.high, 0x1122_3344);
    }
}
