//! The suite `isolation`: programs that try to leave their isle, and what SECURITY.md says they meet.
//!
//! What Landlock does is looked at where it is there; that nothing but what SECURITY.md names is lost without it, on a
//! Linux that is made to lack it. uhyve runs in the test bed, whose Linux gets what a case is about: a shell, a process to be reached.
//! Neighbours: `proxy/tests/proxy/{sandbox,qemu}.rs` look at the fences from the host's side.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::desk::{Desk, Expect};
use super::{ALL_ISLES, CliCase, PROCESS};
use crate::bed::kit;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lack::Lack;
use crate::launch::Outcome;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "isolation/every-system-call", isles: PROCESS, check: every_system_call },
    CliCase { name: "isolation/code-of-the-proxy", isles: ALL_ISLES, check: code_of_the_proxy },
    CliCase { name: "isolation/code-through-proc", isles: ALL_ISLES, check: code_through_proc },
    CliCase { name: "isolation/other-processes", isles: ALL_ISLES, check: other_processes },
    CliCase { name: "isolation/user-files", isles: ALL_ISLES, check: user_files },
    CliCase { name: "isolation/strict-files", isles: ALL_ISLES, check: strict_files },
    CliCase { name: "isolation/strict-bits", isles: ALL_ISLES, check: strict_bits },
    CliCase { name: "isolation/strict-environment", isles: ALL_ISLES, check: strict_environment },
    CliCase { name: "isolation/strict-descriptors", isles: PROCESS, check: strict_descriptors },
    CliCase { name: "isolation/network", isles: ALL_ISLES, check: network },
    CliCase { name: "isolation/memory", isles: PROCESS, check: memory },
    CliCase { name: "isolation/without-landlock", isles: ALL_ISLES, check: without_landlock },
];

const FAILED: u8 = abi::exit::Failure::Proxy as u8;
const SIGSYS: u8 = 128 + 31;

const EPERM: i32 = 1;
const ENOENT: i32 = 2;
const EACCES: i32 = 13;

fn build(desk: &Desk<'_>, name: &str) -> Result<PathBuf> {
    desk.build(Target::Hermit, &format!("isolation/{name}.c"))
}

fn said(outcome: &Outcome) -> (Option<u8>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (outcome.status, text(&outcome.stdout), text(&outcome.stderr))
}

/// Whether the level strict is kept where the desk is. What cannot be kept has to be refused, as by the bed's Linux 6.1, and then there is
/// nothing more to see.
fn keeps_strict(desk: &mut Desk<'_>) -> Result<bool> {
    if !has_landlock(desk)? {
        return Ok(false);
    }
    let image = build(desk, "names")?.into_os_string();
    let (status, stdout, stderr) = said(&desk.proxy(["--sandbox=strict".into(), image]).run()?);
    let is_refused = stderr.contains("HERMIT_SANDBOX=strict cannot be kept");
    if (status, is_refused, stdout.as_str()) != (Some(if is_refused { FAILED } else { 0 }), is_refused, "") {
        desk.fault(format!("strict: {status:?} {stdout}{stderr}"));
    }
    Ok(!is_refused)
}

/// Whether Linux has Landlock: a program of the host is told so by the proxy.
fn has_landlock(desk: &mut Desk<'_>) -> Result<bool> {
    let image = build(desk, "names")?;
    let (_, _, stderr) = said(&desk.proxy([image]).run()?);
    let missing = stderr.contains("without Landlock");
    if missing {
        desk.skip(Lack::Machine("this Linux has no Landlock".to_owned()));
    }
    Ok(!missing)
}

/// Every number that Linux has or will have soon, with all arguments -1: what passes is what the page of the isle
/// lists, and all else ends the program.
fn every_system_call(desk: &mut Desk<'_>) -> Result<()> {
    /// Linux itself lets these two pass every filter: they are its own (uretprobe and uprobe).
    const OF_LINUX: [u32; 2] = [335, 336];
    /// These do what they are for: the thread or process ends, or a signal frame is not there.
    const ENDINGS: [u32; 3] = [15, 60, 231];
    let page = desk.lab.root.join("docs/security/process.md");
    let page = std::fs::read_to_string(&page).with_context(|| page.display().to_string())?;
    let listed: Vec<(u32, String)> = page.lines().filter_map(row).collect();
    ensure!(listed.len() > 40, "{} system calls are listed", listed.len());
    let image = build(desk, "raw")?;
    for number in (0..=475).filter(|number| !OF_LINUX.contains(number) && !ENDINGS.contains(number)) {
        let launch = desk.proxy([image.clone().into_os_string(), number.to_string().into()]);
        let (status, stdout, stderr) = said(&launch.run()?);
        let when = listed.iter().find(|(listed, _)| *listed == number).map(|(_, when)| when.as_str());
        // With -1 no condition holds.
        let is_right = match when {
            Some("always") => status == Some(0) && stdout.starts_with("result "),
            Some("ENOSYS") => stdout == "result -38\n",
            _ => status == Some(SIGSYS) && stderr.contains(&format!("system call {number} is not allowed")),
        };
        if !is_right {
            desk.fault(format!("{number}, listed as {when:?}: status {status:?}, {stdout}{stderr}"));
        }
    }
    Ok(())
}

/// Number and condition in a row of the list in a page: `| 0 | read | always |`.
fn row(line: &str) -> Option<(u32, String)> {
    let mut cells = line.split('|').map(str::trim).skip(1);
    let number = cells.next()?.parse().ok()?;
    Some((number, cells.nth(1)?.to_owned()))
}

/// Whoever takes the proxy over gets no program to run: the file that a shell would write is not there.
fn code_of_the_proxy(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk, "overwrite")?.into_os_string();
    let mut launch = desk.proxy([image, "proxy".into()]);
    if launch.bed.is_some() {
        launch.needs = kit::program(Path::new("/bin/sh"))?;
    }
    let cwd = launch.cwd();
    let (status, stdout, stderr) = said(&launch.run()?);
    if cwd.join("escaped").exists() || stdout.contains("a shell ran") {
        desk.fault(format!("a shell ran on the host: {status:?} {stdout}{stderr}"));
    }
    Ok(())
}

fn code_through_proc(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk, "overwrite")?.into_os_string();
    for what in ["own", "proxy"] {
        let launch = desk.proxy([image.clone(), what.into()]);
        let expect = Expect { status: Some(1), stdout: "open: 13\n", stderr: &[] };
        desk.check(what, launch, expect)?;
    }
    Ok(())
}

/// What `HERMIT_NET`, `HERMIT_APP_PORT` and the level allow of the network.
fn network(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk, "network")?.into_os_string();
    let none = "socket 13\n";
    let all =
        |there: i32, port: u16| format!("socket 0\nhere 0\nthere {there}\ndatagram {there}\nport {port}\n");
    let cases: [(&[&str], String); 7] = [
        (&[], all(0, 8123)),
        (&["--net=host", "--publish=8124:8123"], all(0, 8124)),
        (&["--net=local"], all(EACCES, 8123)),
        (&["--net=127.0.0.0/8:*"], all(EACCES, 8123)),
        (&["--net=127.0.0.1:9,198.51.100.0/24"], all(0, 8123)),
        (&["--net=none"], none.into()),
        (&["--sandbox=strict"], none.into()),
    ];
    for (options, stdout) in cases {
        if options == ["--sandbox=strict"] && !keeps_strict(desk)? {
            continue;
        }
        let words = options.iter().map(OsString::from).chain([image.clone()]);
        let launch = desk.proxy(words);
        desk.check(&options.join(" "), launch, Expect { status: Some(0), stdout: &stdout, stderr: &[] })?;
    }
    Ok(())
}

/// What can be reached, and the error number of each.
type Attempts<'a> = &'a [(&'a str, String, i32)];

/// Tries all of them in a folder with these files, and returns how the folder was left.
fn attempt(desk: &mut Desk<'_>, options: &[&str], files: &[&str], attempts: Attempts<'_>) -> Result<PathBuf> {
    let image = build(desk, "reach")?.into_os_string();
    let mut words: Vec<OsString> = options.iter().map(OsString::from).chain([image]).collect();
    words.extend(attempts.iter().flat_map(|(what, path, _)| [what.into(), path.into()]));
    let expected: String = attempts.iter().map(|(what, _, errno)| format!("{what} {errno}\n")).collect();
    let launch = desk.proxy(words);
    let folder = launch.cwd();
    launch.prepare()?;
    for file in files.iter().map(|file| folder.join(file)) {
        std::fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        std::fs::write(file, "text")?;
    }
    let (status, stdout, stderr) = said(&launch.start()?.finish()?);
    if (status, &stdout) != (Some(0), &expected) {
        let paths: Vec<&str> = attempts.iter().map(|(_, path, _)| path.as_str()).collect();
        desk.fault(format!("of {paths:?} expected\n{expected}and got {status:?}\n{stdout}{stderr}"));
    }
    Ok(folder)
}

/// A process of the same user, which the program would reach without the fence: an ordinary child does. In the bed, where all
/// are root's, that is the first one.
fn other_processes(desk: &mut Desk<'_>) -> Result<()> {
    if !has_landlock(desk)? {
        return Ok(());
    }
    let pid = if desk.isle == Isle::Uhyve && desk.lab.bed.is_some() { 1 } else { std::process::id() };
    let of_mine = |name: &str| format!("/proc/{pid}/{name}");
    let hidden = |what, name: &str| (what, of_mine(name), ENOENT);
    // Where a link leads to is Landlock's to say.
    let denied = |what, name: &str| (what, of_mine(name), EACCES);
    attempt(
        desk,
        &[],
        &[],
        &[
            hidden("read", "mem"),
            hidden("both", "mem"),
            hidden("write", "oom_score_adj"),
            hidden("write", "coredump_filter"),
            denied("read", "root/etc/passwd"),
            denied("read", "cwd/Cargo.toml"),
            denied("both", "fd/0"),
        ],
    )
    .map(drop)
}

/// Any program of the user may: the level user is no more than that, and no less.
fn user_files(desk: &mut Desk<'_>) -> Result<()> {
    let may = |what, path: &str| (what, path.to_owned(), 0);
    let attempts = [
        may("both", "mine"),
        may("chmod", "mine"),
        may("times", "mine"),
        may("make", "made"),
        may("setuid", "made"),
        may("mkdir", "folder"),
        may("truncate", "mine"),
        may("unlink", "made"),
    ];
    let folder = attempt(desk, &[], &["mine"], &attempts)?;
    let mine = std::fs::read(folder.join("mine"))?;
    if !mine.is_empty() || !folder.join("folder").exists() || folder.join("made").exists() {
        desk.fault("it was not the user's folder");
    }
    Ok(())
}

/// Three folders beside each other: one to read, one to write, and one that nobody names.
const STRICT: &[&str] = &["--sandbox=strict", "--files=ro:read,rw:write"];
const FILES: &[&str] = &["read/file", "write/file", "none/file"];

fn strict_files(desk: &mut Desk<'_>) -> Result<()> {
    if !keeps_strict(desk)? {
        return Ok(());
    }
    let [read, write, none] = ["read/file", "write/file", "none/file"];
    let of = |what, path: &str, errno| (what, path.to_owned(), errno);
    let folder = attempt(
        desk,
        STRICT,
        FILES,
        &[
            of("read", read, 0),
            of("write", read, EACCES),
            of("both", read, EACCES),
            of("empty", read, EACCES),
            of("truncate", read, EACCES),
            of("unlink", read, EACCES),
            of("chmod", read, EPERM),
            of("chown", read, EPERM),
            of("times", read, EPERM),
            of("both", write, 0),
            of("truncate", write, 0),
            of("make", &format!("{write}-made"), 0),
            of("mkdir", &format!("{write}-folder"), 0),
            of("take", write, EACCES),
            of("unlink", write, 0),
            of("read", none, EACCES),
            of("write", none, EACCES),
            of("make", &format!("{none}-made"), EACCES),
            of("truncate", none, EACCES),
            of("unlink", none, EACCES),
            of("chmod", none, EPERM),
            of("times", none, EPERM),
            of("read", "/etc/passwd", EACCES),
            of("read", "/proc/self/maps", 0),
            of("both", "/proc/self/mem", EACCES),
            of("read", &format!("/proc/{}/environ", std::process::id()), ENOENT),
            of("read", "/proc/self/exe", 0),
        ],
    )?;
    for file in [read, none] {
        let left = std::fs::read_to_string(folder.join(file)).context(file)?;
        if left != "text" {
            desk.fault(format!("{file} has changed to {left}"));
        }
    }
    let image = build(desk, "names")?;
    let launch =
        desk.proxy(["--sandbox=strict".into(), "--files=ro:file-missing".into(), image.into_os_string()]);
    let expect = Expect {
        status: Some(FAILED),
        stdout: "",
        stderr: &["file-missing: No such file", "HERMIT_FILES names"],
    };
    desk.check("a file that is not there", launch, expect)?;
    Ok(())
}

/// No file with the bits that lend its owner's rights: not by chmod, not when it is made.
fn strict_bits(desk: &mut Desk<'_>) -> Result<()> {
    if !keeps_strict(desk)? {
        return Ok(());
    }
    let of = |what, path: &str, errno| (what, path.to_owned(), errno);
    let attempts = [
        of("setuid", "write/file", EPERM),
        of("setgid", "write/file", EPERM),
        of("make-setuid", "write/program", EPERM),
        of("mkdir", "write/folder", 0),
    ];
    let folder = attempt(desk, STRICT, FILES, &attempts)?;
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder.join("write/folder"))?.permissions().mode();
    if mode & 0o6000 != 0 || folder.join("write/program").exists() {
        desk.fault(format!("bits were set: {mode:o}"));
    }
    Ok(())
}

fn strict_environment(desk: &mut Desk<'_>) -> Result<()> {
    if !keeps_strict(desk)? {
        return Ok(());
    }
    let image = build(desk, "names")?.into_os_string();
    let launch = desk.proxy(["--sandbox=strict".into(), image.clone()]).env("SECRET", "1");
    desk.check("no variables", launch, Expect { status: Some(0), stdout: "", stderr: &[] })?;
    let words = ["--sandbox=strict".into(), "--env=NAMED,ABSENT".into(), image];
    let launch = desk.proxy(words).env("NAMED", "yes").env("NAMED_TOO", "no");
    desk.check("one variable", launch, Expect { status: Some(0), stdout: "NAMED\n", stderr: &[] })?;
    if desk.isle == Isle::Process {
        // As Linux shows it, which is the proxy's memory.
        let image = build(desk, "reach")?.into_os_string();
        let words = [
            "--sandbox=strict".into(),
            "--files=ro:/proc".into(),
            image,
            "print".into(),
            "/proc/self/environ".into(),
        ];
        let (_, stdout, stderr) = said(&desk.proxy(words).env("SECRET", "hidden-from-you").run()?);
        if !stdout.contains("print 0") || stdout.contains("hidden-from-you") {
            desk.fault(format!("the proxy's environment: {stdout}{stderr}"));
        }
    }
    Ok(())
}

/// Descriptors of the parent's, which code in the process isle can name behind the kernel's back.
fn strict_descriptors(desk: &mut Desk<'_>) -> Result<()> {
    if !keeps_strict(desk)? {
        return Ok(());
    }
    let image = build(desk, "raw")?;
    let (proxy, target) = (desk.lab.prefix.proxy(), desk.file("target", "")?);
    for (options, result, text) in [
        ("--sandbox=user", "result 5\n", "hello"),
        ("--sandbox=strict", "result -9\n", ""),
        ("--sandbox=strict --fds=8", "result -9\n", ""),
        ("--sandbox=strict --fds=7,8", "result 5\n", "hello"),
    ] {
        std::fs::write(&target, "")?;
        let (proxy, target, image) = (proxy.display(), target.display(), image.display());
        let line = format!("exec '{proxy}' {options} '{image}' 1 7 @hello 5 7>'{target}'");
        let launch = desk.command(Path::new("/bin/sh"), ["-c".to_owned(), line]);
        desk.check(options, launch, Expect { status: Some(0), stdout: result, stderr: &[] })?;
        let written = std::fs::read_to_string(target.to_string())?;
        if written != text {
            desk.fault(format!("{options}: {written:?} was written"));
        }
    }
    Ok(())
}

/// Memory that Linux gives behind the kernel's back (mmap(2) of 500 MiB) is bounded by HERMIT_MEM.
fn memory(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk, "raw")?.into_os_string();
    for (options, refused) in
        [(&[][..], false), (&["--mem=64M"], true), (&["--sandbox=strict", "--mem=64M"], true)]
    {
        let mut words: Vec<OsString> = options.iter().map(OsString::from).collect();
        words.push(image.clone());
        words.extend(["9", "0", "524288000", "3", "0x22", "-1", "0"].map(OsString::from));
        let (status, stdout, stderr) = said(&desk.proxy(words).run()?);
        if status != Some(0) || (stdout == "result -12\n") != refused {
            desk.fault(format!("{options:?}: {status:?} {stdout}{stderr}"));
        }
    }
    Ok(())
}

/// A Linux that answers ENOSYS to landlock_*: the user is told, strict does not run, and no system call more remains.
fn without_landlock(desk: &mut Desk<'_>) -> Result<()> {
    let without = desk.build(Target::Native, "isolation/without.c")?;
    let (raw, proxy) = (build(desk, "raw")?, desk.lab.prefix.proxy());
    let words = |more: &[&str]| -> Vec<OsString> {
        let first = ["444".into(), "446".into(), proxy.clone().into_os_string()];
        first.into_iter().chain(more.iter().map(OsString::from)).collect()
    };
    let raw = raw.display().to_string();
    let told = ["proxy: the sandbox is without Landlock (this Linux has none)"];
    let launch = desk.command(&without, words(&[&raw, "39"]));
    if desk.isle == Isle::Process {
        let outcome = launch.run()?;
        let (status, _, stderr) = said(&outcome);
        if status != Some(0) || !stderr.starts_with(told[0]) || stderr.lines().count() != 1 {
            desk.fault(format!("user: {status:?} {stderr}"));
        }
        for number in ["41", "57", "59", "62", "101"] {
            let launch = desk.command(&without, words(&[&raw, number]));
            desk.check(number, launch, Expect { status: Some(SIGSYS), stdout: "", stderr: &told })?;
        }
    } else {
        let names = build(desk, "names")?.display().to_string();
        let (status, _, stderr) = said(&desk.command(&without, words(&[&names])).run()?);
        if status != Some(0) || !stderr.starts_with(told[0]) || stderr.lines().count() != 1 {
            desk.fault(format!("user: {status:?} {stderr}"));
        }
    }
    let launch = desk.command(&without, words(&["--sandbox=strict", &raw, "39"]));
    let words = [
        "HERMIT_SANDBOX=strict cannot be kept: there is no Landlock (this Linux has none); take a Linux from 6.2",
    ];
    desk.check("strict", launch, Expect { status: Some(FAILED), stdout: "", stderr: &words })?;
    Ok(())
}
