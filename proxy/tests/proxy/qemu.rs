//! The qemu isle; its tests need qemu-system-x86_64 (package qemu-system-x86).

use crate::build::{guest, proxy, run, text};
use crate::running::Running;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::lack::Lack;

/// Whether QEMU is not there; then the test is skipped.
fn qemu_is_missing() -> bool {
    let missing = Command::new("qemu-system-x86_64").arg("--version").output().is_err();
    if missing {
        Lack::Installed("no qemu-system-x86_64 (package qemu-system-x86)".into()).skip();
    }
    missing
}

#[test]
fn writes_reads_and_ends() {
    if qemu_is_missing() {
        return;
    }
    for mem in ["16M", "512M", "5G"] {
        let mut command = proxy();
        command.args(["--isle", "qemu", "--mem", mem]).arg(guest("qemu.S", &[]));
        let output = Running::start(&mut command).end_after(b", and an echo\n");
        assert_eq!(text(&output.stdout), "hello from pvh, and an echo\n", "{mem}: {}", text(&output.stderr));
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(33), String::new()), "{mem}");
    }
}

#[test]
fn a_read_that_waits_lets_others_be_served() {
    if qemu_is_missing() {
        return;
    }
    let mut command = proxy();
    command.args(["--isle", "qemu"]).arg(guest("qemu.S", &["-DTWO"]));
    let mut guest = Running::start(&mut command);
    assert_eq!(guest.next_bytes(14), b"hello from pvh");
    let output = guest.end_after(b", later\n");
    assert_eq!(text(&output.stdout), ", later\n", "{}", text(&output.stderr));
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(33), String::new()));
}

#[test]
fn a_triple_fault_is_told() {
    if qemu_is_missing() {
        return;
    }
    let output = run(proxy().args(["--isle", "qemu"]).arg(guest("qemu.S", &["-DRESET"])));
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(134), "{stderr}");
    assert!(stderr.contains("triple fault") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn what_is_missing_is_named() {
    let output =
        run(proxy().env("HERMIT_ISLE", "qemu").env("HERMIT_QEMU", "/no/qemu").arg(guest("qemu.S", &[])));
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{stderr}");
    assert!(stderr.contains("/no/qemu") && stderr.contains("apt install qemu-system-x86"), "{stderr}");
    let output =
        run(proxy().env("HERMIT_ISLE", "qemu").env("HERMIT_QEMU", "/bin/false").arg(guest("qemu.S", &[])));
    assert_eq!(output.status.code(), Some(125), "{}", text(&output.stderr));
    let output = run(proxy().env("HERMIT_ISLE", "qemu").arg(guest("process.c", &[])));
    assert!(text(&output.stderr).contains("no PVH note"), "{}", text(&output.stderr));
}

/// A /dev/kvm that opens may emulate instruction by instruction, so it is used on request only.
#[test]
fn kvm_is_for_those_who_ask() {
    let path = std::env::temp_dir().join(format!("hermit-qemu-{}", std::process::id()));
    std::fs::write(&path, "#!/bin/sh\necho \"$@\" >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    for (kvm, accelerator) in [(None, "-accel tcg "), (Some("0"), "-accel tcg "), (Some("1"), "-accel kvm ")]
    {
        let mut command = proxy();
        command.args(["--isle", "qemu", "--qemu"]).arg(&path);
        if let Some(kvm) = kvm {
            command.env("HERMIT_KVM", kvm);
        }
        let stderr = text(&run(command.arg(guest("qemu.S", &[]))).stderr);
        assert!(stderr.contains(accelerator), "{kvm:?}: {stderr}");
    }
    std::fs::remove_file(path).unwrap();
}

/// A proxy whose guest waits for input, and its QEMU's folder in /proc.
fn waiting() -> (Running, PathBuf) {
    let mut running = Running::start(proxy().args(["--isle", "qemu"]).arg(guest("qemu.S", &[])));
    assert_eq!(running.next_bytes(14), b"hello from pvh");
    let qemu = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.id())).unwrap();
    (running, Path::new("/proc").join(qemu.trim()))
}

#[test]
fn nothing_survives_the_proxy() {
    if qemu_is_missing() {
        return;
    }
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGKILL] {
        let (mut running, qemu) = waiting();
        assert!(qemu.join("stat").exists(), "{}", qemu.display());
        running.signal(signal);
        assert_eq!(running.status().signal(), Some(signal));
        running.wait_until("end of QEMU", || !qemu.join("stat").exists() || is_zombie(&qemu));
    }
}

#[test]
fn the_proxy_does_not_outlive_qemu() {
    if qemu_is_missing() {
        return;
    }
    let (running, qemu) = waiting();
    let qemu: i32 = qemu.file_name().unwrap().to_str().unwrap().parse().unwrap();
    // SAFETY: a signal to our child's child, which that waits for.
    unsafe { libc::kill(qemu, libc::SIGKILL) };
    let output = running.wait();
    assert_eq!(output.status.code(), Some(125), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("QEMU ended"), "{}", text(&output.stderr));
}

/// Dead, and waiting for an init that reaps.
fn is_zombie(process: &Path) -> bool {
    std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| stat.contains(") Z "))
}
