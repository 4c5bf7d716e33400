//! `cargo xtask check`: the quick look for whoever changes something, less than a minute where everything has been built before.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps;
use crate::suite::{self, Tally, programs, rules, unit};

/// A program for each part of the system that a change may break: each is C, and short.
const PROGRAMS: [&str; 10] = [
    "c/hello",
    "c/bad_pointers",
    "c/directories",
    "c/malloc_threads",
    "c/mmap",
    "c/pipe_threads",
    "c/printf",
    "c/signals_threads",
    "c/strings",
    "c/threads",
];

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Options {}

/// Checks the rules, the unit tests and [`PROGRAMS`] in the process isle; the last line is the sum.
pub fn run(context: &Context, _options: &Options) -> Result<ExitCode> {
    steps::build_core(context)?;
    println!("==== tidy");
    let rules = rules::run(context)?;
    println!("\n==== unit, without what starts programs");
    let units = unit::run_quick(context)?;
    println!("\n==== programs");
    let programs = programs(context)?;
    println!("\n==== all\n{:<9}{rules}\n{:<9}{units}\n{:<9}{programs}", "tidy", "unit", "programs");
    let sum: Tally = [rules, units, programs].into_iter().sum();
    println!("\n{sum}");
    Ok(suite::exit_code(sum))
}

fn programs(context: &Context) -> Result<Tally> {
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    programs::run_runner(context, "check", "ten programs", "tests-check", |cmd| {
        cmd.args(["--isle", "process", "--compiler", "gcc", "--exact"]).args(PROGRAMS)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::PROGRAMS;

    #[test]
    fn the_programs_are_there() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/programs");
        for program in PROGRAMS {
            assert!(folder.join(format!("{program}.c")).exists(), "{program}");
        }
    }
}
