//! The Open POSIX Test Suite: the runner in `tests/` once more, on other people's conformance tests.

use anyhow::Result;

use super::extent::Extent;
use super::programs;
use super::tally::Tally;
use crate::context::Context;

/// What belongs to every `cargo xtask test`, and of each interface one at least: about four minutes on two CPUs.
const EVERYDAY_PART: &str = "1/3";

/// Builds the tree, fetches the tests and runs them, or every day a part of them.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    let part = if extent == Extent::Everyday { EVERYDAY_PART } else { "1/1" };
    let options = ["--suite", "posix", "--part", part];
    programs::run_suite(context, "posix", "conformance tests, natively and in the isle", &options)
}
