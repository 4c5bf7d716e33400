//! The trampoline: what an interrupted thread does before it goes on, on its own stack. It delivers signals,
//! and lets another thread run.
//!
//! [`enter`] makes a thread continue in `hermit_trampoline` (`trap.s`), which saves its registers, calls
//! [`hermit_on_trampoline`], and goes on with the registers.

#![allow(unsafe_code, reason = "it writes to the stacks of interrupted threads")]

use core::sync::atomic::Ordering::Relaxed;

use super::{look_for_signals, serve};
use crate::arch::interrupts::{self, Before, INTERRUPT_FLAG};
use crate::arch::trap::assembly::{Label, address};
use crate::arch::{percpu, segment, trap};
use crate::{given, sched, signal};
use abi::trap::{TrapFrame, vector};

/// Bytes below the stack pointer that belong to the interrupted function (psABI 3.2.2).
const RED_ZONE_BYTES: u64 = 128;

/// What the trampoline needs on the thread's stack: frame, vector state, scheduler.
const STACK_BYTES: u64 = 8192;

/// Makes the interrupted thread continue in `hermit_trampoline` with interrupts off, on its own stack or on
/// the one that ends at `stack_top`, and then where it was. False if there is no room on its stack.
///
/// There interrupts are on only while handlers of the program's run, so that frames do not pile up on a stack
/// however fast interrupts come.
pub fn enter(frame: &mut TrapFrame, stack_top: Option<u64>) -> bool {
    trap::measure_vector_state();
    let (cs, ss) = segment::selectors();
    let mut rflags = frame.rflags & !INTERRUPT_FLAG;
    if given::has_ring_0() {
        rflags = frame.rflags;
    } else if frame.vector >= vector::NR_EXCEPTIONS || interrupts::are_on() {
        // The interrupt's handler has switched them off itself.
        rflags |= INTERRUPT_FLAG;
    }
    let end_of_frame =
        [frame.vector, frame.error_code, frame.rip, cs, rflags, frame.rsp, ss, frame.fault_address];
    let top = stack_top.unwrap_or(frame.rsp - RED_ZONE_BYTES);
    let stack = top - size_of_val(&end_of_frame) as u64;
    if !sched::has_stack(stack, STACK_BYTES) {
        return false;
    }
    // SAFETY: below the red zone the stack belongs to whoever interrupts, and there is room as was just
    // checked.
    unsafe { (stack as *mut [u64; 8]).write_unaligned(end_of_frame) };
    frame.rsp = stack;
    frame.rip = address(Label::Trampoline);
    if given::has_ring_0() {
        frame.rflags &= !INTERRUPT_FLAG;
    } else {
        percpu::current().interrupts_on.store(false, Relaxed);
    }
    true
}

/// The Rust half of the trampoline, on the thread's stack with interrupts off: deliver what is pending, be
/// preempted if need be. The assembly switches interrupts on as it leaves.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_trampoline(frame: &mut TrapFrame) {
    let before = match frame.rflags & INTERRUPT_FLAG {
        0 => Before::Off,
        _ => Before::On,
    };
    if let Some(fault) = signal::state::of(sched::current()).take_fault() {
        // SAFETY: `enter` has put the address behind the frame.
        frame.fault_address = unsafe { core::ptr::from_ref(frame).add(1).cast::<u64>().read_unaligned() };
        interrupts::restore(before);
        signal::deliver::one(fault, Some(frame));
        interrupts::disable();
    }
    hermit_on_trampoline_again(frame);
}

/// The same without what the CPU found wrong.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_trampoline_again(frame: &mut TrapFrame) {
    loop {
        serve(percpu::current().pending.swap(0, Relaxed));
        if !signal::is_pending() {
            break;
        }
        if is_in_kernel(frame.rip) {
            look_for_signals();
            break;
        }
        // The program's own code was interrupted: it had them on.
        interrupts::enable();
        signal::deliver::pending(Some(frame));
        interrupts::disable();
    }
    sched::current().trampoline_frame.set(core::ptr::from_ref(frame) as u64);
}

/// Whether code at `at` is the end of the trampoline, which is about to leave with interrupts on.
pub fn ends(at: u64) -> bool {
    (address(Label::TrampolineEnds)..address(Label::TrampolineEnded)).contains(&at)
}

/// An interrupt has come there: the thread looks once more. Nothing that it saved has been overwritten.
pub fn begin_again(frame: &mut TrapFrame) {
    frame.rbp = sched::current().trampoline_frame.get();
    frame.rip = address(Label::TrampolineAgain);
    percpu::current().interrupts_on.store(false, Relaxed);
}

/// Whether code at `address` is not the program's, so that no handler must run: the kernel's own, what it
/// calls of the C library, or outside of the image, where in the process isle the doorbell is.
#[cfg(panic = "abort")]
pub fn is_in_kernel(address: u64) -> bool {
    unsafe extern "C" {
        static __ehdr_start: u8;
        static __kernel_text_start: u8;
        static __kernel_text_end: u8;
        static etext: u8;
    }
    let image = &raw const __ehdr_start as u64..&raw const etext as u64;
    let kernel = &raw const __kernel_text_start as u64..&raw const __kernel_text_end as u64;
    !image.contains(&address) || kernel.contains(&address)
}

/// Under test everything is the program's.
#[cfg(not(panic = "abort"))]
pub fn is_in_kernel(_: u64) -> bool {
    false
}
