//! Programs under load: the runner in `tests/` once more, with busy loops beside the programs in the process isle.
//!
//! Races that an idle machine hides show when threads lose their CPU at any moment.

use anyhow::Result;

use super::extent::Extent;
use super::mpi;
use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps;

/// Four busy loops, and six cases at a time, which get more of the CPUs together than two would.
const LOAD: &[&str] = &["--isle", "process", "--load", "4", "--jobs", "6"];

/// Programs of others take long, and ways out of an isle, builds and another compiler's images show no further races. MPI is built on
/// request only.
const LEFT_OUT: &[&str] = &[
    "--skip",
    "ports/",
    "--skip",
    "build/",
    "--skip",
    "clang/",
    "--skip",
    "isolation/",
    "--skip",
    "endurance/",
    "--skip",
    mpi::CASES,
];

/// What `--suite load` does beyond that.
const WHOLE: &[&str] = &["--repeat", "10", "--cpus", "1,2,4"];

/// Builds the tree, and runs the runner.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    let more = if extent == Extent::Whole { WHOLE } else { &[] };
    programs::run_runner(context, "load", "programs under load", "tests-load", |cmd| {
        cmd.args(LOAD).args(LEFT_OUT).args(more)
    })
}
