//! `cargo xtask clean`: removes what was built.

use std::fs;
use std::io::ErrorKind;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::context::Context;
use crate::rust::TARGET;

/// What xtask and the cargos it starts make in the target folder. It may be shared (`CARGO_TARGET_DIR`), so
/// nothing else is touched.
const OURS: [&str; 9] = ["again", "build", "dist", "kernel", "log", "ports", "stamp", "sysroot", TARGET];

/// Options of `clean`.
#[derive(Debug, Args)]
pub struct Options {
    /// Remove downloaded sources as well
    #[arg(long)]
    all: bool,
}

/// Removes what was built; sources stay, because fetching them again needs the network, and so does xtask itself.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    let _lock = context.lock()?;
    let sources = options.all.then_some("sources");
    for name in OURS.into_iter().chain(sources) {
        let path = context.workspace.target().join(name);
        match fs::remove_dir_all(&path) {
            Ok(()) => println!("removed {}", context.workspace.display(&path)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {}", path.display())),
        }
    }
    Ok(ExitCode::SUCCESS)
}
