//! A shell lets what it starts in the background ignore SIGINT and SIGQUIT, and children inherit that: tests that interrupt a
//! program would find it deaf.

use std::env;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// SIGINT and SIGQUIT, as /proc counts signals.
const INTERRUPTS: u64 = 1 << 1 | 1 << 2;

/// Where interrupts are ignored, runs this program anew with their default actions, in this process.
///
/// # Errors
///
/// What /proc or the host's env(1) says; everything is as before then.
pub fn hear_interrupts() -> io::Result<()> {
    if ignored(&fs::read_to_string("/proc/self/status")?) & INTERRUPTS == 0 {
        return Ok(());
    }
    let mut command = Command::new("env");
    command.arg("--default-signal=INT,QUIT").arg(env::current_exe()?).args(env::args_os().skip(1));
    Err(command.exec())
}

/// The signals that /proc/PID/status calls ignored, signal 1 in bit 0.
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{INTERRUPTS, ignored};

    #[test]
    fn ignored_signals_are_read() {
        assert_eq!(ignored("Name:\tx\nSigIgn:\t0000000000000006\nSigCgt:\t0000000000000001\n"), INTERRUPTS);
        assert_eq!(ignored("SigIgn:\t0000000000001000\n") & INTERRUPTS, 0);
        assert_eq!(ignored("Name:\tx\n"), 0);
    }
}
