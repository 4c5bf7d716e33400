//! `tests/posix/expectations`: which tests differ from their native run, how, and why.
//!
//! One test in a line, `NAME FINDING REASON`; FINDING is one of [`Finding`]'s words, or `excluded` for a test that is
//! not run at all. Blank lines and lines that start with `#` say nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::finding::Finding;

/// What is known about one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Passes in the isle if it passes natively.
    AsNative,
    /// Passes natively only.
    Differs {
        /// What is found in the isle.
        finding: Finding,
        /// Why.
        reason: String,
    },
    /// Is not run.
    Excluded {
        /// Why.
        reason: String,
    },
}

/// All lines of the file.
#[derive(Debug, Default)]
pub struct Expectations(BTreeMap<String, Expectation>);

/// What is wrong with the file.
#[derive(Debug, thiserror::Error)]
pub enum ExpectationsError {
    /// It cannot be read.
    #[error("cannot read {path}: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A line is not `NAME FINDING REASON`.
    #[error("tests/posix/expectations:{line}: got `{text}`, wanted `NAME FINDING REASON`")]
    NoReason {
        /// Counted from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// The second word is not known.
    #[error("tests/posix/expectations:{line}: `{word}` is no finding (fail, unresolved, ..., or excluded)")]
    UnknownFinding {
        /// Counted from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// A test has two lines.
    #[error("tests/posix/expectations:{line}: {name} has a line already")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// The test.
        name: String,
    },
}

impl Expectations {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// See [`ExpectationsError`].
    pub fn read(path: &Path) -> Result<Self, ExpectationsError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ExpectationsError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, ExpectationsError> {
        let mut all = BTreeMap::new();
        for (index, text) in text.lines().enumerate() {
            let line = index + 1;
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            let (name, expectation) = parse_line(line, text)?;
            if all.insert(name.to_owned(), expectation).is_some() {
                return Err(ExpectationsError::Twice { line, name: name.to_owned() });
            }
        }
        Ok(Self(all))
    }

    /// What is expected of the test `name`; it is taken out.
    pub fn take(&mut self, name: &str) -> Expectation {
        self.0.remove(name).unwrap_or(Expectation::AsNative)
    }

    /// The names that nobody has taken.
    pub fn rest(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn parse_line(line: usize, text: &str) -> Result<(&str, Expectation), ExpectationsError> {
    let mut rest = text.trim();
    let mut word = || {
        let (word, behind) = rest.split_once(char::is_whitespace)?;
        rest = behind.trim_start();
        Some(word)
    };
    let (Some(name), Some(finding)) = (word(), word()) else {
        return Err(ExpectationsError::NoReason { line, text: text.to_owned() });
    };
    let reason = rest.to_owned();
    let expectation = match Finding::from_word(finding) {
        None if finding == "excluded" => Expectation::Excluded { reason },
        None | Some(Finding::Pass) => {
            return Err(ExpectationsError::UnknownFinding { line, word: finding.to_owned() });
        }
        Some(finding) => Expectation::Differs { finding, reason },
    };
    Ok((name, expectation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_test_finding_and_reason() {
        let mut all =
            Expectations::parse("# why\n\nkill/1-1   fail  the isle has one process\na/2-1 excluded slow\n")
                .unwrap();
        let reason = "the isle has one process".to_owned();
        assert_eq!(all.take("kill/1-1"), Expectation::Differs { finding: Finding::Fail, reason });
        assert_eq!(all.take("kill/1-1"), Expectation::AsNative);
        assert_eq!(all.rest().collect::<Vec<_>>(), ["a/2-1"]);
        assert_eq!(all.take("a/2-1"), Expectation::Excluded { reason: "slow".into() });
    }

    #[test]
    fn bad_lines_are_told() {
        let error = |text: &str| Expectations::parse(text).unwrap_err().to_string();
        assert!(error("a/1-1 fail\n").contains(":1: got `a/1-1 fail`"));
        assert!(error("\na/1-1 broken why\n").contains(":2: `broken`"));
        assert!(error("a/1-1 pass why\n").contains("`pass`"));
        assert!(error("a/1-1 fail x\na/1-1 fail y\n").contains(":2: a/1-1"));
    }
}
