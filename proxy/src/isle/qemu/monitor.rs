//! Starts the halted machine through QEMU's monitor: [`start`]. The proxy knows the moment, which the guest's
//! clock needs.

use crate::options::DebuggerChoice;
use rustix::net::{SendFlags, send};
use std::io::{self, BufRead, BufReader};
use std::os::unix::net::UnixStream;

/// Waits until QEMU has made the machine, calls `before`, and lets the machine run, unless that is for a
/// debugger to do.
pub fn start(monitor: &UnixStream, debugger: DebuggerChoice, before: impl FnOnce()) -> io::Result<()> {
    let mut lines = BufReader::new(monitor).lines();
    let mut next = || lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
    // QMP's greeting, then a command that must come first (docs/interop/qmp-spec.txt).
    next()?;
    command(monitor, b"{\"execute\":\"qmp_capabilities\"}\n")?;
    next()?;
    before();
    match debugger {
        DebuggerChoice::None => command(monitor, b"{\"execute\":\"cont\"}\n"),
        DebuggerChoice::AtPort(port) => {
            eprintln!("proxy: the isle waits for a debugger: x86_64-hermit-gdb IMAGE, target remote :{port}");
            Ok(())
        }
    }
}

/// Not write(2), whose SIGPIPE would end the proxy without a word. The few bytes go into an empty socket at
/// once.
fn command(monitor: &UnixStream, text: &[u8]) -> io::Result<()> {
    send(monitor, text, SendFlags::NOSIGNAL)?;
    Ok(())
}
