//! Random input for what reads untrusted bytes in the proxy: the targets of `fuzz/`, with libFuzzer.
//!
//! cargo-fuzz runs them as well, with AddressSanitizer; here stable Rust and what is installed anyway are enough.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::extent::Extent;
use super::failed::Failed;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::step::Job;
use crate::tool::Cmd;

/// The targets, and the lengths of the inputs that each can use, in bytes.
const TARGETS: [(&str, u32); 3] = [("requests", 2048), ("image", 8192), ("options", 1024)];

/// How long each target runs, in seconds: every day, and when it is asked for.
const EVERYDAY_S: u32 = 10;
const WHOLE_S: u32 = 600;

/// How long an input may take, in seconds: the longest take milliseconds.
const TIMEOUT_S: u32 = 20;

/// Makes code tell libFuzzer where it has been, and what it compared: the flags of cargo-fuzz.
const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Ccodegen-units=1",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Flags are for it alone: with a target, cargo does not give them to build scripts.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the targets and runs each for a while, from the inputs that earlier runs have found.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    let seconds = if extent == Extent::Everyday { EVERYDAY_S } else { WHOLE_S };
    let mut job = Job::alone(context, "fuzz", "random input for the proxy")?;
    let (manifest, built) = (context.workspace.join("fuzz/Cargo.toml"), context.workspace.build("fuzz"));
    let cargo =
        Cmd::cargo().args(["build", "--quiet", "--locked", "--release", "--bins", "--target", TARGET]);
    let cargo = cargo.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&built);
    job.run(cargo.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\x1f")).takes_cores())?;
    let mut tally = Tally::default();
    for (name, max_bytes) in TARGETS {
        let program = built.join(TARGET).join("release").join(name);
        let corpus = folder(built.join("corpus").join(name))?;
        let artifacts = folder(built.join("artifacts").join(name))?;
        let cmd = Cmd::new(&program)
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={max_bytes}"))
            .arg(format!("-timeout={TIMEOUT_S}"))
            // The help that an input may ask for; faults are told on stderr.
            .args(["-print_final_stats=1", "-close_fd_mask=1"])
            .arg(&corpus);
        let passed = job.run(cmd);
        if let Err(failure) = &passed {
            println!("{failure:#}");
            Failed::of(context).add(&format!("fuzz {name}: the input is in {}", artifacts.display()));
        }
        tally += if passed.is_ok() { Tally::PASSED } else { Tally::FAILED };
    }
    job.done();
    Ok(tally)
}

/// A folder that is there.
fn folder(path: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(path)
}
