//! QEMU's command line and its process: [`start`].

use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use rustix::io::FdFlags;

use super::LINES;

/// Enough for the largest test twice; the host backs what is touched.
const MEMORY: &str = "3G";

/// What the kernel is told: be quiet, trust the TSC (nothing else could be read without leaving the machine), stop when init
/// does, do not defend against guests of other people, and load programs always at the same addresses: QEMU keeps its
/// translation of code as long as it lies where it lay.
const COMMAND_LINE: &str = "console=ttyS0 quiet panic=-1 tsc=reliable mitigations=off nokaslr norandmaps";

/// The user's QEMU, or the one that xtask has fetched for the bed, or the machine's own.
fn qemu(folder: &Path) -> PathBuf {
    let fetched = folder.join("qemu/qemu-system-x86_64");
    match std::env::var_os("HERMIT_QEMU") {
        Some(program) => program.into(),
        None if fetched.exists() => fetched,
        None => "qemu-system-x86_64".into(),
    }
}

/// Starts the machine; the lines are in the order of their numbers.
pub fn start(folder: &Path, console: &Path) -> Result<(Child, Vec<UnixStream>)> {
    let qemu = qemu(folder);
    let mut command = Command::new(&qemu);
    command.args(["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]);
    // AMD's SVM with nested paging is what QEMU can emulate without KVM.
    command.args(["-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "EPYC,+svm,+npt,+invtsc", "-m", MEMORY]);
    command.args(["-smp", &LINES.to_string()]);
    command.arg("-kernel").arg(folder.join("vmlinuz"));
    command.arg("-initrd").arg(folder.join("initramfs"));
    command.args(["-append", COMMAND_LINE]);
    command.arg("-serial").arg(format!("file:{}", console.display()));
    command.args(["-device", "virtio-serial-pci"]);
    let mut near_ends = Vec::new();
    let mut far_ends: Vec<OwnedFd> = Vec::new();
    for number in 1..=LINES {
        let (near, far) = UnixStream::pair().context("cannot make a socket pair")?;
        rustix::io::fcntl_setfd(&far, FdFlags::empty()).context("cannot hand a socket to QEMU")?;
        command.args(["-chardev", &format!("socket,id=line{number},fd={}", far.as_raw_fd())]);
        command.args(["-device", &format!("virtserialport,chardev=line{number},nr={number}")]);
        near_ends.push(near);
        far_ends.push(far.into());
    }
    let messages = console.with_extension("qemu");
    let log = File::create(&messages).with_context(|| format!("cannot create {}", messages.display()))?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let child = command.spawn().with_context(|| format!("cannot start {}", qemu.display()))?;
    drop(far_ends);
    Ok((child, near_ends))
}
