//! Programs with MPI, started by the host's mpiexec: the runner in `tests/`, its cases `mpi/`.

use anyhow::Result;

use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps::mpich;

/// What its cases begin with; the suite of all programs leaves them out.
pub const CASES: &str = "mpi/";

/// Builds the tree with MPICH, and runs the runner.
pub fn run(context: &Context) -> Result<Tally> {
    mpich::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().chain(package::FOR_MPI_TEST).copied())?;
    programs::run_runner(context, "mpi", "programs with MPI", "tests-mpi", |cmd| cmd.arg(CASES))
}
