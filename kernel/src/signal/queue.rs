//! Signals that have been sent and not been taken: [`Queue`].
//!
//! As on Linux, signals 1 to 33 are pending once, and the first sender is who is told of. Those from SIGRTMIN
//! on are queued, each with its own information, as long as there are slots for them; so does each POSIX
//! timer, which brings its own place.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

use super::frame;
use super::number::{Signal, SignalSet};
use super::timer::Notification;
use crate::lock::SpinLock;
use abi::c::signal::SigInfo;
use abi::errno::Errno;

/// Most signals that are queued at a time, of all threads: `sysconf(_SC_SIGQUEUE_MAX)`.
pub const SIGQUEUE_MAX: usize = abi::c::HERMIT_SIGQUEUE_MAX;

static SLOTS_TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The right to be queued, held until the signal is taken.
struct QueueSlot;

impl QueueSlot {
    fn take() -> Result<Self, Errno> {
        let one_more = |taken| (taken < SIGQUEUE_MAX).then_some(taken + 1);
        match SLOTS_TAKEN.fetch_update(SeqCst, SeqCst, one_more) {
            Ok(_) => Ok(Self),
            Err(_) => Err(Errno::EAGAIN),
        }
    }
}

impl Drop for QueueSlot {
    fn drop(&mut self) {
        SLOTS_TAKEN.fetch_sub(1, SeqCst);
    }
}

/// Why a signal may be pending more than once.
enum Repetition {
    /// It may not.
    None,
    /// It is a real-time signal.
    Queued(QueueSlot),
    /// A timer sent it, and has no other one queued.
    Timer(Notification),
    /// It may not, and an interval timer sent it.
    IntervalTimer(Notification),
}

/// A signal and what its receiver is told.
pub struct Sent {
    info: SigInfo,
    repetition: Repetition,
}

impl Sent {
    /// A signal that is pending once.
    pub const fn once(info: SigInfo) -> Self {
        Self { info, repetition: Repetition::None }
    }

    /// A signal that is queued if its number is a real-time one. `EAGAIN`: the queue is full.
    pub fn queued(info: SigInfo) -> Result<Self, Errno> {
        let real_time = info.si_signo >= Signal::RT_MIN.number() as i32;
        Ok(Self {
            info,
            repetition: if real_time { Repetition::Queued(QueueSlot::take()?) } else { Repetition::None },
        })
    }

    /// A timer's signal.
    pub const fn by_timer(info: SigInfo, notification: Notification) -> Self {
        Self { info, repetition: Repetition::Timer(notification) }
    }

    /// The signal of one of setitimer(2)'s timers, pending once.
    pub const fn by_interval_timer(info: SigInfo, notification: Notification) -> Self {
        Self { info, repetition: Repetition::IntervalTimer(notification) }
    }

    /// Which signal. `EINVAL` if it is none.
    pub fn signal(&self) -> Result<Signal, Errno> {
        Signal::new(self.info.si_signo)
    }

    /// What the receiver is told, now that it takes the signal.
    fn accept(mut self) -> SigInfo {
        match &mut self.repetition {
            Repetition::Timer(notification) => frame::set_overruns(&mut self.info, notification.accept()),
            Repetition::IntervalTimer(notification) => {
                notification.accept();
            }
            Repetition::None | Repetition::Queued(_) => {}
        }
        self.info
    }
}

/// Signals that have been sent to a thread, or to the isle, in the order in which they came.
pub struct Backlog(SpinLock<VecDeque<Sent>>);

impl Backlog {
    /// Nothing is queued.
    pub const fn new() -> Self {
        Self(SpinLock::new(VecDeque::new()))
    }
}

/// What is pending for a thread, or for the isle.
#[derive(Clone, Copy)]
pub struct Queue<'a> {
    /// Which signals `backlog` holds, for looks without the lock.
    pub summary: &'a AtomicU64,
    /// The signals themselves.
    pub backlog: &'a Backlog,
}

impl Queue<'_> {
    /// Lets `sent` wait, unless it is pending already and can be so only once.
    pub fn insert(self, signal: Signal, sent: Sent) {
        let mut backlog = self.backlog.0.lock();
        let summary = self.summary.load(SeqCst);
        if matches!(sent.repetition, Repetition::None | Repetition::IntervalTimer(_))
            && summary & signal.bit() != 0
        {
            return;
        }
        backlog.push_back(sent);
        self.summary.store(summary | signal.bit(), SeqCst);
    }

    /// Takes the lowest signal of `wanted` that is pending, the oldest of its number.
    pub fn take(self, wanted: SignalSet) -> Option<SigInfo> {
        if self.summary.load(SeqCst) & wanted == 0 {
            return None;
        }
        let sent = {
            let mut backlog = self.backlog.0.lock();
            let signal = Signal::lowest(self.summary.load(SeqCst) & wanted)?;
            let is_it = |sent: &Sent| sent.info.si_signo == signal.number() as i32;
            let position = backlog.iter().position(is_it)?;
            let sent = backlog.remove(position)?;
            if !backlog.iter().any(is_it) {
                self.summary.fetch_and(!signal.bit(), SeqCst);
            }
            sent
        };
        // A timer's lock: not under the backlog's.
        Some(sent.accept())
    }

    /// Forgets every signal of `set`.
    pub fn discard(self, set: SignalSet) {
        if self.summary.load(SeqCst) & set == 0 {
            return;
        }
        let (gone, rest): (Vec<Sent>, Vec<Sent>);
        {
            let mut backlog = self.backlog.0.lock();
            let is_gone = |sent: &Sent| sent.signal().is_ok_and(|signal| signal.bit() & set != 0);
            (gone, rest) = backlog.drain(..).partition(is_gone);
            backlog.extend(rest);
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
        let (summary, backlog) = (AtomicU64::new(0), Backlog::new());
        let queue = Queue { summary: &summary, backlog: &backlog };
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
        let (summary, backlog) = (AtomicU64::new(0), Backlog::new());
        let queue = Queue { summary: &summary, backlog: &backlog };
        let free = SIGQUEUE_MAX - SLOTS_TAKEN.load(SeqCst);
        // Other tests use the same slots.
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
