//! What an isle takes of the host's CPUs while its program waits.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};
use crate::compiler::Target;
use crate::launch::{Input, Running};

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/idle-team", isles: PROCESS, check: team },
    CliCase { name: "cli/idle-crowd", isles: PROCESS, check: crowd },
    CliCase { name: "cli/idle-passive", isles: PROCESS, check: passive },
];

/// Most CPU time in a second, in USER_HZ, which is 100 everywhere.
const MOST_TICKS: u64 = 30;

fn team(desk: &mut Desk<'_>) -> Result<()> {
    wait_a_second(desk, &[("HERMIT_CPUS", "2")])
}

/// More threads than vCPUs, and more of these than most machines have CPUs.
fn crowd(desk: &mut Desk<'_>) -> Result<()> {
    wait_a_second(desk, &[("HERMIT_CPUS", "16"), ("OMP_NUM_THREADS", "24")])
}

fn passive(desk: &mut Desk<'_>) -> Result<()> {
    wait_a_second(desk, &[("HERMIT_CPUS", "4"), ("OMP_WAIT_POLICY", "passive")])
}

/// A team of OpenMP's has nothing to do for a second: its cores look a while for work, and sleep.
fn wait_a_second(desk: &mut Desk<'_>, env: &[(&str, &str)]) -> Result<()> {
    let image = desk.build_with(Target::Hermit, "cli/team.c", &["-fopenmp"])?;
    let mut launch = env.iter().fold(desk.proxy([image]), |launch, (name, value)| launch.env(name, value));
    launch.stdin = Input::Silence;
    let rerun = launch.shell_line();
    launch.prepare()?;
    let mut running = launch.start()?;
    ensure!(running.wait_for_output("asleep")?, "the team never worked\nrerun: {rerun}");
    let before = cpu_ticks(&running)?;
    ensure!(running.wait_for_output("awake")?, "the program never woke\nrerun: {rerun}");
    let used = cpu_ticks(&running)? - before;
    if used > MOST_TICKS {
        desk.fault(format!(
            "a second of waiting took {used}0 ms of CPU, at most {MOST_TICKS}0 expected\nrerun: {rerun}"
        ));
    }
    running.signal(Signal::TERM)?;
    let expect = Expect { status: Some(143), stdout: "asleep\nawake\n", stderr: &[] };
    desk.judge("a team that waits", &rerun, &running.finish()?, expect);
    Ok(())
}

/// utime and stime of proc_pid_stat(5), of all processes of the isle.
fn cpu_ticks(running: &Running) -> Result<u64> {
    let processes = running.processes();
    ensure!(!processes.is_empty(), "the isle has no process here");
    processes.into_iter().map(ticks_of).sum()
}

fn ticks_of(id: i32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, fields) = text.rsplit_once(") ").context("stat has a name")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}
