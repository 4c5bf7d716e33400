//! Reads and writes that do not block, whatever the flags of the file: [`Attempt`].
//!
//! Other processes have the host's files open as well, and O_NONBLOCK belongs to the open file: it is not ours to
//! set. RWF_NOWAIT of preadv2(2) and pwritev2(2) is for one call. Pipes, sockets and event counters know it,
//! terminals and FIFOs do not.

use super::answer::Answer;
use super::{Pending, Server, host};
use abi::errno::Errno;
use abi::hypercall::Number;
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
        let mut done = request.done;
        loop {
            let vectors = match self.vectors(request, done) {
                Ok(vectors) => vectors,
                Err(errno) => return Attempt::Answered(Err(errno)),
            };
            let left: usize = vectors.iter().map(|vector| vector.iov_len).sum();
            let call = if is_read(request.number) { libc::SYS_preadv2 } else { libc::SYS_pwritev2 };
            let (start, count, flags) =
                (vectors.as_ptr() as u64, vectors.len() as u64, libc::RWF_NOWAIT as u64);
            match host::call(call, &[file.as_raw_fd() as u64, start, count, NO_OFFSET, 0, flags]) {
                Ok(moved) if is_read(request.number) || moved as usize >= left => {
                    return Attempt::Answered(Ok(done as i64 + moved));
                }
                Ok(moved) => done += moved as u64,
                Err(Errno::EAGAIN) => return Attempt::Waits(done),
                // Before: a vCPU that was interrupted may have written a part.
                Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => return Attempt::Unknown,
                Err(_) if done > 0 => return Attempt::Answered(Ok(done as i64)),
                Err(errno) => return Attempt::Answered(Err(errno)),
            }
        }
    }
}

/// Whether the request is a read of the file's next bytes.
pub const fn is_read(number: Number) -> bool {
    matches!(number, Number::Read | Number::ReadV)
}

/// Whether the request is a read or write of the file's next bytes.
pub const fn is_transfer(number: Number) -> bool {
    is_read(number) || matches!(number, Number::Write | Number::WriteV)
}
