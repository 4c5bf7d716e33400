//! Locks on bytes of KVM's device, by which the isles of a host agree: [`lock`] takes one or gives it back.
//!
//! Those from 0 on are the places of [`super::release`], those from [`super::idle`]'s first on are CPUs.

#![allow(unsafe_code, reason = "locks by a descriptor's number")]

use std::os::fd::AsRawFd;

/// `F_WRLCK` or `F_UNLCK` for `len` bytes from `start` on, 0 up to the end: a lock that belongs to the open device (fcntl(2), "Open file
/// description locks"). Whether that was possible. A system call that the sandbox leaves.
pub fn lock(device: &impl AsRawFd, kind: libc::c_int, start: i64, len: i64) -> bool {
    let lock = libc::flock {
        l_type: kind as i16,
        l_whence: libc::SEEK_SET as i16,
        l_start: start,
        l_len: len,
        l_pid: 0,
    };
    // SAFETY: the structure lives through the call.
    unsafe { libc::fcntl(device.as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) == 0 }
}
