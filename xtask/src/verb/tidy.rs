//! `cargo xtask tidy`: the rules of the code base.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::suite::{self, rules};

/// Options of `tidy`.
#[derive(Debug, Args)]
pub struct Options {}

/// Checks every rule.
pub fn run(context: &Context, _options: &Options) -> Result<ExitCode> {
    let tally = rules::run(context)?;
    println!("\n{tally}");
    Ok(suite::exit_code(tally))
}
