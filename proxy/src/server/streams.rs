//! Reading and writing: between guest memory and the host's kernel, without a copy.

use super::Server;
use super::answer::Answer;
use super::host::{self, Kind};
use crate::host_signals::interrupt;
use abi::errno::Errno;
use abi::file::IoVec;
use abi::hypercall::{MAX_IO_VECTORS, Number};
use std::os::fd::AsRawFd;

impl Server {
    pub(super) fn stream(&self, number: Number, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        let fd = file.as_raw_fd() as u64;
        let system_call = match number {
            Number::Read => libc::SYS_read,
            Number::Write => libc::SYS_write,
            Number::PRead => libc::SYS_pread64,
            Number::PWrite => libc::SYS_pwrite64,
            Number::ReadV => return self.vectored(libc::SYS_readv, fd, args),
            _ => return self.vectored(libc::SYS_writev, fd, args),
        };
        let buffer = self.memory.slice(args[1], args[2])?;
        transfer(system_call, &[fd, buffer.as_ptr() as u64, buffer.len() as u64, args[3]])
    }

    fn vectored(&self, system_call: core::ffi::c_long, fd: u64, args: &[u64; 6]) -> Answer {
        if args[2] > MAX_IO_VECTORS {
            return Err(Errno::EINVAL);
        }
        let guest = self.memory.read_vec::<IoVec>(args[1], args[2])?;
        let host_vectors: Result<Vec<libc::iovec>, Errno> = guest
            .iter()
            .map(|vector| Ok(self.memory.slice(vector.base, vector.len_bytes)?.as_iovec()))
            .collect();
        let vectors = host_vectors?;
        transfer(system_call, &[fd, vectors.as_ptr() as u64, vectors.len() as u64])
    }
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
