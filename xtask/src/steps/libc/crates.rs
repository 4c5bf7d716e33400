//! C sources that come with a crate: pinned by Cargo.lock, fetched by cargo, compiled by us.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::metadata::Metadata;
use crate::step::Job;
use crate::tool::Cmd;

/// xtask's manifest has these crates as dependencies for a platform that xtask is never compiled for.
const PLATFORM: &str = "x86_64-unknown-none";

/// Folders of crates' sources.
#[derive(Debug)]
pub struct Crates {
    /// mimalloc 2, with `src` and `include`.
    pub mimalloc: PathBuf,
    /// CORE-MATH, with `src`.
    pub core_math: PathBuf,
}

/// Where cargo has unpacked them.
pub fn folders(job: &mut Job<'_>) -> Result<Crates> {
    let cmd =
        Cmd::cargo().args(["metadata", "--format-version=1", "--locked", "--filter-platform", PLATFORM]);
    let cmd = cmd.cwd(job.workspace().root()).note("is the network there?");
    let metadata: Metadata = serde_json::from_str(&job.read(cmd)?)
        .context("cargo metadata speaks a format that xtask does not know")?;
    Ok(Crates {
        mimalloc: folder(&metadata, "libmimalloc-sys")?.join("c_src/mimalloc/v2"),
        core_math: folder(&metadata, "core-math-sys")?.join("vendor"),
    })
}

fn folder(metadata: &Metadata, name: &str) -> Result<PathBuf> {
    let found = metadata.packages.iter().find(|package| package.name == name);
    let manifest = &found.with_context(|| format!("cargo metadata does not name {name}"))?.manifest_path;
    Ok(manifest.parent().context("a manifest lies in a folder")?.to_path_buf())
}
