//! `hermit-tests`: runs the end-to-end tests and prints programs x isles.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use sysroot::Prefix;
use tests::case::Case;
use tests::gcc::{self, Part};
use tests::isle::Isle;
use tests::lab::{Lab, empty_folder};
use tests::report::{self, Counts};
use tests::{cli, ports, program, schedule};

/// Runs programs in every isle that the machine offers and compares them with their native builds.
#[derive(Debug, Parser)]
#[command(name = "hermit-tests", version)]
struct Options {
    /// Only cases whose name contains one of these
    filters: Vec<String>,
    /// Only these isles (may be repeated); `native` alone tests the tests
    #[arg(long = "isle", value_parser = isle)]
    isles: Vec<Isle>,
    /// Cases at a time
    #[arg(short, long, default_value_t = 2)]
    jobs: usize,
    /// Run everything so many times: races show
    #[arg(long, default_value_t = 1, value_name = "TIMES")]
    repeat: usize,
    /// Write the goldens instead of comparing with them
    #[arg(long)]
    bless: bool,
    /// List the cases and their isles, run nothing
    #[arg(long)]
    list: bool,
    /// Run gcc's own tests instead: its folder gcc/testsuite
    #[arg(long)]
    gcc: Option<PathBuf>,
    /// With --gcc: one of N equal parts of the tests, K/N
    #[arg(long, value_parser = Part::parse, requires = "gcc", default_value = "1/1")]
    part: Part,
    /// The source tree
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
    /// The installed tree with bin/proxy [default: ROOT/target/sysroot]
    #[arg(long)]
    prefix: Option<PathBuf>,
    /// Unpacked upstream sources, one folder each [default: ROOT/target/ports]
    #[arg(long)]
    sources: Option<PathBuf>,
    /// Where the tests work; emptied case by case [default: ROOT/target/tests]
    #[arg(long)]
    work: Option<PathBuf>,
}

fn isle(name: &str) -> Result<Isle, String> {
    Isle::from_name(name).ok_or_else(|| "one of native, process, qemu".to_owned())
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("hermit-tests: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<bool> {
    let lab = lab(options)?;
    let cases = cases(&lab, options)?;
    if options.list {
        for case in &cases {
            let isles: Vec<&str> = case.isles().into_iter().map(Isle::name).collect();
            println!("{}: {}", case.name(), isles.join(" "));
        }
        return Ok(true);
    }
    if cases.is_empty() {
        bail!("no case matches {}: --list shows them all", options.filters.join(", "));
    }
    for case in &cases {
        let folder = lab.folder(case.name());
        empty_folder(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let width = cases.iter().map(|case| case.name().len()).max().unwrap_or(0);
    println!("{}", report::head(width));
    let mut all = Vec::new();
    for round in 1..=options.repeat.max(1) {
        if options.repeat > 1 {
            println!("round {round} of {}", options.repeat);
        }
        let rows = schedule::run(&cases, &lab, options.jobs, |row| {
            println!("{}", report::line(row, width));
            // Standard output may be a pipe to somebody who is waiting; a failure to flush shows at the next line.
            io::stdout().flush().unwrap_or_default();
        });
        println!("{}", report::details(&rows));
        all.extend(rows);
    }
    let counts = Counts::of(&all);
    println!("{}\n{}", report::failed_some_times(&all), counts.line());
    Ok(counts.is_success())
}

fn lab(options: &Options) -> Result<Lab> {
    let root =
        options.root.canonicalize().with_context(|| format!("no source tree {}", options.root.display()))?;
    let below = |given: &Option<PathBuf>, default: &str| match given {
        Some(path) => std::path::absolute(path),
        None => Ok(root.join("target").join(default)),
    };
    let all = options.isles.is_empty();
    let mut isles = if all { Isle::ALL.to_vec() } else { options.isles.clone() };
    let native_counts = !all && isles.contains(&Isle::Native);
    if !isles.contains(&Isle::Native) {
        isles.push(Isle::Native);
    }
    Ok(Lab {
        prefix: Prefix::new(below(&options.prefix, "sysroot")?),
        sources: below(&options.sources, "ports")?,
        work: below(&options.work, "tests")?,
        root,
        isles,
        native_counts,
        bless: options.bless,
    })
}

fn cases(lab: &Lab, options: &Options) -> Result<Vec<Box<dyn Case>>> {
    let mut cases = match &options.gcc {
        Some(testsuite) => gcc::find(testsuite, &lab.root.join("tests/gcc"), options.part)?,
        None => ours(lab)?,
    };
    let filters = &options.filters;
    cases.retain(|case| filters.is_empty() || filters.iter().any(|filter| case.name().contains(filter)));
    Ok(cases)
}

fn ours(lab: &Lab) -> Result<Vec<Box<dyn Case>>> {
    let programs = program::find(&programs_folder(&lab.root))?;
    let mut cases: Vec<Box<dyn Case>> = programs.into_iter().map(|program| Box::new(program) as _).collect();
    cases.extend(ports::all());
    cases.extend(cli::all());
    Ok(cases)
}

fn programs_folder(root: &Path) -> PathBuf {
    root.join("tests/programs")
}
