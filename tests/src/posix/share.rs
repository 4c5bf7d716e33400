//! How many of the tests that pass natively pass in the isle: [`Share`].

use std::fmt;

use super::conformance::Found;
use super::finding::Finding;

/// What has to pass, in percent of the tests that pass natively and need no second process.
const WANTED_PERCENT: usize = 95;

/// Counts of tests that pass natively.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// All of them.
    native: usize,
    /// Those that pass in the isle, too.
    isle: usize,
    /// Those that cannot be linked for the isle because they make processes.
    need_process: usize,
}

impl Share {
    /// Counts; what does not pass natively, or did not run in the isle, says nothing.
    pub fn of(found: impl IntoIterator<Item = Found>) -> Self {
        let mut share = Self::default();
        for found in found {
            let (Some(Finding::Pass), Some(isle)) = (found.native, found.isle) else { continue };
            share.native += 1;
            share.isle += usize::from(isle == Finding::Pass);
            share.need_process += usize::from(isle == Finding::NeedsProcess);
        }
        share
    }

    /// Whether enough pass.
    pub const fn is_enough(self) -> bool {
        self.isle * 100 >= self.possible() * WANTED_PERCENT
    }

    /// Tests that pass natively and need no second process.
    pub const fn possible(self) -> usize {
        self.native - self.need_process
    }

    /// Those of them that pass in the isle.
    pub const fn passing(self) -> usize {
        self.isle
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |of: usize| 100.0 * self.isle as f64 / of.max(1) as f64;
        writeln!(
            f,
            "{} of {} that pass natively pass in the isle ({:.1} %)",
            self.isle,
            self.native,
            percent(self.native)
        )?;
        write!(
            f,
            "{} of {} that need no process of their own ({:.1} %, wanted {WANTED_PERCENT} %)",
            self.isle,
            self.possible(),
            percent(self.possible())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_tests_that_pass_natively() {
        let found = |native, isle| Found { native: Some(native), isle };
        let share = Share::of([
            found(Finding::Pass, Some(Finding::Pass)),
            found(Finding::Pass, Some(Finding::NeedsProcess)),
            found(Finding::Pass, Some(Finding::Died)),
            found(Finding::Fail, None),
            Found::default(),
        ]);
        assert_eq!(share, Share { native: 3, isle: 1, need_process: 1 });
        assert!(!share.is_enough());
        let told = share.to_string();
        assert!(told.starts_with("1 of 3 that pass natively pass in the isle (33.3 %)\n1 of 2 "), "{told}");
    }

    #[test]
    fn ninety_five_percent_are_enough() {
        assert!(Share { native: 120, isle: 95, need_process: 20 }.is_enough());
        assert!(!Share { native: 120, isle: 94, need_process: 20 }.is_enough());
    }
}
