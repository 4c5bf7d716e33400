//! The list of mutants as it is written, `tests/mutants/<room>.toml`: [`Mutant`], [`Catcher`], [`read`].
//!
//! Neighbours: [`super::check`] says what is wrong with it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::tidy::{Finding, Tree};

/// Where the lists are.
pub const FOLDER: &str = "tests/mutants";

/// Why a list must be right, for findings.
pub const WHY: &str = "a mutant that does not apply tests nothing";

/// A fault that is put into the product on purpose, to see whether a test notices.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mutant {
    /// The list that it stands in: the file's name without its ending.
    #[serde(skip)]
    pub room: String,
    /// Unique in its list.
    pub name: String,
    /// What is changed, relative to the root.
    pub file: PathBuf,
    /// Occurs once in the file.
    pub from: String,
    /// What takes its place.
    pub to: String,
    /// What a user would see.
    pub breaks: String,
    /// The smallest set of tests that ought to catch it.
    pub caught_by: Vec<Catcher>,
    /// Why it is right, or bearable, that nothing notices.
    pub survives: Option<String>,
    /// Where programs run.
    #[serde(default)]
    pub isle: Isle,
}

/// A test, or a group of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Catcher {
    /// A case of the runner, with @N or without: then all of them.
    Case(String),
    /// `unit:PACKAGE` or `unit:PACKAGE:FILTER`: cargo's tests.
    Unit {
        /// The crate.
        package: String,
        /// What libtest is given.
        filter: Option<String>,
    },
}

/// Where programs run; natively they run as well, for comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Isle {
    /// A process of Linux.
    #[default]
    Process,
    /// The hypervisor, in the test bed.
    Uhyve,
    /// QEMU without KVM.
    Qemu,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    mutant: Vec<Mutant>,
}

impl Mutant {
    /// `room/name`.
    pub fn title(&self) -> String {
        format!("{}/{}", self.room, self.name)
    }

    /// Cases of the runner that ought to catch it.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.caught_by.iter().filter_map(|catcher| match catcher {
            Catcher::Case(name) => Some(name.as_str()),
            Catcher::Unit { .. } => None,
        })
    }

    /// The file's text with the fault in it.
    pub fn apply(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.from).count() {
            1 if self.from == self.to => Err("`from` and `to` are the same".to_owned()),
            1 => Ok(text.replacen(&self.from, &self.to, 1)),
            count => {
                let first = self.from.lines().next().unwrap_or_default();
                let place = self.file.display();
                Err(format!("`from` ({first} ...) occurs {count} times in {place}, wanted: once"))
            }
        }
    }
}

impl TryFrom<String> for Catcher {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let Some(unit) = text.strip_prefix("unit:") else {
            return if text.contains('/') { Ok(Self::Case(text)) } else { Err(unknown(&text)) };
        };
        let (package, filter) = unit.split_once(':').map_or((unit, None), |(one, more)| (one, Some(more)));
        if package.is_empty() || filter == Some("") {
            return Err(unknown(&text));
        }
        Ok(Self::Unit { package: package.to_owned(), filter: filter.map(str::to_owned) })
    }
}

fn unknown(text: &str) -> String {
    format!("`{text}` names no test: wanted a case such as `c/hello`, `unit:CRATE` or `unit:CRATE:FILTER`")
}

impl From<Catcher> for String {
    fn from(catcher: Catcher) -> Self {
        catcher.to_string()
    }
}

impl fmt::Display for Catcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(name) => f.write_str(name),
            Self::Unit { package, filter: None } => write!(f, "unit:{package}"),
            Self::Unit { package, filter: Some(filter) } => write!(f, "unit:{package}:{filter}"),
        }
    }
}

impl Isle {
    /// As the runner calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Uhyve => "uhyve",
            Self::Qemu => "qemu",
        }
    }
}

/// All mutants, list by list in the order of their names, and what could not be read.
pub fn read(tree: &Tree) -> (Vec<Mutant>, Vec<Finding>) {
    let (mut mutants, mut findings) = (Vec::new(), Vec::new());
    let is_list = |path: &Path| path.starts_with(FOLDER) && path.extension().is_some_and(|e| e == "toml");
    for (path, text) in tree.files().filter(|(path, _)| is_list(path)) {
        match parse(text) {
            Ok(found) => {
                let room = path.file_stem().unwrap_or_default().to_string_lossy();
                mutants.extend(found.into_iter().map(|mutant| Mutant { room: room.to_string(), ..mutant }));
            }
            Err((line, what)) => findings.push(Finding {
                place: format!("{}:{line}", path.display()),
                what,
                why: WHY,
                cure: format!("the format stands in docs/testing.md, and {FOLDER}/kernel.toml is an example"),
            }),
        }
    }
    (mutants, findings)
}

/// One list; an error with its line.
fn parse(text: &str) -> Result<Vec<Mutant>, (usize, String)> {
    toml::from_str::<Sheet>(text).map(|sheet| sheet.mutant).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        (before.matches('\n').count() + 1, error.message().to_owned())
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A mutant for tests: in `file`, one word becomes another.
    pub fn mutant(file: &str, from: &str, to: &str, caught_by: &[&str]) -> Mutant {
        let catcher = |text: &&str| Catcher::try_from(text.to_string()).unwrap();
        Mutant {
            room: "room".into(),
            name: "name".into(),
            file: file.into(),
            from: from.into(),
            to: to.into(),
            breaks: "something".into(),
            caught_by: caught_by.iter().map(catcher).collect(),
            survives: None,
            isle: Isle::Process,
        }
    }

    const GOOD: &str = "[[mutant]]\nname = 'a'\nfile = 'f'\nfrom = '''\nx'''\nto = 'y'\nbreaks = 'b'\n\
                        caught-by = ['c/a@2', 'unit:abi', 'unit:kernel:sched::x']\n";

    #[test]
    fn a_list_is_read() {
        let tree = Tree::of([("tests/mutants/libc.toml", GOOD), ("tests/mutants/notes.md", "")]);
        let (mutants, findings) = read(&tree);
        assert_eq!(findings, []);
        let [mutant] = &mutants[..] else { panic!("{mutants:?}") };
        assert_eq!(
            (mutant.title().as_str(), mutant.from.as_str(), mutant.isle),
            ("libc/a", "x", Isle::Process)
        );
        assert_eq!(mutant.cases().collect::<Vec<_>>(), ["c/a@2"]);
        let names: Vec<_> = mutant.caught_by.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["c/a@2", "unit:abi", "unit:kernel:sched::x"]);
    }

    #[test]
    fn unknown_keys_isles_and_tests_are_told_with_their_line() {
        for (bad, line, part) in [
            ("brakes = 'x'\n", 9, "brakes"),
            ("isle = 'xen'\n", 9, "xen"),
            ("survives = 3\n", 9, "invalid type"),
            ("[[mutant]]\nname = 'only'\n", 9, "missing field"),
        ] {
            let (at, what) = parse(&format!("{GOOD}{bad}")).unwrap_err();
            assert!(at == line && what.contains(part), "{bad}: line {at}: {what}");
        }
        for bad in ["hello", "unit:", "unit:abi:"] {
            assert!(Catcher::try_from(bad.to_owned()).unwrap_err().contains("names no test"), "{bad}");
        }
        let (_, findings) = read(&Tree::of([("tests/mutants/x.toml", "a = 1")]));
        assert!(findings.len() == 1 && findings[0].place == "tests/mutants/x.toml:1", "{findings:?}");
    }

    #[test]
    fn a_fault_replaces_what_occurs_once() {
        let mutant = mutant("f", "<= b", "< b", &[]);
        assert_eq!(mutant.apply("a <= b;\na <= c;").unwrap(), "a < b;\na <= c;");
        assert!(mutant.apply("a <= b; c <= b").unwrap_err().contains("occurs 2 times in f"));
        assert!(mutant.apply("").unwrap_err().contains("occurs 0 times"));
        let same = Mutant { to: "<= b".into(), ..mutant };
        assert!(same.apply("a <= b").unwrap_err().contains("the same"));
    }
}
