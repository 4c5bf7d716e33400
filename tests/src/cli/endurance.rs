//! What only shows after long: many starts, many damaged images, many hostile requests, and a program that works for a while, its image being
//! replaced and itself being stopped. [`crate::lab::Lab::scale`] says what part of it all is done.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;

use super::desk::{Desk, Expect};
use super::{ALL_ISLES, CliCase, PROCESS, interrupt};
use crate::compiler::Target;
use crate::isle::Isle;
use crate::launch::Running;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "endurance/starts", isles: PROCESS, check: starts },
    CliCase { name: "endurance/flipped-images", isles: PROCESS, check: flipped_images },
    CliCase { name: "endurance/requests", isles: ALL_ISLES, check: requests },
    CliCase { name: "endurance/soak", isles: &[Isle::Process, Isle::Qemu], check: soak },
];

/// How often a program is started.
const STARTS: u32 = 10_000;

/// How many images are damaged.
const IMAGES: u32 = 3_000;

/// How many requests a guest makes, and in how many programs: each begins with another number.
const REQUESTS: u64 = 100_000_000;
const PROGRAMS: u64 = 10;

/// How long a program works.
const SOAK: Duration = Duration::from_secs(20 * 60);

/// Between two disturbances of a program that works.
const CALM: Duration = Duration::from_secs(2);

/// By how much the memory of a program that works may grow after a quarter of its time, in KiB: its allocator has its own ways.
const GROWTH_KIB: u64 = 16 * 1024;

/// How many files the program may have open at a time, one of each of two threads: in QEMU hardly any look finds none.
const OPEN_FILES: usize = 2;

/// Longer than any of these takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

/// Many starts of one program: each is as the first one, and nothing is left by any.
fn starts(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let before = left_behind()?;
    for number in 0..STARTS / desk.lab.scale {
        let launch = desk.proxy([&image]).env("HERMIT_MEM", "64M");
        let expect = Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[] };
        desk.check(&format!("start {number}"), launch, expect)?;
        ensure!(!desk.has_faults(), "start {number} differs from the first ones");
        // A folder for each would fill the disk with inodes.
        desk.begin_anew();
    }
    let after = left_behind()?;
    if before != after {
        desk.fault(format!("left behind: {after:?}, before {before:?}"));
    }
    Ok(())
}

/// Files of ours in memory and in the folder for temporary files.
fn left_behind() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in ["/dev/shm", "/tmp"] {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read {folder}"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with("hermit") || name.starts_with("proxy") {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn flipped_images(desk: &mut Desk<'_>) -> Result<()> {
    interrupt::flip_images(desk, IMAGES / desk.lab.scale)
}

/// The guest of `c/hostile_hypercalls`, for long. In virtual machines each request leaves the guest, which takes
/// ten times as long at least.
fn requests(desk: &mut Desk<'_>) -> Result<()> {
    let image =
        desk.build_with(Target::Hermit, "c/hostile_hypercalls.c", &["-O2", "-Wl,-e,hostile_start"])?;
    let slowness = if desk.isle == Isle::Process { 1 } else { 10 };
    let count = REQUESTS / PROGRAMS / slowness / u64::from(desk.lab.scale);
    for number in 1..=PROGRAMS {
        let args = [image.display().to_string(), count.to_string(), number.to_string()];
        let mut launch = desk.proxy(args).env("HERMIT_MEM", "128M").env("HERMIT_CPUS", "1");
        launch.timeout = LIMIT;
        let expect = Expect { status: Some(0), stdout: "survived\n", stderr: &[] };
        desk.check(&format!("{count} requests from {number} on"), launch, expect)?;
    }
    Ok(())
}

/// A program that works on two vCPUs, while its image is replaced and overwritten, and it is stopped and goes on: no error, no growth.
fn soak(desk: &mut Desk<'_>) -> Result<()> {
    let built = desk.build(Target::Hermit, "endurance/soak.c")?;
    let image = desk.folder().join("soak");
    fs::copy(&built, &image)?;
    let mut launch = desk.proxy([&image]).env("HERMIT_MEM", "512M").env("HERMIT_CPUS", "2");
    launch.timeout = LIMIT;
    let rerun = launch.shell_line();
    launch.prepare()?;
    let mut running = launch.start()?;
    ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
    let (started, length) = (Instant::now(), SOAK / desk.lab.scale);
    let mut early = None;
    for round in 0_u32.. {
        disturb(&mut running, &built, &image, round)?;
        thread::sleep(CALM.min(length / 8));
        if early.is_none() && started.elapsed() > length / 4 {
            early = Some(taken(&running)?);
        }
        if started.elapsed() > length {
            break;
        }
    }
    let late = taken(&running)?;
    running.signal(Signal::TERM)?;
    let outcome = running.finish()?;
    desk.judge(
        "soak",
        &rerun,
        &outcome,
        Expect { status: Some(0), stdout: "ready\nfaults 0\n", stderr: &[] },
    );
    if let Some(early) = early
        && (late.memory_kib > early.memory_kib + GROWTH_KIB
            || late.descriptors > early.descriptors + OPEN_FILES)
    {
        desk.fault(format!("it grew from {early:?} to {late:?}\nrerun: {rerun}"));
    }
    Ok(())
}

/// One of the things that happen to a program that runs for long.
fn disturb(running: &mut Running, built: &Path, image: &Path, round: u32) -> Result<()> {
    match round % 4 {
        0 => {
            running.signal_group(Signal::STOP)?;
            thread::sleep(Duration::from_millis(300));
            running.signal_group(Signal::CONT)?;
        }
        // As a linker does: a new file under the old name.
        1 => {
            fs::remove_file(image)?;
            fs::copy(built, image)?;
        }
        // The same file gets other bytes, or its writer is told that it is busy.
        2 => drop(fs::write(image, "no image any more")),
        _ => drop(fs::copy(built, image)),
    }
    Ok(())
}

/// What the processes of a program take of the host.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    memory_kib: u64,
    /// The fewest of several looks: the program opens files all the time.
    descriptors: usize,
}

fn taken(running: &Running) -> Result<Taken> {
    let mut taken = Taken { memory_kib: 0, descriptors: usize::MAX };
    for _ in 0..50 {
        let (mut memory_kib, mut descriptors) = (0, 0);
        for pid in running.processes() {
            let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
            let resident =
                status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
            memory_kib += resident.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0);
            descriptors += fs::read_dir(format!("/proc/{pid}/fd"))?.count();
        }
        ensure!(memory_kib > 0, "the program has no process any more");
        taken.memory_kib = memory_kib;
        taken.descriptors = taken.descriptors.min(descriptors);
        thread::sleep(Duration::from_millis(10));
    }
    Ok(taken)
}
