//! What the project claims about its speed: [`ALL`].

use std::fs;

use anyhow::Result;

use crate::build::Laboratory;
use crate::measure::{Plumbing, Sample, Work, make_file, repeat, take_turns};

/// One claim.
#[derive(Debug)]
pub struct Claim {
    /// What is measured.
    pub name: &'static str,
    /// At most this is claimed, in the unit of the measurement.
    pub target: f64,
    /// Takes the measurement.
    pub measure: fn(&Laboratory) -> Result<Measured>,
}

/// What was measured.
#[derive(Debug)]
pub enum Measured {
    /// Duration in relation to the native program's.
    Ratio {
        /// For Linux.
        native: Sample,
        /// In the isle.
        isle: Sample,
    },
    /// A duration.
    Seconds(Sample),
    /// A size in KiB.
    Kibibytes(f64),
}

/// Every claim, in the order of the table.
pub const ALL: &[Claim] = &[
    Claim { name: "hello, start to exit, process isle", target: 2.0, measure: hello },
    Claim {
        name: "hello, start to exit, process isle by HERMIT_ISLE",
        target: 2.0,
        measure: hello_by_variable,
    },
    Claim { name: "hello, start to exit, qemu isle without KVM", target: 0.5, measure: hello_qemu },
    Claim { name: "hello, stripped", target: 300.0, measure: hello_size },
    Claim { name: "write 1 GiB to a file", target: 1.1, measure: write_file },
    Claim { name: "write 1 GiB to a pipe", target: 1.1, measure: write_pipe },
    Claim { name: "read 1 GiB from a file", target: 1.1, measure: read_file },
    Claim { name: "read 1 GiB from a pipe", target: 1.1, measure: read_pipe },
];

const HELLO_ROUNDS: usize = 200;
const QEMU_ROUNDS: usize = 15;
const STREAM_ROUNDS: usize = 21;
const GIB: u64 = 1 << 30;
const PROCESS: &[(&str, &str)] = &[("HERMIT_ISLE", "process")];
const QEMU: &[(&str, &str)] = &[("HERMIT_ISLE", "qemu"), ("HERMIT_KVM", "0")];

/// A program and its arguments for Linux and for an isle.
fn works(
    laboratory: &Laboratory,
    program: &str,
    args: &[&str],
    env: &'static [(&'static str, &'static str)],
) -> Result<(Work, Work)> {
    let twins = laboratory.twins(program)?;
    let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let native =
        Work { program: twins.native, args: args.clone(), env: &[], plumbing: Plumbing::Null, fresh: None };
    let mut isle_args = vec![twins.image.display().to_string()];
    isle_args.extend(args);
    let isle =
        Work { program: laboratory.proxy(), args: isle_args, env, plumbing: Plumbing::Null, fresh: None };
    Ok((native, isle))
}

/// As the shell starts `./hello`: no variable of ours, so the proxy chooses by itself.
fn hello(laboratory: &Laboratory) -> Result<Measured> {
    let (native, isle) = works(laboratory, "hello", &[], &[])?;
    let (native, isle) = take_turns(&native, &isle, HELLO_ROUNDS)?;
    Ok(Measured::Ratio { native, isle })
}

fn hello_by_variable(laboratory: &Laboratory) -> Result<Measured> {
    let (native, isle) = works(laboratory, "hello", &[], PROCESS)?;
    let (native, isle) = take_turns(&native, &isle, HELLO_ROUNDS)?;
    Ok(Measured::Ratio { native, isle })
}

fn hello_qemu(laboratory: &Laboratory) -> Result<Measured> {
    let (_, isle) = works(laboratory, "hello", &[], QEMU)?;
    Ok(Measured::Seconds(repeat(&isle, QEMU_ROUNDS)?))
}

fn hello_size(laboratory: &Laboratory) -> Result<Measured> {
    let stripped = laboratory.stripped(&laboratory.twins("hello")?.image)?;
    Ok(Measured::Kibibytes(fs::metadata(stripped)?.len() as f64 / 1024.0))
}

fn stream(laboratory: &Laboratory, args: &[&str], change: impl Fn(&mut Work)) -> Result<Measured> {
    let (mut native, mut isle) = works(laboratory, "stream", args, PROCESS)?;
    change(&mut native);
    change(&mut isle);
    let (native, isle) = take_turns(&native, &isle, STREAM_ROUNDS)?;
    Ok(Measured::Ratio { native, isle })
}

fn write_file(laboratory: &Laboratory) -> Result<Measured> {
    let file = laboratory.scratch_file();
    let measured =
        stream(laboratory, &["write", &file.display().to_string()], |work| work.fresh = Some(file.clone()));
    fs::remove_file(file)?;
    measured
}

fn write_pipe(laboratory: &Laboratory) -> Result<Measured> {
    stream(laboratory, &["write", "-"], |work| work.plumbing = Plumbing::Drain)
}

fn read_file(laboratory: &Laboratory) -> Result<Measured> {
    let file = laboratory.scratch_file();
    make_file(&file, GIB)?;
    let measured = stream(laboratory, &["read", &file.display().to_string()], |_| ());
    fs::remove_file(file)?;
    measured
}

fn read_pipe(laboratory: &Laboratory) -> Result<Measured> {
    stream(laboratory, &["read", "-"], |work| work.plumbing = Plumbing::Fill(GIB))
}
