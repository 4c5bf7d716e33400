//! What every verb gets: the workspace, the global switches and the progress display.

use std::fs::{File, TryLockError};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::cores::Cores;
use crate::files::create_parent;
use crate::progress::Progress;
use crate::tool::Cmd;
use crate::workspace::Workspace;

/// Switches that every verb knows.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Global {
    /// Never install Debian packages: list the missing ones and fail
    #[arg(long, global = true)]
    pub no_install: bool,
}

/// What every verb gets.
#[derive(Debug)]
pub struct Context {
    /// Where things are.
    pub workspace: Workspace,
    /// What the user switched.
    pub global: Global,
    /// What the user sees.
    pub progress: Progress,
    /// What commands run on.
    pub cores: Cores,
    /// What [`Context::source_date_epoch`] is to answer; `None`: look.
    pub source_date: Option<u64>,
}

impl Context {
    /// The context of this checkout.
    pub fn new(global: Global) -> Result<Self> {
        Ok(Self { global, progress: Progress::new(), ..Self::quiet(Workspace::find()?)? })
    }

    /// A context in which nothing is shown and nothing is installed.
    pub fn quiet(workspace: Workspace) -> Result<Self> {
        let global = Global { no_install: true };
        Ok(Self { workspace, global, progress: Progress::quiet(), cores: Cores::all()?, source_date: None })
    }

    /// Waits until no other xtask builds in the same target folder; the lock ends with the value.
    pub fn lock(&self) -> Result<BuildLock> {
        let path = self.workspace.target().join("xtask.lock");
        create_parent(&path)?;
        let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                self.progress.line("waiting for another `cargo xtask` in the same target folder");
                file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
            }
            Err(TryLockError::Error(error)) => return Err(error).context("cannot lock the target folder"),
        }
        Ok(BuildLock { _file: file })
    }

    /// Seconds since 1970 that files in packages carry: `SOURCE_DATE_EPOCH`, else the time of the last commit,
    /// else (a source archive) the date of 2000-01-01.
    pub fn source_date_epoch(&self) -> Result<u64> {
        const NO_COMMIT: u64 = 946_684_800;
        if let Some(seconds) = self.source_date {
            return Ok(seconds);
        }
        if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
            return text
                .trim()
                .parse()
                .with_context(|| format!("SOURCE_DATE_EPOCH={text} is no number of seconds"));
        }
        let cmd = Cmd::new("git").args(["log", "-1", "--format=%ct"]).cwd(self.workspace.root());
        Ok(cmd.read().ok().and_then(|text| text.trim().parse().ok()).unwrap_or(NO_COMMIT))
    }
}

/// Held while a verb writes to the target folder.
#[derive(Debug)]
pub struct BuildLock {
    _file: File,
}
