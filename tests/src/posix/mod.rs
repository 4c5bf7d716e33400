//! The Open POSIX Test Suite: conformance tests of the interfaces that programs use most, natively and in the isle.
//!
//! Each test is a program that ends with a code of its own ([`finding::Finding`]). What counts is how many of those that
//! pass natively pass in the process isle as well ([`share::Share`]); every one that does not is named, with a reason,
//! in `tests/posix/expectations` ([`expectations`]). `xtask` unpacks the sources. Neighbours: [`sources`] finds the
//! tests, [`build`] compiles them, [`conformance`] is the case.

pub mod build;
pub mod conformance;
pub mod expectations;
pub mod finding;
pub mod share;
pub mod sources;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};

use crate::case::{self, Case, Row};
use crate::foreign::part::Part;
use crate::lab::Lab;
use conformance::Conformance;
use expectations::Expectations;

/// Every test of the interfaces that were chosen, with what is expected of it.
///
/// # Errors
/// Sources that are not there, and expectations that are badly written or name tests that do not exist.
pub fn find(lab: &Lab) -> Result<Vec<Arc<Conformance>>> {
    let tests = sources::find(&lab.sources.join(sources::FOLDER))?;
    let mut expectations = Expectations::read(&lab.root.join("tests/posix/expectations"))?;
    let cases: Vec<_> = tests
        .into_iter()
        .map(|test| {
            let expectation = expectations.take(&test.name);
            Arc::new(Conformance::new(test, expectation))
        })
        .collect();
    if let Some(name) = expectations.rest().next() {
        bail!(
            "tests/posix/expectations speaks of {name}, which is no test; `--suite posix --list` shows them"
        );
    }
    Ok(cases)
}

/// A part of the tests, and of each interface at least one that is expected to pass, so that a small part touches all.
pub fn part(cases: Vec<Arc<Conformance>>, part: Part) -> Vec<Arc<Conformance>> {
    let mut chosen: BTreeSet<String> =
        cases.iter().map(|case| case.name()).filter(|name| part.has(name)).map(str::to_owned).collect();
    // First those of the part, so that only an interface without any gets another one.
    let (mine, others): (Vec<_>, Vec<_>) = cases.iter().partition(|case| chosen.contains(case.name()));
    let mut touched = BTreeSet::new();
    for case in mine.into_iter().chain(others).filter(|case| case.is_as_native()) {
        if touched.insert(interface(case.name())) {
            chosen.insert(case.name().to_owned());
        }
    }
    cases.into_iter().filter(|case| chosen.contains(case.name())).collect()
}

/// `posix/kill` of `posix/kill/1-1` and of `posix/kill/speculative/2-1`.
fn interface(name: &str) -> &str {
    name.match_indices('/').nth(1).map_or(name, |(end, _)| &name[..end])
}

/// Runs those that failed once more, each alone on the machine: many of them measure time, which a dozen of others
/// beside them disturb. Those that are as expected now are flaky; the share counts what the first run found.
pub fn again(rows: &mut [Row], cases: &[Arc<Conformance>], lab: &Lab) {
    for row in rows.iter_mut().filter(|row| row.has_failed()) {
        let Some(case) = cases.iter().find(|case| case.name() == row.name) else { continue };
        let first = case.found();
        row.run_again(&case::run(case, lab));
        case.keep(first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expectations::Expectation;
    use sources::Test;

    fn cases() -> Vec<Arc<Conformance>> {
        let excluded = || Expectation::Excluded { reason: "alone".into() };
        let names = (0..100)
            .map(|number| format!("sigaction/{number}-1"))
            .chain(["kill/1-1", "kill/2-1"].map(Into::into));
        let case = |name: String| {
            let expectation = if name == "kill/1-1" { excluded() } else { Expectation::AsNative };
            let test = Test { name, source: "/x.c".into(), args: Vec::new() };
            Arc::new(Conformance::new(test, expectation))
        };
        names.map(case).collect()
    }

    #[test]
    fn a_part_touches_every_interface() {
        for number in 1..=40 {
            let chosen = part(cases(), Part::parse(&format!("{number}/40")).unwrap());
            let of = |name: &str| chosen.iter().filter(|case| case.name().starts_with(name)).count();
            assert!(
                (1..15).contains(&of("posix/sigaction/")) && of("posix/kill/2-1") == 1,
                "{number}: {chosen:?}"
            );
        }
        assert_eq!(part(cases(), Part::parse("1/1").unwrap()).len(), cases().len());
    }

    #[test]
    fn an_interface_is_a_folder() {
        assert_eq!(interface("posix/kill/1-1"), "posix/kill");
        assert_eq!(interface("posix/kill/speculative/1-1"), "posix/kill");
    }
}
