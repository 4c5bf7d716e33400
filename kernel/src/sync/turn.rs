//! A lock that may be held while the host is asked.

use core::sync::atomic::{AtomicU32, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use super::futex;
use crate::sched;

/// Something that one thread at a time does.
pub struct Turn(AtomicU32);

const FREE: u32 = 0;
const TAKEN: u32 = 1;

/// The right to do it, given back when dropped.
pub struct TurnGuard<'a>(&'a Turn);

impl Turn {
    /// Nobody's.
    pub const fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }

    /// Waits for the turn.
    pub fn take(&self) -> TurnGuard<'_> {
        while self.0.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_err() {
            // A signal does not let the thread sleep: then it must at least not keep the core from who has the turn.
            if futex::wait(&self.0, TAKEN, None).is_err() {
                sched::yield_now();
            }
        }
        TurnGuard(self)
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        let word = &self.0.0;
        word.store(FREE, Release);
        futex::wake(core::ptr::from_ref(word) as usize, 1);
    }
}
