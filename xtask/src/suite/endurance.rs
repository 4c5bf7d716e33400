//! What only shows after long: the runner in `tests/`, its cases `endurance/`.

use anyhow::Result;

use super::extent::Extent;
use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps;

/// What its cases begin with; the suites of all programs leave them out.
pub const CASES: &str = "endurance/";

/// What belongs to every `cargo xtask test`: a hundredth of it, which takes a minute. All of it takes hours.
pub const EVERYDAY: [&str; 2] = ["--scale", "100"];

/// Builds the tree, and runs the runner.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    let scale: &[&str] = if extent == Extent::Everyday { &EVERYDAY } else { &[] };
    programs::run_runner(context, "endurance", "what only shows after long", "tests-endurance", |cmd| {
        cmd.arg(CASES).args(scale)
    })
}
