//! Where things are in this checkout: [`Workspace`]. Install paths are the business of the crate `sysroot`.

use std::env;
use std::path::{Path, PathBuf, absolute};

use anyhow::{Context as _, Result, bail};
use sysroot::Prefix;

/// The checkout and the folder that builds write to.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this xtask belongs to; `CARGO_TARGET_DIR` is honoured.
    pub fn find() -> Result<Self> {
        // `cargo run` sets the variable; a copied or directly started binary falls back to where it was compiled.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask's folder has no parent")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => absolute(folder).context("CARGO_TARGET_DIR is no usable path")?,
            None => root.join("target"),
        };
        // Makefiles and autoconf's scripts split paths at blanks.
        for (what, path) in [("the checkout", &root), ("the target folder", &target)] {
            if path.to_string_lossy().contains(char::is_whitespace) {
                bail!(
                    "the path of {what} contains a blank, which newlib's build cannot bear: {}\nnote: move it",
                    path.display()
                );
            }
        }
        Ok(Self::new(root, target))
    }

    /// A workspace at `root` that builds into `target`.
    pub fn new(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
    }

    /// The checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the checkout.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// Where everything that is built goes.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The relocatable tree, laid out like `/opt/hermit`.
    pub fn prefix(&self) -> Prefix {
        Prefix::new(self.target.join("sysroot"))
    }

    /// Scratch folder of a step.
    pub fn build(&self, step: &str) -> PathBuf {
        self.target.join("build").join(step)
    }

    /// Logs, one per step.
    pub fn log(&self, step: &str) -> PathBuf {
        self.target.join("log").join(format!("{step}.log"))
    }

    /// Stamps, one per step.
    pub fn stamps(&self) -> PathBuf {
        self.target.join("stamp")
    }

    /// Upstream sources as downloaded.
    pub fn sources(&self) -> PathBuf {
        self.target.join("sources")
    }

    /// Unpacked sources of programs that the tests build, one folder each.
    pub fn ports(&self) -> PathBuf {
        self.target.join("ports")
    }

    /// Kernel and memory disk of the test bed.
    pub fn bed(&self) -> PathBuf {
        self.target.join("bed")
    }

    /// Debian packages and the apt repository.
    pub fn dist(&self) -> PathBuf {
        self.target.join("dist")
    }

    /// `path` as the user would type it in the checkout.
    pub fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
