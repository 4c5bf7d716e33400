//! Where things are while the C library is built: [`Rooms`]; and which newlib it is made of.

use std::path::PathBuf;

use crate::source::{Kind, Source};
use crate::workspace::Workspace;

/// newlib 3.3.0 as Debian has it.
pub const NEWLIB: Source = Source {
    package: "newlib-source",
    kind: Kind::Binary,
    archive: "usr/src/newlib/newlib-3.3.0.tar.xz",
    sha256: "c6f3a88b9d93420904241b231ca8647303be3bfb3cfef6adc8d1ea9207291033",
};

/// Where things are.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// What we add: `newlib-port/`.
    pub port: PathBuf,
    /// Threads: `pthread-embedded/`.
    pub threads: PathBuf,
    /// newlib as unpacked, patched and overlaid with our headers.
    pub source: PathBuf,
    /// Where newlib was configured and compiled.
    pub build: PathBuf,
}

impl Rooms {
    /// Those of a workspace.
    pub fn new(workspace: &Workspace) -> Self {
        let build = workspace.build("newlib");
        Self {
            port: workspace.join("newlib-port"),
            threads: workspace.join("pthread-embedded"),
            source: build.join("source"),
            build: build.join("build"),
        }
    }
}
