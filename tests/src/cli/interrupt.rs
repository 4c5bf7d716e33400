//! Ctrl-C and other signals from outside: the isle ends, and nothing is left behind.

use anyhow::{Result, ensure};
use rustix::process::Signal;

use super::desk::{Desk, Expect};
use super::{ALL_ISLES, CliCase};
use crate::compiler::Target;
use crate::launch::Input;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/interrupt-asleep", isles: ALL_ISLES, check: asleep },
    CliCase { name: "cli/interrupt-computing", isles: ALL_ISLES, check: computing },
    CliCase { name: "cli/interrupt-reading", isles: ALL_ISLES, check: reading },
    CliCase { name: "cli/terminate", isles: ALL_ISLES, check: terminate },
    CliCase { name: "cli/kill", isles: ALL_ISLES, check: kill },
];

fn asleep(desk: &mut Desk<'_>) -> Result<()> {
    signal_group(desk, "asleep", Signal::INT)
}

fn computing(desk: &mut Desk<'_>) -> Result<()> {
    signal_group(desk, "computing", Signal::INT)
}

fn reading(desk: &mut Desk<'_>) -> Result<()> {
    signal_group(desk, "reading", Signal::INT)
}

fn terminate(desk: &mut Desk<'_>) -> Result<()> {
    signal_group(desk, "asleep", Signal::TERM)
}

/// SIGKILL only to the proxy: what it started must notice.
fn kill(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/waits.c")?;
    let launch = desk.proxy([image]);
    let rerun = launch.shell_line();
    launch.prepare()?;
    let mut running = launch.start()?;
    ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
    running.signal(Signal::KILL)?;
    let outcome = running.finish()?;
    desk.judge("kill -9", &rerun, &outcome, Expect { status: Some(137), stdout: "ready\n", stderr: &[] });
    Ok(())
}

fn signal_group(desk: &mut Desk<'_>, how: &str, signal: Signal) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/waits.c")?;
    let mut launch = desk.proxy([image.into_os_string(), how.into()]);
    // An open pipe that stays empty: the runner keeps the other end.
    launch.stdin = Input::Silence;
    let rerun = launch.shell_line();
    launch.prepare()?;
    let mut running = launch.start()?;
    ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
    running.signal_group(signal)?;
    let outcome = running.finish()?;
    let status = abi::exit::signal_status(u8::try_from(signal.as_raw())?);
    let what = format!("{signal:?} while {how}");
    desk.judge(&what, &rerun, &outcome, Expect { status: Some(status), stdout: "ready\n", stderr: &[] });
    Ok(())
}
