//! What cargo's own tools find: rustfmt, clippy and the lock file.

use anyhow::Result;

use super::Finding;
use crate::context::Context;
use crate::tool::Cmd;

/// Files that rustfmt would change.
pub fn format(context: &Context) -> Result<Vec<Finding>> {
    let cmd = Cmd::cargo()
        .args(["fmt", "--all", "--", "--check", "--files-with-diff"])
        .cwd(context.workspace.root());
    let (status, output) = cmd.collect()?;
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
    Ok(findings)
}

/// What clippy says; warnings count. `--locked` also finds a lock file that is out of date.
pub fn clippy(context: &Context) -> Result<Vec<Finding>> {
    let cmd = Cmd::cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet"]);
    let cmd = cmd.args(["--message-format=short", "--", "-Dwarnings"]).cwd(context.workspace.root());
    let (status, output) = cmd.collect()?;
    if status.success() {
        return Ok(Vec::new());
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
    Ok(findings)
}

fn finding(place: String, what: &str, cure: &str) -> Finding {
    let why = "what a tool can check is not worth a reviewer's time";
    Finding { place, what: what.to_owned(), why, cure: cure.to_owned() }
}
