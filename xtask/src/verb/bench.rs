//! `cargo xtask bench`: measures what the project claims about its speed.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::steps::{self, bed};
use crate::tool::Cmd;

/// Options of `bench`.
#[derive(Debug, Args)]
pub struct Options {
    /// Options of the runner in bench/, for example names of claims or --dry-run
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the tree and the test bed, and runs the runner, which prints a table and keeps it in `bench/results`.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_BENCH.iter().copied())?;
    {
        let _lock = context.lock()?;
        Plan::new(bed::steps(context)?).run(context)?;
    }
    let workspace = &context.workspace;
    let cmd = Cmd::cargo().args(["run", "--quiet", "--release", "--locked", "--package", "bench", "--"]);
    let cmd = cmd.arg("--root").arg(workspace.root()).arg("--prefix").arg(workspace.prefix().root());
    let cmd = cmd.arg("--work").arg(workspace.build("bench")).args(&options.args);
    let status = cmd.cwd(workspace.root()).attached()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
