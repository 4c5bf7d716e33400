//! Ctrl-C and other signals from outside: they reach the program's handlers, or the isle ends, and nothing is left behind.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rustix::process::Signal;

use super::desk::{Desk, Expect};
use super::{ALL_ISLES, CliCase, PROCESS, patch};
use crate::compiler::Target;
use crate::launch::{Input, Running};

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/interrupt-asleep", isles: ALL_ISLES, check: asleep },
    CliCase { name: "cli/interrupt-computing", isles: ALL_ISLES, check: computing },
    CliCase { name: "cli/interrupt-reading", isles: ALL_ISLES, check: reading },
    CliCase { name: "cli/interrupt-deadlock", isles: ALL_ISLES, check: deadlock },
    CliCase { name: "cli/signals-handled-asleep", isles: ALL_ISLES, check: handled_asleep },
    CliCase { name: "cli/signals-handled-computing", isles: ALL_ISLES, check: handled_computing },
    CliCase { name: "cli/signals-handled-beside-reader", isles: ALL_ISLES, check: handled_beside_reader },
    CliCase { name: "cli/signals-storm", isles: ALL_ISLES, check: storm },
    CliCase { name: "cli/terminate", isles: ALL_ISLES, check: terminate },
    CliCase { name: "cli/kill", isles: ALL_ISLES, check: kill },
    CliCase { name: "cli/interrupt-in-trap", isles: PROCESS, check: in_trap },
    CliCase { name: "cli/interrupt-flipped-images", isles: PROCESS, check: flipped_images },
    CliCase { name: "cli/quit-tells-where", isles: PROCESS, check: quit_tells },
    CliCase { name: "cli/signals-of-faults-from-outside", isles: ALL_ISLES, check: signals_of_faults },
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

/// All cores are idle for ever, on one core and on several.
fn deadlock(desk: &mut Desk<'_>) -> Result<()> {
    for cpus in ["1", "4"] {
        let (mut running, rerun) = start(desk, "cli/signals.c", "deadlock", Some(cpus))?;
        running.signal_group(Signal::INT)?;
        let what = format!("deadlock on {cpus} vCPUs");
        desk.judge(
            &what,
            &rerun,
            &running.finish()?,
            Expect { status: Some(130), stdout: "ready\n", stderr: &[] },
        );
    }
    Ok(())
}

fn handled_asleep(desk: &mut Desk<'_>) -> Result<()> {
    handled(desk, "asleep")
}

fn handled_computing(desk: &mut Desk<'_>) -> Result<()> {
    handled(desk, "computing")
}

/// Another thread of the same core reads a pipe that stays empty.
fn handled_beside_reader(desk: &mut Desk<'_>) -> Result<()> {
    handled(desk, "reader")
}

/// Signals to the proxy alone reach the program's handlers, on one core and on several.
fn handled(desk: &mut Desk<'_>, how: &str) -> Result<()> {
    for cpus in ["1", "2"] {
        let (mut running, rerun) = start(desk, "cli/signals.c", how, Some(cpus))?;
        for round in 1..=3 {
            running.signal(Signal::USR1)?;
            let answer = format!("SIGUSR1 {round}\n");
            ensure!(running.wait_for_output(&answer)?, "no answer to SIGUSR1 number {round}\nrerun: {rerun}");
        }
        running.signal(Signal::TERM)?;
        let what = format!("signals while {how} on {cpus} vCPUs");
        let stdout = "ready\nSIGUSR1 1\nSIGUSR1 2\nSIGUSR1 3\nSIGTERM\n";
        desk.judge(&what, &rerun, &running.finish()?, Expect { status: Some(5), stdout, stderr: &[] });
    }
    Ok(())
}

/// Signals come faster than they can be handled, into whatever the program does and, those that end programs, into handlers
/// of the proxy's as well; none harms it, SIGTERM is not lost.
fn storm(desk: &mut Desk<'_>) -> Result<()> {
    for cpus in ["1", "2", "4"] {
        let (mut running, rerun) = start(desk, "cli/storm.c", "", Some(cpus))?;
        for round in 0..1000_u32 {
            running.signal([Signal::USR1, Signal::HUP, Signal::USR2, Signal::INT][round as usize % 4])?;
            // Most come at once, some find the program asleep again.
            if round % 10 == 0 {
                thread::sleep(Duration::from_millis(2));
            }
        }
        running.signal(Signal::TERM)?;
        let what = format!("a storm of signals on {cpus} vCPUs");
        let stdout = "ready\nsignals came 1, faults 0\n";
        desk.judge(&what, &rerun, &running.finish()?, Expect { status: Some(0), stdout, stderr: &[] });
    }
    Ok(())
}

/// SIGKILL only to the proxy: what it started must notice.
fn kill(desk: &mut Desk<'_>) -> Result<()> {
    let (mut running, rerun) = start(desk, "cli/waits.c", "asleep", None)?;
    running.signal(Signal::KILL)?;
    let outcome = running.finish()?;
    desk.judge("kill -9", &rerun, &outcome, Expect { status: Some(137), stdout: "ready\n", stderr: &[] });
    Ok(())
}

/// What a fault would raise, sent to the proxy: the isle ends by it, as any Linux program would, and no fault is reported.
fn signals_of_faults(desk: &mut Desk<'_>) -> Result<()> {
    for (how, signal) in [
        ("asleep", Signal::SEGV),
        ("computing", Signal::SEGV),
        ("reading", Signal::BUS),
        ("computing", Signal::FPE),
        ("asleep", Signal::ILL),
    ] {
        let (mut running, rerun) = start(desk, "cli/waits.c", how, None)?;
        running.signal(signal)?;
        let outcome = running.finish()?;
        let status = abi::exit::signal_status(u8::try_from(signal.as_raw())?);
        let what = format!("{signal:?} from outside while {how}");
        let expect = Expect { status: Some(status), stdout: "ready\n", stderr: &[] };
        desk.judge(&what, &rerun, &outcome, expect);
        if !outcome.stderr.is_empty() {
            let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
            desk.fault(format!("{what}: nothing faulted, but standard error is {said}\nrerun: {rerun}"));
        }
    }
    Ok(())
}

/// How long an isle may live after a signal that ends it, on a busy machine.
const SOON: Duration = Duration::from_secs(1);

/// The program's kernel does not come out of its trap entry. Whatever ends programs ends it; what the program catches
/// does so the second time, a second later.
fn in_trap(desk: &mut Desk<'_>) -> Result<()> {
    for (argument, signal) in [
        ("", Signal::TERM),
        ("", Signal::INT),
        ("", Signal::HUP),
        ("", Signal::QUIT),
        ("catches", Signal::INT),
        ("catches", Signal::TERM),
    ] {
        let image = desk.build_with(Target::Hermit, "cli/trapped.c", &["-Wl,-e,hostile_start"])?;
        let arguments = [image.display().to_string(), argument.to_owned()];
        let arguments = arguments.into_iter().filter(|argument| !argument.is_empty());
        let launch = desk.proxy(arguments);
        let rerun = launch.shell_line();
        launch.prepare()?;
        let mut running = launch.start()?;
        ensure!(running.wait_for_output("ready 0")?, "the program never became ready\nrerun: {rerun}");
        thread::sleep(Duration::from_millis(100));
        let mut sent = Instant::now();
        running.signal(signal)?;
        let mut words = "";
        if signal == Signal::TERM && argument == "catches" {
            thread::sleep(SOON + Duration::from_millis(200));
            sent = Instant::now();
            running.signal(signal)?;
            words = "does not come out of its trap entry";
        }
        let outcome = running.finish()?;
        let status = abi::exit::signal_status(u8::try_from(signal.as_raw())?);
        let what = format!("{signal:?} in the trap entry {argument}");
        let expect = Expect { status: Some(status), stdout: "ready 0\n", stderr: &[words] };
        desk.judge(&what, &rerun, &outcome, expect);
        check_soon(desk, &what, sent);
    }
    Ok(())
}

fn check_soon(desk: &mut Desk<'_>, what: &str, sent: Instant) {
    if sent.elapsed() > SOON * crate::launch::patience() {
        desk.fault(format!("{what}: the isle lived {:.1} s longer", sent.elapsed().as_secs_f64()));
    }
}

fn flipped_images(desk: &mut Desk<'_>) -> Result<()> {
    flip_images(desk, 200)
}

/// `count` images with a byte of their code flipped: whatever they do, SIGTERM ends them.
///
/// # Errors
/// When there is no image, or one cannot be run at all.
pub fn flip_images(desk: &mut Desk<'_>, count: u32) -> Result<()> {
    let image = fs::read(desk.build(Target::Hermit, "cli/waits.c")?)?;
    let loaded = u64::try_from(patch::loaded_bytes(&image)?)?;
    let mut state = 1_u64;
    for number in 0..count {
        // Steele's and Vigna's multiplier: the same images every time.
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        let mut bytes = image.clone();
        let place = 0x1000 + usize::try_from((state >> 20) % (loaded - 0x1000))?;
        bytes[place] ^= 1 << (state >> 10 & 7);
        let file = desk.file("flipped", bytes)?;
        let launch = desk
            .proxy([file.as_os_str(), "asleep".as_ref()])
            .env("HERMIT_MEM", "64M")
            .env("HERMIT_CPUS", "1");
        let rerun = launch.shell_line();
        launch.prepare()?;
        let mut running = launch.start()?;
        thread::sleep(Duration::from_millis(20));
        let sent = Instant::now();
        // It may have ended.
        let _ = running.signal(Signal::TERM);
        let outcome = running.finish()?;
        let what = format!("image {number} with byte {place:#x} changed");
        check_soon(desk, &format!("{what}\nrerun: {rerun}"), sent);
        if outcome.status.is_none() {
            desk.fault(format!("{what}: it had to be killed\nrerun: {rerun}"));
        }
        desk.begin_anew();
    }
    Ok(())
}

/// SIGQUIT asks a program what it is doing.
fn quit_tells(desk: &mut Desk<'_>) -> Result<()> {
    for (how, words) in
        [("computing", "ended by SIGQUIT at rip 0x"), ("asleep", "ended by SIGQUIT in a request to the host")]
    {
        let (mut running, rerun) = start(desk, "cli/waits.c", how, Some("1"))?;
        thread::sleep(Duration::from_millis(100));
        running.signal(Signal::QUIT)?;
        let expect = Expect { status: Some(131), stdout: "ready\n", stderr: &[words] };
        desk.judge(how, &rerun, &running.finish()?, expect);
    }
    Ok(())
}

fn signal_group(desk: &mut Desk<'_>, how: &str, signal: Signal) -> Result<()> {
    let (mut running, rerun) = start(desk, "cli/waits.c", how, None)?;
    running.signal_group(signal)?;
    let outcome = running.finish()?;
    let status = abi::exit::signal_status(u8::try_from(signal.as_raw())?);
    let what = format!("{signal:?} while {how}");
    desk.judge(&what, &rerun, &outcome, Expect { status: Some(status), stdout: "ready\n", stderr: &[] });
    Ok(())
}

/// Runs a program until it says "ready"; also the line to rerun it.
fn start(desk: &mut Desk<'_>, source: &str, how: &str, cpus: Option<&str>) -> Result<(Running, String)> {
    let image = desk.build(Target::Hermit, source)?;
    let mut launch = desk.proxy([image.into_os_string(), how.into()]);
    if let Some(cpus) = cpus {
        launch = launch.env("HERMIT_CPUS", cpus);
    }
    // An open pipe that stays empty: the runner keeps the other end.
    launch.stdin = Input::Silence;
    let rerun = launch.shell_line();
    launch.prepare()?;
    let mut running = launch.start()?;
    ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
    Ok((running, rerun))
}
