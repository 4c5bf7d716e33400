//! How a mutant is judged, wherever it lives: [`judge`] on a [`Site`].
//!
//! Neighbours: [`super::site`] is the real one.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::list::Mutant;
use super::outcome::Outcome;
use crate::suite::Tally;

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

/// Where mutants are tried.
pub trait Site {
    /// Puts the fault in.
    fn apply(&mut self, mutant: &Mutant) -> Result<()>;
    /// Builds what is needed and runs the tests that ought to catch it.
    fn try_set(&mut self, mutant: &Mutant) -> Result<Tried>;
    /// Builds what is needed and runs everything.
    fn try_all(&mut self, mutant: &Mutant) -> Result<Tried>;
    /// Takes the fault out and puts everything back.
    fn restore(&mut self, mutant: &Mutant) -> Result<()>;
}

/// Tries a mutant; `by_all`: a survivor of its set has to survive everything.
pub fn judge(site: &mut impl Site, mutant: &Mutant, by_all: bool) -> Result<Verdict> {
    site.apply(mutant)?;
    let verdict = judge_applied(site, mutant, by_all);
    // Whatever happened: the next one must not find this one.
    site.restore(mutant)?;
    verdict
}

fn judge_applied(site: &mut impl Site, mutant: &Mutant, by_all: bool) -> Result<Verdict> {
    let of = |tried: Tried, by_its_set| match tried.map(|outcome| outcome.caught()) {
        Err(what) => Verdict::NotCompiled(what),
        Ok((by, _)) if by.is_empty() => Verdict::Survived,
        Ok((by, hung)) => Verdict::Caught { by, hung, by_its_set },
    };
    match of(site.try_set(mutant)?, true) {
        Verdict::Survived if by_all && mutant.survives.is_none() => Ok(of(site.try_all(mutant)?, false)),
        verdict => Ok(verdict),
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

    /// A product of one file, and two tests of it that look at the file as it was "built".
    struct Small {
        folder: tempfile::TempDir,
        before: String,
        whole_runs: u32,
    }

    impl Small {
        const SOURCE: &str = "answer = 42 # a comment\nquestion = 1\n";

        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("product"), Self::SOURCE).unwrap();
            Self { folder, before: String::new(), whole_runs: 0 }
        }

        fn source(&self) -> PathBuf {
            self.folder.path().join("product")
        }

        fn built(&self) -> String {
            fs::read_to_string(self.folder.path().join("built")).unwrap()
        }

        fn outcome(&self, tests: &[(&str, &str)]) -> Outcome {
            let mut outcome = Outcome::default();
            for (name, wanted) in tests {
                let end = if self.built().contains(wanted) { End::Good } else { End::Failed };
                outcome.add(*name, end, Duration::ZERO);
            }
            outcome
        }
    }

    impl Site for Small {
        fn apply(&mut self, mutant: &Mutant) -> Result<()> {
            self.before = fs::read_to_string(self.source())?;
            fs::write(self.source(), mutant.apply(&self.before).map_err(anyhow::Error::msg)?)?;
            Ok(())
        }

        fn try_set(&mut self, _: &Mutant) -> Result<Tried> {
            let text = fs::read_to_string(self.source())?;
            if !text.contains(" = ") {
                return Ok(Err("no assignment".into()));
            }
            fs::write(self.folder.path().join("built"), text)?;
            Ok(Ok(self.outcome(&[("small/answer", "answer = 42")])))
        }

        fn try_all(&mut self, _: &Mutant) -> Result<Tried> {
            self.whole_runs += 1;
            Ok(Ok(self.outcome(&[("small/answer", "answer = 42"), ("small/question", "question = 1")])))
        }

        fn restore(&mut self, _: &Mutant) -> Result<()> {
            Ok(fs::write(self.source(), &self.before)?)
        }
    }

    fn try_it(from: &str, to: &str) -> (Verdict, Tally, u32) {
        let (mut site, mutant) = (Small::new(), mutant("product", from, to, &["small/answer"]));
        let verdict = judge(&mut site, &mutant, true).unwrap();
        assert_eq!(fs::read_to_string(site.source()).unwrap(), Small::SOURCE, "restored");
        let tally = verdict.told(&mutant).0;
        (verdict, tally, site.whole_runs)
    }

    #[test]
    fn a_fatal_mutant_is_caught_by_its_set() {
        let (verdict, tally, whole_runs) = try_it("42", "43");
        let by = vec!["small/answer".to_owned()];
        assert_eq!(verdict, Verdict::Caught { by, hung: false, by_its_set: true });
        assert_eq!((tally, whole_runs), (Tally::PASSED, 0));
    }

    #[test]
    fn a_mutant_without_effect_survives_and_that_is_a_failure() {
        let (verdict, tally, whole_runs) = try_it("a comment", "another comment");
        assert_eq!((verdict, tally, whole_runs), (Verdict::Survived, Tally::FAILED, 1));
    }

    #[test]
    fn what_only_others_catch_is_a_failure_of_the_list() {
        let (verdict, tally, whole_runs) = try_it("question = 1", "question = 2");
        assert!(
            matches!(&verdict, Verdict::Caught { by_its_set: false, by, .. } if by == &["small/question"])
        );
        assert_eq!((tally, whole_runs), (Tally::FAILED, 1));
    }

    #[test]
    fn what_does_not_compile_is_no_mutant() {
        let (verdict, tally, _) = try_it(Small::SOURCE, "nonsense");
        assert_eq!((verdict, tally), (Verdict::NotCompiled("no assignment".into()), Tally::FAILED));
    }

    #[test]
    fn what_does_not_apply_is_an_error() {
        let nowhere = mutant("product", "41", "43", &["small/answer"]);
        let error = judge(&mut Small::new(), &nowhere, false).unwrap_err();
        assert!(error.to_string().contains("occurs 0 times"), "{error}");
    }

    #[test]
    fn survivors_that_are_expected_pass_until_they_are_caught() {
        let expected = |from, to| Mutant {
            survives: Some("equal".into()),
            ..mutant("product", from, to, &["small/answer"])
        };
        let (equal, fatal) = (expected("a comment", "another"), expected("42", "43"));
        let mut site = Small::new();
        let verdict = judge(&mut site, &equal, true).unwrap();
        assert_eq!((verdict.told(&equal).0, site.whole_runs), (Tally::PASSED, 0));
        let (tally, words) = judge(&mut site, &fatal, true).unwrap().told(&fatal);
        assert!(tally == Tally::FAILED && words.contains("take the line `survives` out"), "{words}");
    }
}
