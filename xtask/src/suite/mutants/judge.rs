//! How a mutant is judged, wherever it lives: [`make`] in a [`Workshop`], then [`judge`] on a [`Stand`].
//!
//! Neighbours: [`super::workshop`] and [`super::stand`] are the real ones, [`super::line`] lets them work side by side.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::list::Mutant;
use super::outcome::Outcome;
use crate::suite::tally::Tally;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// A test noticed it.
    Caught {
        /// Which.
        by: Vec<String>,
        /// Whether none of them failed: they were killed at their limits.
        hung: bool,
        /// Whether its own set did; otherwise another test of the whole run.
        by_its_set: bool,
    },
    /// Nothing noticed.
    Survived,
    /// The compiler noticed: no test of the tests.
    NotCompiled(String),
    /// What its set needs is not on this machine.
    Skipped,
    /// Its set fails without it, or runs nothing: nothing can be said.
    Unjudged(String),
}

/// How tests ended; an error is the compiler's.
pub type Tried = std::result::Result<Outcome, String>;

/// What has to be done with a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Whether programs are to judge it.
    pub has_cases: bool,
    /// Whether a survivor of its set has to survive everything.
    pub by_all: bool,
}

/// Where faults are put in and built.
pub trait Workshop {
    /// Puts the fault in.
    fn apply(&mut self, mutant: &Mutant) -> Result<()>;
    /// Runs those tests of crates that ought to catch it.
    fn units(&mut self, mutant: &Mutant) -> Result<Tried>;
    /// Builds what the mutant concerns, for a stand; an inner error is the compiler's.
    fn build(&mut self, mutant: &Mutant) -> Result<Result<(), String>>;
    /// Takes the fault out and puts everything back.
    fn restore(&mut self, mutant: &Mutant) -> Result<()>;
}

/// Where programs run with a fault that has been built.
pub trait Stand {
    /// Runs those that ought to catch it.
    fn cases(&mut self, mutant: &Mutant) -> Result<Outcome>;
    /// Runs everything.
    fn all(&mut self) -> Result<Outcome>;
}

/// A mutant that left the workshop.
#[derive(Debug)]
pub enum Made {
    /// All has been said.
    Judged(Verdict),
    /// It was built: programs have the word.
    Built,
}

/// The workshop's share: puts a mutant in, runs tests of crates, builds it if more is needed, and takes it out.
pub fn make(shop: &mut impl Workshop, mutant: &Mutant, task: Task) -> Result<Made> {
    shop.apply(mutant)?;
    let made = make_applied(shop, mutant, task);
    // Whatever happened: the next one must not find this one.
    shop.restore(mutant)?;
    made
}

fn make_applied(shop: &mut impl Workshop, mutant: &Mutant, task: Task) -> Result<Made> {
    match of(shop.units(mutant)?, true) {
        // Whom no test is to catch must at least be a mutant: it compiles.
        Verdict::Survived if task.has_cases || task.by_all || mutant.caught_by.is_empty() => {
            let built = shop.build(mutant)?;
            Ok(built.map_or_else(|what| Made::Judged(Verdict::NotCompiled(what)), |()| Made::Built))
        }
        verdict => Ok(Made::Judged(verdict)),
    }
}

/// The stand's share.
pub fn judge(stand: &mut impl Stand, mutant: &Mutant, task: Task) -> Result<Verdict> {
    let verdict = if task.has_cases { of(Ok(stand.cases(mutant)?), true) } else { Verdict::Survived };
    match verdict {
        Verdict::Survived if task.by_all => Ok(of(Ok(stand.all()?), false)),
        verdict => Ok(verdict),
    }
}

fn of(tried: Tried, by_its_set: bool) -> Verdict {
    match tried.map(|outcome| outcome.caught()) {
        Err(what) => Verdict::NotCompiled(what),
        Ok((by, _)) if by.is_empty() => Verdict::Survived,
        Ok((by, hung)) => Verdict::Caught { by, hung, by_its_set },
    }
}

impl Verdict {
    /// Whether it is what the list says, and in words what is to be done if not.
    pub fn told(&self, mutant: &Mutant) -> (Tally, String) {
        match (self, &mutant.survives) {
            (Self::Caught { by, hung, by_its_set: true }, None) => {
                (Tally::PASSED, format!("caught     {} by {}", way(*hung), by.join(", ")))
            }
            (Self::Caught { by, hung, by_its_set: false }, None) => (
                Tally::FAILED,
                format!(
                    "FAILED     caught {} by {}, not by its set: name one of them in `caught-by`, or better write a \
                     test of what it is about",
                    way(*hung),
                    by.join(", ")
                ),
            ),
            (Self::Caught { by, .. }, Some(_)) => (
                Tally::FAILED,
                format!("FAILED     caught by {}: take the line `survives` out", by.join(", ")),
            ),
            (Self::Survived, Some(reason)) => (Tally::PASSED, format!("survived   as expected: {reason}")),
            (Self::Survived, None) => {
                (Tally::FAILED, format!("FAILED     survived: nobody noticed that {}", mutant.breaks))
            }
            (Self::NotCompiled(what), _) => (Tally::FAILED, format!("FAILED     does not compile: {what}")),
            (Self::Skipped, _) => (Tally::SKIPPED, "skipped    its tests cannot run here".to_owned()),
            (Self::Unjudged(what), _) => (Tally::FAILED, format!("FAILED     cannot be judged: {what}")),
        }
    }
}

/// How tests noticed.
pub const fn way(hung: bool) -> &'static str {
    if hung { "(hang)" } else { "(failure)" }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::suite::mutants::list::tests::mutant;
    use crate::suite::mutants::outcome::End;

    /// A product of one file, tests of the file, and tests of what is "built" of it.
    struct Small {
        folder: tempfile::TempDir,
        before: String,
        whole_runs: u32,
    }

    const SOURCE: &str = "answer = 42 # a comment\nquestion = 1\nunit = 7\n";

    impl Small {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("product"), SOURCE).unwrap();
            Self { folder, before: String::new(), whole_runs: 0 }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn outcome(&self, of: &str, tests: &[(&str, &str)]) -> Outcome {
            let text = fs::read_to_string(self.path(of)).unwrap();
            let mut outcome = Outcome::default();
            for (name, wanted) in tests {
                let end = if text.contains(wanted) { End::Good } else { End::Failed };
                outcome.add(*name, end, Duration::ZERO);
            }
            outcome
        }
    }

    impl Workshop for Small {
        fn apply(&mut self, mutant: &Mutant) -> Result<()> {
            self.before = fs::read_to_string(self.path("product"))?;
            fs::write(self.path("product"), mutant.apply(&self.before).map_err(anyhow::Error::msg)?)?;
            Ok(())
        }

        fn units(&mut self, _: &Mutant) -> Result<Tried> {
            Ok(Ok(self.outcome("product", &[("unit", "unit = 7")])))
        }

        fn build(&mut self, _: &Mutant) -> Result<Result<(), String>> {
            if !fs::read_to_string(self.path("product"))?.contains("answer = ") {
                return Ok(Err("no assignment".into()));
            }
            fs::copy(self.path("product"), self.path("built"))?;
            Ok(Ok(()))
        }

        fn restore(&mut self, _: &Mutant) -> Result<()> {
            Ok(fs::write(self.path("product"), &self.before)?)
        }
    }

    impl Stand for Small {
        fn cases(&mut self, _: &Mutant) -> Result<Outcome> {
            Ok(self.outcome("built", &[("small/answer", "answer = 42")]))
        }

        fn all(&mut self) -> Result<Outcome> {
            self.whole_runs += 1;
            Ok(self.outcome("built", &[("small/answer", "answer = 42"), ("small/question", "question = 1")]))
        }
    }

    const WHOLE: Task = Task { has_cases: true, by_all: true };

    fn judged(mutant: &Mutant, task: Task) -> (Verdict, Tally, u32) {
        let mut small = Small::new();
        let verdict = match make(&mut small, mutant, task).unwrap() {
            Made::Judged(verdict) => verdict,
            Made::Built => judge(&mut small, mutant, task).unwrap(),
        };
        assert_eq!(fs::read_to_string(small.path("product")).unwrap(), SOURCE, "restored");
        let tally = verdict.told(mutant).0;
        (verdict, tally, small.whole_runs)
    }

    fn ours(from: &str, to: &str) -> Mutant {
        mutant("product", from, to, &["small/answer"])
    }

    fn caught(by: &str, by_its_set: bool) -> Verdict {
        Verdict::Caught { by: vec![by.to_owned()], hung: false, by_its_set }
    }

    #[test]
    fn a_fatal_mutant_is_caught_by_its_set() {
        assert_eq!(judged(&ours("42", "43"), WHOLE), (caught("small/answer", true), Tally::PASSED, 0));
        assert_eq!(judged(&ours("unit = 7", "unit = 8"), WHOLE), (caught("unit", true), Tally::PASSED, 0));
    }

    #[test]
    fn a_mutant_without_effect_survives_and_that_is_a_failure() {
        let equal = ours("a comment", "another comment");
        assert_eq!(judged(&equal, WHOLE), (Verdict::Survived, Tally::FAILED, 1));
        let set = Task { by_all: false, ..WHOLE };
        assert_eq!(judged(&equal, set), (Verdict::Survived, Tally::FAILED, 0));
        assert_eq!(judged(&equal, Task { has_cases: false, ..set }), (Verdict::Survived, Tally::FAILED, 0));
    }

    #[test]
    fn what_only_others_catch_is_a_failure_of_the_list() {
        let wanted = (caught("small/question", false), Tally::FAILED, 1);
        assert_eq!(judged(&ours("question = 1", "question = 2"), WHOLE), wanted);
    }

    #[test]
    fn what_does_not_compile_is_no_mutant() {
        let wanted = Verdict::NotCompiled("no assignment".into());
        let (verdict, tally, whole_runs) = judged(&ours("answer = 42", "answer 42"), WHOLE);
        assert_eq!((verdict, tally, whole_runs), (wanted.clone(), Tally::FAILED, 0));
        let survivor =
            Mutant { survives: Some("equal".into()), caught_by: vec![], ..ours("answer = 42", "answer 42") };
        let set = Task { has_cases: false, by_all: false };
        assert_eq!(judged(&survivor, set), (wanted, Tally::FAILED, 0));
    }

    #[test]
    fn what_does_not_apply_is_an_error() {
        let error = make(&mut Small::new(), &ours("41", "43"), WHOLE).unwrap_err();
        assert!(error.to_string().contains("occurs 0 times"), "{error}");
    }

    #[test]
    fn survivors_that_are_expected_pass_until_they_are_caught() {
        let expected = |from, to| Mutant { survives: Some("equal".into()), ..ours(from, to) };
        let set = Task { by_all: false, ..WHOLE };
        assert_eq!(judged(&expected("a comment", "another"), set).1, Tally::PASSED);
        let fatal = expected("42", "43");
        let (verdict, tally, _) = judged(&fatal, set);
        assert!(tally == Tally::FAILED && verdict.told(&fatal).1.contains("take the line `survives` out"));
    }
}
