//! Why there was no run: [`Failed`], one line for the user and one exit status for the shell.
//!
//! Of isles it is an [`IsleError`], for whose KVM a [`NoKvm`]. What is wrong with an image or an option is
//! known in [`crate::image`] and [`crate::options`].

mod isle;
mod kvm;

pub use isle::IsleError;
pub use kvm::{NoKvm, Symptom};

use crate::image::ImageError;
use crate::options::BadOption;
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
        reason: ImageError,
    },
    /// A bad option or variable.
    #[error(transparent)]
    Option(#[from] BadOption),
    /// The isle could not be set up.
    #[error(transparent)]
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
