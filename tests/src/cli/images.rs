//! Files that are no images, or not good ones.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;

use super::desk::{Desk, Expect, tool_panicked};
use super::{ALL_ISLES, CliCase, PROCESS, patch};
use crate::compiler::Target;
use crate::isle::Isle;
use crate::launch::Input;

const HELLO: &str = "c/hello.c";

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/good-image", isles: ALL_ISLES, check: good },
    CliCase { name: "cli/no-such-file", isles: ALL_ISLES, check: no_such_file },
    CliCase { name: "cli/not-an-image", isles: PROCESS, check: not_an_image },
    CliCase { name: "cli/foreign-elf", isles: PROCESS, check: foreign_elf },
    CliCase { name: "cli/truncated-image", isles: PROCESS, check: truncated },
    CliCase { name: "cli/newer-abi", isles: ALL_ISLES, check: newer_abi },
    CliCase { name: "cli/older-abi", isles: PROCESS, check: older_abi },
    CliCase { name: "cli/no-abi-note", isles: PROCESS, check: no_note },
    CliCase { name: "cli/image-changed-while-it-runs", isles: &[Isle::Process, Isle::Qemu], check: changed },
    CliCase { name: "cli/hostile-headers", isles: PROCESS, check: hostile_headers },
];

/// Refused before it ran, with these words.
fn refused<'a>(status: u8, words: &'a [&'a str]) -> Expect<'a> {
    Expect { status: Some(status), stdout: "", stderr: words }
}

fn check_refused(desk: &mut Desk<'_>, what: &str, file: &Path, words: &[&str]) -> Result<()> {
    let launch = desk.proxy([file]);
    let name = file.display().to_string();
    let words: Vec<&str> = words.iter().copied().chain([name.as_str()]).collect();
    desk.check(what, launch, refused(abi::exit::Failure::NotAnImage as u8, &words))?;
    Ok(())
}

fn good(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, HELLO)?;
    let expect = Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[] };
    let launch = desk.proxy([&image]);
    let outcome = desk.check("hello", launch, expect)?;
    if !outcome.stderr.is_empty() {
        desk.fault(format!(
            "hello: standard error is not empty: {}",
            String::from_utf8_lossy(&outcome.stderr)
        ));
    }
    let launch = desk.proxy([&image]).env("HERMIT_VERBOSE", "1");
    let outcome = desk.check("hello, verbose", launch, expect)?;
    if outcome.stderr.is_empty() {
        desk.fault("HERMIT_VERBOSE=1 shows no log on standard error");
    }
    Ok(())
}

fn no_such_file(desk: &mut Desk<'_>) -> Result<()> {
    let launch = desk.proxy(["/nowhere/image", "argument"]);
    desk.check(
        "no such folder",
        launch,
        refused(abi::exit::Failure::NotFound as u8, &["/nowhere/image: no such file"]),
    )?;
    let launch = desk.proxy(["not-here"]);
    desk.check(
        "no such file",
        launch,
        refused(abi::exit::Failure::NotFound as u8, &["not-here: no such file"]),
    )?;
    let launch = desk.proxy([""]);
    desk.check(
        "an empty name",
        launch,
        refused(abi::exit::Failure::NotFound as u8, &["proxy: : no such file"]),
    )?;
    Ok(())
}

fn not_an_image(desk: &mut Desk<'_>) -> Result<()> {
    let folder = desk.folder().to_owned();
    check_refused(desk, "a directory", &folder, &["is a directory; name an image"])?;
    let script = desk.file("script", "#!/bin/sh\necho hello\n")?;
    check_refused(desk, "a script", &script, &["is not an ELF file but a script; "])?;
    let empty = desk.file("empty", "")?;
    check_refused(desk, "an empty file", &empty, &["is not an ELF file but empty; "])?;
    let noise: Vec<u8> = (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let noise = desk.file("noise", noise)?;
    check_refused(desk, "noise", &noise, &["is not an ELF file but other data; "])?;
    check_refused(desk, "a device", Path::new("/dev/null"), &["is not a regular file; "])?;
    check_refused(desk, "an endless device", Path::new("/dev/zero"), &["is not a regular file; "])
}

fn foreign_elf(desk: &mut Desk<'_>) -> Result<()> {
    let linux = desk.build(Target::Native, HELLO)?;
    check_refused(desk, "a Linux program", &linux, &["is a Linux program"])?;
    check_refused(desk, "a dynamic Linux program", Path::new("/bin/true"), &["is a Linux program"])?;
    let image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    for (what, offset, value, words) in [
        ("a 32-bit image", patch::EI_CLASS, 1, "is a 32-bit program; "),
        ("a big-endian image", patch::EI_DATA, 2, "is damaged: "),
        (
            "an image of another machine",
            patch::E_MACHINE,
            183,
            "is built for another CPU (ELF machine 183); ",
        ),
        ("an object", patch::E_TYPE, 1, "and not a linked image; "),
        ("an image without our mark", patch::EI_OSABI, 3, "is a Linux program (ELF OSABI 3)"),
        ("an image of another system", patch::EI_OSABI, 9, "another system (ELF OSABI 9, an image has 66); "),
    ] {
        let mut bytes = image.clone();
        bytes[offset] = value;
        let file = desk.file("changed", bytes)?;
        check_refused(desk, what, &file, &[words])?;
    }
    Ok(())
}

fn truncated(desk: &mut Desk<'_>) -> Result<()> {
    let image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    let loaded = patch::loaded_bytes(&image)?;
    for len in [1, 4, 16, 63, 64, 100, 200, 1000, loaded / 2, loaded - 1] {
        let file = desk.file("truncated", &image[..len])?;
        // From the fourth byte on it is known to be ELF.
        let words = if len < 4 { "is not an ELF file but other data; " } else { "is truncated: " };
        check_refused(desk, &format!("the first {len} bytes"), &file, &[words])?;
    }
    Ok(())
}

fn newer_abi(desk: &mut Desk<'_>) -> Result<()> {
    let mut image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    let note = patch::abi_note(&image)?;
    image[note..note + 4].copy_from_slice(&4711u32.to_le_bytes());
    let file = desk.file("newer", image)?;
    let newest = abi::elf::ABI_VERSION;
    let words =
        format!("needs ABI version 4711, and this proxy knows versions 1 to {newest}; upgrade libhermit");
    check_refused(desk, "a newer image", &file, &[&words])
}

/// Runs as ever, on as many vCPUs as kernels knew then.
fn older_abi(desk: &mut Desk<'_>) -> Result<()> {
    let mut image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    let note = patch::abi_note(&image)?;
    image[note..note + 4].copy_from_slice(&1u32.to_le_bytes());
    let file = desk.file("older", image)?;
    let launch = desk.proxy([&file]).env("HERMIT_CPUS", "64");
    desk.check("64 vCPUs", launch, Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[] })?;
    let launch = desk.proxy([&file]).env("HERMIT_CPUS", "65");
    let words = ["HERMIT_CPUS wants 65 vCPUs, and the kernel in this image takes at most 64; "];
    desk.check("65 vCPUs", launch, refused(abi::exit::Failure::Proxy as u8, &words))?;
    Ok(())
}

fn no_note(desk: &mut Desk<'_>) -> Result<()> {
    let mut image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    let note = patch::abi_note(&image)?;
    image[note - 4 - abi::elf::NOTE_NAME.len()] = b'?'; // somebody else's note now
    let file = desk.file("unnamed", image)?;
    check_refused(desk, "an image without note", &file, &["has no HermitCore ABI note; "])
}

/// The image is its user's file: written to, cut off, replaced or removed, it harms no program that runs. One that fails then has
/// a report without names, since those would be another image's.
fn changed(desk: &mut Desk<'_>) -> Result<()> {
    let image = fs::read(desk.build(Target::Hermit, "cli/outlives.c")?)?;
    type Change = fn(&Path, &Path) -> std::io::Result<()>;
    let changes: [(&str, Change); 4] = [
        ("written to", |path, _| fs::write(path, vec![0xcc; fs::metadata(path)?.len() as usize])),
        ("cut off", |path, _| fs::write(path, "")),
        ("replaced", |path, other| fs::rename(other, path)),
        ("removed", |path, _| fs::remove_file(path)),
    ];
    for (what, change) in changes {
        for (how, status) in [("ends", 7), ("aborts", 134)] {
            let path = desk.file("image", &image)?;
            let other = desk.file("other", "something else")?;
            let mut launch = desk.proxy([path.as_os_str(), how.as_ref()]);
            launch.stdin = Input::Silence;
            let rerun = launch.shell_line();
            launch.prepare()?;
            let mut running = launch.start()?;
            ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
            change(&path, &other)?;
            running.signal(Signal::USR1)?;
            let outcome = running.finish()?;
            let words: &[&str] = match (how, what) {
                ("ends", _) => &[],
                (_, "written to" | "cut off") => {
                    &["ended by SIGABRT", "no backtrace: the image's file has been changed"]
                }
                _ => &["ended by SIGABRT", "main"],
            };
            let expect = Expect {
                status: Some(status),
                stdout: "ready\nfresh code and constants: 5050\n",
                stderr: words,
            };
            desk.judge(&format!("{what}, {how}"), &rerun, &outcome, expect);
        }
    }
    Ok(())
}

/// Each field of each program header with each extreme value: refused by the proxy, run as if nothing had happened (some
/// fields do not matter), or failed as a guest, with a report (its kernel reads its own headers). The proxy never crashes.
fn hostile_headers(desk: &mut Desk<'_>) -> Result<()> {
    let image = fs::read(desk.build(Target::Hermit, HELLO)?)?;
    let extremes = [1, 0xfff, 1 << 20, 1 << 31, 1 << 36, 1 << 47, u64::MAX - 0xfff, u64::MAX];
    for header in patch::program_headers(&image)? {
        for field in patch::PROGRAM_HEADER_FIELDS {
            for value in extremes {
                let mut bytes = image.clone();
                bytes[header + field..header + field + 8].copy_from_slice(&value.to_le_bytes());
                let file = desk.file("hostile", bytes)?;
                hostile(desk, &format!("program header at {header}, field {field} = {value:#x}"), &file)?;
            }
        }
    }
    for field in [patch::E_PHOFF, patch::E_ENTRY] {
        for value in extremes {
            let mut bytes = image.clone();
            bytes[field..field + 8].copy_from_slice(&value.to_le_bytes());
            let file = desk.file("hostile", bytes)?;
            hostile(desk, &format!("header field {field} = {value:#x}"), &file)?;
        }
    }
    Ok(())
}

fn hostile(desk: &mut Desk<'_>, what: &str, file: &Path) -> Result<()> {
    let mut launch = desk.proxy([file]).env("HERMIT_MEM", "64M");
    // A guest without its own data may loop for ever; that is its right.
    launch.timeout = Duration::from_secs(5);
    let rerun = launch.shell_line();
    let outcome = launch.run()?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let reported = stderr.starts_with("proxy: ") || stderr.contains(&*file.to_string_lossy());
    let survived = outcome.status.is_none_or(|status| status < 128) || reported;
    if !survived || tool_panicked(&outcome.stderr) || !outcome.left_processes.is_empty() {
        desk.fault(format!("{what}: status {:?}, {}\nrerun: {rerun}", outcome.status, stderr.trim_end()));
    }
    Ok(())
}
