//! [`GoError`]: why Go's programs cannot be made.

use std::io;
use std::path::PathBuf;

use super::overlay::RELEASES;

/// Why.
#[derive(Debug, thiserror::Error)]
pub enum GoError {
    /// A flag that asks for what an image is not.
    #[error("{flag}: {reason}\nnote: leave the flag out")]
    Flag {
        /// As the user gave it.
        flag: String,
        /// What is in its way.
        reason: &'static str,
    },
    /// `go env` did not answer.
    #[error("go does not tell where it is installed: {0}\nnote: does `go env GOROOT GOVERSION` work?")]
    Silent(String),
    /// Older than what we know.
    #[error(
        "this is {found}; HermitCore knows {RELEASES}\nnote: apt install golang-go, or name another with HERMIT_HOST_GO=PROGRAM"
    )]
    Old {
        /// What `go env GOVERSION` says.
        found: String,
    },
    /// A file of Go's is not as in the releases that we know.
    #[error(
        "{found} is built otherwise than {RELEASES}, which HermitCore knows: {place}: {what}\n\
         note: name one of these with HERMIT_HOST_GO=PROGRAM",
        place = .place.display()
    )]
    Different {
        /// What `go env GOVERSION` says.
        found: String,
        /// The file.
        place: PathBuf,
        /// How.
        what: String,
    },
    /// A file of Go's library cannot be read.
    #[error("cannot read {place}: {source}\nnote: Go's library in source is needed: apt install golang-src", place = .place.display())]
    Read {
        /// The file.
        place: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The overlay cannot be written.
    #[error("cannot write {place}: {source}\nnote: XDG_CACHE_HOME names another folder for it", place = .place.display())]
    Write {
        /// The file.
        place: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Started by hand.
    #[error("no tool is named\nnote: this is for Go itself: x86_64-hermit-go gives it as -toolexec")]
    NoTool,
    /// Neither variable that names a place for what is kept is set.
    #[error(
        "neither XDG_CACHE_HOME nor HOME is set: there is no place for what is made of Go's library\nnote: set one of them"
    )]
    NoCache,
}
