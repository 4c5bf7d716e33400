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
    /// Code for another kind of program.
    #[error("HermitCore is 64-bit only: -m32, -mx32 and -m16 are not supported")]
    Narrow,
    /// A library of LLVM's that does not exist for HermitCore.
    #[error(
        "{0}: HermitCore has no such library, only gcc's (libstdc++, libgcc)\nnote: leave the option out"
    )]
    OtherRuntime(String),
    /// A coarray program without a library for its images.
    #[error(
        "HermitCore runs one image of a coarray program: -fcoarray=lib needs a library\nnote: use -fcoarray=single, \
         or link -lcaf_single"
    )]
    Coarrays,
    /// Compiler and runtime library of different versions.
    #[error(
        "{program} is version {found}, and the {library} here is that of gcc {major}\n\
         note: apt install {name}-{major}: it is taken by itself, unless a file or a variable (HERMIT_HOST_...) chooses another",
        program = program.display(),
        major = sysroot::GCC_MAJOR
    )]
    OtherVersion {
        /// The compiler: `g++`.
        name: &'static str,
        /// The host's.
        program: PathBuf,
        /// Its version.
        found: String,
        /// The library in the tree.
        library: &'static str,
    },
    /// An object that was compiled for Linux cannot be copied.
    #[error("cannot make a copy for HermitCore of {file}\nnote: objcopy has said why", file = .0.display())]
    Adopt(PathBuf),
    /// Programs of Go.
    #[error(transparent)]
    Go(#[from] crate::go::GoError),
    /// Rust's default for static programs.
    #[error(
        "an image is not moved when it is loaded: -static-pie is not supported\n\
         note: rustc makes it with -C relocation-model=static, as share/hermit/cargo.toml says"
    )]
    StaticPie,
    /// No place for objects between compiler and linker.
    #[error("cannot make a temporary folder: {0}\nnote: is there space in the folder that TMPDIR names?")]
    TemporaryFolder(#[source] io::Error),
    /// Link-time optimisation with a clang that lacks the linker's plugin.
    #[error(
        "-flto needs lib/LLVMgold.so of {0}, which is not installed\nnote: apt install llvm-19-linker-tools, or the \
         package for your version"
    )]
    NoLtoPlugin(String),
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
