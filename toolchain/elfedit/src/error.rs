//! [`Error`]: why a file could not be read or was refused.

use std::io;
use std::path::{Path, PathBuf};

use crate::Osabi;

/// Why a file was left untouched. `place` is `file` or `archive(member)`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("{path}: cannot {action}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, a device, a pipe.
    #[error("{0}: not a regular file")]
    NotRegular(PathBuf),
    /// Neither ELF nor an archive.
    #[error("{place}: neither an ELF file nor an archive")]
    NotElf {
        /// Which file.
        place: String,
    },
    /// ELF for another kind of machine.
    #[error("{place}: {got}, but HermitCore's files are 64-bit ELF for x86-64")]
    Foreign {
        /// Which file or member.
        place: String,
        /// What it is instead.
        got: String,
    },
    /// Truncated or otherwise inconsistent.
    #[error("{place}: truncated or damaged: {what}")]
    Damaged {
        /// Which file or member.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// A member of a thin archive that is not the archive's to give.
    #[error(
        "{place}: the member is {file}, outside of the thin archive's folder {folder}, and stays as it is\n\
         note: change that file by its own name first"
    )]
    Outside {
        /// Which member.
        place: String,
        /// The file that it names.
        file: PathBuf,
        /// The archive's.
        folder: PathBuf,
    },
    /// `--input-osabi` does not hold.
    #[error("{place}: OSABI is {got}, not {wanted}")]
    Mismatch {
        /// Which file or member.
        place: String,
        /// What it has.
        got: Osabi,
        /// What was asked for.
        wanted: Osabi,
    },
}

impl Error {
    /// For `map_err`: what was tried with which file.
    pub(crate) fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }
}
