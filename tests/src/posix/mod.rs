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

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, bail};

use crate::case::{self, Case, Row};
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

/// Compiles all of them, as many at a time as there are CPUs: while tests run, nothing else shall take their time.
pub fn build(cases: &[Arc<Conformance>], lab: &Lab) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    case.build(lab);
                }
            });
        }
    });
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
