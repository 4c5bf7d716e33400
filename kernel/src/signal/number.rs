//! Signals as numbers and as sets of them, and what each does if the program has not said.

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
