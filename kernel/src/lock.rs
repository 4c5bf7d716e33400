//! A spin lock that also keeps interrupts of its core off, so that handlers may take the same lock.
//!
//! In the process isle Linux may take its CPU from a vCPU that holds one, and others spin meanwhile. From Linux 7.0 on a thread can
//! ask for a little more time then (the time-slice extension of rseq, `PR_RSEQ_SLICE_EXTENSION`): one store when a lock is taken and one
//! when it is given back. That is not done, since it could not be measured: no machine at hand has such a Linux.

#![allow(unsafe_code, reason = "a lock is what makes it safe")]

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use crate::arch::{cpu, interrupts, smp};

/// Data that one core at a time uses, for a short time. Never held across a switch or a hypercall that may
/// block.
pub struct SpinLock<T> {
    locked: AtomicBool,
    data: UnsafeCell<T>,
}

// SAFETY: the lock gives `T` to one core at a time.
unsafe impl<T: Send> Sync for SpinLock<T> {}

impl<T> SpinLock<T> {
    /// An unlocked lock.
    pub const fn new(data: T) -> Self {
        Self { locked: AtomicBool::new(false), data: UnsafeCell::new(data) }
    }

    /// Waits for the lock.
    pub fn lock(&self) -> Guard<'_, T> {
        let before = interrupts::disable();
        while self.locked.compare_exchange_weak(false, true, Acquire, Relaxed).is_err() {
            while self.locked.load(Relaxed) {
                // Who holds the lock may be waiting until this core, whose interrupts are off, has forgotten
                // translations.
                smp::obey_shootdown();
                cpu::relax();
            }
        }
        Guard { lock: self, before }
    }

    /// Takes the lock if it is free: for what may have interrupted its holder.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        let before = interrupts::disable();
        if self.locked.compare_exchange(false, true, Acquire, Relaxed).is_ok() {
            return Some(Guard { lock: self, before });
        }
        interrupts::restore(before);
        None
    }
}

/// The right to use the data; gives the lock and the interrupts back when dropped.
pub struct Guard<'a, T> {
    lock: &'a SpinLock<T>,
    before: interrupts::Before,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the guard exists, so this core holds the lock.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard exists, so this core holds the lock; `&mut self` makes the reference unique.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.locked.store(false, Release);
        interrupts::restore(self.before);
    }
}
