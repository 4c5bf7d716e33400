//! The standard streams of the host, which become handles 0, 1 and 2.

#![allow(unsafe_code, reason = "takes over descriptors 0, 1 and 2")]

use core::sync::atomic::{AtomicU8, Ordering};
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

/// Which of the three were closed when the proxy started, one bit each.
static CLOSED_AT_START: AtomicU8 = AtomicU8::new(0);

/// Must come before anything is opened: puts /dev/null where a standard stream is closed, so that no file of
/// the proxy gets its number. The guest will see it closed all the same.
pub fn keep_standard_streams() {
    let mut streams = [0, 1, 2].map(|fd| libc::pollfd { fd, events: 0, revents: 0 });
    // SAFETY: an array of three that lives through the call.
    if unsafe { libc::poll(streams.as_mut_ptr(), 3, 0) } <= 0 {
        return;
    }
    for stream in &streams {
        if stream.revents & libc::POLLNVAL == 0 {
            continue;
        }
        CLOSED_AT_START.fetch_or(1 << stream.fd, Ordering::Relaxed);
        // SAFETY: a constant path. Descriptors are given lowest first, so this becomes `stream.fd`.
        unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_RDWR) };
    }
}

/// The open ones of the standard streams; call it once.
pub fn standard_streams() -> Vec<Option<OwnedFd>> {
    let closed = CLOSED_AT_START.load(Ordering::Relaxed);
    let stream = |fd: RawFd| {
        // SAFETY: the descriptor is open, and std does not close its standard streams: this is the only
        // owner.
        (closed & (1 << fd) == 0).then(|| unsafe { OwnedFd::from_raw_fd(fd) })
    };
    (0..=2).map(stream).collect()
}
