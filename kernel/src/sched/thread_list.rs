//! The list of all threads, for debuggers: they find it, and the cores, through the table
//! `hermit_debug_table` (docs/reference/010-debugger.md), whatever the compiler makes of our structures.
//! Reader: share/gdb/hermit.py.

#![allow(unsafe_code, reason = "a list that debuggers can follow")]

use alloc::sync::Arc;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::per_core::{self, PerCore};
use super::task::{DEBUGGER_OFFSETS, Task};
use crate::arch::percpu;
use crate::lock::SpinLock;
use abi::boot_info::MAX_CPUS;

/// The table, of 64-bit words.
#[repr(C)]
struct Table {
    magic: [u8; 8],
    version: u64,
    first_thread: AtomicPtr<Task>,
    cores: *const [AtomicPtr<PerCore>; MAX_CPUS],
    nr_cores: u64,
    thread_offsets: [u64; DEBUGGER_OFFSETS.len()],
    core_offsets: [u64; 3],
}

// SAFETY: what changes is atomic.
unsafe impl Sync for Table {}

/// Changes when the meaning of a word does; words are added at the end.
const VERSION: u64 = 2;

#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that debuggers look for")]
static hermit_debug_table: Table = Table {
    magic: *b"HERMDBG\0",
    version: VERSION,
    first_thread: AtomicPtr::new(ptr::null_mut()),
    cores: &raw const per_core::hermit_cores,
    nr_cores: MAX_CPUS as u64,
    thread_offsets: DEBUGGER_OFFSETS,
    core_offsets: [percpu::ONLINE_OFFSET, per_core::RUNNING, percpu::DOORBELL_CONTEXT_OFFSET],
};

/// Held while the list changes.
static CHANGING: SpinLock<()> = SpinLock::new(());

/// Puts a thread into the list, until it is dropped.
pub fn enter(task: Task) -> Arc<Task> {
    let task = Arc::new(task);
    let this = Arc::as_ptr(&task).cast_mut();
    let _changing = CHANGING.lock();
    let first = hermit_debug_table.first_thread.load(Relaxed);
    task.links.next.store(first, Relaxed);
    // SAFETY: null, or a thread in the list, which cannot leave it while the lock is held.
    if let Some(first) = unsafe { first.as_ref() } {
        first.links.previous.store(this, Relaxed);
    }
    hermit_debug_table.first_thread.store(this, Relaxed);
    task
}

impl Drop for Task {
    fn drop(&mut self) {
        leave(self);
    }
}

fn leave(task: &Task) {
    let _changing = CHANGING.lock();
    let (next, previous) = (task.links.next.load(Relaxed), task.links.previous.load(Relaxed));
    // SAFETY: null, or a thread in the list, which cannot leave it while the lock is held.
    if let Some(next) = unsafe { next.as_ref() } {
        next.links.previous.store(previous, Relaxed);
    }
    // SAFETY: null, or a thread of the list, which cannot leave it while the lock is held.
    match unsafe { previous.as_ref() } {
        Some(previous) => previous.links.next.store(next, Relaxed),
        None => hermit_debug_table.first_thread.store(next, Relaxed),
    }
}
