//! A mutex whose waiters sleep: it may be held while the host is asked, and while a program's memory is
//! copied.

#![allow(unsafe_code, reason = "a lock is what makes it safe")]

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU32, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use super::futex;
use crate::arch::cpu;

/// Data that one thread at a time uses. Not for interrupts, and not for the idle thread.
pub struct Mutex<T> {
    state: AtomicU32,
    data: UnsafeCell<T>,
}

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// And somebody sleeps, or is about to.
const WANTED: u32 = 2;

/// Looks at a mutex that another core may be about to free, before a thread sleeps: about as long as waking
/// it would take.
const SPINS: u32 = 100;

// SAFETY: the lock gives `T` to one thread at a time.
unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// Nobody's.
    pub const fn new(data: T) -> Self {
        Self { state: AtomicU32::new(FREE), data: UnsafeCell::new(data) }
    }

    /// Waits for the mutex. Signals do not end the wait.
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        if self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_err() {
            self.wait();
        }
        MutexGuard(self)
    }

    #[cold]
    fn wait(&self) {
        for _ in 0..SPINS {
            if self.state.load(Relaxed) == FREE
                && self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok()
            {
                return;
            }
            cpu::relax();
        }
        // Whoever frees it wakes one of those who wait, who takes it as wanted, since it cannot know whether
        // it was the last.
        while self.state.swap(WANTED, Acquire) != FREE {
            futex::wait_uninterrupted(&self.state, WANTED);
        }
    }
}

/// The right to use the data, given back when dropped.
pub struct MutexGuard<'a, T>(&'a Mutex<T>);

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the guard exists, so its thread holds the lock.
        unsafe { &*self.0.data.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard exists, so its thread holds the lock; `&mut self` makes the reference unique.
        unsafe { &mut *self.0.data.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let state = &self.0.state;
        if state.swap(FREE, Release) == WANTED {
            futex::wake(core::ptr::from_ref(state) as usize, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_the_right_to_use_it() {
        let count = Mutex::new(1);
        {
            let mut guard = count.lock();
            *guard += 1;
            assert_eq!(count.state.load(Relaxed), TAKEN);
        }
        assert_eq!((count.state.load(Relaxed), *count.lock()), (FREE, 2));
    }
}
