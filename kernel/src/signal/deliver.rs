//! Calling the program's handlers.

#![allow(unsafe_code, reason = "calls the program's handlers")]

use core::sync::atomic::Ordering::SeqCst;

use super::action::{self, Disposition};
use super::frame;
use super::number::{Signal, SignalSet, UNBLOCKABLE};
use super::post;
use super::state::{self, mask};
use crate::{arch, platform, sched};
use abi::c::signal::{Action, SigInfo, UContext};
use abi::c::{SA_NODEFER, SA_ONSTACK, SA_RESTART};
use abi::errno::Errno;
use abi::exit::signal_status;
use abi::trap::TrapFrame;

/// Delivers everything that is pending for the running thread and not blocked. `frame`: the registers of the code that was
/// interrupted, if it was; a handler may change them.
pub fn pending(mut frame: Option<&mut TrapFrame>) {
    let Some(task) = sched::try_current() else { return };
    while let Some(info) = post::take(!mask(task)) {
        one(info, frame.as_deref_mut());
    }
}

/// Delivers the first of what is pending for the running thread, interrupted with the registers `frame`.
pub fn next(frame: Option<&mut TrapFrame>) {
    if let Some(info) = sched::try_current().and_then(|task| post::take(!mask(task))) {
        one(info, frame);
    }
}

/// Deals with what is pending for the running thread and needs no handler: forgets what is ignored, and ends the isle for what is
/// deadly. For where a handler must not run.
pub fn without_handler() {
    post::discard_ignored();
    let next = sched::try_current().and_then(|task| post::next(!mask(task)));
    if let Some(signal) = next
        && action::look(signal) == Disposition::Terminate
    {
        platform::exit(signal_status(signal.number()));
    }
}

/// Where a handler runs.
#[derive(Clone, Copy, Debug)]
pub enum Stack {
    /// There is none: it does not matter.
    Any,
    /// On the stack that was interrupted.
    Interrupted,
    /// On the alternate stack, which ends here.
    Alternate {
        /// Its end.
        top: u64,
    },
}

/// Where the handler runs of the first signal that is pending for the running thread, which was interrupted with this stack
/// pointer.
pub fn stack_of_next(stack_pointer: u64) -> Stack {
    let task = sched::current();
    let Some(Disposition::Call(action)) = post::next(!mask(task)).map(action::look) else {
        return Stack::Any;
    };
    let alternate =
        (action.flags & SA_ONSTACK != 0).then(|| state::of(task).alternate_stack_top(stack_pointer));
    alternate.flatten().map_or(Stack::Interrupted, |top| Stack::Alternate { top })
}

/// Delivers one signal, which has been taken. Whether a system call that it interrupted starts over (SA_RESTART).
pub fn one(info: SigInfo, frame: Option<&mut TrapFrame>) -> bool {
    let Ok(signal) = Signal::new(info.si_signo) else { return true };
    match action::take(signal) {
        Disposition::Ignore => true,
        Disposition::Terminate => platform::exit(signal_status(signal.number())),
        Disposition::Call(action) => {
            call(signal, action, info, frame);
            action.flags & SA_RESTART != 0
        }
    }
}

/// In a system call that a signal has interrupted and that could start over: delivers what is pending. `EINTR` if a handler
/// wants the call to end.
pub fn restart() -> Result<(), Errno> {
    let task = sched::current();
    let mut restarts = true;
    while let Some(info) = post::take(!mask(task)) {
        restarts &= one(info, None);
    }
    if restarts { Ok(()) } else { Err(Errno::EINTR) }
}

/// What [`run`] is to do.
struct Call<'a> {
    action: Action,
    signal: Signal,
    info: &'a mut SigInfo,
    context: &'a mut UContext,
}

/// Runs a handler, on the stack that the caller is on.
extern "C" fn run(call: &mut Call<'_>) {
    // SAFETY: the program said that this is the address of a handler; one that takes a single argument ignores the others.
    let handler: extern "C" fn(i32, *mut SigInfo, *mut UContext) =
        unsafe { core::mem::transmute(call.action.handler) };
    // As on Linux: a handler computes in the usual way, and what it changes of that ends with it.
    let environment = arch::float::replace();
    handler(call.signal.number() as i32, call.info, call.context);
    environment.restore();
}

/// Calls a handler with its mask in force.
fn call(signal: Signal, action: Action, mut info: SigInfo, frame: Option<&mut TrapFrame>) {
    let task = sched::current();
    let before = mask(task);
    // sigsuspend's mask ends with the handler.
    let after = state::of(task).take_saved_mask().unwrap_or(before);
    let mut during = before | action.mask;
    if action.flags & SA_NODEFER == 0 {
        during |= signal.bit();
    }
    set_mask(during);
    let mut context = frame::context(frame.as_deref(), after);
    let mut call = Call { action, signal, info: &mut info, context: &mut context };
    match alternate_stack_top(action) {
        // SAFETY: the program gave the stack for this, and nobody is on it.
        Some(top) => unsafe { arch::switch::call_on(top, run, &mut call) },
        None => run(&mut call),
    }
    if let Some(frame) = frame {
        frame::restore(&context, frame);
    }
    set_mask(context.uc_sigmask[0]);
}

/// The alternate stack, if the handler wants it and the thread is not on it yet (after a fault it may be).
fn alternate_stack_top(action: Action) -> Option<u64> {
    let here = 0u8;
    let wants = action.flags & SA_ONSTACK != 0;
    wants.then(|| state::of(sched::current()).alternate_stack_top(&raw const here as u64)).flatten()
}

/// Sets the running thread's mask.
pub fn set_mask(mask: SignalSet) {
    sched::current().interruption.mask.store(mask & !UNBLOCKABLE, SeqCst);
    post::pass_on();
}
