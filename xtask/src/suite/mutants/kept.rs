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

/// How much of what was found of other states of the checkout counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nothing.
    ThisState,
    /// What its set of tests has caught, as long as neither the file that it changes nor these tests have changed: for a page
    /// that says what the tests can, whose survivors are gone through one by one.
    Caught,
}

/// The folder with what was found.
#[derive(Debug)]
pub struct Kept<'a> {
    folder: PathBuf,
    tree: &'a Tree,
    product: String,
    trust: Trust,
}

impl<'a> Kept<'a> {
    /// What `folder` holds of this state of the checkout, and as far as `trust` goes of others.
    pub fn new(folder: PathBuf, tree: &'a Tree, trust: Trust) -> Self {
        let counts = |path: &Path| !ELSEWHERE.iter().any(|part| path.starts_with(part));
        let product = digest(tree.files().filter(|(path, _)| counts(path)));
        Self { folder, tree, product, trust }
    }

    fn path(&self, mutant: &Mutant, by_all: bool) -> PathBuf {
        let programs = self.programs(mutant);
        let what = format!("{} {programs} {} {by_all}", self.product, serde_json::json!(mutant));
        self.folder.join(format!("{}-{}.json", mutant.title().replace('/', "-"), hex(&Sha256::digest(what))))
    }

    /// What [`Trust::Caught`] goes by.
    fn path_of_caught(&self, mutant: &Mutant) -> PathBuf {
        let file = digest(self.tree.files().filter(|(path, _)| *path == Path::new(&mutant.file)));
        let what = format!("{file} {} {}", self.programs(mutant), serde_json::json!(mutant));
        let name = format!("{}-caught-{}.json", mutant.title().replace('/', "-"), hex(&Sha256::digest(what)));
        self.folder.join(name)
    }

    /// A digest of the programs that a mutant names.
    fn programs(&self, mutant: &Mutant) -> String {
        let is_named = |path: &Path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.starts_with("tests/programs") && mutant.cases().any(|name| name.contains(&*stem))
        };
        digest(self.tree.files().filter(|(path, _)| is_named(path)))
    }

    /// What was found of a mutant. That its set catches it is so whether or not everything would have been asked.
    pub fn get(&self, mutant: &Mutant, by_all: bool) -> Option<Found> {
        let read = |path: PathBuf| serde_json::from_slice::<Found>(&fs::read(path).ok()?).ok();
        let of = |by_all| read(self.path(mutant, by_all));
        let elsewhere = || (self.trust == Trust::Caught).then(|| read(self.path_of_caught(mutant)))?;
        of(by_all).or_else(|| of(!by_all).filter(is_caught_by_its_set)).or_else(elsewhere)
    }

    /// Keeps it.
    pub fn put(&self, mutant: &Mutant, by_all: bool, found: &Found) -> Result<()> {
        if is_caught_by_its_set(found) {
            write(&self.path_of_caught(mutant), serde_json::to_vec(found)?)?;
        }
        write(&self.path(mutant, by_all), serde_json::to_vec(found)?)
    }
}

fn is_caught_by_its_set(found: &Found) -> bool {
    matches!(found.verdict, Verdict::Caught { by_its_set: true, .. })
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
        let place = folder.path();
        fn kept<'t>(place: &Path, tree: &'t Tree) -> Kept<'t> {
            Kept::new(place.into(), tree, Trust::ThisState)
        }
        let of = |tree: &Tree, mutant: &Mutant, by_all| kept(place, tree).get(mutant, by_all);
        let (first, ours) = (tree("a", "b", "c", "d"), mutant("kernel/src/a.rs", "a", "b", &["c/queue@2"]));
        let found = Found { verdict: Verdict::Survived, seconds: 1.5 };
        kept(place, &first).put(&ours, true, &found).unwrap();
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
        kept(place, &first).put(&other, false, &by_set).unwrap();
        assert_eq!(of(&first, &other, true), Some(by_set));
        assert_eq!(of(&tree("x", "b", "c", "d"), &ours, true), None);
        assert_eq!(of(&tree("a", "x", "c", "d"), &ours, true), None);
        assert_eq!(of(&first, &Mutant { to: "c".into(), ..ours }, true), None);
    }

    #[test]
    fn what_was_caught_may_count_longer() {
        let folder = tempfile::tempdir().unwrap();
        let tree = |file, elsewhere, queue| {
            Tree::of([
                ("kernel/src/a.rs", file),
                ("proxy/src/b.rs", elsewhere),
                ("tests/programs/c/queue.c", queue),
            ])
        };
        let ours = mutant("kernel/src/a.rs", "a", "b", &["c/queue@2"]);
        let caught = |by_its_set| Verdict::Caught { by: vec!["c/queue@2".into()], hung: false, by_its_set };
        let found = |by_its_set| Found { verdict: caught(by_its_set), seconds: 1.0 };
        fn kept<'t>(folder: &tempfile::TempDir, tree: &'t Tree, trust: Trust) -> Kept<'t> {
            Kept::new(folder.path().into(), tree, trust)
        }
        let (first, later) = (tree("a", "b", "c"), tree("a", "x", "c"));
        kept(&folder, &first, Trust::ThisState).put(&ours, true, &found(false)).unwrap();
        assert_eq!(kept(&folder, &later, Trust::Caught).get(&ours, true), None, "not by its set");
        kept(&folder, &first, Trust::ThisState).put(&ours, true, &found(true)).unwrap();
        assert_eq!(kept(&folder, &later, Trust::ThisState).get(&ours, true), None);
        assert_eq!(kept(&folder, &later, Trust::Caught).get(&ours, true), Some(found(true)));
        let changed = [tree("x", "b", "c"), tree("a", "b", "x")];
        assert!(changed.iter().all(|tree| kept(&folder, tree, Trust::Caught).get(&ours, true).is_none()));
    }
}
