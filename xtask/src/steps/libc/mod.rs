//! The C library, three steps: newlib's own objects ([`newlib`]), the headers ([`headers`]), and the archives with our
//! glue and malloc in them, and crt0.o ([`library`]).
//!
//! What we add lies in `newlib-port/` and `pthread-embedded/`, which are the rooms to read; docs/porting.md tells how it fits together.

mod fused;
mod headers;
mod library;
mod mimalloc;
mod musl;
mod newlib;
pub mod renew;
mod symbols;

use std::path::PathBuf;

use crate::context::Context;
use crate::step::Step;
use crate::tool::Cmd;
use crate::workspace::Workspace;

/// What all three recipes share; each step adds its own files to it, so that a change there does not compile newlib again.
const RECIPE: &str = include_str!("mod.rs");

/// What every object of the C library is compiled with: the same on every host, whatever its gcc's defaults are.
/// `memcpy` and its kin must not be compiled into calls to themselves; the stack protector needs what libc sets up.
const FLAGS: &[&str] = &[
    "-O2",
    "-g0",
    "-fno-builtin",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-ftls-model=local-exec",
    "-Wa,--noexecstack",
];

/// The steps in their order. They need the driver and the header of the system calls.
pub fn steps(context: &Context) -> anyhow::Result<Vec<Step>> {
    Ok(vec![newlib::step(context), headers::step(context), library::step(context)])
}

/// For libraries built on the C library: `step` depends on what it promises (headers, and the names that configure
/// scripts ask for) and on how programs are compiled, not on how its functions work.
pub fn depends_on_interface(step: Step, workspace: &Workspace) -> Step {
    let (rooms, prefix) = (Rooms::new(workspace), workspace.prefix());
    step.text("newlib", newlib::NEWLIB.sha256)
        .tree(rooms.port.join("patches"))
        .tree(rooms.port.join("include"))
        .tree(rooms.threads.join("include"))
        .text("headers.rs", include_str!("headers.rs"))
        .file(library::names_file(workspace))
        .file(prefix.specs())
        // It comes from the host's compiler, so another compiler is noticed as well.
        .file(prefix.gcc_lib().join("libgcc.a"))
}

/// Where things are while the C library is built.
#[derive(Clone, Debug)]
struct Rooms {
    /// What we add: `newlib-port/`.
    port: PathBuf,
    /// Threads: `pthread-embedded/`.
    threads: PathBuf,
    /// newlib as unpacked, patched and overlaid with our headers.
    source: PathBuf,
    /// Where newlib was configured and compiled.
    build: PathBuf,
}

impl Rooms {
    fn new(workspace: &Workspace) -> Self {
        let build = workspace.build("newlib");
        Self {
            port: workspace.join("newlib-port"),
            threads: workspace.join("pthread-embedded"),
            source: build.join("source"),
            build: build.join("build"),
        }
    }
}

/// The flags as one word list, with this checkout's path taken out of `__FILE__`.
fn flags(workspace: &Workspace) -> Vec<String> {
    let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
    let maps = [(workspace.target().join("build"), "build"), (workspace.root().to_path_buf(), "hermit")];
    flags.extend(maps.map(|(from, to)| format!("-ffile-prefix-map={}={to}", from.display())));
    flags
}

/// `make` with as many jobs as there are cores.
fn make(parallelism: usize) -> Cmd {
    Cmd::new("make").arg(format!("-j{parallelism}")).env_remove("MAKEFLAGS").env_remove("MAKELEVEL")
}
