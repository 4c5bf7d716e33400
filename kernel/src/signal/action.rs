//! What each signal does: one table for the isle.

use super::{Default, Signal, SignalSet, UNBLOCKABLE, post};
use crate::hypercall;
use crate::sync::SpinLock;
use abi::errno::Errno;
use abi::hypercall::Number;

/// SA_* of sigaction(2).
pub mod flag {
    /// The handler takes three arguments.
    pub const SIGINFO: u64 = 4;
    /// The handler runs on the alternate stack.
    pub const ONSTACK: u64 = 0x0800_0000;
    /// Interrupted calls start over.
    pub const RESTART: u64 = 0x1000_0000;
    /// The signal is not blocked in its own handler.
    pub const NODEFER: u64 = 0x4000_0000;
    /// The action becomes the default when the handler is called.
    pub const RESETHAND: u64 = 0x8000_0000;
}

/// `SIG_DFL`.
const DEFAULT: usize = 0;
/// `SIG_IGN`.
const IGNORE: usize = 1;

/// What the C library passes for `struct sigaction`: handler, flags, mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Action {
    /// `SIG_DFL`, `SIG_IGN`, or a function's address.
    pub handler: usize,
    /// Bits from [`flag`].
    pub flags: u64,
    /// Blocked while the handler runs, besides the signal itself.
    pub mask: SignalSet,
}

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

impl Action {
    const DEFAULT: Action = Action { handler: DEFAULT, flags: 0, mask: 0 };
}

static ACTIONS: SpinLock<[Action; Signal::MAX as usize]> =
    SpinLock::new([Action::DEFAULT; Signal::MAX as usize]);

const fn index(signal: Signal) -> usize {
    signal.number() as usize - 1
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

/// Tells the host what its own signal of that number shall do from now on.
fn tell_host(signal: Signal, handler: usize) {
    // A write to a pipe that nobody reads is told by EPIPE, from which the C library makes the signal.
    let most = if signal == Signal::PIPE { IGNORE } else { 2 };
    let action = handler.min(most) as u64;
    // An isle whose host sends no signals does not know the call.
    let _ = hypercall::call(Number::CatchSignal, [signal.number() as u64, action, 0, 0, 0, 0]);
}

/// What is to be done with `signal` now; SA_RESETHAND takes effect.
pub fn take(signal: Signal) -> Disposition {
    let mut actions = ACTIONS.lock();
    let action = &mut actions[index(signal)];
    let taken = *action;
    if taken.handler > IGNORE && taken.flags & flag::RESETHAND != 0 {
        *action = Action::DEFAULT;
    }
    disposition(signal, taken)
}

/// What would be done with `signal`.
pub fn look(signal: Signal) -> Disposition {
    disposition(signal, ACTIONS.lock()[index(signal)])
}

fn disposition(signal: Signal, action: Action) -> Disposition {
    match (action.handler, signal.default_action()) {
        (IGNORE, _) | (DEFAULT, Default::Ignore) => Disposition::Ignore,
        (DEFAULT, Default::Terminate) => Disposition::Terminate,
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
        assert_eq!(disposition(usr1, action(DEFAULT)), Disposition::Terminate);
        assert_eq!(disposition(chld, action(DEFAULT)), Disposition::Ignore);
        assert_eq!(disposition(usr1, action(IGNORE)), Disposition::Ignore);
        assert_eq!(disposition(chld, action(0x1000)), Disposition::Call(action(0x1000)));
        assert_eq!(change(Signal::KILL, Some(action(IGNORE))), Err(Errno::EINVAL));
    }
}
