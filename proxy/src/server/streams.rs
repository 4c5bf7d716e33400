//! Reading and writing: between guest memory and the host's kernel, without a copy.

use super::answer::Answer;
use super::host::{self, Kind};
use super::kinds::is_read;
use super::outlook::{is_nonblocking, is_storage};
use super::{Pending, Server};
use crate::host_signals::interrupt;
use abi::errno::Errno;
use abi::file::IoVec;
use abi::hypercall::{MAX_IO_VECTORS, Number};
use std::os::fd::{AsRawFd, OwnedFd};

impl Server {
    pub(super) fn stream(&self, number: Number, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        let fd = file.as_raw_fd() as u64;
        let system_call = match number {
            Number::Read => libc::SYS_read,
            Number::Write => libc::SYS_write,
            Number::PRead => libc::SYS_pread64,
            Number::PWrite => libc::SYS_pwrite64,
            Number::ReadV => return vectored(libc::SYS_readv, fd, &self.io_vectors(args)?),
            _ => return vectored(libc::SYS_writev, fd, &self.io_vectors(args)?),
        };
        let buffer = self.memory.slice(args[1], args[2])?;
        transfer(system_call, &[fd, buffer.as_ptr() as u64, buffer.len() as u64, args[3]])
    }

    /// The rest of a read or write of `file` that waited.
    pub(super) fn stream_on(&self, file: &OwnedFd, request: &Pending) -> Answer {
        let system_call = match request.number {
            Number::Read | Number::ReadV => libc::SYS_readv,
            _ => libc::SYS_writev,
        };
        // A signal that is not the program's may cut a write short; one that ends the request ends the next call at once.
        let moved = self.move_rest(
            request,
            || self.goes_on(file, request),
            |vectors| vectored(system_call, file.as_raw_fd() as u64, vectors),
        );
        match moved {
            (0, Err(errno)) => Err(errno),
            (done, _) => Ok(done as i64),
        }
    }

    /// Moves what is left of a read or write by `call`, and by one more as long as a write is not whole and `goes_on`. How many bytes
    /// are done then, and what ended it.
    pub(super) fn move_rest(
        &self,
        request: &Pending,
        goes_on: impl Fn() -> bool,
        call: impl Fn(&[libc::iovec]) -> Answer,
    ) -> (u64, Result<(), Errno>) {
        let mut done = request.done;
        loop {
            let moved = self.vectors(request, done).and_then(|vectors| {
                let left: usize = vectors.iter().map(|vector| vector.iov_len).sum();
                Ok((call(&vectors)? as u64, left as u64))
            });
            let (moved, left) = match moved {
                Ok(moved) => moved,
                Err(errno) => return (done, Err(errno)),
            };
            done += moved;
            if is_read(request.number) || moved == 0 || moved >= left || !goes_on() {
                return (done, Ok(()));
            }
        }
    }

    /// Whether Linux would write all bytes of the request if nothing interrupted it: where files are stored it writes less
    /// when there is no room or a limit is reached, and elsewhere if asked not to block.
    pub(super) fn goes_on(&self, file: &OwnedFd, request: &Pending) -> bool {
        matches!(request.number, Number::Write | Number::WriteV)
            && is_storage(file).is_ok_and(|is| !is)
            && is_nonblocking(file).is_ok_and(|is| !is)
    }

    /// The memory of a read or write of which `done` bytes are done.
    fn vectors(&self, request: &Pending, done: u64) -> Result<Vec<libc::iovec>, Errno> {
        let args = &request.args;
        let mut vectors = match request.number {
            Number::ReadV | Number::WriteV => self.io_vectors(args)?,
            _ => vec![self.memory.slice(args[1], args[2])?.as_iovec()],
        };
        skip(&mut vectors, done);
        Ok(vectors)
    }

    pub(super) fn io_vectors(&self, args: &[u64; 6]) -> Result<Vec<libc::iovec>, Errno> {
        if args[2] > MAX_IO_VECTORS {
            return Err(Errno::EINVAL);
        }
        let guest = self.memory.read_vec::<IoVec>(args[1], args[2])?;
        guest.iter().map(|vector| Ok(self.memory.slice(vector.base, vector.len_bytes)?.as_iovec())).collect()
    }
}

/// Takes the first `done` bytes away.
pub(super) fn skip(vectors: &mut [libc::iovec], done: u64) {
    let mut left = done as usize;
    for vector in vectors {
        let skipped = left.min(vector.iov_len);
        vector.iov_base = vector.iov_base.wrapping_byte_add(skipped);
        vector.iov_len -= skipped;
        left -= skipped;
    }
}

fn vectored(system_call: core::ffi::c_long, fd: u64, vectors: &[libc::iovec]) -> Answer {
    transfer(system_call, &[fd, vectors.as_ptr() as u64, vectors.len() as u64])
}

/// A call whose first argument is a descriptor. It ends with EINTR only where Linux's would: never for a
/// file.
fn transfer(system_call: core::ffi::c_long, args: &[u64]) -> Answer {
    match interrupt::blocking(system_call, args) {
        Err(Errno::EINTR) if host::kind(libc::SYS_fstat, &[args[0]]) == Some(Kind::Prompt) => {
            host::call(system_call, args)
        }
        answer => answer,
    }
}
