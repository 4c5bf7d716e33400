//! Where vCPUs wait that have nothing to do: [`IdleChoice`].

use core::str::FromStr;

/// Value of `--idle` and `HERMIT_IDLE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdleChoice {
    /// In the guest if the vCPUs have CPUs of their own, else in the host.
    #[default]
    Auto,
    /// In Linux, which gives the CPU to others.
    Host,
    /// In the guest, which keeps the CPU.
    Guest,
}

/// The text is none of these.
#[derive(Debug, thiserror::Error)]
#[error("give auto, host or guest")]
pub struct BadIdle;

impl FromStr for IdleChoice {
    type Err = BadIdle;

    fn from_str(text: &str) -> Result<Self, BadIdle> {
        match text {
            "auto" => Ok(Self::Auto),
            "host" => Ok(Self::Host),
            "guest" => Ok(Self::Guest),
            _ => Err(BadIdle),
        }
    }
}
