//! Exit statuses: what the shell sees.
//!
//! A program's own status (0..=255, as `exit(3)` cuts it) passes unchanged; [`Failure`] says what the proxy
//! adds; a fatal signal or CPU exception gives [`signal_status`].

/// Why there was no run of the program at all (the shell's own convention, POSIX XCU 2.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Failure {
    /// The proxy itself failed: bad option, no isle, host resource missing.
    Proxy = 125,
    /// The file exists but is no image that this proxy can run.
    NotAnImage = 126,
    /// There is no such file.
    NotFound = 127,
}

/// Exit status for a program that was ended by `signal` (1..=64): 128 + n.
pub const fn signal_status(signal: u8) -> u8 {
    128 + signal
}

/// Linux's signal numbers, as far as the kernel raises them itself.
pub mod signal {
    /// Illegal instruction (#UD).
    pub const SIGILL: u8 = 4;
    /// Breakpoint or debug trap (#BP, #DB).
    pub const SIGTRAP: u8 = 5;
    /// `abort(3)`.
    pub const SIGABRT: u8 = 6;
    /// Access beyond a mapped object, alignment check (#AC).
    pub const SIGBUS: u8 = 7;
    /// Arithmetic error (#DE, #MF, #XM).
    pub const SIGFPE: u8 = 8;
    /// Invalid memory access (#PF, #GP, #SS, #NP).
    pub const SIGSEGV: u8 = 11;
    /// Write to a pipe nobody reads.
    pub const SIGPIPE: u8 = 13;
}

const _: () = assert!(signal_status(signal::SIGSEGV) == 139);
