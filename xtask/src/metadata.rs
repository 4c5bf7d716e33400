//! What `cargo metadata` says about the workspace's own crates: [`Metadata`].

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::context::Context;
use crate::tool::Cmd;

/// The crates of a workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Workspace members; with [`Metadata::read_all`] also everything they depend on.
    pub packages: Vec<Package>,
    /// Root of the workspace.
    pub workspace_root: PathBuf,
}

/// A crate.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SPDX expression.
    pub license: Option<String>,
    /// Its Cargo.toml.
    pub manifest_path: PathBuf,
    /// What it depends on directly, of every kind.
    pub dependencies: Vec<Dependency>,
}

/// A dependency.
#[derive(Clone, Debug, Deserialize)]
pub struct Dependency {
    /// Name of the crate.
    pub name: String,
}

impl Metadata {
    /// The members of the workspace.
    pub fn read(context: &Context) -> Result<Self> {
        Self::parse(context, &["--no-deps"])
    }

    /// The members and all crates that they need on our target.
    pub fn read_all(context: &Context) -> Result<Self> {
        Self::parse(context, &["--filter-platform", crate::rust::TARGET])
    }

    fn parse(context: &Context, args: &[&str]) -> Result<Self> {
        let cmd = Cmd::cargo().args(["metadata", "--format-version=1", "--locked"]).args(args);
        let cmd = cmd.note_if("because --locked", "run `cargo update --workspace` and commit Cargo.lock");
        let text = cmd.cwd(context.workspace.root()).read()?;
        serde_json::from_str(&text).context("cargo metadata speaks a format that xtask does not know")
    }

    /// A path relative to the workspace.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.workspace_root).unwrap_or(path).display().to_string()
    }
}
