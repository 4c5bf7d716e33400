//! Sessions with gdb in each isle: breakpoints, steps, variables, the isle's threads, Ctrl-C, the exit status.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use super::desk::Desk;
use super::{ALL_ISLES, CliCase};
use crate::bed::kit;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lack::Lack;
use crate::launch::Launch;
use crate::{lab, limited};

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/debugger", isles: ALL_ISLES, check: session },
    CliCase { name: "cli/debugger-interrupt", isles: ALL_ISLES, check: interrupt },
    CliCase { name: "cli/debugger-bad-start", isles: ALL_ISLES, check: bad_start },
];

/// What gdb is told, and then each text that a line of its answer must have, the words in this order.
type Dialogue = [(&'static str, &'static [&'static [&'static str]])];

const SESSION: &Dialogue = &[
    ("break main", &[&["Breakpoint 1 at"]]),
    ("run 'a b'", &[&["main (argc=2, argv="]]),
    ("print argv[1]", &[&["\"a b\""]]),
    ("break work", &[]),
    ("continue", &[&["work (n=5) at"]]),
    ("next", &[&["i <= n"]]),
    ("step", &[&["result += i"]]),
    ("set variable n = 6", &[]),
    ("print n + i", &[&["= 7"]]),
    ("backtrace", &[&["#0", "work (n=6)"], &["#1", "worker (argument="]]),
    ("info threads", &[&["  1  "], &["* 2  ", "work (n=6)"]]),
    (
        "hermit threads",
        &[
            &["Id", "Name", "Core", "State"],
            &["2", "waiter", "1", "blocked", "sem_wait, waiter (debugged.c:"],
            &["3", "worker", "1", "running", "work (debugged.c:"],
        ],
    ),
    (
        "hermit bt 2",
        &[&["Thread 2 \"waiter\", blocked on core 1"], &["sem_wait ()"], &["in waiter (argument=0x0)"]],
    ),
    ("backtrace", &[&["#0", "work (n=6)"], &["#1", "worker (argument="]]),
    ("delete", &[]),
    ("watch sum", &[&["atchpoint", "sum"]]),
    ("continue", &[&["Old value = 0"], &["New value = 21"], &["work (n=6) at"]]),
    ("delete", &[]),
    ("continue", &[&["2 arguments, the last is a b"], &["sum 21"], &["xited"]]),
    ("print $_exitcode", &[&["= 7"]]),
    // And once more.
    ("start", &[&["main (argc=2, argv="]]),
    ("hermit bt", &[&["Thread 1", "running on core 0"], &["main (argc=2"]]),
    ("kill", &[]),
];

/// Ctrl-C, a second after the program has been continued.
const PRESS_CTRL_C: &str = "python import os, signal, threading; \
    press = lambda event: (gdb.events.cont.disconnect(press), \
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()); gdb.events.cont.connect(press)";

/// For a program whose two threads compute until they are told to end.
const INTERRUPTION: &Dialogue = &[
    ("break compute", &[&["Breakpoint 1 at"]]),
    ("run", &[&["compute () at"]]),
    ("delete", &[]),
    (PRESS_CTRL_C, &[]),
    ("continue", &[&["SIGINT"]]),
    ("info threads", &[&[" 1  ", "compute"], &[" 2  ", "spin"]]),
    ("set variable over = 1", &[]),
    ("continue", &[&["xited"]]),
    ("print $_exitcode", &[&["= 3"]]),
];

fn session(desk: &mut Desk<'_>) -> Result<()> {
    converse(desk, "cli/debugged.c", SESSION)
}

fn interrupt(desk: &mut Desk<'_>) -> Result<()> {
    converse(desk, "cli/spinning.c", INTERRUPTION)
}

/// Debugs the program `source` on two vCPUs.
fn converse(desk: &mut Desk<'_>, source: &str, dialogue: &Dialogue) -> Result<()> {
    if let Some(lack) = lacks_debugger(desk.isle) {
        desk.skip(lack);
        return Ok(());
    }
    let image = desk.build_with(Target::Hermit, source, &["-g", "-O0"])?;
    let commands = dialogue.iter().flat_map(|(command, _)| ["-ex", command]).map(OsString::from);
    let arguments = ["-nx", "-batch"].map(OsString::from).into_iter().chain(commands).chain([image.into()]);
    let mut launch = desk.tool("gdb", arguments).env("HERMIT_CPUS", "2");
    provide_gdb(desk, &mut launch)?;
    // What gdb shows of it.
    launch.needs.push(desk.lab.root.join("tests/programs").join(source));
    let rerun = launch.shell_line();
    let outcome = launch.run()?;
    let said = String::from_utf8_lossy(&outcome.stdout);
    let mut lines = said.lines();
    for (command, expected) in dialogue {
        for words in *expected {
            if !lines.any(|line| has_in_order(line, words)) {
                let stderr = String::from_utf8_lossy(&outcome.stderr);
                desk.fault(format!(
                    "`{command}` is not answered by {words:?}:\n{said}{stderr}\nrerun: {rerun}"
                ));
                return Ok(());
            }
        }
    }
    for process in outcome.left_processes {
        desk.fault(format!("left a process behind: {process}"));
    }
    Ok(())
}

/// gdb itself is in no bed.
fn provide_gdb(desk: &Desk<'_>, launch: &mut Launch) -> Result<()> {
    if launch.bed.is_some() {
        launch.needs = kit::gdb(&desk.lab.prefix.gdb_script())?;
        launch.needs.push(desk.lab.prefix.proxy());
    }
    Ok(())
}

fn has_in_order(line: &str, words: &[&str]) -> bool {
    words.iter().try_fold(line, |rest, word| rest.split_once(word).map(|(_, rest)| rest)).is_some()
}

/// The proxy's own error is what the user sees.
fn bad_start(desk: &mut Desk<'_>) -> Result<()> {
    if let Some(lack) = lacks_debugger(desk.isle) {
        desk.skip(lack);
        return Ok(());
    }
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let words = ["-nx", "-batch", "-ex", "run"].map(OsString::from).into_iter().chain([image.into()]);
    let mut launch = desk.tool("gdb", words).env("HERMIT_CPUS", "none");
    provide_gdb(desk, &mut launch)?;
    let rerun = launch.shell_line();
    let outcome = launch.run()?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    if !stderr.contains("HERMIT_CPUS") || outcome.status.is_none() || stderr.contains("Traceback") {
        desk.fault(format!("no clear error: {stderr}\nrerun: {rerun}"));
    }
    Ok(())
}

/// Containers may have gdb and forbid it ptrace(2).
fn lacks_debugger(isle: Isle) -> Option<Lack> {
    if let Some(lack) = lab::lacks_program("gdb") {
        return Some(lack);
    }
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-ex", "run", "/bin/true"]);
    let mut probe = || limited::output(&mut gdb, limited::PROBE).ok();
    let mut traces =
        || probe().is_some_and(|output| String::from_utf8_lossy(&output.stdout).contains("exited normally"));
    (isle == Isle::Process && !traces())
        .then(|| Lack::Machine("no permission to trace processes (ptrace(2))".to_owned()))
}
