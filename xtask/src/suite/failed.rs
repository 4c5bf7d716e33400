//! What failed, for the end of a long run: [`Failed`] is the file to which the suites and the runner in `tests/` add.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::context::Context;
use crate::files;

/// The variable that tells the runner of the file (`tests/src/flaky.rs`).
pub const VARIABLE: &str = "HERMIT_FAILED";

/// The file `target/failed.txt`.
#[derive(Debug)]
pub struct Failed(PathBuf);

impl Failed {
    /// The file of this source tree.
    pub fn of(context: &Context) -> Self {
        Self(context.workspace.target().join("failed.txt"))
    }

    /// The same, emptied.
    pub fn empty(context: &Context) -> Result<Self> {
        let failed = Self::of(context);
        files::write(&failed.0, "")?;
        Ok(failed)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Adds a line. What cannot be written has been printed before, and is counted in any case.
    pub fn add(&self, line: &str) {
        let file = OpenOptions::new().create(true).append(true).open(&self.0);
        let _ = file.and_then(|mut file| writeln!(file, "{line}"));
    }

    /// All of it.
    pub fn read(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }
}

/// The test in a line of libtest that says it failed: `test NAME ... FAILED`, `test NAME - should panic ... FAILED`.
pub fn of_libtest(line: &str) -> Option<&str> {
    line.trim().strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::of_libtest;

    #[test]
    fn libtest_names_what_failed() {
        assert_eq!(of_libtest("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(of_libtest("test a::b ... ok"), None);
        assert_eq!(of_libtest("test result: FAILED. 1 passed; 1 failed;"), None);
    }
}
