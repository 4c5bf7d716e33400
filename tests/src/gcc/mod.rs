//! gcc's own execution tests (`gcc.c-torture/execute`), which a compiler for HermitCore must pass as the host's does.
//!
//! A test passes if it ends with 0. It is compiled and run natively first, so whatever a test asks of its target
//! (`dg-require-effective-target`) answers itself: what the host does not pass is skipped. Key type: [`Torture`].
//! Neighbours: [`options`] reads what a test says about its flags; `tests/gcc/` lists the differences that are meant.

pub mod options;
mod torture;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::case::Case;
pub use torture::Torture;

/// Levels of optimisation: the end of the case's name, and flags.
const LEVELS: &[(&str, &[&str])] = &[("O0", &["-O0"]), ("O2", &["-O2"]), ("lto", &["-O2", "-flto"])];

/// Folders of tests below `gcc.c-torture/execute`, and what their `.exp` files add.
const FOLDERS: &[(&str, &[&str])] = &[("", &[]), ("ieee", &["-fno-inline"])];

/// One of `of` equal parts of the tests, spread over all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    number: usize,
    of: usize,
}

impl Part {
    /// Everything.
    pub const ALL: Self = Self { number: 1, of: 1 };

    /// Reads `K/N`.
    ///
    /// # Errors
    /// Unless 1 <= K <= N.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("a part such as 3/20".to_owned()),
        }
    }

    fn has(self, index: usize) -> bool {
        index % self.of == self.number - 1
    }
}

/// The tests of `testsuite` (gcc's `gcc/testsuite`); `expectations` is `tests/gcc`.
///
/// # Errors
/// A folder or a list that cannot be read, or a list that names a test that is not there.
pub fn find(testsuite: &Path, expectations: &Path, part: Part) -> Result<Vec<Box<dyn Case>>> {
    let execute = testsuite.join("gcc.c-torture/execute");
    let mut sources = Vec::new();
    for &(folder, flags) in FOLDERS {
        sources.extend(c_files(&execute.join(folder))?.into_iter().map(|source| (source, flags)));
    }
    let mut known = differences(&expectations.join("c-torture.txt"))?;
    let mut cases: Vec<Box<dyn Case>> = Vec::new();
    for (index, (source, flags)) in sources.into_iter().enumerate() {
        let inside = source.strip_prefix(&execute).unwrap_or(&source).with_extension("");
        for &(level, optimisation) in LEVELS {
            let name = format!("{}@{level}", inside.display());
            let difference = known.remove(&name);
            if part.has(index) {
                let flags = [optimisation, flags].concat();
                cases.push(Box::new(Torture::read(&name, &source, &flags, difference)?));
            }
        }
    }
    match known.keys().next() {
        Some(name) => bail!("tests/gcc/c-torture.txt names {name}, which is no test"),
        None => Ok(cases),
    }
}

fn c_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    files.sort();
    Ok(files)
}

/// Lines `NAME@LEVEL: why it differs`; `#` begins a comment.
fn differences(list: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| match line.split_once(": ") {
        Some((name, reason)) => Ok((name.to_owned(), reason.to_owned())),
        None => bail!("{}: a line without reason: {line}", list.display()),
    };
    lines.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_everything() {
        let parts: Vec<_> = (1..=3).map(|k| Part::parse(&format!("{k}/3")).unwrap()).collect();
        for index in 0..10 {
            assert_eq!(parts.iter().filter(|part| part.has(index)).count(), 1);
        }
        for bad in ["0/3", "4/3", "3", "a/b", ""] {
            assert!(Part::parse(bad).is_err(), "{bad}");
        }
    }
}
