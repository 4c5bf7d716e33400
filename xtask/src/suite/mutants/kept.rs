//! What was found, kept under a digest of all that it depends on ([`Kept`]): an interrupted run goes on where it was.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use super::judge::Verdict;
use super::list::Mutant;
use crate::files::{hex, write};
use crate::tidy::Tree;

/// What no verdict depends on. Of `tests/programs` those count that a mutant names.
const ELSEWHERE: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "ARCHITECTURE.md",
    "bench",
    "docs",
    "examples",
    "packaging",
    "tests/conformance",
    "tests/gcc",
    "tests/libomp",
    "tests/mutants",
    "tests/ports",
    "tests/posix",
    "tests/programs",
    "xtask",
];

/// A verdict, and how long it took to find.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// The verdict.
    pub verdict: Verdict,
    /// Of building and running.
    pub seconds: f64,
}

/// The folder with what was found.
#[derive(Debug)]
pub struct Kept<'a> {
    folder: PathBuf,
    tree: &'a Tree,
    product: String,
}

impl<'a> Kept<'a> {
    /// What `folder` holds of this state of the checkout.
    pub fn new(folder: PathBuf, tree: &'a Tree) -> Self {
        let counts = |path: &Path| !ELSEWHERE.iter().any(|part| path.starts_with(part));
        let product = digest(tree.files().filter(|(path, _)| counts(path)));
        Self { folder, tree, product }
    }

    fn path(&self, mutant: &Mutant, by_all: bool) -> PathBuf {
        let is_named = |path: &Path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.starts_with("tests/programs") && mutant.cases().any(|name| name.contains(&*stem))
        };
        let programs = digest(self.tree.files().filter(|(path, _)| is_named(path)));
        let what = format!("{} {programs} {} {by_all}", self.product, serde_json::json!(mutant));
        self.folder.join(format!("{}-{}.json", mutant.title().replace('/', "-"), hex(&Sha256::digest(what))))
    }

    /// What was found of a mutant. That its set catches it is so whether or not everything would have been asked.
    pub fn get(&self, mutant: &Mutant, by_all: bool) -> Option<Found> {
        let of = |by_all| serde_json::from_slice::<Found>(&fs::read(self.path(mutant, by_all)).ok()?).ok();
        let is_caught = |found: &Found| matches!(found.verdict, Verdict::Caught { by_its_set: true, .. });
        of(by_all).or_else(|| of(!by_all).filter(is_caught))
    }

    /// Keeps it.
    pub fn put(&self, mutant: &Mutant, by_all: bool, found: &Found) -> Result<()> {
        write(&self.path(mutant, by_all), serde_json::to_vec(found)?)
    }
}

fn digest<'a>(files: impl Iterator<Item = (&'a Path, &'a str)>) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        hasher.update(format!("{} {}\n{text}", path.display(), text.len()));
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::mutants::list::tests::mutant;

    #[test]
    fn what_was_found_is_kept_until_something_changes_that_counts() {
        let folder = tempfile::tempdir().unwrap();
        let tree = |kernel, queue, other, page| {
            Tree::of([
                ("kernel/src/a.rs", kernel),
                ("tests/programs/c/queue.c", queue),
                ("tests/programs/c/other.c", other),
                ("docs/testing.md", page),
            ])
        };
        let of =
            |tree: &Tree, mutant: &Mutant, by_all| Kept::new(folder.path().into(), tree).get(mutant, by_all);
        let (first, ours) = (tree("a", "b", "c", "d"), mutant("kernel/src/a.rs", "a", "b", &["c/queue@2"]));
        let found = Found { verdict: Verdict::Survived, seconds: 1.5 };
        Kept::new(folder.path().into(), &first).put(&ours, true, &found).unwrap();
        assert_eq!(of(&first, &ours, true), Some(found.clone()));
        assert_eq!(
            of(&tree("a", "b", "x", "x"), &ours, true),
            Some(found),
            "it has nothing to do with these"
        );
        assert_eq!(of(&first, &ours, false), None);
        let caught = Verdict::Caught { by: vec!["c/queue@2".into()], hung: false, by_its_set: true };
        let by_set = Found { verdict: caught, seconds: 1.0 };
        let other = Mutant { to: "d".into(), ..ours.clone() };
        Kept::new(folder.path().into(), &first).put(&other, false, &by_set).unwrap();
        assert_eq!(of(&first, &other, true), Some(by_set));
        assert_eq!(of(&tree("x", "b", "c", "d"), &ours, true), None);
        assert_eq!(of(&tree("a", "x", "c", "d"), &ours, true), None);
        assert_eq!(of(&first, &Mutant { to: "c".into(), ..ours }, true), None);
    }
}
