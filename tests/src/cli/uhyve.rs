//! What only uhyve can say: why vCPUs left the guest, and what they take of the host while they wait.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::CliCase;
use super::desk::{Desk, Expect};
use crate::bed::kit;
use crate::compiler::Target;
use crate::isle::Isle;

/// Most memory that the proxy may take beside guest RAM, in KiB.
const MOST_KIB: u64 = 8 << 10;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/exits-of-hello", isles: &[Isle::Uhyve], check: exits_of_hello },
    CliCase { name: "cli/uhyve-idle", isles: &[Isle::Uhyve], check: idle },
];

/// Hello leaves the guest for what it asks the host to do, and for nothing else.
fn exits_of_hello(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let launch = desk.proxy(["--stats".into(), image.into_os_string()]);
    let stats = "proxy: vCPU 0: 3 exits: Exit 1, Write 1, FStat 1\nproxy: ";
    let expect = Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[stats] };
    let outcome = desk.check("hello with --stats", launch, expect)?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let memory =
        stderr.strip_prefix(stats).and_then(|rest| rest.strip_suffix(" KiB of memory beside guest RAM\n"));
    let kib: u64 =
        memory.and_then(|text| text.parse().ok()).with_context(|| format!("on stderr: {stderr}"))?;
    ensure!((1..=MOST_KIB).contains(&kib), "the proxy takes {kib} KiB beside guest RAM");
    Ok(())
}

/// A vCPU that sleeps leaves its CPU to the host, unless it has one to itself or is told to keep it. The time that Linux counts says
/// so, and the number of halts that KVM has seen.
fn idle(desk: &mut Desk<'_>) -> Result<()> {
    const SECONDS: u8 = 5;
    let image = desk.build(Target::Hermit, "cli/sleeps.c")?;
    let (own, other) = ("--cpus=0-0", "--cpus=1");
    for (options, keeps) in
        [(other, false), (own, true), ("--cpus=0-0 --idle=host", false), ("--cpus=1 --idle=guest", true)]
    {
        let line = format!("\"$0\" --stats {options} \"$1\" {SECONDS} && times");
        let (proxy, shell) = (desk.lab.prefix.proxy(), Path::new("/bin/sh"));
        let words: [OsString; 4] = ["-c".into(), line.into(), proxy.into(), image.clone().into()];
        let mut launch = desk.command(shell, words);
        launch.needs = kit::program(shell)?;
        let outcome = launch.run()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&outcome.stdout), text(&outcome.stderr));
        let seconds = seconds_of_children(&stdout).with_context(|| format!("{options}: {stdout}{stderr}"))?;
        // Starting takes some of the time where KVM is emulated, on a busy machine more.
        let has_kept = seconds > f64::from(SECONDS) * 0.6;
        if outcome.status != Some(0) || has_kept != keeps || stderr.contains("halt") == keeps {
            desk.fault(format!(
                "{options}: {seconds:.2} s of the host's CPU in {SECONDS} s of sleep; {stderr}"
            ));
        }
    }
    Ok(())
}

/// User and system time in the second line of the shell's `times`, as `0m1.25s 0m0.05s`.
fn seconds_of_children(times: &str) -> Option<f64> {
    let one = |word: &str| -> Option<f64> {
        let (minutes, seconds) = word.strip_suffix('s')?.split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    times.lines().nth(1)?.split_whitespace().map(one).sum()
}
