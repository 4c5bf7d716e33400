//! The last words of a program: what happened, registers, and a symbolised backtrace, on stderr: [`print`].
//!
//! | module | what it does |
//! |---|---|
//! | [`backtrace`] | walks the guest's stack by the image's unwind tables |
//! | [`symbols`] | names addresses by the image's symbols and debug information |
//!
//! It works behind the sandbox: the image is open, and nothing else is needed.

mod backtrace;
mod symbols;

use crate::memory::GuestMemory;
use crate::server::Fatal;
use abi::trap::TrapFrame;
use core::fmt::{self, Write as _};
use std::io::Write as _;

/// Prints the report of `fatal` for the image `name` whose file is `contents`, if that still is what was started.
pub fn print(fatal: &Fatal, name: &str, contents: Option<&'static [u8]>, memory: &GuestMemory) {
    // Without a stderr nobody is there to tell.
    let _ = std::io::stderr().write_all(text(fatal, name, contents, memory).as_bytes());
}

/// What [`print`] prints.
pub fn text(fatal: &Fatal, name: &str, contents: Option<&'static [u8]>, memory: &GuestMemory) -> String {
    let mut text = String::new();
    // A string takes any text.
    let _ = write(&mut text, fatal, name, contents, memory);
    text
}

fn write(
    to: &mut String,
    fatal: &Fatal,
    name: &str,
    contents: Option<&'static [u8]>,
    memory: &GuestMemory,
) -> fmt::Result {
    let words = String::from_utf8_lossy(&fatal.text);
    writeln!(to, "{name}: {}, ended by {}", words.trim_end(), SignalName(fatal.signal))?;
    let Some(frame) = &fatal.frame else { return Ok(()) };
    write_registers(to, frame)?;
    if contents.is_none() {
        writeln!(to, "  no backtrace: the image's file has been changed since the program started")?;
    }
    let contents = contents.unwrap_or_default();
    let symbols = symbols::Symbols::of(contents);
    let addresses = backtrace::addresses(frame, contents, memory);
    let mut index = 0;
    for run in addresses.chunk_by(|one, next| one == next) {
        // Deep recursion is one line, and a count.
        symbols.write(to, index, run[0])?;
        if run.len() > 1 {
            writeln!(to, "       ... and {} more of the same", run.len() - 1)?;
        }
        index += run.len();
    }
    Ok(())
}

fn write_registers(to: &mut String, frame: &TrapFrame) -> fmt::Result {
    let registers = [
        ("rip", frame.rip),
        ("rsp", frame.rsp),
        ("rbp", frame.rbp),
        ("rax", frame.rax),
        ("rbx", frame.rbx),
        ("rcx", frame.rcx),
        ("rdx", frame.rdx),
        ("rsi", frame.rsi),
        ("rdi", frame.rdi),
        ("r8", frame.r8),
        ("r9", frame.r9),
        ("r10", frame.r10),
        ("r11", frame.r11),
        ("r12", frame.r12),
        ("r13", frame.r13),
        ("r14", frame.r14),
        ("r15", frame.r15),
        ("efl", frame.rflags),
        ("cr2", frame.fault_address),
        ("err", frame.error_code),
        ("vec", frame.vector),
    ];
    for row in registers.chunks(3) {
        for (name, value) in row {
            write!(to, "  {name:>3} {value:016x}")?;
        }
        writeln!(to)?;
    }
    Ok(())
}

/// `SIGSEGV (11)`.
struct SignalName(u8);

impl fmt::Display for SignalName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 32] = [
            "signal",
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGBUS",
            "SIGFPE",
            "SIGKILL",
            "SIGUSR1",
            "SIGSEGV",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGSTKFLT",
            "SIGCHLD",
            "SIGCONT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGIO",
            "SIGPWR",
            "SIGSYS",
        ];
        let name = NAMES.get(usize::from(self.0)).copied().unwrap_or("signal");
        write!(f, "{name} ({})", self.0)
    }
}
