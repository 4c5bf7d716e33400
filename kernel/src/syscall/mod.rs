//! The system calls: plain functions for the C library, listed in `include/hermit/syscall.h`.
//!
//! The shell around the kernel: pointers become claims that [`crate::user`] checks, `Result` becomes a value
//! or a negative error number.

#![allow(
    unsafe_code,
    reason = "names that the C library calls are not mangled: there is no unsafe block here but the entry of abort"
)]

#[cfg(panic = "abort")]
mod abort;
mod file;
mod memory;
mod net;
mod path;
mod poll;
mod process;
mod signals;
mod thread;
mod time;

use crate::{sched, signal};
use abi::errno::Errno;

/// Where a system call ends that may have made a thread ready: one of higher priority runs now, and then
/// signals are delivered. In this order, since whoever ran may have sent one, and this may be the last that
/// the kernel sees of the caller for long.
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
