//! `HERMIT_DEBUG` in this isle: [`await_if_asked`]. A debugger of Linux's, which traces the proxy, is the
//! isle's debugger.

#![allow(unsafe_code, reason = "a breakpoint for the debugger")]

use crate::error::IsleError;
use crate::options::DebuggerChoice;
use rustix::process::{PTracer, set_ptracer};
use std::time::Duration;

/// How often the proxy looks whether a debugger has come.
const LOOK: Duration = Duration::from_millis(50);

/// Stops in the debugger that has started the proxy, or waits until one has attached: the image is mapped, so
/// breakpoints can be set, and nothing of it has run.
pub fn await_if_asked(debugger: DebuggerChoice) -> Result<(), IsleError> {
    if debugger == DebuggerChoice::None {
        return Ok(());
    }
    if is_traced()? {
        // SAFETY: the debugger takes the trap, and continues behind it.
        unsafe { core::arch::asm!("int3") };
        return Ok(());
    }
    // Else Yama lets only ancestors trace. A kernel without Yama refuses, and needs no permission.
    let _ = set_ptracer(PTracer::Any);
    let pid = rustix::process::getpid().as_raw_pid();
    eprintln!("proxy: process {pid} waits for a debugger: x86_64-hermit-gdb -p {pid} IMAGE");
    while !is_traced()? {
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Whether a debugger has attached (proc_pid_status(5)).
fn is_traced() -> Result<bool, IsleError> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| IsleError::Host {
        what: "see whether there is a debugger (/proc/self/status)",
        errno: rustix::io::Errno::from_io_error(&error).unwrap_or(rustix::io::Errno::IO),
        cure: "mount /proc, or do without HERMIT_DEBUG",
    })?;
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    Ok(tracer.is_some_and(|tracer| tracer.trim() != "0"))
}
