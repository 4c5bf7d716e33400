//! System calls of the host with guest memory in their arguments.
//!
//! Bare system calls and not the C library's functions: nothing between the guest's pointer and the kernel
//! that answers EFAULT, and no conversion of structures.

#![allow(unsafe_code, reason = "bare system calls with guest memory in their arguments")]

use super::answer::Answer;
use crate::host_signals::CAUGHT_SIGNALS;
use abi::errno::Errno;
use core::ffi::c_long;
use core::sync::atomic::Ordering;
use std::os::fd::{AsRawFd, OwnedFd};

/// One system call; the missing arguments are 0.
pub fn call(number: c_long, args: &[u64]) -> Answer {
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    // SAFETY: pointers among the arguments are guest memory that `GuestMemory` let through, or live objects
    // of the caller; the kernel checks them again.
    let result = unsafe { libc::syscall(number, arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)) };
    if result >= 0 {
        return Ok(result);
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(Errno::from_i32(errno).unwrap_or(Errno::EIO))
}

/// How calls for a file behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Files, directories: Linux never lets a signal end them.
    Prompt,
    /// Pipes, terminals, sockets.
    MayBlock,
}

/// What `fstat` or `newfstatat` with these first arguments says; `None` if there is nothing.
pub fn kind(stat_call: c_long, which: &[u64]) -> Option<Kind> {
    // SAFETY: all-zero is a valid `stat`.
    let mut stat: libc::stat = unsafe { core::mem::zeroed() };
    let mut args = [0; 3];
    args[..which.len()].copy_from_slice(which);
    args[which.len()] = &raw mut stat as u64;
    call(stat_call, &args).ok()?;
    let prompt = [libc::S_IFREG, libc::S_IFDIR, libc::S_IFBLK].contains(&(stat.st_mode & libc::S_IFMT));
    Some(if prompt { Kind::Prompt } else { Kind::MayBlock })
}

/// Whether poll(2) calls `file` ready.
pub fn is_ready(file: &OwnedFd, events: i16) -> Result<bool, Errno> {
    let mut poll = libc::pollfd { fd: file.as_raw_fd(), events, revents: 0 };
    Ok(call(libc::SYS_poll, &[&raw mut poll as u64, 1, 0])? > 0)
}

/// For calls that are short: repeats `attempt` while a signal interrupts it that is not for the program
/// (SIGCONT, a kick, a timer).
pub fn retry(mut attempt: impl FnMut() -> Answer) -> Answer {
    loop {
        match attempt() {
            Err(Errno::EINTR) if CAUGHT_SIGNALS.load(Ordering::SeqCst) == 0 => {}
            answer => return answer,
        }
    }
}
