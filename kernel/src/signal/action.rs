//! What each signal does: one table for the isle.

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::number::{Default, Signal, SignalSet, UNBLOCKABLE};
use super::post;
use crate::lock::SpinLock;
use crate::platform;
use abi::c::signal::Action;
use abi::c::{SA_RESETHAND, SIG_DFL, SIG_IGN};
use abi::errno::Errno;
use abi::hypercall::Number;

/// What is to be done with a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Nothing.
    Ignore,
    /// End the isle.
    Terminate,
    /// Call the program's handler.
    Call(Action),
}

/// What the host is told where the program has a handler.
const CAUGHT: u64 = 2;

const DEFAULT: Action = Action { handler: SIG_DFL, flags: 0, mask: 0 };

static ACTIONS: SpinLock<[Action; Signal::MAX as usize]> = SpinLock::new([DEFAULT; Signal::MAX as usize]);

const fn index(signal: Signal) -> usize {
    signal.number() as usize - 1
}

/// Takes over what the program's parent has said: the signals of `ignored` are ignored, as in the host; those that are
/// blocked come to this kernel, where they wait.
pub fn inherit(ignored: SignalSet, blocked: SignalSet) {
    let signals = |set: SignalSet| {
        (1..=i32::from(Signal::MAX)).filter_map(|n| Signal::new(n).ok()).filter(move |s| s.bit() & set != 0)
    };
    for signal in signals(ignored & !UNBLOCKABLE) {
        ACTIONS.lock()[index(signal)] = Action { handler: SIG_IGN, ..DEFAULT };
    }
    for signal in signals(blocked & !ignored & !UNBLOCKABLE) {
        // Not its action, which stays, but its way: the program may unblock it, wait for it, or ask what is pending.
        tell_host(signal, CAUGHT);
    }
}

/// sigaction(2). `EINVAL` for SIGKILL and SIGSTOP.
pub fn change(signal: Signal, new: Option<Action>) -> Result<Action, Errno> {
    if new.is_some() && signal.bit() & UNBLOCKABLE != 0 {
        return Err(Errno::EINVAL);
    }
    let old = {
        let mut actions = ACTIONS.lock();
        let action = &mut actions[index(signal)];
        let old = *action;
        *action = new.unwrap_or(old);
        old
    };
    if let Some(new) = new
        && (old.handler.min(2) != new.handler.min(2))
    {
        tell_host(signal, new.handler);
    }
    if new.is_some() && look(signal) == Disposition::Ignore {
        post::discard(signal);
    }
    Ok(old)
}

/// Signals that the host has been asked to send, whatever their action is.
static TOLD: AtomicU64 = AtomicU64::new(0);

/// Lets signals of `set` that come from the host be pending here while they are blocked: who waits for them has no handler.
pub fn catch(set: SignalSet) {
    let mut new = set & !TOLD.fetch_or(set, SeqCst) & !UNBLOCKABLE;
    while let Some(signal) = Signal::lowest(new) {
        new &= !signal.bit();
        if look(signal) == Disposition::Terminate {
            tell_host(signal, CAUGHT);
        }
    }
}

/// Tells the host what its own signal of that number shall do from now on.
fn tell_host(signal: Signal, handler: u64) {
    // A write to a pipe that nobody reads is told by EPIPE, from which the C library makes the signal.
    let most = if signal == Signal::PIPE { SIG_IGN } else { CAUGHT };
    let action = handler.min(most);
    // An isle whose host sends no signals does not know the call.
    let _ = platform::ask(Number::CatchSignal, [signal.number() as u64, action, 0, 0, 0, 0]);
}

/// What is to be done with `signal` now; SA_RESETHAND takes effect.
pub fn take(signal: Signal) -> Disposition {
    let mut actions = ACTIONS.lock();
    let action = &mut actions[index(signal)];
    let taken = *action;
    if taken.handler > SIG_IGN && taken.flags & SA_RESETHAND != 0 {
        // Flags and mask stay, as on Linux: a program that asks learns them.
        action.handler = SIG_DFL;
    }
    disposition(signal, taken)
}

/// What would be done with `signal`.
pub fn look(signal: Signal) -> Disposition {
    disposition(signal, ACTIONS.lock()[index(signal)])
}

fn disposition(signal: Signal, action: Action) -> Disposition {
    match (action.handler, signal.default_action()) {
        (SIG_IGN, _) | (SIG_DFL, Default::Ignore) => Disposition::Ignore,
        (SIG_DFL, Default::Terminate) => Disposition::Terminate,
        _ => Disposition::Call(action),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispositions() {
        let usr1 = Signal::new(10).unwrap();
        let chld = Signal::new(17).unwrap();
        let action = |handler| Action { handler, flags: 0, mask: 0 };
        assert_eq!(disposition(usr1, action(SIG_DFL)), Disposition::Terminate);
        assert_eq!(disposition(chld, action(SIG_DFL)), Disposition::Ignore);
        assert_eq!(disposition(usr1, action(SIG_IGN)), Disposition::Ignore);
        assert_eq!(disposition(chld, action(0x1000)), Disposition::Call(action(0x1000)));
        assert_eq!(change(Signal::KILL, Some(action(SIG_IGN))), Err(Errno::EINVAL));
    }
}
