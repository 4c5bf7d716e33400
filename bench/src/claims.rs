//! What the project claims about its speed: [`ALL`].

use std::fs;

use anyhow::Result;

use crate::build::Laboratory;
use crate::measure::{
    Figure, Plumbing, Sample, Work, compare_figures, figure, make_file, repeat, take_turns,
};

/// One claim.
#[derive(Debug)]
pub struct Claim {
    /// What is measured.
    pub name: &'static str,
    /// At most this is claimed, in the unit of the measurement; [`NOTHING`]: the figure is only noted.
    pub target: f64,
    /// Takes the measurement.
    pub measure: fn(&Laboratory) -> Result<Measured>,
}

/// No claim.
pub const NOTHING: f64 = f64::INFINITY;

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
    /// What the program itself has measured, native first; the worst ratio is what is claimed.
    Figures(Vec<Figure>),
    /// The same, but their geometric mean is what is claimed, and that none is above [`crate::openmp::WORST_OVERHEAD`].
    Overheads(Vec<Figure>),
    /// How often something happened.
    Count(f64),
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
    Claim { name: "getpid", target: 0.05, measure: |lab| figures(lab, "calls", &["getpid"]) },
    Claim { name: "sched_yield, alone", target: 0.15, measure: |lab| figures(lab, "calls", &["yield"]) },
    Claim {
        name: "sched_yield, two threads of one core in turns",
        target: 0.25,
        measure: |lab| figures(lab, "threads", &["yield"]),
    },
    Claim {
        name: "semaphores, two threads of one core in turns",
        target: 0.25,
        measure: |lab| figures(lab, "threads", &["block"]),
    },
    Claim {
        name: "semaphores, two threads on two cores in turns",
        target: 0.8,
        measure: |lab| figures(lab, "threads", &["cross"]),
    },
    Claim {
        name: "pthread_create and pthread_join",
        target: 0.5,
        measure: |lab| figures(lab, "threads", &["create"]),
    },
    Claim { name: "uncontended mutex", target: 1.0, measure: |lab| figures(lab, "calls", &["mutex"]) },
    Claim {
        name: "uncontended mutex beside another thread",
        target: 1.0,
        measure: |lab| figures(lab, "calls", &["mutex-beside"]),
    },
    Claim {
        name: "malloc and free, mixed sizes on two threads",
        target: 1.0,
        measure: |lab| figures(lab, "memory", &["malloc"]),
    },
    Claim {
        name: "first touch of fresh memory, 4 KiB",
        target: 0.3,
        measure: |lab| figures(lab, "memory", &["touch"]),
    },
    Claim { name: "memcpy", target: 1.05, measure: |lab| figures(lab, "copy", &["memcpy"]) },
    Claim { name: "memset", target: 1.05, measure: |lab| figures(lab, "copy", &["memset"]) },
    Claim { name: "exp", target: 1.2, measure: |lab| figures(lab, "arrays", &["exp"]) },
    Claim { name: "log", target: 1.2, measure: |lab| figures(lab, "arrays", &["log"]) },
    Claim { name: "pow", target: 1.2, measure: |lab| figures(lab, "arrays", &["pow"]) },
    Claim { name: "sin", target: 1.2, measure: |lab| figures(lab, "arrays", &["sin"]) },
    Claim { name: "cos", target: 1.2, measure: |lab| figures(lab, "arrays", &["cos"]) },
    Claim {
        name: "TCP, one byte there and back",
        target: 1.1,
        measure: |lab| figures(lab, "sockets", &["ping"]),
    },
    Claim {
        name: "TCP, stream of 1 MiB blocks",
        target: 1.03,
        measure: |lab| figures(lab, "sockets", &["stream"]),
    },
    Claim {
        name: "TCP, connect, accept and close",
        target: 1.11,
        measure: |lab| figures(lab, "sockets", &["connect"]),
    },
    Claim {
        name: "TCP, a receive that finds nothing",
        target: 1.5,
        measure: |lab| figures(lab, "sockets", &["empty"]),
    },
    Claim {
        name: "interrupts of a core that computes for 10 s, qemu isle without KVM",
        target: 0.0,
        measure: interrupts,
    },
    Claim {
        name: "write one byte to a file",
        target: NOTHING,
        measure: |lab| figures(lab, "calls", &["write"]),
    },
    Claim {
        name: "malloc of 1 MiB, untouched and with all pages touched",
        target: NOTHING,
        measure: |lab| figures(lab, "memory", &["blocks"]),
    },
    Claim {
        name: "gaps between reads of the clock, time lost in those over 1 µs per second",
        target: NOTHING,
        measure: |lab| figures(lab, "hourglass", &[]),
    },
];

const HELLO_ROUNDS: usize = 200;
const QEMU_ROUNDS: usize = 15;
const STREAM_ROUNDS: usize = 21;
const FIGURE_ROUNDS: usize = 11;
const GIB: u64 = 1 << 30;
const PROCESS: &[(&str, &str)] = &[("HERMIT_ISLE", "process")];
const TWO_CPUS: &[(&str, &str)] = &[("HERMIT_ISLE", "process"), ("HERMIT_CPUS", "2")];
const QEMU_TWO_CPUS: &[(&str, &str)] = &[("HERMIT_ISLE", "qemu"), ("HERMIT_KVM", "0"), ("HERMIT_CPUS", "2")];
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

/// What `program` measures itself, with two vCPUs.
fn figures(laboratory: &Laboratory, program: &str, args: &[&str]) -> Result<Measured> {
    let (native, isle) = works(laboratory, program, args, TWO_CPUS)?;
    Ok(Measured::Figures(compare_figures(&native, &isle, FIGURE_ROUNDS)?))
}

fn interrupts(laboratory: &Laboratory) -> Result<Measured> {
    let (_, isle) = works(laboratory, "quiet", &["10"], QEMU_TWO_CPUS)?;
    Ok(Measured::Count(figure(&isle)?))
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
