//! mimalloc's sources: they come with the crate `libmimalloc-sys`, pinned by Cargo.lock and fetched by cargo.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::metadata::Metadata;
use crate::step::Job;
use crate::tool::Cmd;

/// The crate; xtask's manifest has it as a dependency for a platform that xtask is never compiled for.
const CRATE: &str = "libmimalloc-sys";
const PLATFORM: &str = "x86_64-unknown-none";

/// Folder with `src` and `include` of mimalloc 2.
pub fn folder(job: &mut Job<'_>) -> Result<PathBuf> {
    let cmd =
        Cmd::cargo().args(["metadata", "--format-version=1", "--locked", "--filter-platform", PLATFORM]);
    let cmd = cmd.cwd(job.workspace().root()).note("is the network there?");
    let metadata: Metadata = serde_json::from_str(&job.read(cmd)?)
        .context("cargo metadata speaks a format that xtask does not know")?;
    let found = metadata.packages.iter().find(|package| package.name == CRATE);
    let manifest = &found.with_context(|| format!("cargo metadata does not name {CRATE}"))?.manifest_path;
    let folder = manifest.parent().context("a manifest lies in a folder")?;
    Ok(folder.join("c_src/mimalloc/v2"))
}
