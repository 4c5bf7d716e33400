//! Files that are no images, and bad options: status and one line.

use crate::build::{guest, proxy, run, text};
use std::path::{Path, PathBuf};

fn refused(path: &Path, status: i32, words: &str) {
    let output = run(proxy().arg(path));
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{complaint}");
    assert!(complaint.starts_with(&format!("proxy: {}: ", path.display())), "{complaint}");
    assert!(complaint.contains(words), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}

fn changed(name: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let mut bytes = std::fs::read(guest("process.c", &[])).unwrap();
    change(&mut bytes);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn files_that_are_no_images() {
    refused(Path::new("/no/such/file"), 127, "no such file");
    refused(Path::new("/etc"), 126, "directory");
    refused(Path::new("/dev/null"), 126, "not a regular file");
    refused(Path::new("/bin/sh"), 126, "Linux program");
    refused(&changed("script", |bytes| *bytes = b"#!/bin/sh\n".to_vec()), 126, "script");
    refused(&changed("empty", Vec::clear), 126, "empty");
    refused(&changed("short", |bytes| bytes.truncate(4200)), 126, "truncated");
    refused(&changed("narrow", |bytes| bytes[4] = 1), 126, "32-bit");
    refused(&changed("alien", |bytes| bytes[7] = 9), 126, "another system");
    let newer = changed("newer", |bytes| {
        let at = bytes.windows(11).position(|window| window == b"HermitCore\0").unwrap();
        bytes[at + 12] = 9;
    });
    let known = format!("versions 1 to {}", abi::elf::ABI_VERSION);
    refused(&newer, 126, &format!("needs ABI version 9, and this proxy knows {known}"));
}

#[test]
fn bad_options() {
    for (name, value, words) in [
        ("HERMIT_ISLE", "mars", "HERMIT_ISLE: give auto, process, uhyve, qemu"),
        ("HERMIT_ISLE", "0", "not there yet"),
        (
            "HERMIT_MEM",
            "abc",
            "HERMIT_MEM: give a number with an optional unit K, M, G or T, such as 512M or 2G",
        ),
        ("HERMIT_MEM", "1M", "at least 16M"),
        ("HERMIT_CPUS", "0", "at least 1"),
        ("HERMIT_CPUS", "x", "such as 0-3,6"),
        ("HERMIT_VERBOSE", "perhaps", "HERMIT_VERBOSE: give 1 or 0"),
        ("HERMIT_KVM", "", "HERMIT_KVM"),
        ("HERMIT_HUGE_PAGES", "x", "--huge-pages or HERMIT_HUGE_PAGES: give 1 or 0"),
    ] {
        let output = run(proxy().env(name, value).arg(guest("process.c", &[])));
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(125), "{name}={value}: {complaint}");
        assert!(complaint.starts_with("proxy: ") && complaint.contains(words), "{name}={value}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
    for option in ["--foo", "--no-such", "-x"] {
        let output = run(proxy().arg(option).arg(guest("process.c", &[])));
        let complaint = text(&output.stderr);
        assert_eq!(output.status.code(), Some(125), "{option}: {complaint}");
        assert!(complaint.contains(&format!("unknown option {option}")), "{complaint}");
    }
    let output = run(&mut proxy());
    assert_eq!(output.status.code(), Some(125));
    assert!(text(&run(proxy().arg("--version")).stdout).starts_with("proxy "));
    assert!(text(&run(proxy().arg("--help")).stdout).contains("HERMIT_ISLE"));
}

/// Where KVM only emulates, who asks for uhyve learns so as who asks whether it works.
#[test]
fn a_kvm_that_emulates_runs_nothing() {
    let probe = run(proxy().arg("--probe"));
    let why = text(&probe.stdout);
    if !why.contains("emulates") {
        tests::lack::Lack::Installed("no KVM that emulates".into()).skip();
        return;
    }
    for _ in 0..2 {
        let output = run(proxy().args(["--isle", "uhyve"]).arg(guest("process.c", &[])).arg("status"));
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(125), String::new()));
        assert_eq!(text(&output.stderr), format!("proxy: {why}"));
    }
}

/// One line, and the program runs.
#[test]
fn variables_that_nobody_knows_are_told() {
    let mut command = proxy();
    command.env("HERMIT_CPU", "1").env("HERMIT_HOST_GCC", "gcc");
    let output = run(command.arg(guest("process.c", &[])).arg("status"));
    assert_eq!(output.status.code(), Some(0x42));
    let told = "proxy: unknown in the environment: HERMIT_CPU (meant HERMIT_CPUS?); see proxy --help\n";
    assert_eq!(text(&output.stderr), told);
}
