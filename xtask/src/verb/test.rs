//! `cargo xtask test`: everything that is claimed, checked.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::context::Context;
use crate::steps;
use crate::suite::{self, Extent, Failed, Suite, Tally};

/// Options of `test`.
#[derive(Debug, Args)]
pub struct Options {
    /// Only this suite (may be repeated)
    #[arg(long = "suite")]
    suites: Vec<Suite>,
    /// Of gcc's tests the K-th of N equal parts, K/N [default: all of them with --suite, else a small part]
    #[arg(long)]
    gcc_part: Option<String>,
    /// Of the mutants the K-th of N parts, K/N, or those with this in their names; with --suite cargo-mutants a crate
    /// [default: all of them with --suite, else the day's tenth]
    #[arg(long, value_name = "K/N|NAME")]
    mutants: Option<String>,
    /// With --suite mutants or cargo-mutants: write docs/mutants.md
    #[arg(long)]
    record: bool,
}

/// Runs the suites and prints one line each; the last line is the sum.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    let suites = if options.suites.is_empty() { &Suite::ALL[..] } else { &options.suites };
    let extent = if options.suites.is_empty() { Extent::Everyday } else { Extent::Whole };
    let gcc_part = if extent == Extent::Everyday { suite::gcc::EVERYDAY_PART } else { "1/1" };
    let gcc_part = options.gcc_part.as_deref().unwrap_or(gcc_part);
    let mutants = suite::mutants::Selection { which: options.mutants.as_deref(), record: options.record };
    let failed = Failed::empty(context)?;
    let mut tallies = Vec::new();
    // First, so that tidy can look at the kernel's symbols and the headers. A failure counts: rules of tidy that need the
    // tree are skipped without it, which must not look like success.
    let tree = steps::build_core(context).map_or_else(
        |error| {
            println!("error: {error:#}");
            Tally::FAILED
        },
        |_| Tally::default(),
    );
    for &suite in suites {
        println!("\n==== {suite}");
        let tally = suite.run(context, extent, gcc_part, mutants).unwrap_or_else(|error| {
            // The other suites still have something to say.
            let message = format!("error: the suite {suite} could not run: {error:#}");
            println!("{message}");
            failed.add(&message);
            Tally::FAILED
        });
        tallies.push(tally);
    }
    let failures = failed.read();
    if !failures.is_empty() {
        println!("\n==== failed\n{}", failures.trim_end());
    }
    println!("\n==== all suites");
    for (suite, tally) in suites.iter().zip(&tallies) {
        let flaky = tally.flaky_words().map(|words| format!("; {words}")).unwrap_or_default();
        println!("{:<14}{tally}{flaky}", suite.to_string());
    }
    let sum: Tally = tallies.into_iter().chain([tree]).sum();
    if let Some(words) = sum.flaky_words() {
        println!("\n{words}, which are no passes: see target/flaky.txt");
    }
    // Last, for whoever reads the counts.
    println!("\n{sum}");
    Ok(suite::exit_code(sum))
}
