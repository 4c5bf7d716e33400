//! How many of the tests that pass natively pass in the isle, suite by suite: [`Share`].

use std::fmt;

use super::suites::{SUITES, Suite};
use super::test::{Found, Test};

/// With fewer tests one that differs says nothing about the share.
const ENOUGH_TESTS: usize = 500;

/// Counts of one suite's tests that pass natively.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Whose.
    pub suite: &'static Suite,
    /// All that pass natively.
    pub native: usize,
    /// Those that pass in the isle, too.
    pub isle: usize,
}

impl Share {
    /// Counts; suites of which nothing passes natively are left out.
    pub fn of<'a>(tests: impl IntoIterator<Item = &'a Test>) -> Vec<Self> {
        let mut shares: Vec<_> = SUITES.iter().map(|suite| Self { suite, native: 0, isle: 0 }).collect();
        for test in tests {
            let share = shares.iter_mut().find(|share| share.suite.name == test.suite.name);
            share.into_iter().for_each(|share| share.count(test.found()));
        }
        shares.retain(|share| share.native > 0);
        shares
    }

    fn count(&mut self, found: Found) {
        if found.native == Some(true) {
            self.native += 1;
            self.isle += usize::from(found.isle == Some(true));
        }
    }

    /// Whether as many pass as must, if there are enough to tell.
    pub const fn is_enough(self) -> bool {
        self.native < ENOUGH_TESTS || self.isle * 1000 >= self.native * self.suite.bar_per_mille
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} of {} that pass natively pass in the isle ({:.2} %, wanted {:.1} %)",
            self.suite.name,
            self.isle,
            self.native,
            100.0 * self.isle as f64 / self.native.max(1) as f64,
            self.suite.bar_per_mille as f64 / 10.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_tests_that_pass_natively() {
        let mut share = Share { suite: &SUITES[0], native: 0, isle: 0 };
        for (isle, native) in
            [(Some(true), Some(true)), (Some(false), Some(true)), (Some(false), Some(false))]
        {
            share.count(Found { isle, native });
        }
        share.count(Found { isle: None, native: Some(false) });
        assert_eq!((share.native, share.isle), (2, 1));
        assert!(share.to_string().contains("1 of 2 that pass natively pass in the isle (50.00 %"));
        assert!(share.is_enough(), "two tests say nothing");
        let share = |isle| Share { suite: &SUITES[0], native: 1000, isle };
        assert!(share(995).is_enough() && !share(994).is_enough());
    }
}
