//! Whether the isle waits for a debugger: [`DebuggerChoice`], written as `0`, `1` or a port.

use core::str::FromStr;

/// What QEMU's documentation and the original HermitCore use.
const DEFAULT_PORT: u16 = 1234;

/// Value of `--debug` and `HERMIT_DEBUG`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DebuggerChoice {
    /// The program just runs.
    #[default]
    None,
    /// The isle stops before the program's first instruction. Isles that are virtual machines listen at this
    /// port of localhost.
    AtPort(u16),
}

/// The text is none of that.
#[derive(Debug, thiserror::Error)]
#[error("give 0, 1 or a port of localhost such as {DEFAULT_PORT}")]
pub struct BadDebugger;

impl FromStr for DebuggerChoice {
    type Err = BadDebugger;

    fn from_str(text: &str) -> Result<Self, BadDebugger> {
        match super::switch::switch(text) {
            Ok(true) => Ok(Self::AtPort(DEFAULT_PORT)),
            Ok(false) => Ok(Self::None),
            Err(_) if text.starts_with('+') => Err(BadDebugger),
            Err(_) => text.parse().map(Self::AtPort).map_err(|_| BadDebugger),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switch_or_port() {
        for (text, expected) in [
            ("0", Some(DebuggerChoice::None)),
            ("off", Some(DebuggerChoice::None)),
            ("1", Some(DebuggerChoice::AtPort(1234))),
            ("2345", Some(DebuggerChoice::AtPort(2345))),
            ("65536", None),
            ("-1", None),
            ("+5", None),
            ("gdb", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<DebuggerChoice>().ok(), expected, "{text}");
        }
    }
}
