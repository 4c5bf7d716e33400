//! [`Error`]: why the driver itself could not do its work. Errors of the host's tools are their own to report.

use std::io;
use std::path::PathBuf;

use crate::host::HostError;
use crate::linker::check::InputError;

/// Why the driver gave up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Called by a name that is no tool.
    #[error("'{0}' is not a tool of HermitCore\nnote: the tools are {known}", known = known_tools())]
    UnknownTool(String),
    /// The tree was not found.
    #[error(transparent)]
    Prefix(#[from] sysroot::PrefixError),
    /// A tool of the host was not found.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A command could not be started.
    #[error("cannot run {program}: {source}", program = program.display())]
    Run {
        /// Its path.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output of a tool could not be marked.
    #[error("cannot mark the output as HermitCore's, so it is removed: {0}")]
    Mark(#[source] elfedit::Error),
    /// Something that cannot be linked.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A shared library was asked for.
    #[error("HermitCore has no dynamic linker: -shared is not supported\nnote: make a static library with {target}-ar",
            target = sysroot::TARGET)]
    Shared,
    /// A long command line could not be handed over.
    #[error(
        "cannot write a temporary response file: {0}\nnote: is there space in the folder that TMPDIR names?"
    )]
    ResponseFile(#[source] io::Error),
}

fn known_tools() -> String {
    let names: Vec<_> = sysroot::links::LINKS
        .iter()
        .filter(|link| link.folder == sysroot::links::Folder::Bin)
        .map(|link| link.name)
        .collect();
    names.join(", ")
}
