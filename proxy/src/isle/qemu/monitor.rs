//! QEMU's monitor (QMP), by which the proxy starts the halted machine and ends QEMU: [`Monitor`].

use rustix::net::{SendFlags, send};
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// The proxy's end.
#[derive(Debug)]
pub struct Monitor(UnixStream);

impl Monitor {
    /// Of a QEMU that has just been started.
    pub fn new(stream: UnixStream) -> Self {
        Self(stream)
    }

    /// Waits until QEMU has made the machine.
    pub fn await_machine(&self) -> io::Result<()> {
        let mut lines = BufReader::new(Reader(&self.0)).lines();
        let mut next = || lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        // QMP's greeting, then a command that must come first (docs/interop/qmp-spec.txt).
        next()?;
        self.command(b"{\"execute\":\"qmp_capabilities\"}\n")?;
        next()?;
        Ok(())
    }

    /// Lets the machine run.
    pub fn run(&self) -> io::Result<()> {
        self.command(b"{\"execute\":\"cont\"}\n")
    }

    /// Lets QEMU end, which takes leave of a debugger then.
    pub fn quit(&self) -> io::Result<()> {
        self.command(b"{\"execute\":\"quit\"}\n")
    }

    /// Not write(2), whose SIGPIPE would end the proxy without a word. The few bytes go into an empty socket at
    /// once.
    fn command(&self, text: &[u8]) -> io::Result<()> {
        send(&self.0, text, SendFlags::NOSIGNAL)?;
        Ok(())
    }
}

impl AsFd for Monitor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Reads a socket by read(2), which is all that the sandbox leaves of it: std calls recv(2).
#[derive(Debug)]
pub struct Reader<'a>(pub &'a UnixStream);

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(self.0, buffer)?)
    }
}
