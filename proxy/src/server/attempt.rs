//! Reads and writes that do not block, whatever the flags of the file: [`Attempt`].
//!
//! Other processes have the host's files open as well, and O_NONBLOCK belongs to the open file: it is not ours to
//! set. RWF_NOWAIT of preadv2(2) and pwritev2(2) is for one call. Pipes, sockets and event counters know it,
//! terminals and FIFOs do not.

use super::answer::Answer;
use super::kinds::{is_read, is_socket_request};
use super::{Pending, Server, host};
use abi::errno::Errno;
use std::os::fd::{AsRawFd, OwnedFd};

/// Offset that stands for the file's own position.
const NO_OFFSET: u64 = u64::MAX;

/// What came of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was served.
    Answered(Answer),
    /// It would block, when so many bytes had been written.
    Waits(u64),
    /// This file knows no attempts.
    Unknown,
}

impl Server {
    /// Moves what can be moved at once. A write that blocks ends with all its bytes or an error: so does this one.
    pub(super) fn attempt(&self, file: &OwnedFd, request: &Pending) -> Attempt {
        if is_socket_request(request.number) {
            return self.socket_attempt(file, request);
        }
        let number = if is_read(request.number) { libc::SYS_preadv2 } else { libc::SYS_pwritev2 };
        let (fd, flags) = (file.as_raw_fd() as u64, libc::RWF_NOWAIT as u64);
        let moved = self.move_rest(
            request,
            || true,
            |vectors| {
                host::call(number, &[fd, vectors.as_ptr() as u64, vectors.len() as u64, NO_OFFSET, 0, flags])
            },
        );
        match moved {
            (done, Ok(())) => Attempt::Answered(Ok(done as i64)),
            (done, Err(Errno::EAGAIN)) => Attempt::Waits(done),
            // Although a part may be written: by a vCPU that was interrupted.
            (_, Err(Errno::EOPNOTSUPP | Errno::ENOSYS)) => Attempt::Unknown,
            (0, Err(errno)) => Attempt::Answered(Err(errno)),
            (done, Err(_)) => Attempt::Answered(Ok(done as i64)),
        }
    }
}
