//! What cargo's own tools find: rustfmt, clippy and the lock file.

use anyhow::Result;

use super::finding::{Finding, Outcome};
use crate::context::Context;
use crate::tool::Cmd;

/// Files that rustfmt would change.
pub fn format(context: &Context) -> Result<Outcome> {
    let mut findings = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        match format_of(context, manifest)? {
            Outcome::Looked(found) => findings.extend(found),
            lack => return Ok(lack),
        }
    }
    Ok(Outcome::Looked(findings))
}

/// Those of a workspace.
fn format_of(context: &Context, manifest: &str) -> Result<Outcome> {
    let cmd = Cmd::cargo()
        .args(["fmt", "--all", "--manifest-path", manifest, "--", "--check", "--files-with-diff"])
        .cwd(context.workspace.root());
    let (status, output) = cmd.collect()?;
    if let Some(lack) = lack(&output) {
        return Ok(lack);
    }
    let mut findings: Vec<_> = output
        .lines()
        .filter(|line| line.ends_with(".rs"))
        .map(|line| {
            let path = std::path::Path::new(line);
            finding(context.workspace.display(path).to_string(), "is not formatted", "cargo fmt --all")
        })
        .collect();
    findings.dedup();
    if !status.success() && findings.is_empty() {
        findings.push(finding("rustfmt".into(), &output, "rustup component add rustfmt"));
    }
    Ok(Outcome::Looked(findings))
}

/// What clippy says of everything as it is tested, of the kernel as it is shipped, since half of its code is compiled only there,
/// and of the fuzz targets' code, which is a workspace of its own.
pub fn clippy(context: &Context) -> Result<Outcome> {
    let tested = ["--workspace", "--all-targets"];
    let shipped = ["--package=kernel", "--lib", "--profile=kernel"];
    let fuzz_build = format!("--target-dir={}", context.workspace.build("fuzz-clippy").display());
    let fuzz = ["--manifest-path=fuzz/Cargo.toml", "--lib", "--no-default-features", &fuzz_build];
    let mut findings = Vec::new();
    for selection in [&tested[..], &shipped[..], &fuzz[..]] {
        match clippy_of(context, selection)? {
            Outcome::Looked(found) => findings.extend(found),
            lack => return Ok(lack),
        }
    }
    Ok(Outcome::Looked(findings))
}

/// What clippy says; warnings count. `--locked` also finds a lock file that is out of date.
fn clippy_of(context: &Context, selection: &[&str]) -> Result<Outcome> {
    let cmd = Cmd::cargo().arg("clippy").args(selection).args(["--locked", "--quiet"]);
    let cmd = cmd.args(["--message-format=short", "--", "-Dwarnings"]).cwd(context.workspace.root());
    let (status, output) = cmd.collect()?;
    if let Some(lack) = lack(&output) {
        return Ok(lack);
    }
    if status.success() {
        return Ok(Outcome::Looked(Vec::new()));
    }
    let is_place =
        |line: &&str| line.contains(".rs:") && (line.contains(": error") || line.contains(": warning"));
    let mut findings: Vec<_> = output
        .lines()
        .filter(is_place)
        .map(|line| {
            let (place, what) = line.split_once(": ").unwrap_or((line, ""));
            finding(place.to_owned(), what, "do what clippy says, or #[expect(...)] it with a reason")
        })
        .collect();
    findings.dedup();
    if findings.is_empty() {
        let tail: Vec<_> = output.lines().rev().take(10).collect();
        let tail: Vec<_> = tail.into_iter().rev().collect();
        findings.push(finding(
            "cargo clippy".into(),
            &tail.join("\n    "),
            "see `cargo clippy --workspace --all-targets --locked`",
        ));
    }
    Ok(Outcome::Looked(findings))
}

/// rustup's minimal profile leaves these tools out.
fn lack(output: &str) -> Option<Outcome> {
    let is_missing =
        output.contains("error: no such command") || output.contains("is not installed for the toolchain");
    is_missing.then(|| Outcome::Skipped("not installed: rustup component add clippy rustfmt".into()))
}

fn finding(place: String, what: &str, cure: &str) -> Finding {
    let why = "what a tool can check is not worth a reviewer's time";
    Finding { place, what: what.to_owned(), why, cure: cure.to_owned() }
}
