//! The qemu isle; its tests need qemu-system-x86_64 (package qemu-system-x86).

use crate::build::{guest, proxy, run, text as text_of};
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
        assert_eq!(
            text_of(&output.stdout),
            "hello from pvh, and an echo\n",
            "{mem}: {}",
            text_of(&output.stderr)
        );
        assert_eq!((output.status.code(), text_of(&output.stderr)), (Some(33), String::new()), "{mem}");
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
    assert_eq!(text_of(&output.stdout), ", later\n", "{}", text_of(&output.stderr));
    assert_eq!((output.status.code(), text_of(&output.stderr)), (Some(33), String::new()));
}

#[test]
fn a_triple_fault_is_told() {
    if qemu_is_missing() {
        return;
    }
    let output = run(proxy().args(["--isle", "qemu"]).arg(guest("qemu.S", &["-DRESET"])));
    let stderr = text_of(&output.stderr);
    assert_eq!(output.status.code(), Some(134), "{stderr}");
    assert!(stderr.contains("triple fault") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn what_is_missing_is_named() {
    let output =
        run(proxy().env("HERMIT_ISLE", "qemu").env("HERMIT_QEMU", "/no/qemu").arg(guest("qemu.S", &[])));
    let stderr = text_of(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{stderr}");
    assert!(stderr.contains("/no/qemu") && stderr.contains("apt install qemu-system-x86"), "{stderr}");
    let output =
        run(proxy().env("HERMIT_ISLE", "qemu").env("HERMIT_QEMU", "/bin/false").arg(guest("qemu.S", &[])));
    assert_eq!(output.status.code(), Some(125), "{}", text_of(&output.stderr));
    let output = run(proxy().env("HERMIT_ISLE", "qemu").arg(guest("process.c", &[])));
    assert!(text_of(&output.stderr).contains("no PVH note"), "{}", text_of(&output.stderr));
}

/// A program in the place of QEMU.
fn script(folder: &Path, text: &str) -> PathBuf {
    let script = folder.join("qemu");
    std::fs::write(&script, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    script
}

/// What a QEMU says that is this script, which may not write to files.
fn said_by(text: &str, prepare: impl FnOnce(&mut Command) -> &mut Command) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), &format!("{text}; exit 3"));
    let mut command = proxy();
    command.args(["--isle", "qemu", "--qemu"]).arg(script);
    let output = run(prepare(&mut command).arg(guest("qemu.S", &[])));
    assert_eq!(output.status.code(), Some(125), "{}", text_of(&output.stderr));
    text_of(&output.stderr)
}

#[test]
fn kvm_is_taken_only_if_asked_for() {
    for (options, accelerator) in
        [(&[][..], "-accel tcg"), (&["--kvm=0"], "-accel tcg"), (&["--kvm"], "-accel kvm")]
    {
        let said = said_by("echo \"$@\" >&2", |proxy| proxy.args(options));
        assert!(said.contains(accelerator), "{options:?}: {said}");
        assert!(
            said.contains("-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
        );
    }
}

/// RAM, the image and three lines beside the standard streams, and no secret.
#[test]
fn qemu_inherits_what_it_needs_and_nothing_else() {
    let open = rustix::fs::open("/dev/zero", rustix::fs::OFlags::RDONLY, rustix::fs::Mode::empty()).unwrap();
    assert_eq!(rustix::io::fcntl_getfd(&open).unwrap(), rustix::io::FdFlags::empty());
    let tell =
        "for fd in /proc/$$/fd/*; do readlink $fd; done >&2; env >&2; grep NoNewPrivs /proc/self/status >&2";
    let said = said_by(tell, |proxy| proxy.env("SECRET_TOKEN", "x").env("LD_LIBRARY_PATH", "/nowhere"));
    let count = |part: &str| said.matches(part).count();
    assert_eq!((count("/dev/zero"), count("socket:"), count("memfd:")), (0, 3, 1), "{said}");
    assert_eq!((count("SECRET_TOKEN"), count("LD_LIBRARY_PATH=/nowhere")), (0, 1), "{said}");
    assert!(said.contains("NoNewPrivs: 1"), "{said}");
}

/// It is confined before it is executed: by Landlock, where that is there.
#[test]
fn qemu_writes_no_file_and_reaches_no_process() {
    if !crate::sandbox::has_landlock() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let tries = format!("echo x > {}; kill -0 {} || echo no signal >&2", file.display(), std::process::id());
    let said = said_by(&tries, |proxy| proxy);
    assert!(!file.exists() && said.to_lowercase().contains("permission denied"), "{said}");
    assert!(said.contains("no signal"), "{said}");
    assert_eq!(
        said_by("cat /etc/hostname >/dev/null && echo read >&2", |proxy| proxy).matches("read").count(),
        1
    );
}

/// All threads of the proxy, and QEMU's, are behind filters while the program runs.
#[test]
fn every_thread_is_confined() {
    if qemu_is_missing() {
        return;
    }
    let (running, qemu) = waiting();
    for process in [PathBuf::from(format!("/proc/{}", running.id())), qemu] {
        let tasks = std::fs::read_dir(process.join("task")).unwrap();
        let mut count = 0;
        for task in tasks {
            let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
            let of = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            assert_eq!((of("Seccomp:"), of("NoNewPrivs:")), (Some("2"), Some("1")), "{status}");
            count += 1;
        }
        assert!(count > 1, "{}", process.display());
    }
    assert_eq!(running.end_after(b", and an echo\n").status.code(), Some(33));
}

#[test]
fn a_qemu_without_seccomp_is_told_and_refused_by_strict() {
    if qemu_is_missing() {
        return;
    }
    const TEXT: &str = "case \"$*\" in *-sandbox*) echo 'qemu: -sandbox support is not enabled in this QEMU binary' >&2; exit 1; esac; \
                        exec qemu-system-x86_64 \"$@\"";
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), TEXT);
    let image = guest("qemu.S", &[]);
    let mut command = proxy();
    command.args(["--isle", "qemu", "--qemu"]).arg(&script);
    let output = Running::start(command.arg(&image)).end_after(b", and an echo\n");
    assert_eq!(output.status.code(), Some(33));
    let stderr = text_of(&output.stderr);
    assert!(stderr.contains("built without seccomp") && stderr.lines().count() == 1, "{stderr}");
    let mut command = proxy();
    command.args(["--sandbox=strict", "--isle=qemu", "--qemu"]).arg(&script);
    let output = run(command.arg(&image));
    let stderr = text_of(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{stderr}");
    assert!(stderr.contains("strict cannot be kept: this QEMU was built without seccomp"), "{stderr}");
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
    assert_eq!(output.status.code(), Some(125), "{}", text_of(&output.stderr));
    assert!(text_of(&output.stderr).contains("QEMU ended"), "{}", text_of(&output.stderr));
}

/// Dead, and waiting for an init that reaps.
fn is_zombie(process: &Path) -> bool {
    std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| stat.contains(") Z "))
}
