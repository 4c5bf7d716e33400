//! Signals: POSIX's, with Linux's numbers and structures.
//!
//! [`action`] says what each signal does, [`post`] sends it, [`queue`] holds it while it is pending, [`deliver`] calls the
//! program's handlers, [`state`] is one thread's part, [`frame`] fills in the structures that handlers see, [`timer`] sends signals when time has passed.
//!
//! A handler runs in one of two places. When a system call ends, it is simply called, on the thread's stack. When the
//! program is interrupted elsewhere, the interrupt sends the thread to a trampoline (`crate::interrupt`), and the handler runs there
//! with the registers of the interrupted code in its `ucontext`. It never runs inside of the kernel.

pub mod action;
pub mod deliver;
pub mod frame;
mod post;
pub mod queue;
pub mod state;
pub mod timer;

pub use post::{
    discard_ignored, interrupt_if_pending, is_pending, pass_on, post_to_isle, post_to_task, take,
};

use abi::c;
use abi::errno::Errno;

/// A signal's number, 1..=64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal(u8);

/// A set of signals: bit n - 1 is signal n.
pub type SignalSet = u64;

impl Signal {
    /// Highest number.
    pub const MAX: u8 = c::SIGRTMAX;
    /// Cannot be caught.
    pub const KILL: Signal = Signal(c::SIGKILL);
    /// Write to a pipe that nobody reads.
    pub const PIPE: Signal = Signal(c::SIGPIPE);
    /// Alarm clock.
    pub const ALRM: Signal = Signal(c::SIGALRM);
    /// Cannot be caught; there is nobody who could continue a stopped isle, so it does nothing.
    pub const STOP: Signal = Signal(c::SIGSTOP);
    /// Virtual alarm clock.
    pub const VTALRM: Signal = Signal(c::SIGVTALRM);
    /// Profiling alarm clock.
    pub const PROF: Signal = Signal(c::SIGPROF);
    /// First real-time signal for programs; the two below are the C library's own.
    pub const RT_MIN: Signal = Signal(c::SIGRTMIN);

    /// `EINVAL` for a number that is none.
    pub fn new(number: i32) -> Result<Self, Errno> {
        match u8::try_from(number) {
            Ok(number @ 1..=Self::MAX) => Ok(Self(number)),
            _ => Err(Errno::EINVAL),
        }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The set that holds only this signal.
    pub const fn bit(self) -> SignalSet {
        1 << (self.0 - 1)
    }

    /// The lowest signal of a set.
    pub fn lowest(set: SignalSet) -> Option<Self> {
        (set != 0).then(|| Self(set.trailing_zeros() as u8 + 1))
    }

    /// What happens if the program has not said.
    pub const fn default_action(self) -> Default {
        match self.0 {
            c::SIGCHLD | c::SIGCONT | c::SIGURG | c::SIGWINCH => Default::Ignore,
            // They stop a process that somebody could continue, which nobody can here.
            c::SIGSTOP | c::SIGTSTP | c::SIGTTIN | c::SIGTTOU => Default::Ignore,
            _ => Default::Terminate,
        }
    }
}

/// Default actions (signal(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// Nothing.
    Ignore,
    /// The isle ends with status 128 + n.
    Terminate,
}

/// Signals that are never blocked or caught.
pub const UNBLOCKABLE: SignalSet = Signal::KILL.bit() | Signal::STOP.bit();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let [int, rt] = [2, 64].map(|number| Signal::new(number).unwrap());
        assert_eq!(Signal::lowest(int.bit() | rt.bit()), Some(int));
        assert_eq!(Signal::lowest(rt.bit()), Some(rt));
        assert_eq!(Signal::lowest(0), None);
        assert!(Signal::new(0).is_err() && Signal::new(65).is_err() && Signal::new(-1).is_err());
        assert_eq!(Signal::new(17).unwrap().default_action(), Default::Ignore);
    }
}
