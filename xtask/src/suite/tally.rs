//! How many tests passed, failed and were skipped: [`Tally`], and how runners' own words become one.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::process::ExitStatus;

/// Counts of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As expected.
    pub passed: u64,
    /// Not as expected.
    pub failed: u64,
    /// Not run, with a reason that was printed.
    pub skipped: u64,
    /// Failed, and passed when they ran again: among the skipped ones, or the failed ones where there are too many.
    pub flaky: u64,
    /// The same natively, which says nothing about us; among none of the others.
    pub flaky_natively: u64,
}

impl Tally {
    /// One test that passed.
    pub const PASSED: Self = Self { passed: 1, ..Self::NONE };
    /// One test that failed.
    pub const FAILED: Self = Self { failed: 1, ..Self::NONE };
    /// One test that was not run.
    pub const SKIPPED: Self = Self { skipped: 1, ..Self::NONE };

    const NONE: Self = Self { passed: 0, failed: 0, skipped: 0, flaky: 0, flaky_natively: 0 };

    /// Reads a line of libtest: `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
    pub fn of_libtest(line: &str) -> Option<Self> {
        let counts = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
        let count = |word| counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored")?,
            ..Self::NONE
        })
    }

    /// Reads the last line of our own runners: `3 passed, 0 failed, 1 skipped`.
    pub fn of_line(line: &str) -> Option<Self> {
        let mut parts = line.trim().split(", ");
        let mut count = |word| parts.next()?.strip_suffix(word)?.trim().parse().ok();
        let (passed, failed, skipped) = (count("passed")?, count("failed")?, count("skipped")?);
        let tally = Self { passed, failed, skipped, ..Self::NONE };
        parts.next().is_none().then_some(tally)
    }

    /// Takes in a line of our own runners. The last with the counts is the total; before it stand the flaky ones, if there are any:
    /// `2 flaky: ...`, `1 flaky natively: ...`.
    pub fn hear(&mut self, line: &str) {
        let number = |words| line.trim().split_once(words).and_then(|(number, _)| number.parse().ok());
        if let Some(flaky) = number(" flaky: ") {
            self.flaky = flaky;
        } else if let Some(flaky) = number(" flaky natively: ") {
            self.flaky_natively = flaky;
        } else if let Some(Self { passed, failed, skipped, .. }) = Self::of_line(line) {
            (self.passed, self.failed, self.skipped) = (passed, failed, skipped);
        }
    }

    /// So many of those that passed, as they said, did not run.
    pub fn with_skipped(self, number: u64) -> Self {
        let number = number.min(self.passed);
        Self { passed: self.passed - number, skipped: self.skipped + number, ..self }
    }

    /// What is flaky, in words; nothing if nothing is.
    pub fn flaky_words(self) -> Option<String> {
        let all = [(self.flaky, "flaky"), (self.flaky_natively, "flaky natively")];
        let words: Vec<_> = all
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{number} {what}"))
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// The tally of a runner that ended with `status`: a runner that failed without a failed test (it could not be
    /// compiled, it crashed) counts as one failed test, and so does one that ran nothing at all.
    pub fn of_runner(self, status: ExitStatus) -> Self {
        let silent = self.failed == 0 && (!status.success() || self == Self::default());
        if silent { self + Self::FAILED } else { self }
    }

    /// Whether nothing failed.
    pub const fn is_success(self) -> bool {
        self.failed == 0
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
            flaky: self.flaky + other.flaky,
            flaky_natively: self.flaky_natively + other.flaky_natively,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn libtest_speaks() {
        let line = "test result: FAILED. 14 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(Tally::of_libtest(line), Some(Tally { passed: 14, failed: 1, skipped: 2, ..Tally::NONE }));
        assert_eq!(Tally::of_libtest("running 3 tests"), None);
    }

    #[test]
    fn our_own_line_is_read_as_it_is_written() {
        let tally = Tally { passed: 3, skipped: 12, ..Tally::NONE };
        assert_eq!(Tally::of_line(&tally.to_string()), Some(tally));
        for line in
            ["3 passed, 0 failed", "3 passed, 0 failed, 1 skipped, more", "x passed, 0 failed, 1 skipped"]
        {
            assert_eq!(Tally::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn flaky_lines_are_heard_and_summed() {
        let mut tally = Tally::default();
        let lines = [
            "--- posix/kill/1-1 in process is flaky: it passed when it ran again, after this",
            "2 flaky: they failed, and passed when they ran again; counted as skipped (target/flaky.txt)",
            "3 flaky natively: so did their native runs, which count as passes (target/flaky.txt)",
            "10 passed, 0 failed, 4 skipped",
        ];
        lines.iter().for_each(|line| tally.hear(line));
        assert_eq!(tally, Tally { passed: 10, failed: 0, skipped: 4, flaky: 2, flaky_natively: 3 });
        assert_eq!(tally.to_string(), lines[3], "the last line says nothing else");
        let sum = tally + tally;
        assert_eq!(sum.flaky_words().as_deref(), Some("4 flaky, 6 flaky natively"));
        assert_eq!(Tally::PASSED.flaky_words(), None);
    }

    #[test]
    fn a_skip_is_no_pass() {
        let tally = Tally { passed: 3, skipped: 1, ..Tally::NONE };
        assert_eq!(tally.with_skipped(2), Tally { passed: 1, skipped: 3, ..Tally::NONE });
    }

    #[test]
    fn a_runner_that_fails_silently_or_runs_nothing_has_failed() {
        let (good, bad) = (ExitStatus::from_raw(0), ExitStatus::from_raw(1 << 8));
        assert_eq!(Tally::PASSED.of_runner(good), Tally::PASSED);
        assert_eq!(Tally::PASSED.of_runner(bad).failed, 1);
        assert_eq!(Tally::FAILED.of_runner(bad).failed, 1);
        assert_eq!(Tally::default().of_runner(good).failed, 1);
    }
}
