//! What `cargo xtask test` runs: a [`Suite`] returns a [`Tally`], and the tallies are summed.

pub mod endurance;
pub mod extent;
pub mod failed;
pub mod fuzz;
pub mod gcc;
pub mod isolation;
pub mod load;
pub mod math;
pub mod mpi;
pub mod mutants;
pub mod openmp;
pub mod packages;
pub mod ports;
pub mod posix;
pub mod programs;
pub mod rules;
pub mod tally;
pub mod uhyve;
pub mod unit;

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use crate::context::Context;
pub use extent::Extent;
pub use failed::Failed;
pub use tally::Tally;

/// A group of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// The rules of the code base: `cargo xtask tidy`
    Tidy,
    /// Unit tests of every crate, the kernel's logic included
    Unit,
    /// Programs x isles, end to end
    Programs,
    /// libm against MPFR and the host's glibc: accuracy, special values, errno
    Math,
    /// Programs that try to leave their isle
    Isolation,
    /// Thousands of starts and damaged images, millions of hostile requests, a program that works for long
    Endurance,
    /// Random input for the hypercall server, the parser of images and the options
    Fuzz,
    /// Programs in the process isle, with busy loops beside them
    Load,
    /// Programs in the uhyve isle, in the test bed
    Uhyve,
    /// gcc's own execution tests
    Gcc,
    /// libgomp's tests and LLVM's of its OpenMP runtime
    Openmp,
    /// Programs with MPI under the host's mpiexec
    Mpi,
    /// All programs of others, those that take long too
    Ports,
    /// The Open POSIX Test Suite, natively and in the process isle
    Posix,
    /// Faults put in on purpose: do the tests notice?
    Mutants,
    /// Faults that cargo-mutants makes in crates with unit tests
    CargoMutants,
    /// Debian packages: reproducible, accepted by lintian, installed, used and removed
    Packages,
}

impl Suite {
    /// All that run unless others are asked for: first the quick ones. The others have to be asked
    /// for: they take long.
    pub const ALL: [Self; 14] = [
        Self::Tidy,
        Self::Unit,
        Self::Programs,
        Self::Math,
        Self::Isolation,
        Self::Endurance,
        Self::Fuzz,
        Self::Load,
        Self::Posix,
        Self::Uhyve,
        Self::Gcc,
        Self::Openmp,
        Self::Mutants,
        Self::Packages,
    ];

    /// Runs it, of gcc's tests the given part, of mutants those wished for. An error is something that kept the suite from running; a failed test is
    /// in the tally.
    pub fn run(
        self,
        context: &Context,
        extent: Extent,
        gcc_part: &str,
        mutants: mutants::Selection<'_>,
    ) -> Result<Tally> {
        match self {
            Self::Tidy => rules::run(context),
            Self::Unit => unit::run(context),
            Self::Programs => programs::run(context),
            Self::Math => math::run(context, extent),
            Self::Isolation => isolation::run(context),
            Self::Endurance => endurance::run(context, extent),
            Self::Fuzz => fuzz::run(context, extent),
            Self::Load => load::run(context, extent),
            Self::Uhyve => uhyve::run(context, extent),
            Self::Gcc => gcc::run(context, gcc_part),
            Self::Openmp => openmp::run(context, extent),
            Self::Mutants => mutants::run(context, extent, mutants),
            Self::CargoMutants => mutants::tool::run(context, mutants.which, mutants.record),
            Self::Mpi => mpi::run(context),
            Self::Ports => ports::run(context),
            Self::Posix => posix::run(context, extent),
            Self::Packages => packages::run(context),
        }
    }
}

/// What a verb ends with that ran tests.
pub fn exit_code(tally: Tally) -> ExitCode {
    if tally.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl std::fmt::Display for Suite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tidy => "tidy",
            Self::Unit => "unit",
            Self::Programs => "programs",
            Self::Math => "math",
            Self::Isolation => "isolation",
            Self::Endurance => "endurance",
            Self::Fuzz => "fuzz",
            Self::Load => "load",
            Self::Uhyve => "uhyve",
            Self::Gcc => "gcc",
            Self::Openmp => "openmp",
            Self::Mutants => "mutants",
            Self::CargoMutants => "cargo-mutants",
            Self::Mpi => "mpi",
            Self::Ports => "ports",
            Self::Posix => "posix",
            Self::Packages => "packages",
        })
    }
}
