//! Builds guests and runs them.

use crate::running::Running;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Builds `source` of tests/guests with the host's gcc, and marks it as an image.
pub fn guest(source: &str, flags: &[&str]) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests");
    let name = format!("guest-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let image = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut gcc = Command::new("gcc");
    let gcc = gcc
        .args([
            "-O1",
            "-g",
            "-Wall",
            "-ffreestanding",
            "-nostdlib",
            "-static",
            "-no-pie",
            "-fno-stack-protector",
        ])
        .args([
            "-fcf-protection=none",
            "-fno-optimize-sibling-calls",
            "-Wl,-z,noexecstack",
            "-Wl,--build-id=none",
        ])
        .arg("-Wl,-Ttext-segment=0x200000")
        .args(flags)
        .arg(guests.join(source))
        .arg("-o")
        .arg(&image);
    let output = run(gcc);
    assert!(output.status.success(), "gcc builds {source}: {}", text(&output.stderr));
    let mut bytes = std::fs::read(&image).unwrap();
    bytes[7] = abi::elf::OSABI;
    std::fs::write(&image, bytes).unwrap();
    image
}

/// `process.c`, built once.
pub fn image() -> &'static PathBuf {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| guest("process.c", &[]))
}

/// The proxy, with nothing of ours in its environment.
pub fn proxy() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proxy"));
    for name in ["ISLE", "CPUS", "MEM", "VERBOSE", "KVM", "QEMU", "DEBUG", "SANDBOX", "FILES", "ENV", "FDS"] {
        command.env_remove(format!("HERMIT_{name}"));
    }
    command
}

/// Runs to the end.
pub fn run(command: &mut Command) -> Output {
    Running::start(command).end()
}

/// What came out, as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
