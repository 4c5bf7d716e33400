//! The qemu isle; its tests need qemu-system-x86_64 (package qemu-system-x86).

use crate::build::{guest, proxy, run, text};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn qemu_is_missing() -> bool {
    let missing = Command::new("qemu-system-x86_64").arg("--version").output().is_err();
    if missing {
        eprintln!("skipped: no qemu-system-x86_64 (package qemu-system-x86)");
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
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b", and an echo\n").unwrap();
        let output = child.wait_with_output().unwrap();
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
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut text_of_guest = [0; 14];
    child.stdout.as_mut().unwrap().read_exact(&mut text_of_guest).unwrap();
    assert_eq!(&text_of_guest, b"hello from pvh");
    child.stdin.take().unwrap().write_all(b", later\n").unwrap();
    let output = child.wait_with_output().unwrap();
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

/// A proxy whose guest waits for input, and its QEMU's folder in /proc.
fn waiting() -> (Child, PathBuf) {
    let mut command = proxy();
    command.args(["--isle", "qemu"]).arg(guest("qemu.S", &[]));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut text = [0; 14];
    child.stdout.as_mut().unwrap().read_exact(&mut text).unwrap();
    assert_eq!(&text, b"hello from pvh");
    let qemu = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap();
    (child, Path::new("/proc").join(qemu.trim()))
}

#[test]
fn nothing_survives_the_proxy() {
    if qemu_is_missing() {
        return;
    }
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGKILL] {
        let (mut child, qemu) = waiting();
        assert!(qemu.join("stat").exists(), "{}", qemu.display());
        // SAFETY: a signal to our own child.
        unsafe { libc::kill(child.id() as i32, signal) };
        assert_eq!(child.wait().unwrap().signal(), Some(signal));
        let deadline = Instant::now() + Duration::from_secs(5);
        while qemu.join("stat").exists() && !is_zombie(&qemu) {
            assert!(Instant::now() < deadline, "QEMU outlives the proxy after signal {signal}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn the_proxy_does_not_outlive_qemu() {
    if qemu_is_missing() {
        return;
    }
    let (mut child, qemu) = waiting();
    let stdin = child.stdin.take();
    let qemu: i32 = qemu.file_name().unwrap().to_str().unwrap().parse().unwrap();
    // SAFETY: a signal to our child's child, which that waits for.
    unsafe { libc::kill(qemu, libc::SIGKILL) };
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!(output.status.code(), Some(125), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("QEMU ended"), "{}", text(&output.stderr));
}

/// Dead, and waiting for an init that reaps.
fn is_zombie(process: &Path) -> bool {
    std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| stat.contains(") Z "))
}
