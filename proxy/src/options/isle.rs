//! Which isle the user asks for: [`IsleChoice`].

use core::fmt;
use core::str::FromStr;

/// Value of `--isle` and `HERMIT_ISLE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IsleChoice {
    /// The best that works here.
    #[default]
    Auto,
    /// A sandboxed Linux process.
    Process,
    /// Our own KVM hypervisor.
    Uhyve,
    /// A QEMU virtual machine.
    Qemu,
    /// Bare cores of this NUMA node.
    Node(u32),
}

/// The word is no isle.
#[derive(Debug, thiserror::Error)]
#[error("give auto, process, uhyve, qemu, or the number of a NUMA node")]
pub struct UnknownIsle;

impl FromStr for IsleChoice {
    type Err = UnknownIsle;

    fn from_str(word: &str) -> Result<Self, UnknownIsle> {
        match word {
            "auto" => Ok(Self::Auto),
            "process" => Ok(Self::Process),
            "uhyve" => Ok(Self::Uhyve),
            "qemu" => Ok(Self::Qemu),
            number => number.parse().map(Self::Node).map_err(|_| UnknownIsle),
        }
    }
}

impl fmt::Display for IsleChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Process => f.write_str("process"),
            Self::Uhyve => f.write_str("uhyve"),
            Self::Qemu => f.write_str("qemu"),
            Self::Node(node) => write!(f, "{node}"),
        }
    }
}
