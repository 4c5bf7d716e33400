//! One row of the report: something that is run in several isles.
//!
//! Key types: the trait [`Case`], its result [`Row`]. Neighbours: [`crate::program`], [`crate::ports`] and
//! [`crate::cli`] implement it, [`crate::schedule`] runs it.

use crate::isle::Isle;
use crate::lab::Lab;
use crate::lack::Lack;
use crate::verdict::Verdict;

/// Something that is run in several isles.
pub trait Case: Send + Sync {
    /// Its unique name, `suite/name`.
    fn name(&self) -> &str;

    /// The isles it is made for.
    fn isles(&self) -> Vec<Isle>;

    /// Builds what it runs, if that can be done before: else the first run does it.
    fn prepare(&self, _lab: &Lab) {}

    /// Runs it in each of `isles` (some of [`Case::isles`], all offered by the machine), one verdict for each.
    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)>;
}

impl Case for Box<dyn Case> {
    fn name(&self) -> &str {
        self.as_ref().name()
    }

    fn isles(&self) -> Vec<Isle> {
        self.as_ref().isles()
    }

    fn prepare(&self, lab: &Lab) {
        self.as_ref().prepare(lab);
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        self.as_ref().run(lab, isles)
    }
}

/// The verdicts of one case.
#[derive(Clone, Debug)]
pub struct Row {
    /// [`Case::name`].
    pub name: String,
    /// One for each column.
    pub verdicts: Vec<(Isle, Verdict)>,
}

impl Row {
    /// The verdict in `isle`.
    pub fn verdict(&self, isle: Isle) -> &Verdict {
        self.verdicts
            .iter()
            .find(|(other, _)| *other == isle)
            .map_or(&Verdict::Absent, |(_, verdict)| verdict)
    }

    /// Whether it failed anywhere.
    pub fn has_failed(&self) -> bool {
        self.verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_)))
    }

    /// Takes in a second run: what failed, and does not now, is flaky. What failed and was not tried again has failed.
    pub fn run_again(&mut self, second: &Self) {
        for (isle, verdict) in &mut self.verdicts {
            match (&*verdict, second.verdict(*isle)) {
                (Verdict::Failed(report), Verdict::Passed | Verdict::Reference | Verdict::Known(_)) => {
                    *verdict = Verdict::Flaky(report.clone());
                }
                (Verdict::Reference, Verdict::Flaky(report)) => *verdict = Verdict::Flaky(report.clone()),
                _ => {}
            }
        }
    }
}

/// Runs a case in every isle that was chosen and is offered; skips the others.
pub fn run(case: &dyn Case, lab: &Lab) -> Row {
    let chosen: Vec<Isle> = case.isles().into_iter().filter(|isle| lab.isles.contains(isle)).collect();
    let lacks: Vec<(Isle, Option<Lack>)> = chosen.iter().map(|&isle| (isle, lab.lacks(isle))).collect();
    let offered: Vec<Isle> = lacks.iter().filter(|(_, lack)| lack.is_none()).map(|&(isle, _)| isle).collect();
    let mut verdicts = if offered.is_empty() { Vec::new() } else { case.run(lab, &offered) };
    verdicts.extend(lacks.into_iter().filter_map(|(isle, lack)| Some((isle, lack?.verdict()))));
    Row { name: case.name().to_owned(), verdicts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(native: Verdict, process: Verdict) -> Row {
        Row { name: "c/x".into(), verdicts: vec![(Isle::Native, native), (Isle::Process, process)] }
    }

    fn after(first: Verdict, second: Verdict) -> Verdict {
        let mut row_of_first = row(Verdict::Reference, first);
        row_of_first.run_again(&row(Verdict::Reference, second));
        row_of_first.verdict(Isle::Process).clone()
    }

    #[test]
    fn a_second_run_cannot_make_a_pass() {
        let (failed, other) = (Verdict::Failed("why".into()), Verdict::Failed("else".into()));
        let flaky = Verdict::Flaky("why".into());
        assert_eq!(after(failed.clone(), Verdict::Passed), flaky);
        assert_eq!(after(failed.clone(), Verdict::Known("alone".into())), flaky);
        assert_eq!(after(failed.clone(), other), failed);
        assert_eq!(after(failed.clone(), Verdict::Skipped("fails natively".into())), failed);
        assert_eq!(after(Verdict::Passed, failed), Verdict::Passed);
    }

    #[test]
    fn a_native_run_that_wavers_is_told() {
        let mut first = row(Verdict::Reference, Verdict::Failed("why".into()));
        assert!(first.has_failed());
        first.run_again(&row(Verdict::Flaky("lost a race".into()), Verdict::Passed));
        assert_eq!(*first.verdict(Isle::Native), Verdict::Flaky("lost a race".into()));
        assert!(!first.has_failed());
    }
}
