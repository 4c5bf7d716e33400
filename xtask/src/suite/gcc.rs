//! gcc's own execution tests and those of its runtime libraries, run by the runner in `tests/`.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tally, programs};
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::step::Step;
use crate::steps;
use crate::steps::gcc_runtimes::source::{GCC, member};
use crate::tool::Cmd;

/// What is unpacked of gcc's testsuites.
const MEMBERS: &[&str] = &[
    "gcc/testsuite/gcc.c-torture/execute",
    "gcc/testsuite/g++.dg/torture",
    "gcc/testsuite/gfortran.dg",
    "gcc/testsuite/gfortran.fortran-torture/execute",
    "libstdc++-v3/testsuite",
    "include/gomp-constants.h",
    "libgomp/libgomp_g.h",
    "libgomp/testsuite",
];

/// What belongs to every `cargo xtask test`; `--suite gcc` alone runs all.
pub const EVERYDAY_PART: &str = "1/100";

/// The runner's scratch folder, which keeps results.
pub const WORK: &str = "gcc-tests";

/// Builds the tree, unpacks the testsuites, and runs a part of them.
pub fn run(context: &Context, part: &str) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    unpack(context)?;
    let source = folder(context);
    let with = |cmd: Cmd| cmd.args(["--isle", "process", "--part", part, "--gcc"]).arg(&source);
    programs::run_runner(context, "gcc-tests", "gcc's tests", WORK, with)
}

/// Where the testsuites are.
pub fn folder(context: &Context) -> PathBuf {
    context.workspace.build("gcc-testsuite")
}

/// Unpacks them.
pub fn unpack(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    let folder = folder(context);
    let made = folder.clone();
    let step = Step::new("gcc-testsuite", "unpack gcc's tests", include_str!("gcc.rs"), move |job| {
        GCC.unpack_parts(job, &made, &MEMBERS.iter().map(|name| member(name)).collect::<Vec<_>>(), &[])
    });
    Plan::new([step.text("sha256", GCC.sha256).output(folder).packages(&[&package::XZ])]).run(context)
}
