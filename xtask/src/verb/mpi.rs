//! `cargo xtask mpi`: the tree, and MPICH in it.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::steps::mpich;

/// Options of `mpi`.
#[derive(Debug, Args)]
pub struct Options {}

/// Builds it and says what to type next.
pub fn run(context: &Context, _options: &Options) -> Result<ExitCode> {
    mpich::build(context)?;
    let prefix = context.workspace.prefix();
    println!("{} -O2 yours.c -o yours", context.workspace.display(&prefix.tool("mpicc")));
    println!(
        "mpiexec -n 2 {} ./yours            # Debian's package mpich",
        context.workspace.display(&prefix.proxy())
    );
    Ok(ExitCode::SUCCESS)
}
