//! What the tests do without a fault: [`Baseline`]. A test that fails then judges nothing; the time of one that passes says when
//! it has hung later.

use std::collections::BTreeMap;
use std::time::Duration;

use super::judge::Verdict;
use super::list::{Catcher, Isle, Mutant};
use super::outcome::{End, Outcome};

/// How long a test may take beyond a multiple of its time without a fault.
const GRACE: Duration = Duration::from_secs(10);

/// The multiple: a machine has other work to do.
const SLOWER: u32 = 4;

/// Every test that is used.
#[derive(Debug, Default)]
pub struct Baseline {
    /// By isle and the runner's name, with @N.
    cases: BTreeMap<(Isle, String), (End, Duration)>,
    /// By [`Catcher`]'s name.
    units: BTreeMap<String, (End, Duration)>,
}

/// Cases to run, and when to give up each.
#[derive(Debug, PartialEq, Eq)]
pub struct Cases {
    /// Exact names.
    pub names: Vec<String>,
    /// The limit of each.
    pub limit: Duration,
}

impl Baseline {
    /// Adds what the runner found in an isle.
    pub fn add_cases(&mut self, isle: Isle, outcome: &Outcome) {
        let ends = outcome.iter().map(|(name, end, took)| ((isle, name.to_owned()), (end, took)));
        self.cases.extend(ends);
    }

    /// Adds tests of a crate.
    pub fn add_unit(&mut self, unit: &Catcher, outcome: &Outcome, took: Duration) {
        let is_good = outcome.caught().0.is_empty() && outcome.iter().any(|(_, end, _)| end == End::Good);
        let end = if is_good { End::Good } else { End::Failed };
        self.units.insert(unit.to_string(), (end, took));
    }

    /// Those that cannot judge.
    pub fn failed(&self) -> Vec<String> {
        let has_failed = |(end, _): &(End, Duration)| matches!(end, End::Failed | End::Hung);
        let cases = self.cases.iter().filter(|(_, found)| has_failed(found));
        let cases = cases.map(|((isle, name), _)| format!("{name} in {}", isle.name()));
        cases
            .chain(self.units.iter().filter(|(_, found)| has_failed(found)).map(|(name, _)| name.clone()))
            .collect()
    }

    /// The cases that can judge a mutant, if there are any.
    pub fn cases(&self, mutant: &Mutant) -> Option<Cases> {
        let good: Vec<_> = mutant
            .cases()
            .flat_map(|name| self.of(mutant.isle, name))
            .filter(|(_, end, _)| *end == End::Good)
            .collect();
        let longest = good.iter().map(|(_, _, took)| *took).max()?;
        let names = good.into_iter().map(|(name, _, _)| name.to_owned()).collect();
        Some(Cases { names, limit: GRACE + longest * SLOWER })
    }

    /// When to give up tests of a crate; none: they cannot judge.
    pub fn unit_limit(&self, unit: &Catcher) -> Option<Duration> {
        let (end, took) = self.units.get(&unit.to_string())?;
        (*end == End::Good).then_some(GRACE + *took * SLOWER)
    }

    /// What is to be said of a mutant before it is tried: none of its tests can judge it.
    pub fn unfit(&self, mutant: &Mutant) -> Option<Verdict> {
        let can_judge = |unit: &Catcher| self.unit_limit(unit).is_some();
        if mutant.caught_by.is_empty()
            || self.cases(mutant).is_some()
            || mutant.caught_by.iter().any(can_judge)
        {
            return None;
        }
        let mut ends = mutant.cases().flat_map(|name| self.of(mutant.isle, name)).map(|(_, end, _)| end);
        Some(if ends.any(|end| end == End::Skipped) {
            Verdict::Skipped
        } else {
            Verdict::Unjudged("its tests fail without it, or none has this name".to_owned())
        })
    }

    /// The cases that a name stands for, with @N or without.
    fn of(&self, isle: Isle, wanted: &str) -> impl Iterator<Item = (&str, End, Duration)> {
        let is_wanted = move |name: &str| {
            name.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
        };
        let all = self.cases.iter().filter(move |((of, name), _)| *of == isle && is_wanted(name));
        all.map(|((_, name), (end, took))| (name.as_str(), *end, *took))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::mutants::list::tests::mutant;

    fn baseline() -> Baseline {
        let mut baseline = Baseline::default();
        let mut outcome = Outcome::default();
        for (name, end, seconds) in [
            ("c/queue@1", End::Good, 1),
            ("c/queue@2", End::Good, 3),
            ("c/queue_long", End::Good, 100),
            ("c/avx512", End::Skipped, 1),
            ("c/broken", End::Failed, 1),
        ] {
            outcome.add(name, end, Duration::from_secs(seconds));
        }
        baseline.add_cases(Isle::Process, &outcome);
        let mut units = Outcome::default();
        let unit = |text: &str| Catcher::try_from(text.to_owned()).unwrap();
        baseline.add_unit(&unit("unit:elf:none"), &units, Duration::ZERO);
        units.add("edit::a", End::Good, Duration::ZERO);
        baseline.add_unit(&unit("unit:elf"), &units, Duration::from_secs(5));
        baseline
    }

    #[test]
    fn a_name_stands_for_all_numbers_of_cpus_and_the_longest_sets_the_limit() {
        let cases = baseline().cases(&mutant("f", "a", "b", &["c/queue", "c/broken", "unit:elf"])).unwrap();
        let names = ["c/queue@1", "c/queue@2"].map(str::to_owned).to_vec();
        assert_eq!(cases, Cases { names, limit: Duration::from_secs(22) });
        let one = baseline().cases(&mutant("f", "a", "b", &["c/queue@1"])).unwrap();
        assert_eq!(one.names, ["c/queue@1"]);
    }

    #[test]
    fn what_fails_without_a_fault_judges_nothing() {
        let unfit = |caught_by: &[&str]| baseline().unfit(&mutant("f", "a", "b", caught_by));
        assert_eq!(unfit(&["c/broken", "c/queue"]), None);
        assert_eq!(unfit(&["unit:elf", "c/broken"]), None);
        assert_eq!(unfit(&["c/avx512"]), Some(Verdict::Skipped));
        for nobody in ["c/broken", "c/que", "unit:elf:none"] {
            assert!(matches!(unfit(&[nobody]), Some(Verdict::Unjudged(_))), "{nobody}");
        }
        let in_uhyve = Mutant { isle: Isle::Uhyve, ..mutant("f", "a", "b", &["c/queue"]) };
        assert!(matches!(baseline().unfit(&in_uhyve), Some(Verdict::Unjudged(_))), "it was not run there");
        assert_eq!(baseline().failed(), ["c/broken in process", "unit:elf:none"]);
    }
}
