//! How cargo compiles what we ship: one set of flags for reproducible output, and what it depends on.

use std::path::Path;

use anyhow::Result;

use crate::context::Context;
use crate::step::Step;
use crate::tool::Cmd;

/// The one target: named, so that flags do not reach build scripts and procedural macros.
pub const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A `cargo <verb>` for [`TARGET`] in which no path of this machine ends up in the output.
pub fn cargo(context: &Context, verb: &str, flags: &[&str]) -> Cmd {
    let root = context.workspace.root();
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut all: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
    all.push(remap(&cargo_home(), "/cargo"));
    all.push(remap(root, "/hermit"));
    // Encoded, because a path may contain spaces.
    let cmd = Cmd::cargo().args([verb, "--target", TARGET, "--locked"]).cwd(root).takes_cores();
    let lock = "run `cargo update --workspace` and commit Cargo.lock";
    cmd.env("CARGO_TARGET_DIR", context.workspace.target())
        .env("CARGO_ENCODED_RUSTFLAGS", all.join("\u{1f}"))
        .env("CARGO_TERM_COLOR", "never")
        .note_if("because --locked", lock)
        .note_if("cannot update the lock file", lock)
        .note_if("failed to download", "is the network there?")
        .note_if("linker `cc` not found", "apt-get install gcc libc6-dev")
}

/// Makes `step` depend on the compiler, the workspace's manifests and the sources of `crates` (folders).
pub fn depends_on(step: Step, context: &Context, crates: &[&str]) -> Result<Step> {
    let compiler = Cmd::new("rustc").arg("-vV").cwd(context.workspace.root()).read()?;
    let mut step = step.text("rustc", compiler);
    for file in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        step = step.file(context.workspace.join(file));
    }
    for folder in crates {
        step = step.tree(context.workspace.join(folder));
    }
    Ok(step)
}

fn cargo_home() -> std::path::PathBuf {
    let home = || std::env::home_dir().unwrap_or_else(|| "/".into()).join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, Into::into)
}
