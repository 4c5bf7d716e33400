//! poll, locks and terminals.

use super::answer::Answer;
use super::{Server, host};
use crate::host_signals::interrupt;
use abi::errno::Errno;
use abi::file::{FileLock, PollHandle, WindowSize};
use abi::hypercall::MAX_POLL_HANDLES;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// Size of the kernel's `struct termios` (asm-generic/termbits.h), in bytes.
const TERMIOS_BYTES: u64 = 36;

impl Server {
    /// Terminal requests; the structure's size is known, so that its address can be checked.
    pub(super) fn terminal(&self, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        let size_bytes = match args[1] {
            libc::TCGETS | libc::TCSETS | libc::TCSETSW | libc::TCSETSF => TERMIOS_BYTES,
            libc::TIOCGWINSZ => size_of::<WindowSize>() as u64,
            libc::FIONREAD | libc::TIOCGPGRP => 4,
            _ => return Err(Errno::ENOTTY),
        };
        let argument = self.memory.slice(args[2], size_bytes)?;
        host::retry(|| {
            host::call(libc::SYS_ioctl, &[file.as_raw_fd() as u64, args[1], argument.as_ptr() as u64])
        })
    }

    pub(super) fn lock(&self, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        match args[1] as i32 {
            libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => {}
            _ => return Err(Errno::EINVAL),
        }
        let lock = self.memory.slice(args[2], size_of::<FileLock>() as u64)?;
        interrupt::blocking(libc::SYS_fcntl, &[file.as_raw_fd() as u64, args[1], lock.as_ptr() as u64])
    }

    pub(super) fn poll(&self, args: &[u64; 6]) -> Answer {
        let [address, count, timeout_ms, ..] = *args;
        if count > MAX_POLL_HANDLES {
            return Err(Errno::EINVAL);
        }
        let mut set = self.memory.read_vec::<PollHandle>(address, count)?;
        let files: Vec<_> = set.iter().map(|entry| self.handles.get(entry.handle as i64 as u64)).collect();
        let mut fds = Vec::with_capacity(set.len());
        let mut invalid = 0;
        for (entry, file) in set.iter().zip(&files) {
            let fd = file.as_ref().map_or(-1, |file| file.as_raw_fd());
            if fd < 0 && entry.handle >= 0 {
                invalid += 1;
            }
            fds.push(libc::pollfd { fd, events: entry.events, revents: 0 });
        }
        let timeout_ms = if invalid > 0 { 0 } else { timeout_ms as i32 };
        let ready = wait_for(&mut fds, timeout_ms)?;
        for (entry, fd) in set.iter_mut().zip(&fds) {
            entry.revents = if fd.fd < 0 && entry.handle >= 0 { libc::POLLNVAL } else { fd.revents };
        }
        self.memory.write_slice(address, &set)?;
        Ok(ready + invalid)
    }
}

/// poll(2); ppoll(2) tells how much of the time is left when a signal that is not for the program interrupts
/// it, so that it goes on for the rest.
fn wait_for(fds: &mut [libc::pollfd], timeout_ms: i32) -> Answer {
    let left = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
    let mut left = left.map(|left| libc::timespec {
        tv_sec: left.as_secs() as i64,
        tv_nsec: i64::from(left.subsec_nanos()),
    });
    let time = left.as_mut().map_or(0, |left| core::ptr::from_mut(left) as u64);
    interrupt::blocking(libc::SYS_ppoll, &[fds.as_mut_ptr() as u64, fds.len() as u64, time, 0, 0])
}
