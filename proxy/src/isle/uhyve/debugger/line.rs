//! The connection to the debugger: [`Line`]. Only read(2), write(2) and poll(2), which the sandbox leaves.

#![allow(unsafe_code, reason = "the signal of a closed pipe")]

use gdbstub::conn::{Connection, ConnectionExt};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::os::fd::{BorrowedFd, OwnedFd};

/// Bytes that are read at a time.
const READ_BYTES: usize = 4096;

/// Buffered in both directions; what is written goes out with [`Connection::flush`].
#[derive(Debug)]
pub struct Line {
    fd: OwnedFd,
    received: Vec<u8>,
    /// How much of `received` has been taken.
    taken: usize,
    to_send: Vec<u8>,
}

impl Line {
    /// The debugger is at the other end of this socket.
    pub fn new(fd: OwnedFd) -> Self {
        Self { fd, received: Vec::new(), taken: 0, to_send: Vec::new() }
    }

    /// Waits until the debugger has sent something or `other` can be read; whether it is the debugger.
    pub fn wait_beside(&self, other: BorrowedFd<'_>) -> Result<bool, Errno> {
        if self.taken < self.received.len() {
            return Ok(true);
        }
        let mut both = [PollFd::new(&self.fd, PollFlags::IN), PollFd::from_borrowed_fd(other, PollFlags::IN)];
        rustix::io::retry_on_intr(|| poll(&mut both, None))?;
        Ok(both[1].revents().is_empty())
    }

    fn receive(&mut self) -> Result<(), Errno> {
        self.received.resize(READ_BYTES, 0);
        self.taken = 0;
        let len = rustix::io::retry_on_intr(|| rustix::io::read(&self.fd, &mut self.received[..]));
        self.received.truncate(*len.as_ref().unwrap_or(&0));
        match len? {
            0 => Err(Errno::CONNRESET),
            _ => Ok(()),
        }
    }
}

impl Connection for Line {
    type Error = Errno;

    fn write(&mut self, byte: u8) -> Result<(), Errno> {
        self.to_send.push(byte);
        Ok(())
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Errno> {
        self.to_send.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Errno> {
        let mut rest = self.to_send.as_slice();
        while !rest.is_empty() {
            let len = rustix::io::retry_on_intr(|| rustix::io::write(&self.fd, rest))?;
            rest = &rest[len..];
        }
        self.to_send.clear();
        Ok(())
    }
}

impl ConnectionExt for Line {
    fn read(&mut self) -> Result<u8, Errno> {
        if self.taken == self.received.len() {
            self.receive()?;
        }
        self.taken += 1;
        Ok(self.received[self.taken - 1])
    }

    fn peek(&mut self) -> Result<Option<u8>, Errno> {
        if self.taken == self.received.len() {
            let mut one = [PollFd::new(&self.fd, PollFlags::IN)];
            if rustix::io::retry_on_intr(|| poll(&mut one, Some(&Timespec::default())))? == 0 {
                return Ok(None);
            }
            self.receive()?;
        }
        Ok(Some(self.received[self.taken]))
    }
}

/// A debugger that has gone is an error of write(2), in the calling thread.
pub fn survive_closed_pipes() {
    // SAFETY: an all-zero set is one, which the next call makes empty; the thread's own mask changes.
    unsafe {
        let mut set: libc::sigset_t = core::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, core::ptr::null_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::os::unix::net::UnixStream;

    #[test]
    fn bytes_come_and_go_and_an_end_is_an_error() {
        let (near, mut far) = UnixStream::pair().unwrap();
        let mut line = Line::new(near.into());
        assert_eq!(line.peek(), Ok(None));
        rustix::io::write(&far, b"$?").unwrap();
        assert_eq!(line.peek(), Ok(Some(b'$')));
        assert_eq!((line.read(), line.read()), (Ok(b'$'), Ok(b'?')));
        line.write_all(b"+$").unwrap();
        line.write(b'#').unwrap();
        line.flush().unwrap();
        let mut got = [0; 3];
        far.read_exact(&mut got).unwrap();
        assert_eq!(&got, b"+$#");
        drop(far);
        assert_eq!(line.read(), Err(Errno::CONNRESET));
    }
}
