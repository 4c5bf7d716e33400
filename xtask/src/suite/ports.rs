//! All programs that others wrote, in all languages: the runner in `tests/`, on a tree with the runtime libraries.

use anyhow::Result;

use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps::{self, ports};

/// Builds the tree with the libraries, fetches all sources, and runs the runner.
pub fn run(context: &Context) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    ports::fetch_all(context)?;
    programs::run_runner(context, "ports", "ports x isles", "tests-ports", |cmd| {
        cmd.args(["--suite", "ports"])
    })
}
