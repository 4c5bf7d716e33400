//! `cargo xtask tidy`: the rules of the code base.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::suite::Suite;

/// Options of `tidy`.
#[derive(Debug, Args)]
pub struct Options {}

/// Checks every rule.
pub fn run(context: &Context, _options: &Options) -> Result<ExitCode> {
    let tally = Suite::Tidy.run(context)?;
    println!("\n{tally}");
    Ok(if tally.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
