//! timerfd(2): [`TimerFile`], a timer that is read.
//!
//! It wakes who waits when it expires first; how often it has expired since is counted by the clock when it is read. A timer
//! that nobody reads costs nothing, whatever its period.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::{File, Readiness};
use super::ready::{WaitQueue, Watcher};
use super::stream::{Stream, anonymous, no_file_system};
use crate::sched::{self, Expire};
use crate::sync::SpinLock;
use crate::time;
use crate::user::UserCursor;
use abi::c::POLLIN;
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

/// Bytes that it is read in.
const COUNT_BYTES: u64 = 8;

/// On which clock absolute times are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerClock {
    /// CLOCK_REALTIME.
    Wall,
    /// CLOCK_MONOTONIC and CLOCK_BOOTTIME.
    Monotonic,
}

/// An open timer.
pub struct TimerFile {
    /// On which clock absolute times are.
    pub clock: TimerClock,
    inner: Arc<Inner>,
    stream: Stream,
}

struct Inner {
    state: SpinLock<State>,
    changes: WaitQueue,
}

/// A timer's state; moments are on the monotonic clock.
#[derive(Clone, Copy)]
struct State {
    /// 0: not armed.
    deadline_ns: u64,
    /// 0: once.
    interval_ns: u64,
    /// Which arming this is: an old entry in a core's queue finds another number.
    generation: u64,
}

impl State {
    /// Expiries since it was read last, after which it goes on.
    fn take(&mut self, now_ns: u64) -> u64 {
        if self.deadline_ns == 0 || now_ns < self.deadline_ns {
            return 0;
        }
        let late = (now_ns - self.deadline_ns).checked_div(self.interval_ns);
        self.deadline_ns = late.map_or(0, |late| self.deadline_ns + (late + 1) * self.interval_ns);
        late.unwrap_or(0) + 1
    }
}

impl TimerFile {
    /// timerfd_create(2).
    pub fn new(clock: TimerClock, is_nonblocking: bool) -> Self {
        let state = SpinLock::new(State { deadline_ns: 0, interval_ns: 0, generation: 0 });
        let inner = Arc::new(Inner { state, changes: WaitQueue::new() });
        Self { clock, inner, stream: Stream::new(is_nonblocking) }
    }

    /// Arms it for a moment on the monotonic clock, then every `interval_ns` (0: once); 0 disarms.
    pub fn arm(&self, deadline_ns: u64, interval_ns: u64) {
        {
            let mut state = self.inner.state.lock();
            let generation = state.generation + 1;
            *state = State { deadline_ns, interval_ns, generation };
        }
        self.inner.sleep();
    }

    /// Time to the next expiry, and the interval, in ns; 0, _ if it is not armed.
    pub fn remaining(&self) -> (u64, u64) {
        let mut state = *self.inner.state.lock();
        let now_ns = time::monotonic_ns();
        // What has not been read stays to be read.
        state.take(now_ns);
        let remaining = match state.deadline_ns {
            0 => 0,
            // An armed timer never reads as disarmed.
            deadline_ns => deadline_ns.saturating_sub(now_ns).max(1),
        };
        (remaining, state.interval_ns)
    }

    fn take(&self) -> Result<u64, Errno> {
        loop {
            let seen = self.inner.changes.seen();
            let count = self.inner.state.lock().take(time::monotonic_ns());
            if count != 0 {
                self.inner.sleep();
                return Ok(count);
            }
            self.inner.changes.wait(seen, self.stream.blocking())?;
        }
    }
}

impl Inner {
    /// Sleeps until the next expiry.
    fn sleep(self: &Arc<Self>) {
        let State { deadline_ns, generation, .. } = *self.state.lock();
        if deadline_ns != 0 {
            sched::call_at(deadline_ns, self.clone(), generation);
        }
    }

    fn events(&self) -> i16 {
        let deadline_ns = self.state.lock().deadline_ns;
        if deadline_ns != 0 && deadline_ns <= time::monotonic_ns() { POLLIN } else { 0 }
    }
}

impl Expire for Inner {
    fn expire(self: Arc<Self>, arming: u64) -> Option<u64> {
        let State { deadline_ns, generation, .. } = *self.state.lock();
        if generation != arming || deadline_ns == 0 {
            return None;
        }
        if deadline_ns > time::monotonic_ns() {
            return Some(deadline_ns);
        }
        self.changes.announce();
        None
    }
}

impl File for TimerFile {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        if to.left() < COUNT_BYTES {
            return Err(Errno::EINVAL);
        }
        let count = self.take()?.to_ne_bytes();
        // It is taken, whether it can be told or not, as by Linux.
        if to.write(&count) < count.len() { Err(Errno::EFAULT) } else { Ok(COUNT_BYTES) }
    }

    fn write(&self, _from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EINVAL)
    }

    /// Does nothing, as on Linux.
    fn seek(&self, _offset: i64, _whence: i32) -> Result<u64, Errno> {
        Ok(0)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(anonymous())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn as_stream(&self) -> Option<&Stream> {
        Some(&self.stream)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(b"anon_inode:[timerfd]".to_vec())
    }

    fn readiness(&self) -> Readiness {
        Readiness::Now(self.inner.events())
    }

    fn watch(&self, watcher: &Arc<dyn Watcher>) {
        self.inner.changes.watch(watcher);
    }

    fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        self.inner.changes.unwatch(watcher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiries_are_counted_by_the_clock() {
        let mut state = State { deadline_ns: 100, interval_ns: 10, generation: 1 };
        assert_eq!((state.take(99), state.take(100), state.deadline_ns), (0, 1, 110));
        assert_eq!((state.take(145), state.deadline_ns), (4, 150));
        let mut once = State { deadline_ns: 100, interval_ns: 0, generation: 1 };
        assert_eq!((once.take(500), once.take(600), once.deadline_ns), (1, 0, 0));
    }
}
