//! C sources that come with a crate: pinned by Cargo.lock, fetched by cargo, compiled by us.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::metadata::Metadata;
use crate::step::Job;
use crate::tool::Cmd;

/// xtask's manifest has these crates as dependencies for a platform that xtask is never compiled for.
const PLATFORM: &str = "x86_64-unknown-none";

/// Folder of mimalloc 2, with `src` and `include`.
pub fn mimalloc(job: &mut Job<'_>) -> Result<PathBuf> {
    Ok(folder(job, "libmimalloc-sys")?.join("c_src/mimalloc/v2"))
}

/// Folder of CORE-MATH, with `src`.
pub fn core_math(job: &mut Job<'_>) -> Result<PathBuf> {
    Ok(folder(job, "core-math-sys")?.join("vendor"))
}

/// Where cargo has unpacked a crate.
fn folder(job: &mut Job<'_>, name: &str) -> Result<PathBuf> {
    let cmd =
        Cmd::cargo().args(["metadata", "--format-version=1", "--locked", "--filter-platform", PLATFORM]);
    let cmd = cmd.cwd(job.workspace().root()).note("is the network there?");
    let metadata: Metadata = serde_json::from_str(&job.read(cmd)?)
        .context("cargo metadata speaks a format that xtask does not know")?;
    let found = metadata.packages.iter().find(|package| package.name == name);
    let manifest = &found.with_context(|| format!("cargo metadata does not name {name}"))?.manifest_path;
    Ok(manifest.parent().context("a manifest lies in a folder")?.to_path_buf())
}
