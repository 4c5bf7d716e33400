//! gcc's own execution tests and those of its runtime libraries, run by the runner in `tests/`.

use anyhow::Result;

use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps::{self, gcc_testsuite};
use crate::tool::Cmd;

/// What belongs to every `cargo xtask test`; `--suite gcc` alone runs all.
pub const EVERYDAY_PART: &str = "1/100";

/// The runner's scratch folder, which keeps results.
pub const WORK: &str = "gcc-tests";

/// Builds the tree, unpacks the testsuites, and runs a part of them.
pub fn run(context: &Context, part: &str) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    gcc_testsuite::unpack(context)?;
    let source = gcc_testsuite::folder(context);
    let with = |cmd: Cmd| cmd.args(["--isle", "process", "--part", part, "--gcc"]).arg(&source);
    programs::run_runner(context, "gcc-tests", "gcc's tests", WORK, with)
}
