//! Unit tests: `cargo test` of every crate; the kernel's logic is tested on the host.

use anyhow::Result;

use super::Tally;
use crate::context::Context;
use crate::step::Job;
use crate::tool::Cmd;

/// What cargo is asked for. The kernel as a library has no unwinding and cannot be linked into documentation's tests:
/// only its own tests, which are compiled with std, are built.
const RUNS: [&[&str]; 2] = [&["--workspace", "--exclude", "kernel"], &["--package", "kernel", "--lib"]];

/// Runs them and sums what libtest says.
pub fn run(context: &Context) -> Result<Tally> {
    let mut job = Job::alone(context, "unit", "cargo test of every crate")?;
    let mut sum = Tally::default();
    for crates in RUNS {
        let mut tally = Tally::default();
        let cmd = Cmd::cargo().args(["test", "--locked", "--no-fail-fast"]).args(crates);
        let status = job.show(cmd.cwd(context.workspace.root()), |line| {
            tally += Tally::of_libtest(line).unwrap_or_default();
        })?;
        sum += tally.of_runner(status);
    }
    job.done();
    Ok(sum)
}
