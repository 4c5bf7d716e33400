//! Other people's tests, which must pass in the isle if they pass natively: what [`crate::gcc`] and [`crate::libomp`] share.
//!
//! A test runs in the isle first, and natively if it does not pass there: whatever a test asks of its target answers
//! itself, and what the host does not pass, however often it is tried, is skipped. What fails and passes when it runs again is
//! flaky. Key types: [`Foreign`], [`Found`], [`Attempt`]. Neighbours: [`kept`]
//! remembers, [`list`] reads which differences are meant, [`share`] counts, [`part`] chooses.

pub mod kept;
pub mod list;
pub mod part;
pub mod share;
#[cfg(test)]
mod tests;

use std::fs;
use std::sync::{Mutex, PoisonError};

use crate::case::Case;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::verdict::{Faults, Verdict};
use kept::{Kept, Native};

/// What the last run found; `None` if it did not run there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Whether it passes in the isle.
    pub isle: Option<bool>,
    /// Whether it passes natively. One that passes in the isle is taken to.
    pub native: Option<bool>,
}

/// How often a test is tried natively before it is said not to pass there: one that is skipped says nothing about us any more.
const NATIVE_TRIES: usize = 3;

/// A test was built and run.
#[derive(Debug, Default)]
pub struct Attempt {
    /// Whether it was built: a compiler's error does not come by chance.
    pub is_built: bool,
    /// What was wrong.
    pub faults: Faults,
    /// What it printed.
    pub printed: Vec<u8>,
    /// How to run it by hand.
    pub rerun: String,
}

/// Tests that are counted together.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The suite's name.
    pub suite: &'static str,
    /// Of a thousand tests that pass natively, as many must pass in the isle.
    pub per_mille: usize,
}

/// A test of others.
pub trait Foreign: Send + Sync {
    /// `suite/PATH`.
    fn name(&self) -> &str;

    /// What it is counted with.
    fn bar(&self) -> Bar;

    /// Everything that its result depends on beside the toolchains.
    fn key(&self) -> String;

    /// Results of earlier runs.
    fn kept(&self) -> &Kept;

    /// Why it is known to differ, if it is, and in which file that stands.
    fn difference(&self) -> Option<(&str, String)>;

    /// What the last run found.
    fn found(&self) -> &Mutex<Found>;

    /// Builds and runs it.
    fn attempt(&self, lab: &Lab, isle: Isle) -> Attempt;
}

/// Runs a test, unless its result is known; also how it did natively, if that is worth telling.
fn verdict(test: &impl Foreign, lab: &Lab, isle: Isle) -> (Found, Verdict, Option<Verdict>) {
    let passed = Found { isle: Some(true), native: Some(true) };
    let (kept, key, difference) = (test.kept(), test.key(), test.difference());
    if kept.has_passed(&key) {
        return (passed, of_pass(difference), None);
    }
    if difference.is_none() && kept.has_failed_natively(&key) {
        return (Found { isle: None, native: Some(false) }, not_natively(), None);
    }
    let Verdict::Failed(report) = test.attempt(lab, isle).verdict() else {
        kept.passed(&key);
        return (passed, of_pass(difference), None);
    };
    let native = kept.natively(&key, || natively(test, lab));
    let passes = native != Native::Fails;
    let verdict = match difference {
        _ if !passes => not_natively(),
        Some((reason, _)) => Verdict::Known(reason.to_owned()),
        // A pass now is luck, and is not kept.
        None => match test.attempt(lab, isle).verdict() {
            Verdict::Failed(_) => Verdict::Failed(report),
            _ => Verdict::Flaky(report),
        },
    };
    let luck = match native {
        Native::Wavers(report) => Some(Verdict::Flaky(report)),
        Native::Passes | Native::Fails => None,
    };
    (Found { isle: Some(false), native: Some(passes) }, verdict, luck)
}

/// Tries a test natively, a few times if it fails.
fn natively(test: &impl Foreign, lab: &Lab) -> Native {
    let mut first = None;
    for _ in 0..NATIVE_TRIES {
        let attempt = test.attempt(lab, Isle::Native);
        let is_built = attempt.is_built;
        match (attempt.verdict(), first.take()) {
            (Verdict::Failed(report), before) => first = Some(before.unwrap_or(report)),
            (_, Some(report)) => return Native::Wavers(report),
            (_, None) => return Native::Passes,
        }
        if !is_built {
            break;
        }
    }
    Native::Fails
}

impl Attempt {
    fn verdict(self) -> Verdict {
        self.faults.verdict(&self.printed, &self.rerun)
    }
}

/// What a pass is worth.
fn of_pass(difference: Option<(&str, String)>) -> Verdict {
    match difference {
        None => Verdict::Passed,
        Some((reason, list)) => {
            Verdict::Failed(format!("passes, though {list} says: {reason}\nnote: take the line out"))
        }
    }
}

fn not_natively() -> Verdict {
    Verdict::Skipped("does not pass natively".to_owned())
}

impl<T: Foreign> Case for T {
    fn name(&self) -> &str {
        Foreign::name(self)
    }

    fn isles(&self) -> Vec<Isle> {
        vec![Isle::Process]
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let mut verdicts = Vec::new();
        for &isle in isles {
            let (found, verdict, natively) = verdict(self, lab, isle);
            *self.found().lock().unwrap_or_else(PoisonError::into_inner) = found;
            verdicts.extend(natively.map(|verdict| (Isle::Native, verdict)));
            verdicts.push((isle, verdict));
        }
        if !verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_))) {
            // Ten thousand tests with an executable each; an error leaves a file more.
            let _ = fs::remove_dir_all(lab.folder(Foreign::name(self)));
        }
        verdicts
    }
}
