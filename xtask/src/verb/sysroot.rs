//! `cargo xtask sysroot`: builds the relocatable tree `target/sysroot`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::steps;

/// Options of `sysroot`.
#[derive(Debug, Args)]
pub struct Options {
    /// Only what programs in C need: some minutes less
    #[arg(long)]
    core: bool,
}

/// Builds the tree and says where it is.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    if options.core {
        steps::build_core(context)?
    } else {
        steps::build(context)?
    }
    println!("{}", context.workspace.prefix().root().display());
    Ok(ExitCode::SUCCESS)
}
