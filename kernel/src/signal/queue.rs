//! Signals that have been sent and not been taken: [`Queue`].
//!
//! As on Linux, signals 1 to 33 are pending once, and the first sender is who is told of. Those from SIGRTMIN
//! on stand in line, each with its own information, as long as there are places for them; so does each POSIX
//! timer, which brings its own place.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

use super::frame;
use super::timer::Told;
use super::{Signal, SignalSet};
use crate::lock::SpinLock;
use abi::c::signal::SigInfo;
use abi::errno::Errno;

/// Most signals that stand in line at a time, of all threads: `sysconf(_SC_SIGQUEUE_MAX)`.
pub const SIGQUEUE_MAX: usize = abi::c::HERMIT_SIGQUEUE_MAX;

static PLACES_TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The right to stand in line, held until the signal is taken.
struct LinePlace;

impl LinePlace {
    fn take() -> Result<Self, Errno> {
        let one_more = |taken| (taken < SIGQUEUE_MAX).then_some(taken + 1);
        match PLACES_TAKEN.fetch_update(SeqCst, SeqCst, one_more) {
            Ok(_) => Ok(Self),
            Err(_) => Err(Errno::EAGAIN),
        }
    }
}

impl Drop for LinePlace {
    fn drop(&mut self) {
        PLACES_TAKEN.fetch_sub(1, SeqCst);
    }
}

/// Why a signal may be pending more than once.
enum Claim {
    /// It may not.
    None,
    /// It is a real-time signal.
    Queued(LinePlace),
    /// A timer sent it, and has no other one in line.
    Timer(Told),
    /// It may not, and an interval timer sent it.
    IntervalTimer(Told),
}

/// A signal and what its receiver is told.
pub struct Sent {
    info: SigInfo,
    claim: Claim,
}

impl Sent {
    /// A signal that is pending once.
    pub const fn once(info: SigInfo) -> Self {
        Self { info, claim: Claim::None }
    }

    /// A signal that stands in line if its number is a real-time one. `EAGAIN`: the line is full.
    pub fn queued(info: SigInfo) -> Result<Self, Errno> {
        let real_time = info.si_signo >= Signal::RT_MIN.number() as i32;
        Ok(Self { info, claim: if real_time { Claim::Queued(LinePlace::take()?) } else { Claim::None } })
    }

    /// A timer's signal.
    pub const fn by_timer(info: SigInfo, told: Told) -> Self {
        Self { info, claim: Claim::Timer(told) }
    }

    /// The signal of one of setitimer(2)'s timers, pending once.
    pub const fn by_interval_timer(info: SigInfo, told: Told) -> Self {
        Self { info, claim: Claim::IntervalTimer(told) }
    }

    /// Which signal. `EINVAL` if it is none.
    pub fn signal(&self) -> Result<Signal, Errno> {
        Signal::new(self.info.si_signo)
    }

    /// What the receiver is told, now that it takes the signal.
    fn accept(mut self) -> SigInfo {
        match &mut self.claim {
            Claim::Timer(told) => frame::set_overruns(&mut self.info, told.accept()),
            Claim::IntervalTimer(told) => {
                told.accept();
            }
            Claim::None | Claim::Queued(_) => {}
        }
        self.info
    }
}

/// Signals that have been sent to a thread, or to the isle, in the order in which they came.
pub struct Line(SpinLock<VecDeque<Sent>>);

impl Line {
    /// Nobody stands in line.
    pub const fn new() -> Self {
        Self(SpinLock::new(VecDeque::new()))
    }
}

/// What is pending for a thread, or for the isle.
#[derive(Clone, Copy)]
pub struct Queue<'a> {
    /// Which signals `line` holds, for looks without the lock.
    pub summary: &'a AtomicU64,
    /// The signals themselves.
    pub line: &'a Line,
}

impl Queue<'_> {
    /// Lets `sent` wait, unless it is pending already and can be so only once.
    pub fn insert(self, signal: Signal, sent: Sent) {
        let mut line = self.line.0.lock();
        let summary = self.summary.load(SeqCst);
        if matches!(sent.claim, Claim::None | Claim::IntervalTimer(_)) && summary & signal.bit() != 0 {
            return;
        }
        line.push_back(sent);
        self.summary.store(summary | signal.bit(), SeqCst);
    }

    /// Takes the lowest signal of `wanted` that is pending, the oldest of its number.
    pub fn take(self, wanted: SignalSet) -> Option<SigInfo> {
        if self.summary.load(SeqCst) & wanted == 0 {
            return None;
        }
        let sent = {
            let mut line = self.line.0.lock();
            let signal = Signal::lowest(self.summary.load(SeqCst) & wanted)?;
            let is_it = |sent: &Sent| sent.info.si_signo == signal.number() as i32;
            let position = line.iter().position(is_it)?;
            let sent = line.remove(position)?;
            if !line.iter().any(is_it) {
                self.summary.fetch_and(!signal.bit(), SeqCst);
            }
            sent
        };
        // A timer's lock: not under the line's.
        Some(sent.accept())
    }

    /// Forgets every signal of `set`.
    pub fn discard(self, set: SignalSet) {
        if self.summary.load(SeqCst) & set == 0 {
            return;
        }
        let (gone, rest): (Vec<Sent>, Vec<Sent>);
        {
            let mut line = self.line.0.lock();
            let is_gone = |sent: &Sent| sent.signal().is_ok_and(|signal| signal.bit() & set != 0);
            (gone, rest) = line.drain(..).partition(is_gone);
            line.extend(rest);
            self.summary.fetch_and(!set, SeqCst);
        }
        drop(gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::c;

    fn info(number: i32, value: u64) -> SigInfo {
        frame::info(Signal::new(number).unwrap(), c::SI_QUEUE, &[0, value])
    }

    fn send(queue: Queue<'_>, number: i32, value: u64) {
        queue.insert(Signal::new(number).unwrap(), Sent::queued(info(number, value)).unwrap());
    }

    fn take(queue: Queue<'_>, wanted: SignalSet) -> Option<(i32, u64)> {
        queue.take(wanted).map(|info| (info.si_signo, info.fields[1]))
    }

    #[test]
    fn lowest_first_then_in_order() {
        let (summary, line) = (AtomicU64::new(0), Line::new());
        let queue = Queue { summary: &summary, line: &line };
        for (number, value) in [(50, 1), (40, 2), (50, 3), (10, 4), (40, 5), (10, 6)] {
            send(queue, number, value);
        }
        assert_eq!(take(queue, !0), Some((10, 4)), "the first sender of a signal that is pending once");
        assert_eq!(take(queue, 1 << 49), Some((50, 1)));
        assert_eq!(take(queue, !0), Some((40, 2)));
        assert_eq!(take(queue, !0), Some((40, 5)));
        assert_eq!(queue.summary.load(SeqCst), 1 << 49);
        assert_eq!(take(queue, !0), Some((50, 3)));
        assert_eq!((take(queue, !0), queue.summary.load(SeqCst)), (None, 0));
    }

    #[test]
    fn the_line_has_an_end() {
        let (summary, line) = (AtomicU64::new(0), Line::new());
        let queue = Queue { summary: &summary, line: &line };
        let free = SIGQUEUE_MAX - PLACES_TAKEN.load(SeqCst);
        // Other tests stand in the same line.
        let mut sent = 0;
        while let Ok(one_more) = Sent::queued(info(60, 0)) {
            queue.insert(Signal::new(60).unwrap(), one_more);
            sent += 1;
        }
        assert!(sent <= SIGQUEUE_MAX && sent + 16 > free);
        assert!(Sent::queued(info(10, 0)).is_ok(), "those that are pending once need no place");
        queue.discard(1 << 59);
        assert_eq!(queue.summary.load(SeqCst), 0);
        assert!(Sent::queued(info(60, 0)).is_ok());
    }
}
