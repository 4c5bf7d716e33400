//! `hermit-tests`: runs the end-to-end tests and prints programs x isles.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};
use sysroot::Prefix;
use tests::bed::Bed;
use tests::case::{Case, Row};
use tests::compiler::{Family, LANGUAGES, Language};
use tests::foreign::part::Part;
use tests::foreign::{self, Foreign};
use tests::gcc::{self, suites};
use tests::isle::Isle;
use tests::lab::{Lab, empty_folder};
use tests::load::Load;
use tests::ports::recipe::Schedule;
use tests::posix::share::Share;
use tests::program::Choice;
use tests::report::{self, Counts};
use tests::standing::{Record, Records};
use tests::{background, cli, flaky, lack, libomp, ports, posix, program, schedule};

/// How many conformance tests run at a time: most of them sleep most of their time.
const POSIX_JOBS: usize = 10;

/// Runs programs in every isle that the machine offers and compares them with their native builds.
#[derive(Debug, Parser)]
#[command(name = "hermit-tests", version)]
struct Options {
    /// Only cases whose name contains one of these
    filters: Vec<String>,
    /// Only cases whose name, with @N or without, is one of these
    #[arg(long)]
    exact: bool,
    /// Leave out cases whose name contains this (may be repeated)
    #[arg(long, value_name = "PART")]
    skip: Vec<String>,
    /// What to run
    #[arg(long, value_enum, default_value_t = Suite::Programs)]
    suite: Suite,
    /// Only these isles (may be repeated); `native` alone tests the tests
    #[arg(long = "isle", value_parser = isle)]
    isles: Vec<Isle>,
    /// Programs and ports in images made by this compiler only [default: gcc, and clang for those that name it]
    #[arg(long, value_enum)]
    compiler: Option<Family>,
    /// Cases at a time [default: 2, and 10 of the suite posix, which mostly sleeps]
    #[arg(short, long)]
    jobs: Option<usize>,
    /// Run everything so many times: races show (the suite posix runs once)
    #[arg(long, default_value_t = 1, value_name = "TIMES")]
    repeat: usize,
    /// Run so many busy loops beside the cases, so that races show: all limits of time grow by (loops + jobs) / CPUs
    #[arg(long, default_value_t = 0, value_name = "LOOPS")]
    load: usize,
    /// No program runs longer than so many seconds, whatever it says itself
    #[arg(long, value_name = "SECONDS")]
    limit_s: Option<u64>,
    /// Cases of endurance do one part of so many
    #[arg(long, default_value_t = 1, value_name = "PARTS", value_parser = clap::value_parser!(u32).range(1..))]
    scale: u32,
    /// Run programs that do not say on how many vCPUs on each of these numbers
    #[arg(long, value_delimiter = ',', value_name = "N,...")]
    cpus: Vec<u32>,
    /// Write the goldens instead of comparing with them
    #[arg(long)]
    bless: bool,
    /// List the cases and their isles, run nothing
    #[arg(long)]
    list: bool,
    /// Run the tests of gcc and its libraries instead: gcc's source
    #[arg(long)]
    gcc: Option<PathBuf>,
    /// Run LLVM's tests of its OpenMP runtime instead: its folder openmp/runtime/test
    #[arg(long, conflicts_with = "gcc")]
    libomp: Option<PathBuf>,
    /// With --gcc, --libomp and the suite posix: one of N parts of the tests, K/N
    #[arg(long, value_parser = Part::parse, default_value = "1/1")]
    part: Part,
    /// Keep the counts in tests/conformance and docs/conformance.md: of the suite posix, with --gcc of all its suites, with
    /// --libomp of LLVM's tests
    #[arg(long)]
    record: bool,
    /// Write docs/conformance.md anew from tests/conformance and the lists of differences, run nothing
    #[arg(long)]
    page: bool,
    /// The source tree
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
    /// The installed tree with bin/proxy [default: ROOT/target/sysroot]
    #[arg(long)]
    prefix: Option<PathBuf>,
    /// Unpacked upstream sources, one folder each [default: ROOT/target/ports]
    #[arg(long)]
    sources: Option<PathBuf>,
    /// The folder with the test bed's kernel and memory disk, where the uhyve isle runs then
    #[arg(long)]
    bed: Option<PathBuf>,
    /// Where the tests work; emptied case by case [default: ROOT/target/tests]
    #[arg(long)]
    work: Option<PathBuf>,
}

/// Which cases there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Suite {
    /// Programs, everyday ports and bad input
    Programs,
    /// All ports
    Ports,
    /// The Open POSIX Test Suite, natively and in the process isle
    Posix,
}

fn isle(name: &str) -> Result<Isle, String> {
    Isle::from_name(name).ok_or_else(|| "one of native, process, uhyve, qemu".to_owned())
}

fn main() -> ExitCode {
    if let Err(error) = background::hear_interrupts() {
        eprintln!("hermit-tests: interrupts stay ignored, and tests of them fail: {error}");
    }
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
    if options.page {
        return Records::read(&lab.root)?.renew(&lab.root, []).map(|()| true);
    }
    let is_whole =
        |filter: &String| suites::SUITES.iter().any(|suite| *filter == format!("gcc/{}/", suite.name));
    expect_whole_tree(&lab)?;
    if options.record && !options.filters.iter().all(is_whole) {
        bail!("--record wants whole suites: no filter, or such as gcc/libstdc++/");
    }
    if let Some(source) = &options.gcc {
        return foreign(options, &lab, gcc::find(&lab, &std::path::absolute(source)?, options.part)?);
    }
    if let Some(folder) = &options.libomp {
        return foreign(options, &lab, libomp::find(&lab, &std::path::absolute(folder)?, options.part)?);
    }
    match options.suite {
        Suite::Programs | Suite::Ports => programs(options, &lab),
        Suite::Posix => conformance(options, &lab),
    }
}

/// Languages that the tree does not know have no cases, which nobody would notice where everything has been built.
fn expect_whole_tree(lab: &Lab) -> Result<()> {
    let lacking = LANGUAGES.iter().find(|language| !language.is_there(&lab.prefix));
    match lacking.filter(|_| lack::is_ci()) {
        Some(Language { name, runtime, .. }) => {
            let (root, runtime) = (lab.prefix.root().display(), runtime.unwrap_or_default());
            bail!("CI=true, and {root} has no {runtime} for {name}")
        }
        None => Ok(()),
    }
}

fn programs(options: &Options, lab: &Lab) -> Result<bool> {
    let cases = chosen(cases(lab, options)?, options)?;
    if options.list {
        list(&cases);
        return Ok(true);
    }
    for case in &cases {
        let folder = lab.folder(case.name());
        empty_folder(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let jobs = options.jobs.unwrap_or(2);
    if options.load > 0 {
        println!("building {} cases, then {} busy loops run beside them", cases.len(), options.load);
        schedule::prepare(&cases, lab);
    }
    let mut all = Vec::new();
    for round in 1..=options.repeat.max(1) {
        if options.repeat > 1 {
            println!("round {round} of {}", options.repeat);
        }
        let rows = table(&cases, lab, jobs, options.load);
        println!("{}", report::details(&rows));
        all.extend(rows);
    }
    conclude(lab, &all)
}

fn conformance(options: &Options, lab: &Lab) -> Result<bool> {
    let cases = chosen(posix::part(posix::find(lab)?, options.part), options)?;
    if options.list {
        list(&cases);
        return Ok(true);
    }
    println!("building {} tests, natively and for the isle", cases.len());
    schedule::prepare(&cases, lab);
    let mut rows = table(&cases, lab, options.jobs.unwrap_or(POSIX_JOBS), options.load);
    posix::again(&mut rows, &cases, lab);
    let share = Share::of(cases.iter().map(|case| case.found()));
    println!("{}\n{share}", report::details(&rows));
    if options.record {
        let record = Record::of_today("posix", &options.part.to_string(), share.possible(), share.passing())?;
        Records::read(&lab.root)?.renew(&lab.root, [record])?;
    }
    // Last, for whoever reads the counts; some of the tests say nothing about the share.
    let is_whole = options.filters.is_empty() && options.skip.is_empty() && options.part.is_all();
    Ok(conclude(lab, &rows)? && (share.is_enough() || !is_whole))
}

fn foreign<T: Foreign>(options: &Options, lab: &Lab, tests: Vec<T>) -> Result<bool> {
    let tests = chosen(tests, options)?;
    if options.list {
        list(&tests);
        return Ok(true);
    }
    let rows = table(&tests, lab, options.jobs.unwrap_or(2), options.load);
    println!("{}\n", report::details(&rows));
    let shares = foreign::share::Share::of(&tests);
    shares.iter().for_each(|share| println!("{share}"));
    if options.record {
        let part = options.part.to_string();
        let record = |share: &foreign::share::Share| {
            Record::of_today(share.bar.suite, &part, share.native, share.isle)
        };
        let records = shares.iter().map(record).collect::<Result<Vec<_>>>()?;
        Records::read(&lab.root)?.renew(&lab.root, records)?;
    }
    // Last, for whoever reads the counts.
    Ok(conclude(lab, &rows)? && shares.iter().all(|share| share.is_enough()))
}

fn chosen<C: Case>(mut cases: Vec<C>, options: &Options) -> Result<Vec<C>> {
    let Options { filters, skip, .. } = options;
    let has = |case: &C, parts: &[String]| parts.iter().any(|part| case.name().contains(part));
    let is = |case: &C| {
        let name = case.name();
        filters
            .iter()
            .any(|filter| filter == name || name.rsplit_once('@').is_some_and(|(name, _)| filter == name))
    };
    let wanted = |case: &C| if options.exact { is(case) } else { has(case, filters) };
    cases.retain(|case| (filters.is_empty() || wanted(case)) && !has(case, skip));
    if cases.is_empty() {
        bail!("no case is left of {}: --list shows them all", filters.join(", "));
    }
    Ok(cases)
}

fn list<C: Case>(cases: &[C]) {
    for case in cases {
        let isles: Vec<&str> = case.isles().into_iter().map(Isle::name).collect();
        println!("{}: {}", case.name(), isles.join(" "));
    }
}

/// Runs them beside so many busy loops and prints a row for each.
fn table<C: Case>(cases: &[C], lab: &Lab, jobs: usize, load: usize) -> Vec<Row> {
    let width = cases.iter().map(|case| case.name().len()).max().unwrap_or(0);
    println!("{}", report::head(width, &lab.isles));
    let _load = Load::start(load, jobs);
    schedule::run(cases, lab, jobs, |row| {
        println!("{}", report::line(row, width, &lab.isles));
        // Standard output may be a pipe to somebody who is waiting; a failure to flush shows at the next line.
        io::stdout().flush().unwrap_or_default();
    })
}

/// Keeps what is flaky, prints what failed in some rounds only, and the counts; whether all is good.
fn conclude(lab: &Lab, rows: &[Row]) -> Result<bool> {
    let failures = std::env::var_os(flaky::FAILED).map(PathBuf::from);
    flaky::keep(&lab.root, rows, failures.as_deref())?;
    let counts = Counts::of(rows);
    println!("{}\n{}{}", report::failed_some_times(rows), counts.flaky_lines(), counts.line());
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
    if all && options.bed.is_none() {
        // Its suite is another one: the runner with a bed.
        isles.retain(|&isle| isle != Isle::Uhyve);
    }
    let work = below(&options.work, "tests")?;
    let bed = options.bed.as_ref().map(|folder| Bed::start(folder, &work.join("bed"))).transpose()?;
    let native_counts = !all && isles.contains(&Isle::Native);
    if !isles.contains(&Isle::Native) {
        isles.push(Isle::Native);
    }
    Ok(Lab {
        prefix: Prefix::new(below(&options.prefix, "sysroot")?),
        sources: below(&options.sources, "ports")?,
        work,
        bed,
        root,
        isles,
        limit: options.limit_s.map(Duration::from_secs),
        native_counts,
        bless: options.bless,
        scale: options.scale,
    })
}

fn cases(lab: &Lab, options: &Options) -> Result<Vec<Box<dyn Case>>> {
    match options.suite {
        Suite::Ports => {
            Ok(ports::find(&lab.prefix, options.compiler, &[Schedule::Everyday, Schedule::OnRequest]))
        }
        Suite::Programs | Suite::Posix => ours(lab, options),
    }
}

/// What belongs to every day; the tests of the tools themselves know only one compiler.
fn ours(lab: &Lab, options: &Options) -> Result<Vec<Box<dyn Case>>> {
    let compiler = options.compiler;
    let choice = Choice { family: compiler, cpus: &options.cpus };
    let programs = program::find(&programs_folder(&lab.root), &lab.prefix, choice)?;
    let mut cases: Vec<Box<dyn Case>> = programs.into_iter().map(|program| Box::new(program) as _).collect();
    cases.extend(ports::find(&lab.prefix, compiler, &[Schedule::Everyday]));
    if compiler != Some(Family::Clang) {
        cases.extend(cli::all());
    }
    Ok(cases)
}

fn programs_folder(root: &Path) -> PathBuf {
    root.join("tests/programs")
}
