//! `HERMIT_MEMORY`: what Linux then says of the proxy's memory, and what a user is told who may not have that.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::desk::{Desk, Expect};
use super::{ALL_ISLES, CliCase};
use crate::bed::kit;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lack::Lack;
use crate::launch::Launch;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/memory-kept", isles: ALL_ISLES, check: kept },
    CliCase { name: "cli/memory-refused", isles: ALL_ISLES, check: refused },
];

/// RAM of the programs.
const MIB: u64 = 64;

/// A line for the shell, with the proxy as `$0` and the image as `$1`.
fn shell(desk: &mut Desk<'_>, line: String, image: &Path, programs: &[&str]) -> Result<Launch> {
    let proxy = desk.lab.prefix.proxy();
    let words: [OsString; 4] = ["-c".into(), line.into(), proxy.into(), image.into()];
    let mut launch = desk.command(Path::new("/bin/sh"), words);
    if launch.bed.is_some() {
        for program in programs.iter().chain(&["/bin/sh"]) {
            launch.needs.extend(kit::program(Path::new(program))?);
        }
    }
    Ok(launch)
}

/// Of a program that sleeps: what of its memory is locked, and what is there.
fn kept(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/waits.c")?;
    for (memory, locks, populates) in [
        ("", false, false),
        ("--memory=lock", true, desk.isle == Isle::Qemu),
        ("--memory=populate,huge", false, true),
        ("--memory=lock,populate,huge", true, true),
    ] {
        // The first shell becomes the proxy.
        let line = format!(
            "sh -c 'echo $$; exec \"$0\" \"$@\"' \"$0\" --mem={MIB}M {memory} \"$1\" asleep | {{ read -r pid; read -r ready; \
             while read -r name value unit; do echo \"$name $value\"; done </proc/$pid/status; kill $pid; }}"
        );
        let outcome = shell(desk, line, &image, &[])?.run()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&outcome.stdout), text(&outcome.stderr));
        if stderr.contains("may lock") {
            desk.skip(Lack::Machine(format!("no {MIB} MiB of memory may be locked here (ulimit -l)")));
            return Ok(());
        }
        let mib = |name: &str| -> Result<u64> {
            let found = stdout.lines().find_map(|line| line.strip_prefix(name));
            let kib = found.with_context(|| format!("{memory}: no {name} in {stdout}{stderr}"))?;
            Ok(kib.trim().parse::<u64>()? / 1024)
        };
        let (locked, resident) = (mib("VmLck:")?, mib("VmRSS:")?);
        if (locked >= MIB, locked > 0, resident >= MIB) != (locks, locks, populates) {
            desk.fault(format!("{memory}: {locked} MiB are locked, {resident} MiB are there; {stderr}"));
        }
    }
    Ok(())
}

/// Who may lock less is told how much, and all of RAM at once wants a size.
fn refused(desk: &mut Desk<'_>) -> Result<()> {
    const FAILED: u8 = abi::exit::Failure::Proxy as u8;
    const SETPRIV: &str = "/usr/bin/setpriv";
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    // Root has no limit unless it gives that up.
    let run = format!("\"$0\" --memory=lock --mem={MIB}M \"$1\"");
    let line =
        format!("ulimit -l 8192; test -w / || exec {run}; exec {SETPRIV} --bounding-set=-ipc_lock {run}");
    let launch = shell(desk, line, &image, &[SETPRIV])?;
    let words = ["cannot lock 65536 KiB", "may lock 8192 KiB", "ulimit -l"];
    desk.check("a low limit", launch, Expect { status: Some(FAILED), stdout: "", stderr: &words })?;
    let launch = desk.proxy(["--memory=populate".into(), image.clone().into_os_string()]);
    let words = ["say how much RAM by HERMIT_MEM"];
    desk.check("without a size", launch, Expect { status: Some(FAILED), stdout: "", stderr: &words })?;
    let launch = desk.proxy(["--memory=populate".into(), "--mem=60T".into(), image.into_os_string()]);
    let expect = Expect { status: Some(FAILED), stdout: "", stderr: &["HERMIT_MEM"] };
    desk.check("more than there is", launch, expect)?;
    Ok(())
}
