//! The kernel's log: lines with time stamps, shown by the host when `HERMIT_VERBOSE=1`.

use core::fmt::{self, Write};

use crate::{given, platform, time};
use abi::boot_info::flag;

/// Longest line, in bytes; what is longer is cut.
const LINE_BYTES: usize = 240;

/// Text in a buffer of fixed size. Formatting never fails: what does not fit is cut.
pub struct Line<const N: usize = LINE_BYTES> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Line<N> {
    /// An empty line.
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// What was written.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Puts `byte` at the end, over the last byte if the line is full.
    pub fn end_with(&mut self, byte: u8) {
        let at = self.len.min(N - 1);
        self.bytes[at] = byte;
        self.len = at + 1;
    }
}

impl<const N: usize> Default for Line<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Write for Line<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let taken = text.len().min(N - self.len);
        self.bytes[self.len..self.len + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.len += taken;
        Ok(())
    }
}

/// Writes one line to the log if the isle is verbose: what [`log!`](crate::log!) calls.
pub fn write(message: fmt::Arguments<'_>) {
    if given::info().flags & flag::VERBOSE == 0 {
        return;
    }
    let since_boot_us = (time::monotonic_ns().saturating_sub(given::info().monotonic_ns)) / 1000;
    let mut line: Line = Line::new();
    // Writing to a Line cannot fail.
    let _ = write!(line, "[{:4}.{:06}] {message}", since_boot_us / 1_000_000, since_boot_us % 1_000_000);
    line.end_with(b'\n');
    platform::log(line.as_bytes());
}

/// Writes a line to the kernel's log.
#[macro_export]
macro_rules! log {
    ($($message:tt)*) => { $crate::log::write(format_args!($($message)*)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_but_end() {
        let mut line: Line<8> = Line::new();
        line.write_str("0123456789").unwrap();
        line.end_with(b'\n');
        assert_eq!(line.as_bytes(), b"0123456\n");
        let mut line: Line<8> = Line::new();
        line.write_str("ab").unwrap();
        line.end_with(b'\n');
        assert_eq!(line.as_bytes(), b"ab\n");
    }
}
