//! Unit tests: `cargo test` of every crate; the kernel's logic is tested on the host.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};

use super::failed;
use super::failed::Failed;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::files;
use crate::package;
use crate::step::Job;
use crate::tool::Cmd;

/// What cargo is asked for. The kernel as a library has no unwinding and cannot be linked into documentation's tests:
/// only its own tests, which are compiled with std, are built.
const RUNS: [&[&str]; 2] = [&["--workspace", "--exclude", "kernel"], &["--package", "kernel", "--lib"]];

/// The variable that names the file to which tests write that they cannot run (`tests/src/lack.rs`), which libtest does not know.
const SKIPPED: &str = "HERMIT_SKIPPED";

/// The same without the tests beside the crates, which start compilers, isles and virtual machines.
const QUICK_RUNS: [&[&str]; 2] =
    [&["--workspace", "--exclude", "kernel", "--lib", "--bin", "hermit-bench"], RUNS[1]];

/// Runs them and sums what libtest says. The driver's tests drive every compiler, those of the proxy QEMU.
pub fn run(context: &Context) -> Result<Tally> {
    run_all(context, RUNS)
}

/// Runs those that take seconds.
pub fn run_quick(context: &Context) -> Result<Tally> {
    run_all(context, QUICK_RUNS)
}

fn run_all(context: &Context, runs: [&[&str]; 2]) -> Result<Tally> {
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    let skipped = context.workspace.target().join("skipped-unit.txt");
    files::write(&skipped, "")?;
    let mut job = Job::alone(context, "unit", "cargo test of every crate")?;
    let failures = Failed::of(context);
    let mut sum = Tally::default();
    for crates in runs {
        let mut tally = Tally::default();
        let cmd = Cmd::cargo_for_tests()
            .args(["test", "--locked", "--no-fail-fast"])
            .args(crates)
            .env(SKIPPED, &skipped);
        let status = job.show(cmd.cwd(context.workspace.root()), |line| {
            tally += Tally::of_libtest(line).unwrap_or_default();
            if let Some(test) = failed::of_libtest(line) {
                failures.add(&format!("unit test {test}"));
            }
        })?;
        sum += tally.of_runner(status);
    }
    job.done();
    let lines = fs::read_to_string(&skipped).with_context(|| format!("cannot read {}", skipped.display()))?;
    let skipped = by_test(&lines);
    skipped.iter().for_each(|(test, why)| println!("skipped {test}: {why}"));
    Ok(sum.with_skipped(skipped.len() as u64))
}

/// The tests in lines `CRATE::TEST: WHY`, each once.
fn by_test(lines: &str) -> BTreeMap<&str, &str> {
    lines.lines().map(|line| line.split_once(": ").unwrap_or((line, ""))).collect()
}

#[cfg(test)]
mod tests {
    use super::by_test;

    #[test]
    fn a_test_is_skipped_once() {
        let lines =
            "proxy::qemu::one: no qemu: none\nproxy::process::two: no Landlock\nproxy::qemu::one: no qemu\n";
        let tests: Vec<_> = by_test(lines).into_iter().collect();
        assert_eq!(tests, [("proxy::process::two", "no Landlock"), ("proxy::qemu::one", "no qemu")]);
    }
}
