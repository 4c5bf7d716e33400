//! The trampoline: what an interrupted thread does before it goes on. It delivers signals, and lets another
//! thread run.
//!
//! [`enter`] makes a thread continue in `hermit_trampoline` (`trap.s`), which saves its registers, calls
//! [`hermit_on_trampoline`], and goes on with the registers. All that happens on a stack that the kernel has
//! made for it: the program may be on a small one of its own, of a coroutine. Only for a handler of the
//! program's the saved registers move to where Linux puts them: onto the interrupted stack, below its red
//! zone, or onto the alternate one.

#![allow(unsafe_code, reason = "it writes to the stacks of interrupted threads")]

use core::sync::atomic::Ordering::Relaxed;

use super::{look_for_signals, serve};
use crate::arch::interrupts::{self, Before, INTERRUPT_FLAG};
use crate::arch::trap::assembly::{Label, address};
use crate::arch::{percpu, segment, trap};
use crate::signal::deliver::Stack;
use crate::{given, sched, signal};
use abi::trap::{TrapFrame, vector};

/// Bytes below the stack pointer that belong to the interrupted function (psABI 3.2.2).
const RED_ZONE_BYTES: u64 = 128;

/// What a handler needs on the thread's stack beside its own: frame, vector state, context.
const STACK_BYTES: u64 = 8192;

/// The stack on which an interrupted thread does what is to be done.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The kernel's.
    Own,
    /// The one that was interrupted.
    Interrupted,
    /// The one that ends here.
    Below(u64),
}

/// Makes the interrupted thread continue in `hermit_trampoline` with interrupts off, on a stack, and then
/// where it was. False if there is no room.
///
/// There interrupts are on only while handlers of the program's run, so that frames do not pile up on a stack
/// however fast interrupts come.
pub fn enter(frame: &mut TrapFrame, place: Place) -> bool {
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
    let below_red_zone = frame.rsp - RED_ZONE_BYTES;
    let top = match place {
        Place::Below(top) => top,
        Place::Interrupted => below_red_zone,
        // A core that has not begun to run threads has one stack.
        Place::Own => sched::trampoline_stack().map_or(below_red_zone, |stack| stack.end),
    };
    let stack = top - size_of_val(&end_of_frame) as u64;
    if !sched::has_stack(stack, STACK_BYTES) {
        return false;
    }
    // SAFETY: below the red zone the stack belongs to whoever interrupts, as the others do: nobody is on the
    // kernel's, where interrupts are off. There is room as was just checked.
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

/// The Rust half of the trampoline, with interrupts off: deliver what is pending, be preempted if need be.
/// The assembly goes on with the frame that is returned, and switches interrupts on as it leaves.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_trampoline(frame: &mut TrapFrame) -> *const TrapFrame {
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
    hermit_on_trampoline_again(frame)
}

/// The same without what the CPU found wrong.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_trampoline_again(frame: &mut TrapFrame) -> *const TrapFrame {
    loop {
        serve(percpu::current().pending.swap(0, Relaxed));
        if !signal::is_pending() {
            break;
        }
        if is_in_kernel(frame.rip) {
            look_for_signals();
            break;
        }
        if let Some(top) = elsewhere(frame) {
            match move_below(top, frame) {
                Some(moved) => return moved,
                // No room for a handler: perhaps later.
                None => sched::look_again_soon(),
            }
            break;
        }
        if is_on_own_stack(frame) {
            // No handler is to run, as far as could be seen: the signal was ignored or deadly, or another thread has taken it. With
            // interrupts on, the next one would begin where this frame is.
            signal::deliver::without_handler();
            continue;
        }
        // The program's own code was interrupted: it had them on.
        interrupts::enable();
        signal::deliver::next(Some(frame));
        interrupts::disable();
    }
    sched::current().trampoline_frame.set(core::ptr::from_ref(frame) as u64);
    frame
}

/// Where the frame belongs while the handler of the next signal runs, if that is another stack: the end of
/// what is free there.
fn elsewhere(frame: &TrapFrame) -> Option<u64> {
    let signals = signal::state::of(sched::current());
    let here = core::ptr::from_ref(frame) as u64;
    match signal::deliver::stack_of_next(frame.rsp) {
        Stack::Any => None,
        Stack::Alternate { top } => (!signals.is_on_alternate(here)).then_some(top),
        Stack::Interrupted => {
            let has_changed = signals.is_on_alternate(here) != signals.is_on_alternate(frame.rsp);
            (is_on_own_stack(frame) || has_changed).then_some(frame.rsp - RED_ZONE_BYTES)
        }
    }
}

/// Whether the frame is on the stack where the next interrupt's would begin, too.
fn is_on_own_stack(frame: &TrapFrame) -> bool {
    let here = core::ptr::from_ref(frame) as u64;
    sched::trampoline_stack().is_some_and(|stack| stack.contains(&here))
}

/// Copies a frame, what `enter` has put behind it and its vector state below `top`. `None`: there is no room.
fn move_below(top: u64, frame: &TrapFrame) -> Option<*const TrapFrame> {
    const WITH_FAULT_BYTES: usize = size_of::<TrapFrame>() + size_of::<u64>();
    let to = (top - WITH_FAULT_BYTES as u64) & !15;
    let state_bytes = trap::vector_state_bytes();
    let state = (to - state_bytes) & !63;
    if !sched::has_stack(to, STACK_BYTES) {
        return None;
    }
    let from = core::ptr::from_ref(frame).cast::<u8>();
    // SAFETY: the frame and its state are complete; what is below `top` is free, and there is room.
    unsafe {
        (to as *mut u8).copy_from_nonoverlapping(from, WITH_FAULT_BYTES);
        (state as *mut u8).copy_from_nonoverlapping(frame.xsave as *const u8, state_bytes as usize);
        (*(to as *mut TrapFrame)).xsave = state;
    }
    Some(to as *const TrapFrame)
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
