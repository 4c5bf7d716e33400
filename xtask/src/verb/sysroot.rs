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
    /// Also gcc's runtime libraries for C++ and Fortran, and OpenMP's: some minutes more
    #[arg(long)]
    languages: bool,
}

/// Builds the tree and says where it is.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    build(context)?;
    if options.languages {
        build_languages(context)?;
    }
    println!("{}", context.workspace.prefix().root().display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the tree; what is up to date is skipped.
pub fn build(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(steps::sysroot(context)?).run(context)
}

/// Adds the runtime libraries of C++ and Fortran to a tree that is built.
pub fn build_languages(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(steps::languages(context)).run(context)
}
