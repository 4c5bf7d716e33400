//! The system calls: plain functions for the C library, listed in `include/hermit/syscall.h`.
//!
//! The shell around the kernel: pointers become references, `Result` becomes a value or a negative error number. The two things
//! that only system calls know stand here as well: the file mode creation mask (`path`), and the limit of the heap (`memory`). There is one address space and no privilege, so a pointer that is not null is believed, as the C
//! standard library believes its callers.

#[cfg(panic = "abort")]
mod abort;
mod file;
mod memory;
mod path;
mod poll;
mod process;
mod signals;
mod thread;
mod time;

use crate::{sched, signal};
use abi::errno::Errno;

/// Where a system call ends that may have made a thread ready: one of higher priority runs now, and then signals are delivered. In
/// this order, since whoever ran may have sent one, and this may be the last that the kernel sees of the caller for long.
#[inline]
fn leave() {
    sched::preempt();
    if signal::is_pending() {
        signal::deliver::pending(None);
    }
}

/// A result as the C library sees it, at the end of a system call.
fn answer(result: Result<u64, Errno>) -> i64 {
    leave();
    match result {
        Ok(value) => value as i64,
        Err(errno) => errno.to_wire(),
    }
}

/// [`answer`] for calls whose C type is `int`.
fn answer_int(result: Result<u64, Errno>) -> i32 {
    answer(result) as i32
}

/// [`answer`] for calls that return 0.
fn done(result: Result<(), Errno>) -> i32 {
    answer_int(result.map(|()| 0))
}

/// A place for a result, or `EFAULT` for null.
///
/// # Safety
/// `pointer` is null or points to a `T` that nobody else uses during the call.
unsafe fn place<'a, T>(pointer: *mut T) -> Result<&'a mut T, Errno> {
    // SAFETY: as the caller says.
    unsafe { pointer.as_mut() }.ok_or(Errno::EFAULT)
}
