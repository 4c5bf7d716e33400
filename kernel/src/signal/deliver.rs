//! Calling the program's handlers.

use core::sync::atomic::Ordering::SeqCst;

use super::action::{self, Action, Disposition, flag};
use super::frame::{SigInfo, UContext};
use super::{Signal, SignalSet, UNBLOCKABLE, post};
use crate::{platform, sched};
use abi::errno::Errno;
use abi::exit::signal_status;
use abi::trap::TrapFrame;

/// Delivers everything that is pending for the running thread and not blocked. `frame`: the registers of the code that was
/// interrupted, if it was; a handler may change them.
pub fn pending(mut frame: Option<&mut TrapFrame>) {
    let Some(task) = sched::try_current() else { return };
    while let Some(info) = post::take(!task.signals.mask.load(SeqCst)) {
        one(info, frame.as_deref_mut());
    }
}

/// Delivers one signal, which has been taken. Whether a system call that it interrupted starts over (SA_RESTART).
pub fn one(info: SigInfo, frame: Option<&mut TrapFrame>) -> bool {
    let Ok(signal) = Signal::new(info.si_signo) else { return true };
    match action::take(signal) {
        Disposition::Ignore => true,
        Disposition::Terminate => platform::exit(signal_status(signal.number())),
        Disposition::Call(action) => {
            call(signal, action, info, frame);
            action.flags & flag::RESTART != 0
        }
    }
}

/// In a system call that a signal has interrupted and that could start over: delivers what is pending. `EINTR` if a handler
/// wants the call to end.
pub fn restart() -> Result<(), Errno> {
    let task = sched::current();
    let mut restarts = true;
    while let Some(info) = post::take(!task.signals.mask.load(SeqCst)) {
        restarts &= one(info, None);
    }
    if restarts { Ok(()) } else { Err(Errno::EINTR) }
}

/// Calls a handler with its mask in force.
fn call(signal: Signal, action: Action, mut info: SigInfo, frame: Option<&mut TrapFrame>) {
    let task = sched::current();
    let before = task.signals.mask.load(SeqCst);
    // sigsuspend's mask ends with the handler.
    let after = task.signals.take_saved_mask().unwrap_or(before);
    let mut during = before | action.mask;
    if action.flags & flag::NODEFER == 0 {
        during |= signal.bit();
    }
    set_mask(during);
    let mut context = UContext::new(frame.as_deref(), after);
    // SAFETY: the program said that this is the address of a handler; one that takes a single argument ignores the others.
    let handler: extern "C" fn(i32, *mut SigInfo, *mut UContext) =
        unsafe { core::mem::transmute(action.handler) };
    handler(signal.number() as i32, &raw mut info, &raw mut context);
    if let Some(frame) = frame {
        context.restore(frame);
    }
    set_mask(context.uc_sigmask[0]);
}

/// Sets the running thread's mask.
pub fn set_mask(mask: SignalSet) {
    sched::current().signals.mask.store(mask & !UNBLOCKABLE, SeqCst);
    post::pass_on();
}
