//! `cargo xtask tidy`: the rules of the code base.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::suite::{self, rules};
use crate::tidy::{Tree, remaining};

/// Options of `tidy`.
#[derive(Debug, Args)]
pub struct Options {
    /// First write what pages take from the sources: the system calls of docs/security
    #[arg(long)]
    write: bool,
}

/// Checks every rule.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    if options.write {
        let root = context.workspace.root();
        remaining::write(root, &Tree::read(root)?)?;
    }
    let tally = rules::run(context)?;
    println!("\n{tally}");
    Ok(suite::exit_code(tally))
}
