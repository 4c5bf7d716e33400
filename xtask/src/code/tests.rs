//! A workspace in small, of which one file after the other is changed.

use super::*;
use crate::files::write;

const STEP: &str = "xtask/src/steps/libc/mod.rs";

const FILES: [(&str, &str); 14] = [
    ("xtask/src/lib.rs", "mod tool; mod verb; fn main() { verb::run() }"),
    ("xtask/src/verb.rs", "use crate::steps;"),
    ("xtask/src/tidy.rs", "use crate::steps::libc;"),
    ("xtask/src/progress.rs", "fn tell() {}"),
    ("xtask/src/tool.rs", "use crate::progress; fn run() {} #[cfg(test)] mod tests { fn old() {} }"),
    ("xtask/src/source.rs", "use crate::tool::Cmd;"),
    ("xtask/src/steps/mod.rs", "mod kernel; mod libc;"),
    ("xtask/src/steps/kernel.rs", "use crate::tool; use crate::source;"),
    (STEP, "mod musl; use crate::tool::{self, Cmd}; fn f() { musl::g(); elfedit::mark() }"),
    ("xtask/src/steps/libc/musl.rs", "use super::Rooms; use crate::files::{copy, write};"),
    ("xtask/src/files.rs", "fn copy() {}"),
    ("toolchain/elfedit/src/lib.rs", "mod edit; pub use edit::mark;"),
    ("toolchain/elfedit/src/edit.rs", "fn mark() { abi::elf::OSABI }"),
    ("abi/src/elf.rs", "const OSABI: u8 = 66;"),
];

/// Whether the step's digest is another one after `file` says `text`.
fn changes(file: &str, text: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    FILES.iter().for_each(|(file, text)| write(&folder.path().join(file), text).unwrap());
    write(&folder.path().join("abi/src/lib.rs"), "mod elf;").unwrap();
    let digest = || Code::default().digest(folder.path(), STEP).unwrap();
    let before = digest();
    write(&folder.path().join(file), text).unwrap();
    before != digest()
}

#[test]
fn what_the_step_runs_counts() {
    for file in [
        STEP,
        "xtask/src/steps/libc/musl.rs",
        "xtask/src/tool.rs",
        "xtask/src/files.rs",
        "toolchain/elfedit/src/edit.rs",
        "abi/src/elf.rs",
    ] {
        assert!(changes(file, "fn another() {}"), "{file}");
    }
}

#[test]
fn what_it_does_not_run_does_not_count() {
    for file in [
        "xtask/src/lib.rs",
        "xtask/src/verb.rs",
        "xtask/src/tidy.rs",
        "xtask/src/progress.rs",
        "xtask/src/source.rs",
        "xtask/src/steps/mod.rs",
        "xtask/src/steps/kernel.rs",
        "abi/src/hypercall.rs",
    ] {
        assert!(!changes(file, "fn another() {}"), "{file}");
    }
    let tool = "//! Words.\nuse crate::progress; fn run() {} #[cfg(test)] mod tests { fn new() {} }";
    assert!(!changes("xtask/src/tool.rs", tool), "a test and a comment");
}

/// The same with our own sources.
#[test]
fn our_steps_reach_what_they_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut code = Code::default();
    let mut reached = |file: &str| -> Vec<String> {
        let modules = code.reached(root, file).unwrap();
        modules.iter().map(|module| module.join("::")).collect()
    };
    let libc = reached("xtask/src/steps/libc/library.rs");
    for module in ["tool", "source", "step", "files", "steps::libc::core_math", "steps::libc::musl"] {
        assert!(libc.contains(&format!("xtask::{module}")), "{module} is missing: {libc:?}");
    }
    for module in ["elfedit::edit", "abi::elf", "sysroot::prefix"] {
        assert!(libc.iter().any(|found| found == module), "{module} is missing: {libc:?}");
    }
    for file in ["libc/library", "libc/newlib", "openmp", "gcc_runtimes/libraries", "kernel", "host_binary"] {
        for module in reached(&format!("xtask/src/steps/{file}.rs")) {
            let room = module.split("::").nth(1).unwrap_or_default();
            let is_above = ["options", "verb", "suite", "tidy", "deb", "plan"].contains(&room);
            assert!(!module.starts_with("xtask") || !is_above && !room.is_empty(), "{file} reaches {module}");
        }
    }
    let openmp = reached("xtask/src/steps/openmp.rs");
    assert!(!openmp.iter().any(|module| module.ends_with("libc::library")), "how libc.a is made: {openmp:?}");
    assert!(reached("xtask/src/steps/no-such.rs").is_empty());
}

/// A crate that xtask depends on and that is not in [`CRATES`] would not make a step stale.
#[test]
fn no_crate_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (name, source) in CRATES {
        let manifest = root.join(source).with_file_name("Cargo.toml");
        let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        for (dependency, value) in dependencies.into_iter().flatten() {
            let is_ours = value.get("workspace").is_some() || value.get("path").is_some();
            let is_known = CRATES.iter().any(|(name, _)| name == dependency);
            assert!(!is_ours || is_known, "{name} depends on {dependency}");
        }
    }
}
