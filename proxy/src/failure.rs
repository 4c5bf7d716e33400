//! Why there was no run: [`Failed`], one line for the user and one exit status for the shell.

use crate::isle::IsleError;
use abi::exit::{Failure, signal, signal_status};
use std::path::PathBuf;

/// The proxy gives up before (or instead of) the program's own end.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The image cannot be used.
    #[error("{}: {reason}", path.display())]
    Image {
        /// The file, as the user named it.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: crate::image::ImageError,
    },
    /// A bad option or variable.
    #[error("{0}")]
    Option(String),
    /// The isle could not be set up.
    #[error("{0}")]
    Isle(#[from] IsleError),
}

impl Failed {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Failed::Image { reason, .. } => reason.failure() as u8,
            // Not the proxy failed but the guest's kernel, as in an abort.
            Failed::Isle(IsleError::GuestReset) => signal_status(signal::SIGABRT),
            Failed::Option(_) | Failed::Isle(_) => Failure::Proxy as u8,
        }
    }
}
