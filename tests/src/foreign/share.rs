//! How many of the tests that pass natively pass in the isle, suite by suite: [`Share`].

use std::fmt;
use std::sync::PoisonError;

use super::{Bar, Foreign, Found};

/// Tests of which not even so many may differ are too few to tell the share.
const FEW_DIFFERENCES: usize = 2;

/// Counts of one suite's tests that pass natively.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Whose, and what is wanted.
    pub bar: Bar,
    /// All that pass natively.
    pub native: usize,
    /// Those that pass in the isle, too.
    pub isle: usize,
}

impl Share {
    /// Counts; suites of which nothing passes natively are left out.
    pub fn of<T: Foreign>(tests: &[T]) -> Vec<Self> {
        let mut shares: Vec<Self> = Vec::new();
        for test in tests {
            let bar = test.bar();
            let found = *test.found().lock().unwrap_or_else(PoisonError::into_inner);
            match shares.iter_mut().find(|share| share.bar.suite == bar.suite) {
                Some(share) => share.count(found),
                None => {
                    let mut share = Self { bar, native: 0, isle: 0 };
                    share.count(found);
                    shares.push(share);
                }
            }
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
        let may_differ = self.native * (1000 - self.bar.per_mille) / 1000;
        may_differ < FEW_DIFFERENCES || self.isle * 1000 >= self.native * self.bar.per_mille
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} of {} that pass natively pass in the isle ({:.2} %, wanted {:.1} %)",
            self.bar.suite,
            self.isle,
            self.native,
            100.0 * self.isle as f64 / self.native.max(1) as f64,
            self.bar.per_mille as f64 / 10.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_tests_that_pass_natively() {
        let bar = Bar { suite: "c-torture", per_mille: 995 };
        let mut share = Share { bar, native: 0, isle: 0 };
        for (isle, native) in
            [(Some(true), Some(true)), (Some(false), Some(true)), (Some(false), Some(false))]
        {
            share.count(Found { isle, native });
        }
        share.count(Found { isle: None, native: Some(false) });
        assert_eq!((share.native, share.isle), (2, 1));
        assert!(share.to_string().contains("1 of 2 that pass natively pass in the isle (50.00 %"));
        assert!(share.is_enough(), "two tests say nothing");
        let share = |isle| Share { bar, native: 1000, isle };
        assert!(share(995).is_enough() && !share(994).is_enough());
    }
}
