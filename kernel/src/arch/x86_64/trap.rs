//! Exceptions and interrupts: from the CPU (VM isles) or from the host's signals (process isle) to one function.
//!
//! [`handle`] sees the same [`TrapFrame`] in every isle. What it changes there is what the interrupted code finds.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::gdt::{CODE_SELECTOR, IST_EMERGENCY, IST_EXCEPTION, IST_INTERRUPT};
use super::{apic, cpu, percpu};
use crate::{fatal, hypercall, platform, sched};
use abi::errno::Errno;
use abi::hypercall::Number;
use abi::trap::{TrapFrame, vector};

#[cfg(not(test))]
core::arch::global_asm!(include_str!("trap.s"), options(att_syntax, raw));

#[cfg(not(test))]
unsafe extern "C" {
    static hermit_trap_stubs: [u64; 256];
}

/// Bytes that the stubs reserve for the vector state, 0: FXSAVE.
#[cfg_attr(not(test), unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that trap.s uses")]
static hermit_trap_xsave_bytes: AtomicU32 = AtomicU32::new(0);

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

/// VM isles: fills the table, on the boot processor; every core then calls [`load`].
#[cfg(not(test))]
pub fn init() {
    hermit_trap_xsave_bytes.store(cpu::xsave_area_bytes() as u32, Relaxed);
    for number in 0..256 {
        let ist = match number as u64 {
            vector::NMI | vector::DOUBLE_FAULT | vector::MACHINE_CHECK => IST_EMERGENCY,
            0..vector::NR_EXCEPTIONS => IST_EXCEPTION,
            _ => IST_INTERRUPT,
        };
        // SAFETY: the assembly defines 256 addresses; the table is not loaded yet.
        unsafe { (*IDT.0.get())[number] = Gate::new(hermit_trap_stubs[number], ist) };
    }
}

/// VM isles: loads the table on this core.
///
/// # Safety
/// Ring 0, after [`init`] and `gdt::init`.
pub unsafe fn load() {
    #[repr(C, packed(2))]
    struct Pointer {
        limit: u16,
        base: u64,
    }
    let pointer = Pointer { limit: size_of::<[Gate; 256]>() as u16 - 1, base: IDT.0.get() as u64 };
    // SAFETY: the table is complete and static.
    unsafe { core::arch::asm!("lidt [{}]", in(reg) &raw const pointer, options(nostack, preserves_flags)) };
}

/// Process isle: asks the host to call [`hermit_trap`] on this core for CPU exceptions and interrupts.
pub fn register_with_host() -> Result<(), Errno> {
    let entry: extern "C" fn(&mut TrapFrame) = hermit_trap;
    let pending = core::ptr::from_ref(&percpu::current().pending) as u64;
    hypercall::call(Number::SetTrapEntry, [entry as usize as u64, pending, 0, 0, 0, 0]).map(|_| ())
}

/// Where the stubs and the host's signal handlers arrive.
#[cfg_attr(not(test), unsafe(no_mangle))]
extern "C" fn hermit_trap(frame: &mut TrapFrame) {
    handle(frame);
}

/// Deals with one trap.
fn handle(frame: &mut TrapFrame) {
    match frame.vector {
        vector::NMI | vector::SPURIOUS => {}
        0..vector::NR_EXCEPTIONS => fatal::exception(frame),
        vector::SERIAL => {
            platform::serial_interrupt();
            apic::end_of_interrupt();
        }
        vector::TIMER => {
            sched::timer_interrupt();
            apic::end_of_interrupt();
        }
        vector::WAKEUP => apic::end_of_interrupt(),
        other => {
            crate::log!("unexpected interrupt vector {other}");
            apic::end_of_interrupt();
        }
    }
}

const _: () = assert!(
    core::mem::offset_of!(TrapFrame, vector) == 17 * 8 && core::mem::offset_of!(TrapFrame, r15) == 16
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
