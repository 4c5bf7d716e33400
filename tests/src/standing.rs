//! How the suites of others stand: `tests/conformance` keeps a line for each, `docs/conformance.md` is made of it.
//!
//! Key types: [`Record`], [`Records`]. The runner's `--record` writes both; a unit test sees to it that the page says what
//! the lines and the lists of differences say. Neighbours: [`crate::foreign::share`] and [`crate::posix::share`] count.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::foreign::list;
use crate::gcc::{self, suites};
use crate::{libomp, limited};

/// Where the lines are, below the source tree.
const RECORDS: &str = "tests/conformance";

/// Where the page is.
const PAGE: &str = "docs/conformance.md";

const HEAD: &str = "\
# Conformance

How HermitCore does in other people's test suites, as last recorded. `cargo xtask test` runs a small part of them
and `--suite` all (see [testing](testing.md)); this page is written by the runner's `--record`, and a unit test compares it with
its sources, `tests/conformance` and the lists of differences.

A test *passes natively* if the host's compiler makes a static Linux program of it that passes; only such tests are counted. In
gcc's and LLVM's suites one that passes in the process isle (libgomp's and libomp's: on 1, 2 and 4 vCPUs) is taken to pass
natively, too: it is built and run natively only if it fails there. A part `K/N` is a pseudo-random choice by the tests' names.

| suite | language | part | date | pass natively | pass in the isle | share | wanted |
|---|---|---|---|---|---|---|---|
";

/// A suite that is no compiler's.
const POSIX: &str = "posix";

/// What LLVM's tests of libomp are.
const LIBOMP: &str = "LLVM's tests of its OpenMP runtime";

/// What stands in the table: the suite's name, its title, language and bar.
fn rows() -> Vec<(&'static str, String, &'static str, String)> {
    let of_gcc = |suite: &'static suites::Suite| {
        let bar = format!("{:.1} %", suite.bar_per_mille as f64 / 10.0);
        (suite.name, format!("gcc: `{}`", suite.title), suite.language.title(), bar)
    };
    let mut rows: Vec<_> = suites::SUITES.iter().map(of_gcc).collect();
    rows.push((POSIX, "Open POSIX Test Suite, without tests that fork".to_owned(), "C", "95.0 %".to_owned()));
    let bar = format!("{:.1} %", libomp::BAR.per_mille as f64 / 10.0);
    rows.push((libomp::BAR.suite, LIBOMP.to_owned(), "C, C++", bar));
    rows
}

/// What a run found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The suite.
    pub suite: String,
    /// Which part of it ran, `K/N`.
    pub part: String,
    /// When, as `2026-11-28`.
    pub date: String,
    /// Tests that pass natively.
    pub native: usize,
    /// Of these, those that pass in the isle.
    pub isle: usize,
}

/// All lines, by suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<String, Record>);

impl Records {
    /// Reads `tests/conformance` in the source tree `root`.
    ///
    /// # Errors
    /// A file that cannot be read, a line that says something else.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(RECORDS);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let records = lines.map(|line| match Record::parse(line) {
            Some(record) => Ok((record.suite.clone(), record)),
            None => bail!("{RECORDS}: got `{line}`, wanted `SUITE K/N DATE NATIVE ISLE`"),
        });
        Ok(Self(records.collect::<Result<_>>()?))
    }

    /// Puts records in the place of earlier ones, and writes the lines and the page.
    ///
    /// # Errors
    /// A file that cannot be written, a list of differences that cannot be read.
    pub fn renew(mut self, root: &Path, new: impl IntoIterator<Item = Record>) -> Result<()> {
        self.0.extend(new.into_iter().map(|record| (record.suite.clone(), record)));
        let mut text =
            "# What `hermit-tests --record` found: SUITE K/N DATE, how many tests pass natively, and of \
                        these in the isle.\n"
                .to_owned();
        for Record { suite, part, date, native, isle } in self.0.values() {
            writeln!(text, "{suite} {part} {date} {native} {isle}")?;
        }
        let write = |path: &str, text: String| {
            fs::write(root.join(path), text).with_context(|| format!("cannot write {path}"))
        };
        write(RECORDS, text)?;
        write(PAGE, self.page(root)?)
    }

    /// The whole page.
    fn page(&self, root: &Path) -> Result<String> {
        let mut page = HEAD.to_owned();
        for (name, title, language, bar) in rows() {
            match self.0.get(name) {
                Some(Record { part, date, native, isle, .. }) => {
                    let percent = 100.0 * *isle as f64 / (*native).max(1) as f64;
                    writeln!(
                        page,
                        "| {title} | {language} | {part} | {date} | {native} | {isle} | {percent:.2} % | {bar} |"
                    )?;
                }
                None => writeln!(page, "| {title} | {language} | not recorded yet | | | | | {bar} |")?,
            }
        }
        for suite in suites::SUITES {
            let known = list::differences(&gcc::list_of(root, suite))?;
            section(&mut page, &format!("tests/gcc/{}.txt", suite.name), suite.title, &known)?;
        }
        let known = list::differences(&root.join(libomp::DIFFERENCES))?;
        section(&mut page, libomp::DIFFERENCES, LIBOMP, &known)?;
        page.push_str(POSIX_SECTION);
        Ok(page)
    }
}

const POSIX_SECTION: &str = "
## Open POSIX Test Suite

Its known differences stand in `tests/posix/expectations`, each with what is found and why.
";

impl Record {
    /// What ran today.
    pub fn of_today(suite: &str, part: &str, native: usize, isle: usize) -> Result<Self> {
        let date = today()?;
        Ok(Self { suite: suite.to_owned(), part: part.to_owned(), date, native, isle })
    }

    fn parse(line: &str) -> Option<Self> {
        let [suite, part, date, native, isle] =
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().try_into().ok()?;
        Some(Self { suite, part, date, native: native.parse().ok()?, isle: isle.parse().ok()? })
    }
}

/// The date, such as `2026-11-28`.
///
/// # Errors
/// When date(1) cannot be run.
pub fn today() -> Result<String> {
    let date = limited::output(Command::new("date").args(["-u", "+%F"]), limited::PROBE);
    Ok(String::from_utf8_lossy(&date.context("cannot run date")?.stdout).trim().to_owned())
}

/// The known differences of a suite, those with the same reason together.
fn section(page: &mut String, list: &str, title: &str, known: &BTreeMap<String, String>) -> Result<()> {
    writeln!(page, "\n## Known differences: {title}\n")?;
    if known.is_empty() {
        writeln!(page, "None.")?;
        return Ok(());
    }
    writeln!(page, "`{list}` names {} tests. One that passes all the same is a failure.\n", known.len())?;
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (test, reason) in known {
        reasons.entry(reason).or_default().push(test);
    }
    for (reason, tests) in reasons {
        let names: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
        writeln!(page, "- {reason}: {}", names.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
    }

    #[test]
    fn the_page_says_what_its_sources_say() {
        let page = Records::read(root()).unwrap().page(root()).unwrap();
        let kept = fs::read_to_string(root().join(PAGE)).unwrap();
        assert!(page == kept, "{PAGE} is old: `cargo run -p tests -- --page` writes it anew");
    }

    #[test]
    fn every_record_has_a_row_and_is_possible() {
        for (name, record) in Records::read(root()).unwrap().0 {
            assert!(rows().iter().any(|row| row.0 == name), "{name}");
            assert!(record.isle <= record.native, "{record:?}");
        }
    }

    #[test]
    fn differences_with_the_same_reason_stand_together() {
        let known = [("a@O0", "fork"), ("b@O0", "locales"), ("c@O0", "fork")];
        let known = known.map(|(test, reason)| (test.to_owned(), reason.to_owned())).into();
        let mut page = String::new();
        section(&mut page, "list", "title", &known).unwrap();
        assert!(
            page.contains("names 3 tests") && page.contains("- fork: `a@O0`, `c@O0`\n- locales: `b@O0`\n")
        );
    }
}
