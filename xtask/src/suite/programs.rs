//! Programs x isles: the runner in `tests/`, on the tree in `target/sysroot`.

use anyhow::Result;

use super::endurance;
use super::failed::{self, Failed};
use super::isolation;
use super::mpi;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::step::Job;
use crate::steps::{self, ports};
use crate::tool::Cmd;

/// Builds the tree, fetches the programs that others wrote, and runs the runner.
pub fn run(context: &Context) -> Result<Tally> {
    run_suite(
        context,
        "programs",
        "programs x isles",
        &["--skip", isolation::CASES, "--skip", endurance::CASES, "--skip", mpi::CASES],
    )
}

/// The same with other options of the runner.
pub fn run_suite(context: &Context, name: &str, title: &str, options: &[&str]) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    ports::fetch(context)?;
    run_runner(context, name, title, "tests", |cmd| cmd.args(options))
}

/// Runs the runner with the options that `with` adds, in the scratch folder `work`.
pub fn run_runner(
    context: &Context,
    name: &str,
    title: &str,
    work: &str,
    with: impl FnOnce(Cmd) -> Cmd,
) -> Result<Tally> {
    let workspace = &context.workspace;
    let mut job = Job::alone(context, name, title)?;
    let mut tally = Tally::default();
    let cmd = Cmd::cargo_for_tests().args(["run", "--quiet", "--locked", "--package", "tests", "--"]);
    let cmd = cmd.arg("--root").arg(workspace.root()).arg("--prefix").arg(workspace.prefix().root());
    let cmd = cmd.arg("--sources").arg(workspace.ports()).arg("--work").arg(workspace.build(work));
    let cmd = with(cmd).env(failed::VARIABLE, Failed::of(context).path());
    let status = job.show(cmd.cwd(workspace.root()), |line| tally.hear(line))?;
    job.done();
    Ok(tally.of_runner(status))
}
