//! What a parent gives a program: each line of a shell runs the native build and the image, which must say the same.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::CliCase;
use super::desk::{Desk, Expect};
use crate::compiler::Target;
use crate::isle::Isle;

/// Where the shell is, too.
const HERE: &[Isle] = &[Isle::Process, Isle::Qemu];

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/inherits-descriptors", isles: HERE, check: descriptors },
    CliCase { name: "cli/inherits-signals", isles: HERE, check: signals },
    CliCase { name: "cli/inherits-limits", isles: HERE, check: limits },
    CliCase { name: "cli/inherits-position", isles: HERE, check: position },
    CliCase { name: "cli/inherits-name", isles: HERE, check: name },
    CliCase { name: "cli/stack-as-large-as-the-limit", isles: HERE, check: stack },
    CliCase { name: "cli/memory-within-limits", isles: HERE, check: memory },
];

/// Both builds of the program.
struct Twins {
    native: PathBuf,
    image: PathBuf,
}

fn build(desk: &Desk<'_>) -> Result<Twins> {
    let build = |target| desk.build(target, "cli/inherited.c");
    Ok(Twins { native: build(Target::Native)?, image: build(Target::Hermit)? })
}

/// Runs a line, in which `$P` is the program, natively, and then in the isle, which must do the same.
fn same(desk: &mut Desk<'_>, twins: &Twins, line: &str) -> Result<()> {
    let shell = Path::new("/bin/bash");
    let run = |desk: &mut Desk<'_>, program: &Path| {
        desk.command(shell, ["-c", line]).env("P", &program.display().to_string())
    };
    let native = run(desk, &twins.native).run().with_context(|| format!("cannot run {line}"))?;
    let stdout = String::from_utf8_lossy(&native.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&native.stderr).into_owned();
    let launch = run(desk, &twins.image);
    let expect = Expect { status: native.status, stdout: &stdout, stderr: &[&stderr] };
    desk.check(line, launch, expect)?;
    Ok(())
}

fn all(desk: &mut Desk<'_>, lines: &[&str]) -> Result<()> {
    let twins = build(desk)?;
    lines.iter().try_for_each(|line| same(desk, &twins, line))
}

fn descriptors(desk: &mut Desk<'_>) -> Result<()> {
    all(
        desk,
        &[
            "$P descriptors",
            "$P descriptors 3</dev/null 5>/dev/null 63</dev/null 200</dev/null",
            "$P next",
            "$P next 3</dev/null 5</dev/null",
            "$P next descriptors <&-",
            "$P next >&-",
            "$P next <&- >&-",
            "$P next descriptors <&- 3</dev/null",
            "echo in >in; $P transfer 7 9 descriptors 7<in 9>out; cat out",
            "echo in | { $P transfer 4 6 4<&0 6>out; cat out; }",
            "echo in >in; $P transfer 0 9 <in 9<in",
            "$P transfer 8 8",
        ],
    )
}

fn signals(desk: &mut Desk<'_>) -> Result<()> {
    all(
        desk,
        &[
            "$P signals",
            "trap '' HUP INT PIPE USR1; $P signals",
            "nohup $P signals",
            "env --ignore-signal=TERM,USR2,34 --block-signal=USR1,HUP,40 $P signals",
            "trap '' PIPE; { $P broken-pipe; echo $? >&2; } | true",
            "{ $P broken-pipe; echo $? >&2; } | true",
            "env --block-signal=USR1 $P blocked-signal 10",
            "env --block-signal=40 $P blocked-signal 40 signals",
            "mkfifo f; env --block-signal=TERM $P sent-signal 15 >f & { read line; kill $!; cat; } <f; wait $!; echo $?",
            "{ $P sleep & sleep 0.5; kill -HUP $!; wait $!; echo $?; } 2>/dev/null",
            "trap '' HUP; $P sleep & sleep 0.5; kill -HUP $!; kill -TERM $!; wait $!; echo $?",
        ],
    )
}

fn limits(desk: &mut Desk<'_>) -> Result<()> {
    let mut lines = LIMITS.to_vec();
    // QEMU's RAM is a file, which has such a limit, too.
    if desk.isle == Isle::Process {
        lines.push("ulimit -f 1000; $P limits");
    }
    all(desk, &lines)
}

const LIMITS: &[&str] = &[
    "$P limits",
    "ulimit -S -n 64; $P limits files",
    "ulimit -n 100; $P limits files",
    "ulimit -S -n 64; $P limits files 10</dev/null",
    "ulimit -S -s 16384; ulimit -S -c 0; $P limits",
    "ulimit -S -v 8000000; ulimit -t 100; $P limits",
    "$P float",
];

/// Files that are read in part, by buffered input, and read on by others.
fn position(desk: &mut Desk<'_>) -> Result<()> {
    let deck = "printf 'one\\ntwo\\nthree\\nfour\\n' >deck; ";
    let lines = [
        "($P line; $P line line; $P line) <deck",
        "($P line; cat) <deck",
        "($P ungetc; cat) <deck",
        "($P line line line line line; $P line) <deck",
        "cat deck | ($P line; $P line)",
        "($P float; $P line) <deck",
    ];
    let twins = build(desk)?;
    lines.iter().try_for_each(|line| same(desk, &twins, &format!("{deck}{line}")))
}

/// As `ps` and `top` show it.
fn name(desk: &mut Desk<'_>) -> Result<()> {
    let show = "sleep 0.5; cat /proc/$!/comm; kill $!; wait $!; echo $?";
    let twins = build(desk)?;
    for name in ["short", "a-name-with-more-than-15-bytes", "with blank"] {
        same(desk, &twins, &format!("cp $P './{name}'; './{name}' sleep & {show}"))?;
    }
    same(desk, &twins, &format!("cp $P ./file; (exec -a other ./file sleep) & {show}"))
}

fn stack(desk: &mut Desk<'_>) -> Result<()> {
    let twins = build(desk)?;
    for line in [
        "$P deep 7000",
        "ulimit -S -s 65536; $P deep 60000",
        "ulimit -S -s unlimited; $P deep 60000",
        "ulimit -S -s 1024; $P deep 900",
    ] {
        same(desk, &twins, line)?;
    }
    let image = twins.image.display().to_string();
    let proxy = desk.lab.prefix.proxy();
    let launch = desk.command(&proxy, [&image, "deep", "60000"]).env("HERMIT_STACK", "64M");
    desk.check("HERMIT_STACK", launch, Expect { status: Some(0), stdout: "0\n", stderr: &[] })?;
    for (what, kib) in [("into the guard page", "8193"), ("far over it", "32000"), ("very far", "200000")] {
        let launch = desk.command(&proxy, [&image, "deep", kib]).env("HERMIT_STACK", "8M");
        let expect = Expect { status: Some(139), stdout: "", stderr: &["stack overflow", "deep"] };
        desk.check(what, launch, expect)?;
    }
    let launch = desk.command(&proxy, [&image, "deep", "1"]).env("HERMIT_STACK", "much");
    desk.check(
        "nonsense",
        launch,
        Expect { status: Some(125), stdout: "", stderr: &["HERMIT_STACK", "64M"] },
    )?;
    Ok(())
}

/// Batch systems limit address space or data: the default RAM keeps within that.
fn memory(desk: &mut Desk<'_>) -> Result<()> {
    let mut lines = vec!["ulimit -v 4000000; $P float"];
    // QEMU itself has no place in less.
    if desk.isle == Isle::Process {
        lines.extend([
            "ulimit -v 200000; $P float",
            "ulimit -d 300000; $P float",
            "ulimit -v 300000; ulimit -d 100000; $P float",
        ]);
    }
    all(desk, &lines)
}
