//! Programs with MPI, under the host's own mpiexec: each line of a shell runs the native build and the image, which must say the same.
//!
//! `cargo xtask mpi` puts MPICH into the tree: without it, or without the host's MPICH, the cases are skipped.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};
use crate::lack::Lack;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "mpi/c", isles: PROCESS, check: c },
    CliCase { name: "mpi/cxx", isles: PROCESS, check: cxx },
    CliCase { name: "mpi/fortran", isles: PROCESS, check: fortran },
    CliCase { name: "mpi/endings", isles: PROCESS, check: endings },
];

/// Builds a source twice, as users do, and prints what lines of `$RUN` say with each of the two as `$P`. What is left in /dev/shm
/// of MPICH's is told; nothing may be.
const SCRIPT: &str = "
    $COMPILER $FLAGS -O2 $SOURCE -o program || exit 99
    P=./program
    [ -z \"$PROXY\" ] || P=\"$PROXY ./program\"
    eval \"$RUN\"
    ls /dev/shm | grep -c \"^mpich_shar_tmp\"";

/// From outside, in the middle of the job.
const KILLED: &str =
    "mpiexec.hydra -n 3 $P die tell >said 2>&1 & until [ -s pid ]; do sleep 0.05; done; kill -9 $(cat pid);
    wait $!; echo $?";

struct Source {
    name: &'static str,
    compiler: &'static str,
    flags: &'static str,
}

const RANKS: Source = Source { name: "ranks.c", compiler: "mpicc", flags: "" };

/// Whether there is all that a case needs.
fn is_ready(desk: &mut Desk<'_>) -> bool {
    let lab = desk.lab;
    let there = lab.prefix.tool("mpicc").exists() && Path::new("/usr/bin/mpicc.mpich").exists();
    if !there {
        desk.skip(Lack::Installed("no MPI: cargo xtask test --suite mpi builds and installs it".to_owned()));
    }
    there
}

/// Runs `line` natively, and then with isles, which must do the same.
fn same(desk: &mut Desk<'_>, source: &Source, line: &str) -> Result<()> {
    let lab = desk.lab;
    let run = |desk: &mut Desk<'_>, compiler: &str, proxy: &str| {
        desk.command(Path::new("/bin/bash"), ["-c", SCRIPT])
            .env("COMPILER", compiler)
            .env("FLAGS", source.flags)
            .env("SOURCE", &lab.root.join("tests/programs/mpi").join(source.name).display().to_string())
            .env("PROXY", proxy)
            .env("RUN", line)
    };
    let native = run(desk, &format!("/usr/bin/{}.mpich", source.compiler), "").run();
    let native = native.with_context(|| format!("cannot run {line}"))?;
    let stdout = String::from_utf8_lossy(&native.stdout).into_owned();
    if native.status != Some(1) || !stdout.ends_with("\n0\n") {
        let stderr = String::from_utf8_lossy(&native.stderr).into_owned();
        desk.fault(format!("the native build: status {:?}\n{stdout}{stderr}", native.status));
    }
    let compiler = lab.prefix.tool(source.compiler).display().to_string();
    let launch = run(desk, &compiler, &lab.prefix.proxy().display().to_string());
    // grep's status: nothing found.
    desk.check(line, launch, Expect { status: Some(1), stdout: &stdout, stderr: &[] })?;
    Ok(())
}

fn all(desk: &mut Desk<'_>, source: &Source, lines: &[&str]) -> Result<()> {
    if is_ready(desk) { lines.iter().try_for_each(|line| same(desk, source, line)) } else { Ok(()) }
}

fn c(desk: &mut Desk<'_>) -> Result<()> {
    let lines = ["$P; echo $?", "mpiexec.hydra -n 2 $P; echo $?", "mpiexec.hydra -n 4 $P; echo $?"];
    all(desk, &RANKS, &lines)
}

fn cxx(desk: &mut Desk<'_>) -> Result<()> {
    let source = Source { name: "threads.cc", compiler: "mpicxx", flags: "-fopenmp" };
    all(desk, &source, &["mpiexec.hydra -n 2 $P; echo $?"])
}

fn fortran(desk: &mut Desk<'_>) -> Result<()> {
    let source = Source { name: "pi.f90", compiler: "mpifort", flags: "-fallow-argument-mismatch" };
    all(desk, &source, &["mpiexec.hydra -n 2 $P; echo $?", "mpiexec.hydra -n 3 $P; echo $?"])
}

/// A rank that ends before its time ends the job. What a signal ends from within is a status of the proxy's, 128 and the signal.
fn endings(desk: &mut Desk<'_>) -> Result<()> {
    let lines = ["9", "15", "11", "abort", "exit"]
        .map(|how| format!("mpiexec.hydra -n 2 $P die {how} >said 2>&1; echo $(($? % 128))"));
    all(desk, &RANKS, &lines.each_ref().map(String::as_str))?;
    all(desk, &RANKS, &[KILLED])
}
