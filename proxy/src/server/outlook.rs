//! Which requests may block, judged without blocking: [`Outlook`].

#![allow(unsafe_code, reason = "structures that Linux fills")]

use super::answer::Outlook;
use super::attempt::Attempt;
use super::kinds::is_socket_request;
use super::{Pending, Server, host};
use abi::errno::Errno;
use abi::file::{IoVec, Stat};
use abi::hypercall::{MAX_IO_VECTORS, Number};
use core::mem::MaybeUninit;
use std::os::fd::{AsRawFd, OwnedFd};

/// Up to here a write to a pipe that poll(2) calls writable does not block, in bytes (pipe(7)).
const PIPE_BUF: u64 = libc::PIPE_BUF as u64;

impl Server {
    /// Looks ahead; requests that will fail are left to their own code.
    pub(super) fn outlook(&self, request: &Pending) -> Outlook {
        let (number, args) = (request.number, &request.args);
        let judged = match number {
            Number::Read | Number::ReadV => self.transfer(request, libc::POLLIN, 0),
            Number::Write => self.transfer(request, libc::POLLOUT, args[2]),
            Number::WriteV => {
                self.vector_bytes(args).and_then(|len_bytes| self.transfer(request, libc::POLLOUT, len_bytes))
            }
            number if is_socket_request(number) => self.socket_ahead(request),
            Number::Poll if args[2] as i32 != 0 => Ok(self.poll_ahead(args)),
            Number::Lock if args[1] as i32 == libc::F_SETLKW => Ok(self.lock_ahead(args)),
            Number::Open if args[3] as i32 & libc::O_NONBLOCK == 0 => self.open_ahead(args),
            _ => Ok(Outlook::AtOnce),
        };
        judged.unwrap_or(Outlook::AtOnce)
    }

    /// What is neither ready nor O_NONBLOCK is tried all the same: it may be an error at once (the wrong end of a
    /// pipe), and of a long write to a pipe a part has room.
    fn transfer(&self, request: &Pending, events: i16, len_bytes: u64) -> Result<Outlook, Errno> {
        let file = self.handles.get(request.args[0])?;
        let at_once = if host::is_ready(&file, events)? {
            len_bytes <= PIPE_BUF || is_storage(&file)? || is_nonblocking(&file)?
        } else {
            is_nonblocking(&file)?
        };
        if at_once {
            return Ok(Outlook::AtOnce);
        }
        Ok(match self.attempt(&file, request) {
            Attempt::Answered(answer) => Outlook::Answered(answer),
            Attempt::Waits(done) => Outlook::MayBlock { done },
            Attempt::Unknown => Outlook::MayBlock { done: 0 },
        })
    }

    pub(super) fn vector_bytes(&self, args: &[u64; 6]) -> Result<u64, Errno> {
        let vectors = self.memory.read_vec::<IoVec>(args[1], args[2].min(MAX_IO_VECTORS))?;
        Ok(vectors.iter().fold(0, |sum, vector| sum.saturating_add(vector.len_bytes)))
    }

    fn poll_ahead(&self, args: &[u64; 6]) -> Outlook {
        match self.poll(&[args[0], args[1], 0, 0, 0, 0]) {
            Ok(0) => Outlook::MayBlock { done: 0 },
            answer => Outlook::Answered(answer),
        }
    }

    fn lock_ahead(&self, args: &[u64; 6]) -> Outlook {
        match self.lock(&[args[0], libc::F_SETLK as u64, args[2], 0, 0, 0]) {
            Err(Errno::EAGAIN | Errno::EACCES) => Outlook::MayBlock { done: 0 },
            answer => Outlook::Answered(answer),
        }
    }

    /// A FIFO waits for its other end.
    fn open_ahead(&self, args: &[u64; 6]) -> Result<Outlook, Errno> {
        let (directory, path) = (self.handles.directory(args[0])?, self.path(args[1], args[2])?);
        let mut stat = MaybeUninit::<Stat>::uninit();
        let place = stat.as_mut_ptr() as u64;
        // A handle without a path is opened once more.
        let flags = libc::AT_EMPTY_PATH as u64;
        host::call(libc::SYS_newfstatat, &[directory.as_arg(), path.as_arg(), place, flags])?;
        // SAFETY: Linux has filled it.
        let mode = unsafe { stat.assume_init() }.st_mode;
        let is_fifo = mode & libc::S_IFMT == libc::S_IFIFO;
        Ok(if is_fifo { Outlook::MayBlock { done: 0 } } else { Outlook::AtOnce })
    }
}

/// Whether writes of any length go through: files and disks.
pub(super) fn is_storage(file: &OwnedFd) -> Result<bool, Errno> {
    let mut stat = MaybeUninit::<Stat>::uninit();
    host::call(libc::SYS_fstat, &[file.as_raw_fd() as u64, stat.as_mut_ptr() as u64])?;
    // SAFETY: Linux has filled it.
    let mode = unsafe { stat.assume_init() }.st_mode;
    Ok([libc::S_IFREG, libc::S_IFDIR, libc::S_IFBLK].contains(&(mode & libc::S_IFMT)))
}

pub(super) fn is_nonblocking(file: &OwnedFd) -> Result<bool, Errno> {
    let flags = host::call(libc::SYS_fcntl, &[file.as_raw_fd() as u64, libc::F_GETFL as u64])?;
    Ok(flags as i32 & libc::O_NONBLOCK != 0)
}
