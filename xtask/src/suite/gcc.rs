//! gcc's own execution tests, run by the runner in `tests/`.

use anyhow::Result;

use super::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::step::{Job, Step};
use crate::steps::gcc_runtimes::source::{GCC, member};
use crate::tool::Cmd;
use crate::verb;

/// What is unpacked of gcc's testsuite.
const MEMBERS: &[&str] = &["gcc/testsuite/gcc.c-torture/execute"];

/// The share of the tests that belongs to every `cargo xtask test`; `--suite gcc` alone runs them all.
pub const EVERYDAY_PART: &str = "1/40";

/// Builds the tree, unpacks the testsuite, and runs a part of it.
pub fn run(context: &Context, part: &str) -> Result<Tally> {
    verb::sysroot::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    unpack(context)?;
    let workspace = &context.workspace;
    let mut job = Job::alone(context, "gcc-tests", "gcc's tests")?;
    let mut tally = Tally::default();
    let cmd = Cmd::cargo().args(["run", "--quiet", "--locked", "--package", "tests", "--"]);
    let cmd = cmd.arg("--root").arg(workspace.root()).arg("--prefix").arg(workspace.prefix().root());
    let cmd =
        cmd.arg("--gcc").arg(workspace.build("gcc-testsuite").join("gcc/testsuite")).args(["--part", part]);
    let cmd = cmd.arg("--work").arg(workspace.build("gcc-tests")).cwd(workspace.root());
    let status = job.show(cmd, |line| tally = Tally::of_line(line).unwrap_or(tally))?;
    job.done();
    Ok(tally.of_runner(status))
}

fn unpack(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    let folder = context.workspace.build("gcc-testsuite");
    let made = folder.clone();
    let step = Step::new("gcc-testsuite", "unpack gcc's tests", include_str!("gcc.rs"), move |job| {
        GCC.unpack_parts(job, &made, &MEMBERS.iter().map(|name| member(name)).collect::<Vec<_>>(), &[])
    });
    Plan::new([step.text("sha256", GCC.sha256).output(folder).packages(&[&package::XZ])]).run(context)
}
