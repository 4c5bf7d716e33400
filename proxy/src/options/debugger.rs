//! Whether the isle waits for a debugger: [`Debugger`], written as `0`, `1` or a port.

use core::fmt;
use core::str::FromStr;

/// What QEMU's documentation and the original HermitCore use.
const DEFAULT_PORT: u16 = 1234;

/// Value of `--debug` and `HERMIT_DEBUG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debugger {
    /// The program just runs.
    None,
    /// The isle stops before the program's first instruction. Isles that are virtual machines listen at this port of localhost.
    AtPort(u16),
}

/// The text is none of that.
#[derive(Debug, thiserror::Error)]
#[error("give 0, 1 or a port of localhost such as {DEFAULT_PORT}")]
pub struct BadDebugger;

impl FromStr for Debugger {
    type Err = BadDebugger;

    fn from_str(text: &str) -> Result<Self, BadDebugger> {
        match super::switch(text) {
            Ok(true) => Ok(Self::AtPort(DEFAULT_PORT)),
            Ok(false) => Ok(Self::None),
            Err(_) if text.starts_with('+') => Err(BadDebugger),
            Err(_) => text.parse().map(Self::AtPort).map_err(|_| BadDebugger),
        }
    }
}

impl fmt::Display for Debugger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("0"),
            Self::AtPort(port) => write!(f, "{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switch_or_port() {
        for (text, expected) in [
            ("0", Some(Debugger::None)),
            ("off", Some(Debugger::None)),
            ("1", Some(Debugger::AtPort(1234))),
            ("2345", Some(Debugger::AtPort(2345))),
            ("65536", None),
            ("-1", None),
            ("+5", None),
            ("gdb", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Debugger>().ok(), expected, "{text}");
        }
    }
}
