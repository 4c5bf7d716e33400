//! The log of a step: [`Log`], in `target/log`.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::files::create_parent;

/// Where the output of commands goes.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Starts the log anew.
    pub fn create(path: PathBuf) -> Result<Self> {
        create_parent(&path)?;
        let file = File::create(&path).with_context(|| format!("cannot write the log {}", path.display()))?;
        Ok(Self { path, file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line of our own.
    pub fn line(&mut self, text: &str) -> Result<()> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// Adds output as it came.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).with_context(|| format!("cannot write to {}", self.path.display()))
    }
}
