//! Unit tests: `cargo test` of every crate; the kernel's logic is tested on the host.

use anyhow::Result;

use super::Tally;
use crate::context::Context;
use crate::step::Job;
use crate::tool::Cmd;

/// Runs them and sums what libtest says.
pub fn run(context: &Context) -> Result<Tally> {
    let mut job = Job::alone(context, "unit", "cargo test of every crate")?;
    let mut tally = Tally::default();
    let cmd = Cmd::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    let status = job.show(cmd.cwd(context.workspace.root()), |line| {
        tally += Tally::of_libtest(line).unwrap_or_default();
    })?;
    job.done();
    Ok(tally.of_runner(status))
}
