//! The thread that talks with the debugger: [`start`].

use super::super::isle::Isle;
use super::Debugger;
use super::line::{self, Line};
use super::target::{Events, Target};
use crate::error::IsleError;
use abi::exit::{Failure, signal_status};
use gdbstub::stub::{DisconnectReason, GdbStub};
use rustix::io::Errno;
use std::sync::PoisonError;

/// Starts the thread that talks with the debugger. It inherits the sandbox.
pub fn start(isle: &'static Isle, debugger: &'static Debugger) -> Result<(), IsleError> {
    let taken = debugger.line.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(line) = taken else { return Ok(()) };
    std::thread::Builder::new().spawn(move || talk(isle, debugger, line)).map(drop).map_err(|error| {
        IsleError::Host {
            what: "start the debugger's thread",
            errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
            cure: "raise ulimit -u",
        }
    })
}

fn talk(isle: &'static Isle, debugger: &'static Debugger, line: Line) {
    line::survive_closed_pipes();
    let mut target = Target::new(isle, debugger);
    match GdbStub::new(line).run_blocking::<Events>(&mut target) {
        Ok(DisconnectReason::TargetExited(status)) => isle.end_now(status),
        Ok(DisconnectReason::TargetTerminated(_) | DisconnectReason::Kill) => {
            isle.end_now(signal_status(libc::SIGKILL as u8))
        }
        Ok(DisconnectReason::Disconnect) => target.leave(),
        Err(error) => {
            eprintln!("proxy: the debugger has gone: {error}");
            isle.end_now(Failure::Proxy as u8)
        }
    }
}
