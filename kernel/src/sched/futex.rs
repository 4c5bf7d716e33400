//! The one blocking primitive that the C library sees: wait while a word keeps a value.
//!
//! Waiters stand in line in a bucket that the word's address selects. The bucket's lock orders the check of
//! the value against wake-ups, so none is lost.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use super::core::{block, block_uninterrupted, current, share_current, wake as make_runnable};
use super::task::{Task, Wakeup};
use crate::lock::SpinLock;
use crate::user::UserWord;
use abi::errno::Errno;

struct Waiter {
    address: usize,
    task: Arc<Task>,
}

const NR_BUCKETS: usize = 64;

static BUCKETS: [SpinLock<VecDeque<Waiter>>; NR_BUCKETS] =
    [const { SpinLock::new(VecDeque::new()) }; NR_BUCKETS];

fn bucket(address: usize) -> &'static SpinLock<VecDeque<Waiter>> {
    // Words are 4 bytes; Fibonacci hashing spreads neighbours (Knuth, TAOCP vol. 3, 6.4).
    let hash = (address as u64 >> 2).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    &BUCKETS[(hash >> (64 - NR_BUCKETS.trailing_zeros())) as usize]
}

/// Waits until woken, as long as `word` still holds `expected` when the caller is in line.
///
/// `deadline_ns` is on the monotonic clock. Errors: `EAGAIN` the value differs, `ETIMEDOUT`, `EINTR` a signal
/// waits.
pub fn wait(word: &AtomicU32, expected: u32, deadline_ns: Option<u64>) -> Result<(), Errno> {
    let address = core::ptr::from_ref(word) as usize;
    enter(address, expected, || Ok(word.load(SeqCst)))?;
    finish(address, deadline_ns)
}

/// [`wait`] on a word of the program's: `EFAULT`.
pub fn wait_on(word: &UserWord, expected: u32, deadline_ns: Option<u64>) -> Result<(), Errno> {
    // What can be wrong is found out here. Under the lock the word is read once more, and a fault would do no
    // harm.
    word.load()?;
    enter(word.address(), expected, || word.load())?;
    finish(word.address(), deadline_ns)
}

/// [`wait`] without an end but a wake-up or another value.
pub fn wait_uninterrupted(word: &AtomicU32, expected: u32) {
    let address = core::ptr::from_ref(word) as usize;
    if enter(address, expected, || Ok(word.load(SeqCst))).is_ok() {
        block_uninterrupted();
        // It may have been a signal after all.
        leave(address);
    }
}

/// Puts the caller in line, about to block.
fn enter(address: usize, expected: u32, load: impl Fn() -> Result<u32, Errno>) -> Result<(), Errno> {
    let mut waiters = bucket(address).lock();
    if load()? != expected {
        return Err(Errno::EAGAIN);
    }
    let task = share_current();
    task.prepare_to_block();
    waiters.push_back(Waiter { address, task });
    Ok(())
}

/// Blocks the caller, who is in line.
fn finish(address: usize, deadline_ns: Option<u64>) -> Result<(), Errno> {
    let why = match block(deadline_ns) {
        Wakeup::Woken => return Ok(()),
        Wakeup::TimedOut => Errno::ETIMEDOUT,
        Wakeup::Interrupted => Errno::EINTR,
    };
    // If a waker took us out of the line at the same time its wake-up must count.
    if leave(address) { Err(why) } else { Ok(()) }
}

/// Takes the caller out of the line; false if it is no longer there.
fn leave(address: usize) -> bool {
    let mut waiters = bucket(address).lock();
    let me = current();
    let position = waiters.iter().position(|waiter| core::ptr::eq(&*waiter.task, me));
    position.and_then(|position| waiters.remove(position)).is_some()
}

/// Wakes up to `count` waiters of `address`, longest waiting first; returns how many.
pub fn wake(address: usize, count: usize) -> usize {
    let mut woken = 0;
    let mut waiters = bucket(address).lock();
    let mut i = 0;
    while woken < count && i < waiters.len() {
        if waiters[i].address == address
            && let Some(waiter) = waiters.remove(i)
        {
            make_runnable(&waiter.task);
            woken += 1;
        } else {
            i += 1;
        }
    }
    woken
}
