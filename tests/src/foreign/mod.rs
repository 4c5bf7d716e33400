//! Other people's tests, which must pass in the isle if they pass natively: what [`crate::gcc`] and [`crate::libomp`] share.
//!
//! A test runs in the isle first, and natively if it does not pass there: whatever a test asks of its target answers
//! itself, and what the host does not pass is skipped. Key types: [`Foreign`], [`Found`], [`Attempt`]. Neighbours: [`kept`]
//! remembers, [`list`] reads which differences are meant, [`share`] counts, [`part`] chooses.

pub mod kept;
pub mod list;
pub mod part;
pub mod share;

use std::fs;
use std::sync::{Mutex, PoisonError};

use crate::case::Case;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::verdict::{Faults, Verdict};
use kept::Kept;

/// What the last run found; `None` if it did not run there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Whether it passes in the isle.
    pub isle: Option<bool>,
    /// Whether it passes natively. One that passes in the isle is taken to.
    pub native: Option<bool>,
}

/// A test was built and run.
#[derive(Debug, Default)]
pub struct Attempt {
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

/// Runs a test, unless its result is known.
fn verdict(test: &impl Foreign, lab: &Lab, isle: Isle) -> (Found, Verdict) {
    let passed = Found { isle: Some(true), native: Some(true) };
    let (kept, key, difference) = (test.kept(), test.key(), test.difference());
    if kept.has_passed(&key) {
        return (passed, of_pass(difference));
    }
    if difference.is_none() && kept.has_failed_natively(&key) {
        return (Found { isle: None, native: Some(false) }, not_natively());
    }
    let Attempt { faults, printed, rerun } = test.attempt(lab, isle);
    match faults.verdict(&printed, &rerun) {
        Verdict::Passed => {
            kept.passed(&key);
            (passed, of_pass(difference))
        }
        failure => {
            let native = kept.natively(&key, || test.attempt(lab, Isle::Native).faults.is_empty());
            let verdict = match difference {
                _ if !native => not_natively(),
                Some((reason, _)) => Verdict::Known(reason.to_owned()),
                None => failure,
            };
            (Found { isle: Some(false), native: Some(native) }, verdict)
        }
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
            let (found, verdict) = verdict(self, lab, isle);
            *self.found().lock().unwrap_or_else(PoisonError::into_inner) = found;
            verdicts.push((isle, verdict));
        }
        if !verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_))) {
            // Ten thousand tests with an executable each; an error leaves a file more.
            let _ = fs::remove_dir_all(lab.folder(Foreign::name(self)));
        }
        verdicts
    }
}
