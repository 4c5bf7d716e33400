//! Files that isles share with one another and with programs of the host: each sees what another has just stored.

use std::path::Path;

use anyhow::Result;

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};
use crate::compiler::Target;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/shared-memory", isles: PROCESS, check: peers },
    CliCase { name: "cli/shared-memory-killed", isles: PROCESS, check: killed },
];

/// Two programs, of which $A makes the file, and how both end.
const TWO: &str = "$B file 1 $COUNT & $A file 0 $COUNT; echo $?; wait $!; echo $?";

/// The one that is killed while it waits leaves the other, which nobody answers any more, and the file as it is.
const KILLED: &str = "$B file 1 $COUNT & victim=$!; $A file 0 $COUNT & until [ -s file ]; do sleep 0.05; done; sleep 0.3;
    kill -9 $victim; wait $victim; echo $?; sleep 0.3; kill -0 $! && echo runs; kill -TERM $!; wait $!; echo $?; stat -c %s file";

fn run(desk: &mut Desk<'_>, what: &str, [a, b]: [&Path; 2], count: u32, stdout: &str) -> Result<()> {
    let line = if what == "killed" { KILLED } else { TWO };
    let launch = desk
        .command(Path::new("/bin/bash"), ["-c", line])
        .env("A", &a.display().to_string())
        .env("B", &b.display().to_string())
        .env("COUNT", &count.to_string());
    desk.check(what, launch, Expect { status: Some(0), stdout, stderr: &[] })?;
    Ok(())
}

/// Cache lines with sums, to and fro.
fn peers(desk: &mut Desk<'_>) -> Result<()> {
    let native = desk.build(Target::Native, "cli/peers.c")?;
    let image = desk.build(Target::Hermit, "cli/peers.c")?;
    let said = "20000 lines, 0 wrong\n0\n0\n";
    run(desk, "two isles", [&image, &image], 20_000, said)?;
    run(desk, "an isle and Linux", [&image, &native], 20_000, said)?;
    run(desk, "Linux and an isle", [&native, &image], 20_000, said)
}

fn killed(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/peers.c")?;
    run(desk, "killed", [&image, &image], u32::MAX, "137\nruns\n143\n4096\n")
}
