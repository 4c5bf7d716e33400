//! `cargo xtask sysroot`: builds the relocatable tree `target/sysroot`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::plan::Plan;
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
        build_core(context)?
    } else {
        build(context)?
    }
    println!("{}", context.workspace.prefix().root().display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the whole tree; what is up to date is skipped.
pub fn build(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(steps::sysroot(context)?).run(context)
}

/// Builds what programs in C need and leaves alone what is there of the rest: enough for a first impression.
pub fn build_core(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(steps::core(context)?).run(context)
}
