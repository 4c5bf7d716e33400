//! The Open POSIX Test Suite: the runner in `tests/` once more, on other people's conformance tests.

use anyhow::Result;

use super::{Tally, programs};
use crate::context::Context;

/// Builds the tree, fetches the tests and runs them.
pub fn run(context: &Context) -> Result<Tally> {
    programs::run_suite(context, "posix", "conformance tests, natively and in the isle")
}
