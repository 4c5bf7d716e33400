//! `hermit-bench`: measures what the project claims about its speed and writes it down.
//!
//! Every duration is compared with the same program built statically for Linux in the same run, the two taking turns.
//! [`claims`], [`openmp`] and [`bed`] list what is measured, [`measure`] takes the time, [`build`] compiles, [`report`] makes the table.
#![forbid(unsafe_code)]

mod bed;
mod build;
mod claims;
mod measure;
mod openmp;
mod report;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use sysroot::Prefix;

use crate::build::Laboratory;

/// Measures the claims and writes bench/results/DATE-HOST.md.
#[derive(Debug, Parser)]
#[command(name = "hermit-bench", version)]
struct Options {
    /// Only claims whose name contains one of these
    filters: Vec<String>,
    /// The source tree
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
    /// The installed tree with bin/proxy [default: ROOT/target/sysroot]
    #[arg(long)]
    prefix: Option<PathBuf>,
    /// Where programs are built [default: ROOT/target/bench]
    #[arg(long)]
    work: Option<PathBuf>,
    /// Where 1 GiB is written and read: a file system in memory measures us instead of a disk
    #[arg(long, default_value = "/dev/shm")]
    scratch: PathBuf,
    /// Print only, keep no file
    #[arg(long)]
    dry_run: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let root =
        options.root.canonicalize().with_context(|| format!("no source tree {}", options.root.display()))?;
    let target = root.join("target");
    let prefix = options.prefix.unwrap_or_else(|| target.join("sysroot"));
    let work = std::path::absolute(options.work.unwrap_or_else(|| target.join("bench")))?;
    let laboratory =
        Laboratory::new(&root, Prefix::new(std::path::absolute(prefix)?), work, options.scratch)?;
    let mut rows = Vec::new();
    for claim in claims::ALL.iter().chain(openmp::CLAIMS).chain(bed::CLAIMS) {
        if !options.filters.is_empty() && !options.filters.iter().any(|filter| claim.name.contains(filter)) {
            continue;
        }
        eprintln!("measuring: {}", claim.name);
        rows.push(report::Row { claim, result: (claim.measure)(&laboratory) });
    }
    let table = report::table(&rows)?;
    println!("{table}");
    if !options.dry_run && options.filters.is_empty() {
        let path = root.join("bench/results").join(report::file_name());
        fs::create_dir_all(root.join("bench/results"))?;
        fs::write(&path, table).with_context(|| format!("cannot write {}", path.display()))?;
        eprintln!("written: {}", path.display());
    }
    Ok(())
}
