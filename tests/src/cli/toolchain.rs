//! Bad input to the compiler driver and to elfedit, and what must not be found.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::desk::{Desk, Expect};
use super::{CliCase, NO_ISLE};
use crate::limited;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/gcc-identity", isles: NO_ISLE, check: identity },
    CliCase { name: "cli/gcc-bad-input", isles: NO_ISLE, check: bad_input },
    CliCase { name: "cli/gcc-no-host-compiler", isles: NO_ISLE, check: no_host_compiler },
    CliCase { name: "cli/gcc-shared", isles: NO_ISLE, check: shared },
    CliCase { name: "cli/gcc-no-host-leaks", isles: NO_ISLE, check: no_host_leaks },
    CliCase { name: "cli/link-unmarked", isles: NO_ISLE, check: link_unmarked },
    CliCase { name: "cli/link-absent", isles: NO_ISLE, check: link_absent },
    CliCase { name: "cli/elfedit", isles: NO_ISLE, check: elfedit },
];

const MAIN: &str = "int main(void) { return 0; }\n";

fn fails<'a>(words: &'a [&'a str]) -> Expect<'a> {
    Expect { status: None, stdout: "", stderr: words }
}

const SUCCEEDS: Expect<'static> = Expect { status: Some(0), stdout: "", stderr: &[] };

/// The compiler with words as arguments.
fn gcc(desk: &mut Desk<'_>, what: &str, args: &[&dyn AsRef<OsStr>], expect: Expect<'_>) -> Result<()> {
    let args: Vec<&OsStr> = args.iter().map(|&arg| arg.as_ref()).collect();
    let launch = desk.tool("gcc", args);
    desk.check(what, launch, expect)?;
    Ok(())
}

fn host_object(desk: &Desk<'_>, name: &str, source: &Path) -> Result<PathBuf> {
    let object = desk.folder().join(name);
    let mut gcc = Command::new("gcc");
    let output = limited::output(gcc.arg("-c").arg(source).arg("-o").arg(&object), limited::COMPILER);
    ensure!(output.context("cannot run gcc")?.status.success(), "gcc cannot compile {}", source.display());
    Ok(object)
}

fn identity(desk: &mut Desk<'_>) -> Result<()> {
    let machine = Expect { stdout: "x86_64-hermit\n", ..SUCCEEDS };
    gcc(desk, "-dumpmachine", &[&"-dumpmachine"], machine)?;
    let macros = desk.tool("gcc", ["-dM", "-E", "-x", "c", "/dev/null"]).run()?;
    let macros = String::from_utf8_lossy(&macros.stdout).into_owned();
    for absent in ["__linux__", "__linux", "linux", "__gnu_linux__"] {
        if macros.contains(&format!("#define {absent} ")) {
            desk.fault(format!("{absent} is defined"));
        }
    }
    if !macros.contains("#define __hermit__ 1\n") {
        desk.fault("__hermit__ is not defined to 1");
    }
    let source = desk.file("main.c", MAIN)?;
    let object = desk.folder().join("main.o");
    gcc(desk, "compile", &[&"-c", &source, &"-o", &object], SUCCEEDS)?;
    let image = desk.folder().join("main");
    gcc(desk, "link", &[&object, &"-o", &image], SUCCEEDS)?;
    for file in [object, image] {
        if fs::read(&file)?.get(7) != Some(&abi::elf::OSABI) {
            desk.fault(format!("{} is not marked", file.display()));
        }
    }
    Ok(())
}

fn bad_input(desk: &mut Desk<'_>) -> Result<()> {
    gcc(desk, "no input", &[], fails(&["no input files"]))?;
    gcc(desk, "missing source", &[&"missing.c"], fails(&["missing.c: No such file or directory"]))?;
    let right = desk.file("right.c", MAIN)?;
    let words = ["unrecognized command-line option '-fno-such-thing'"];
    gcc(desk, "unknown option", &[&"-fno-such-thing", &"-c", &right], fails(&words))?;
    let wrong = desk.file("wrong.c", "int main(void) { return undeclared; }\n")?;
    gcc(desk, "wrong source", &[&wrong], fails(&["'undeclared' undeclared"]))?;
    let unresolved =
        desk.file("unresolved.c", "int missing(void); int main(void) { return missing(); }\n")?;
    gcc(desk, "undefined symbol", &[&unresolved], fails(&["undefined reference to `missing'"]))?;
    if desk.folder().join("a.out").exists() {
        desk.fault("a failed link left a.out behind");
    }
    Ok(())
}

fn no_host_compiler(desk: &mut Desk<'_>) -> Result<()> {
    let source = desk.file("main.c", MAIN)?;
    let launch = desk.tool("gcc", [&source]).env("HERMIT_HOST_GCC", "/nowhere/gcc");
    desk.check("HERMIT_HOST_GCC", launch, fails(&["HERMIT_HOST_GCC=/nowhere/gcc: no such program"]))?;
    let launch = desk.tool("gcc", [&source]).env("PATH", "/nowhere");
    desk.check("no gcc in PATH", launch, fails(&["no gcc found in PATH", "apt install gcc"]))?;
    Ok(())
}

fn shared(desk: &mut Desk<'_>) -> Result<()> {
    let source = desk.file("main.c", MAIN)?;
    gcc(
        desk,
        "-shared",
        &[&"-shared", &"-fPIC", &source, &"-o", &"lib.so"],
        fails(&["no dynamic linker: -shared is not supported"]),
    )
}

/// Headers and libraries that the host's compiler finds are not there for ours.
fn no_host_leaks(desk: &mut Desk<'_>) -> Result<()> {
    for header in ["linux/version.h", "gnu/libc-version.h", "sys/inotify.h", "asm/unistd.h"] {
        let source = desk.file("header.c", format!("#include <{header}>\n{MAIN}"))?;
        host_takes(desk, &[&"-c", &source])?;
        let words = format!("{header}: No such file or directory");
        gcc(desk, header, &[&"-c", &source], fails(&[&words]))?;
    }
    let source = desk.file("main.c", MAIN)?;
    // Of libc6-dev, but for -lcrypt, which that depends on; -lutil and its kin are empty here, and others.
    for library in ["-lanl", "-lBrokenLocale", "-lcrypt"] {
        for statically in ["-static", "-g"] {
            host_takes(desk, &[&statically, &source, &library])?;
            let words = format!("cannot find {library}: No such file or directory");
            gcc(desk, library, &[&statically, &source, &library], fails(&[&words]))?;
        }
    }
    Ok(())
}

/// The host's compiler does what ours must not: else nothing would be shown.
fn host_takes(desk: &mut Desk<'_>, args: &[&dyn AsRef<OsStr>]) -> Result<()> {
    let output = desk.folder().join("of-the-host");
    let args = args.iter().map(|&arg| arg.as_ref()).chain(["-o".as_ref(), output.as_os_str()]);
    let launch = desk.command(Path::new("/usr/bin/gcc"), args.collect::<Vec<&OsStr>>());
    desk.check("the host's gcc", launch, SUCCEEDS).map(drop)
}

/// What is said of an object of the host, and what to do about it.
const CURE: &str = "x86_64-hermit-elfedit --output-osabi HermitCore";
const UNMARKED: [&str; 2] = ["part.o was not compiled for HermitCore", CURE];

fn link_unmarked(desk: &mut Desk<'_>) -> Result<()> {
    let part = desk.file("part.c", "int part(void) { return 7; }\n")?;
    let source = desk.file("main.c", "int part(void); int main(void) { return part() - 7; }\n")?;
    let object = host_object(desk, "part.o", &part)?;
    let image = desk.folder().join("main");
    gcc(desk, "unmarked object", &[&source, &object, &"-o", &image], fails(&UNMARKED))?;
    if image.exists() {
        desk.fault("a refused link left its image behind");
    }
    let archive = desk.folder().join("libpart.a");
    let mut ar = Command::new("ar");
    let output = limited::output(ar.arg("rcs").arg(&archive).arg(&object), limited::COMPILER);
    ensure!(output.context("cannot run ar")?.status.success(), "ar cannot make {}", archive.display());
    gcc(
        desk,
        "unmarked member",
        &[&source, &archive, &"-o", &image],
        fails(&["libpart.a(part.o) was not compiled for HermitCore", CURE]),
    )?;
    let launch =
        desk.tool("elfedit", [OsString::from("--output-osabi"), "HermitCore".into(), object.clone().into()]);
    desk.check("the cure", launch, SUCCEEDS)?;
    gcc(desk, "the cured object", &[&source, &object, &"-o", &image], SUCCEEDS)
}

/// What the kernel cannot do is not there when a configure script tries to link it.
fn link_absent(desk: &mut Desk<'_>) -> Result<()> {
    for function in ["fork", "vfork", "execve", "execvp", "posix_spawn", "popen"] {
        let source = desk.file(
            "absent.c",
            format!("char {function}(void); int main(void) {{ return {function}(); }}\n"),
        )?;
        let words = format!("undefined reference to `{function}'");
        gcc(desk, function, &[&"-fno-builtin", &source, &"-o", &"absent"], fails(&[&words]))?;
    }
    Ok(())
}

fn elfedit(desk: &mut Desk<'_>) -> Result<()> {
    let source = desk.file("main.c", MAIN)?;
    let object = host_object(desk, "main.o", &source)?;
    let text = desk.file("text.o", "not an object\n")?;
    let edit = |desk: &mut Desk<'_>, what: &str, args: &[&Path], expect: Expect<'_>| -> Result<()> {
        let words = ["--output-osabi", "HermitCore"].map(OsString::from);
        let launch = desk.tool("elfedit", words.into_iter().chain(args.iter().map(|path| (*path).into())));
        desk.check(what, launch, expect)?;
        Ok(())
    };
    edit(desk, "no object", &[&text], fails(&["text.o: neither an ELF file nor an archive"]))?;
    if fs::read(&text)? != b"not an object\n" {
        desk.fault("a file that is no object was changed");
    }
    edit(
        desk,
        "no file",
        &[Path::new("missing.o")],
        fails(&["missing.o: cannot open: No such file or directory"]),
    )?;
    edit(desk, "no files", &[], fails(&["no files"]))?;
    let before = fs::read(&object)?;
    let launch =
        desk.tool("elfedit", ["--output-osabi".into(), "Plan9".into(), object.clone().into_os_string()]);
    desk.check("unknown OSABI", launch, fails(&["unknown OSABI 'Plan9'"]))?;
    if fs::read(&object)? != before {
        desk.fault("an object was changed by a command that failed");
    }
    edit(desk, "an object", &[&object], SUCCEEDS)?;
    let mut expected = before;
    expected[7] = abi::elf::OSABI;
    if fs::read(&object)? != expected {
        desk.fault("marking changed more, or less, than the OSABI byte");
    }
    Ok(())
}
