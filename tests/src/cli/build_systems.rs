//! Build systems with the files that we install for them, compilers that share a program, and the command `hermit`.
//!
//! Each case is a shell script in `tests/build-systems`: it finds the sources beside it (`INPUT`), the tree (`PREFIX`),
//! and the tree's tools first in `PATH`; it must succeed and print what its row says.

use std::path::Path;

use anyhow::Result;

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "build/autoconf", isles: PROCESS, check: autoconf },
    CliCase { name: "build/cargo", isles: PROCESS, check: cargo },
    CliCase { name: "build/cmake", isles: PROCESS, check: cmake },
    CliCase { name: "build/go", isles: PROCESS, check: go },
    CliCase { name: "build/hermit", isles: PROCESS, check: hermit },
    CliCase { name: "build/launchers", isles: PROCESS, check: launchers },
    CliCase { name: "build/meson", isles: PROCESS, check: meson },
    CliCase { name: "build/modules", isles: PROCESS, check: modules },
    CliCase { name: "build/openmp", isles: PROCESS, check: openmp },
    CliCase { name: "build/pkg-config", isles: PROCESS, check: pkg_config },
];

/// What the program of these cases prints.
const ANSWER: &str = "value 42, root 42\n";

fn autoconf(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "autoconf", &format!("hermit-configure: ./config.sub knows x86_64-hermit now\n{ANSWER}"))
}

fn cargo(desk: &mut Desk<'_>) -> Result<()> {
    let run = "[\"one\", \"two\"], twice 21 is 42\n332833500\n6000 [7, 8, 9, 10] 7\n[0, 1, 2] Err(Disconnected)\n\
        [\"file\", \"inner\"] Ok(\"text\") 4\nSome(NotFound)\nthere and back\ntrue\ntrue\ntrue\n";
    script(desk, "cargo", &format!("{run}test result: ok. 2 passed\n[], twice 21 is 42\n"))
}

fn cmake(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "cmake", &per_compiler())
}

fn go(desk: &mut Desk<'_>) -> Result<()> {
    let runs = "process, 1: the same\nprocess, 2: the same\nprocess, 4: the same\nqemu: the same\n";
    let ends =
        "status 2\ninvalid memory address\nmain.main()\nfork/exec /bin/true: function not implemented\n";
    let echo = "GET /x?y=z HTTP/1.1\nHeader[\"Accept\"] = [\"*/*\"]\nHeader[\"User-Agent\"] = [\"curl\"]\n\
        Host = \"127.0.0.1:PORT\"\nForm[\"y\"] = [\"z\"]\nqemu: the same\n";
    let tool = "exit status 7\n[one] linux amd64\n--- PASS: TestRoot\n--- PASS: TestSumInParallel\nPASS\n\
        x86_64-hermit-go: error: -race: the race detector is a library for Linux alone\nnote: leave the flag out\n\
        status 1\n";
    script(desk, "go", &format!("{runs}{ends}{echo}{tool}"))
}

fn hermit(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "hermit", "x86_64-hermit\nok\tisle process\truns\t\n42\n")
}

fn launchers(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "launchers", &per_compiler())
}

fn meson(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "meson", ANSWER)
}

fn modules(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "modules", "x86_64-hermit\n")
}

fn openmp(desk: &mut Desk<'_>) -> Result<()> {
    let one = "threads: 4\nshared: 500500 by 250 250 250 250\ncounted: 4000\n";
    script(desk, "openmp", &one.repeat(3))
}

fn pkg_config(desk: &mut Desk<'_>) -> Result<()> {
    script(desk, "pkg-config", "-lmine -lm -lhermit\n")
}

/// gcc's answer, and clang's where the host has one.
fn per_compiler() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_clang = |name: &str| name == "clang" || name.strip_prefix("clang-").is_some_and(is_number);
    let has_clang = std::env::split_paths(&path)
        .filter_map(|folder| folder.read_dir().ok())
        .flatten()
        .flatten()
        .any(|entry| is_clang(&entry.file_name().to_string_lossy()));
    ANSWER.repeat(if has_clang { 2 } else { 1 })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn script(desk: &mut Desk<'_>, name: &str, stdout: &str) -> Result<()> {
    let input = desk.lab.root.join("tests/build-systems");
    let prefix = desk.lab.prefix.clone();
    let file = input.join(name).with_extension("sh");
    let path = std::env::var("PATH").unwrap_or_default();
    let launch = desk
        .command(Path::new("/bin/sh"), [file])
        .env("INPUT", &input.display().to_string())
        .env("PREFIX", &prefix.root().display().to_string())
        .env("PATH", &format!("{}:{path}", prefix.bin().display()));
    desk.check(name, launch, Expect { status: Some(0), stdout, stderr: &[] }).map(drop)
}
