//! What earlier runs found, so that an interrupted run goes on and parts can be put together: [`Kept`].
//!
//! A result is kept under a digest of all that it depends on: the test and its files, and the whole toolchain that it was
//! built and run with. With another kernel, library or proxy nothing is found, and everything runs again. Failures in the
//! isle are not kept.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

use crate::lab::Lab;

const PASSED: &str = "passed";

/// In every try.
const FAILED: &str = "failed-always";

/// How a test does natively.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Native {
    /// It passes.
    Passes,
    /// It fails, however often it is tried.
    Fails,
    /// It passed when it was tried again: the report of its failure.
    Wavers(String),
}

/// Results by digest, in a file that grows.
#[derive(Debug)]
pub struct Kept {
    isle: String,
    native: String,
    lines: Mutex<(BTreeSet<String>, File)>,
}

impl Kept {
    /// Opens `kept` in the runner's scratch folder, for tests that depend on the files at and below `tests`, on the host's
    /// compilers, of which `host` tells, and in the isle on the whole installed tree (the wrappers drive the host's
    /// compilers). `edition` tells how tests are built and run.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn of(lab: &Lab, edition: &str, tests: &[&Path], host: &str) -> Result<Self> {
        let of = |text: &str, paths: &[&Path]| {
            digest(text, paths).context("cannot read the toolchain and the tests")
        };
        let host = of(&(of(edition, tests)? + host), &[])?;
        let (bin, target) = (lab.prefix.bin(), lab.prefix.target());
        let isle = of(&host, &[&bin, &target.join("lib"), &target.join("include")])?;
        Self::open(&lab.work.join("kept"), isle, host).context("cannot keep results")
    }

    /// Opens the file; `isle` and `native` are digests of the two toolchains, each with the testsuites.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    fn open(file: &Path, isle: String, native: String) -> io::Result<Self> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let known = match fs::read_to_string(file) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let file = OpenOptions::new().create(true).append(true).open(file)?;
        Ok(Self { isle, native, lines: Mutex::new((known, file)) })
    }

    /// Whether the test `key` has passed in the isle.
    pub fn has_passed(&self, key: &str) -> bool {
        self.has(&line(&self.isle, key, PASSED))
    }

    /// It has.
    pub fn passed(&self, key: &str) {
        self.keep(line(&self.isle, key, PASSED));
    }

    /// Whether the test `key` is known not to pass natively.
    pub fn has_failed_natively(&self, key: &str) -> bool {
        self.has(&line(&self.native, key, FAILED))
    }

    /// How the test `key` does natively, as `run` says if nobody knows. Only what every try agreed on is kept.
    pub fn natively(&self, key: &str, run: impl FnOnce() -> Native) -> Native {
        if self.has(&line(&self.native, key, PASSED)) {
            return Native::Passes;
        }
        if self.has_failed_natively(key) {
            return Native::Fails;
        }
        let native = run();
        match native {
            Native::Passes => self.keep(line(&self.native, key, PASSED)),
            Native::Fails => self.keep(line(&self.native, key, FAILED)),
            Native::Wavers(_) => {}
        }
        native
    }

    fn has(&self, line: &str) -> bool {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).0.contains(line)
    }

    fn keep(&self, line: String) {
        let (known, file) = &mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        // A result that is not kept is found again the next time.
        let _ = file.write_all(format!("{line}\n").as_bytes());
        known.insert(line);
    }
}

fn line(world: &str, key: &str, result: &str) -> String {
    let digest = Sha256::new().chain_update(world).chain_update("\n").chain_update(key).finalize();
    format!("{} {result}", hex(&digest))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of `text` and of all files at and below `paths`, with their names; what is not there counts as such.
///
/// # Errors
/// A file that cannot be read.
pub fn digest(text: &str, paths: &[&Path]) -> io::Result<String> {
    let mut sum = Sha256::new().chain_update(text);
    for path in paths {
        add(path, &mut sum)?;
    }
    Ok(hex(&sum.finalize()))
}

fn add(path: &Path, sum: &mut Sha256) -> io::Result<()> {
    if path.is_dir() {
        let mut entries =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| {
            sum.update(entry.file_name().unwrap_or_default().as_encoded_bytes());
            add(entry, sum)
        });
    }
    match fs::read(path) {
        Ok(bytes) => {
            sum.update(bytes.len().to_le_bytes());
            sum.update(bytes);
            Ok(())
        }
        // Also a link to nowhere.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_world_knows_a_result() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        let open = |isle: &str| Kept::open(&folder.join("kept"), isle.into(), "native".into()).unwrap();
        let first = open("isle");
        first.passed("test");
        assert!(first.has_passed("test") && !first.has_passed("other"));
        assert_eq!(first.natively("bad", || Native::Fails), Native::Fails);
        assert_eq!(first.natively("good", || Native::Passes), Native::Passes);
        let second = open("isle");
        assert!(second.has_passed("test") && second.has_failed_natively("bad"));
        assert_eq!(second.natively("bad", || panic!("known")), Native::Fails);
        assert_eq!(second.natively("good", || panic!("known")), Native::Passes);
        assert!(!open("newer isle").has_passed("test"));
    }

    #[test]
    fn luck_is_not_kept() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        let open = || Kept::open(&folder.join("kept"), "isle".into(), "native".into()).unwrap();
        let lucky = || Native::Wavers("lost a race".into());
        let first = open();
        assert_eq!(first.natively("test", lucky), lucky());
        assert!(!first.has_failed_natively("test"));
        assert_eq!(first.natively("test", || Native::Fails), Native::Fails, "it ran again");
        assert!(open().has_failed_natively("test"));
    }

    #[test]
    fn digests_see_names_and_bytes() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        fs::create_dir_all(folder.join("a")).unwrap();
        let of = || digest("x", &[folder]).unwrap();
        let empty = of();
        fs::write(folder.join("a/file"), "1").unwrap();
        let one = of();
        fs::write(folder.join("a/file"), "2").unwrap();
        let two = of();
        fs::rename(folder.join("a/file"), folder.join("a/other")).unwrap();
        let all = BTreeSet::from([empty, one, two, of()]);
        assert_eq!(all.len(), 4);
    }
}
