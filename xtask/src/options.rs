//! The command line: [`Options`], one [`Verb`] each with the options of its file.

use clap::{Parser, Subcommand};

use crate::context::Global;
use crate::{cmake, verb};

/// Builds, runs, tests and packages HermitCore.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
pub struct Options {
    /// Switches that every verb knows.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Set everything up, compile a program and run it: start here
    Demo(verb::demo::Options),
    /// A quick look while you change something: rules, unit tests, ten programs
    Check(verb::check::Options),
    /// Check everything that is claimed: rules, unit tests, programs x isles, packages
    Test(verb::test::Options),
    /// Compile a source in C, C++ or Fortran, or take an image, and run it through the proxy
    Run(verb::run::Options),
    /// Make Debian packages and an apt repository
    Dist(verb::dist::Options),
    /// Check the rules of the code base
    Tidy(verb::tidy::Options),
    /// Build the relocatable tree target/sysroot: compiler driver, proxy, kernel, libraries of all languages
    Sysroot(verb::sysroot::Options),
    /// Build target/sysroot with MPI in it: MPICH, and the wrappers x86_64-hermit-mpicc, -mpicxx, -mpifort
    Mpi(verb::mpi::Options),
    /// Measure what is claimed about speed, as ratios to the same program built for Linux
    Bench(verb::bench::Options),
    /// Remove what was built; downloaded sources stay
    Clean(verb::clean::Options),
    /// Build a project with CMake: a step asks for it
    #[command(name = cmake::VERB, hide = true)]
    Cmake(cmake::Project),
}
