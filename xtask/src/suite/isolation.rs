//! Programs that try to leave their isle: the runner in `tests/`, its cases `isolation/`.

use anyhow::Result;

use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps;

/// What its cases begin with; the suite of all programs leaves them out.
pub const CASES: &str = "isolation/";

/// Builds the tree, and runs the runner.
pub fn run(context: &Context) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    programs::run_runner(context, "isolation", "ways out of an isle", "tests-isolation", |cmd| cmd.arg(CASES))
}
