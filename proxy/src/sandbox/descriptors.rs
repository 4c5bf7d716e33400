//! Descriptors that the proxy was given, or that others shall not be: [`for_all_but`].

#![allow(unsafe_code, reason = "descriptors by their numbers")]

use rustix::io::Errno;
use std::ops::RangeInclusive;
use std::os::fd::RawFd;

/// What happens to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are closed.
    Closed,
    /// They stay, and are no program's that this process becomes.
    ClosedOnExec,
}

/// First descriptor that is no standard stream.
const FIRST: RawFd = 3;

/// CLOSE_RANGE_CLOEXEC of close_range(2).
const CLOEXEC: u32 = 4;

/// Does that to every descriptor that is neither a standard stream nor one of `kept`, which are sorted.
/// Only system calls: also between fork and exec.
///
/// # Safety
/// With [`Fate::Closed`], nobody in this process may own any of them.
pub unsafe fn for_all_but(kept: &[RawFd], fate: Fate) -> Result<(), Errno> {
    let mut first = FIRST;
    for &fd in kept {
        if fd > first {
            // SAFETY: the caller's promise.
            unsafe { treat(first..=fd - 1, fate) }?;
        }
        first = fd.saturating_add(1).max(first);
    }
    // SAFETY: as above.
    unsafe { treat(first..=RawFd::MAX, fate) }
}

/// # Safety
/// As for [`for_all_but`].
unsafe fn treat(range: RangeInclusive<RawFd>, fate: Fate) -> Result<(), Errno> {
    let flags = if fate == Fate::ClosedOnExec { CLOEXEC } else { 0 };
    // SAFETY: numbers; the caller promises that nobody owns what is closed.
    if unsafe { libc::syscall(libc::SYS_close_range, *range.start(), *range.end(), flags) } == 0 {
        return Ok(());
    }
    // Before Linux 5.9, or 5.11 for the flag: one by one, as far as there can be any.
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let end = limit.and_then(|limit| RawFd::try_from(limit).ok()).unwrap_or(MOST).min(MOST);
    for fd in *range.start()..=(end - 1).min(*range.end()) {
        // What is not open has nothing to lose. SAFETY: as above.
        unsafe {
            match fate {
                Fate::Closed => libc::close(fd),
                Fate::ClosedOnExec => libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC),
            };
        }
    }
    Ok(())
}

/// `fs.nr_open`, which nobody raises.
const MOST: RawFd = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::{AsRawFd, OwnedFd};

    fn is_inherited(fd: &OwnedFd) -> bool {
        !rustix::io::fcntl_getfd(fd).unwrap().contains(rustix::io::FdFlags::CLOEXEC)
    }

    /// In a child, whose descriptors are its own.
    #[test]
    fn all_but_those_kept() {
        let file =
            || rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty()).unwrap();
        let files = [file(), file(), file(), file()];
        let kept = [files[0].as_raw_fd(), files[2].as_raw_fd()];
        // SAFETY: the child makes system calls only, and ends; nobody there uses what is closed.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                let marked = for_all_but(&kept, Fate::ClosedOnExec).is_ok()
                    && files.each_ref().map(is_inherited) == [true, false, true, false];
                let closed = for_all_but(&kept, Fate::Closed).is_ok()
                    && files.each_ref().map(|file| libc::fcntl(file.as_raw_fd(), libc::F_GETFD) == 0)
                        == [true, false, true, false];
                libc::_exit(i32::from(!(marked && closed)));
            }
            let mut status = -1;
            assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
            assert_eq!(status, 0);
        }
    }
}
