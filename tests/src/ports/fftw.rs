//! FFTW 3.3, with autotools and threads: its `tests/check.pl`, as `make check` calls it, but with chosen random problems, the
//! same ones natively and in the isle, and its program `bench` by itself.

use std::time::Duration;

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::isle::Isle;

/// Each problem stands before the errors that were found, which `bench` judges; they hang on the last bits of sin and cos.
const ERRORS: &[&str] = &[" "];

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "fftw",
    sources: "fftw3",
    languages: &[],
    schedule: Schedule::OnRequest,
    build: &[Build::Configure("--disable-shared --enable-threads CFLAGS=-O1"), Build::Make("")],
    runs: &[
        Run {
            name: "estimate",
            steps: &[Step::Tests(
                "cd tests && perl -e 'srand 42; do \"./check.pl\"; die $@ if $@' -- -v -r --estimate -c=20 \"$RUNNER ./bench\"",
            )],
            volatile: ERRORS,
            isles: &[Isle::Process],
            timeout: Duration::from_secs(900),
            ..Run::DEFAULT
        },
        Run {
            name: "measure",
            steps: &[Step::Tests(
                "cd tests && perl -e 'srand 43; do \"./check.pl\"; die $@ if $@' -- -v -r -c=2 \"$RUNNER ./bench\"",
            )],
            volatile: ERRORS,
            isles: &[Isle::Process],
            timeout: Duration::from_secs(900),
            ..Run::DEFAULT
        },
        Run {
            name: "threads",
            steps: &[Step::Tests(
                "cd tests && perl -e 'srand 44; do \"./check.pl\"; die $@ if $@' -- -v -r --estimate -c=5 --nthreads=2 \
                 \"$RUNNER ./bench\"",
            )],
            volatile: ERRORS,
            isles: &[Isle::Process],
            cpus: Some(2),
            timeout: Duration::from_secs(900),
            ..Run::DEFAULT
        },
        Run {
            name: "bench",
            steps: &[Step::program(
                "tests/bench",
                &["--verbose=2", "-oestimate", "--verify", "1024", "--verify", "irf120x12"],
            )],
            volatile: &["planner time:", "1024 ", "irf120x12 "],
            ..Run::DEFAULT
        },
    ],
};
