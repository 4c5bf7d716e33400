//! Looks at a counter and at a clock together, to tell by one how fast the other runs: [`Look`].

/// What a counter showed, and when.
pub struct Look {
    /// What the counter showed.
    pub counted: u64,
    /// The middle between a look at the clock before and one after.
    pub at: u64,
}

/// How often an interrupted look is taken again; the best of them is used then.
const MAX_LOOKS: usize = 16;

impl Look {
    /// Looks at the counter between two looks at the clock, until these are at most `enough` apart: the host may stop this core at
    /// any point, for longer than what is measured.
    pub fn take(clock: impl Fn() -> u64, count: impl Fn() -> u64, enough: u64) -> Self {
        let mut best = Self { counted: 0, at: 0 };
        let mut best_apart = u64::MAX;
        for _ in 0..MAX_LOOKS {
            let before = clock();
            let counted = count();
            let apart = clock() - before;
            if apart < best_apart {
                best = Self { counted, at: before + apart / 2 };
                best_apart = apart;
            }
            if best_apart <= enough {
                break;
            }
        }
        best
    }

    /// What was counted since an earlier look, and for how long by the clock: at least 1.
    pub fn since(&self, earlier: &Self) -> (u64, u64) {
        (self.counted.wrapping_sub(earlier.counted), self.at.saturating_sub(earlier.at).max(1))
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::{Look, MAX_LOOKS};

    /// Looks at a counter of 1 GHz; the host runs others for 20 ms during the first `disturbed` looks.
    fn look(clock: &Cell<u64>, disturbed: usize) -> Look {
        let looks = Cell::new(0);
        let now = || {
            clock.set(clock.get() + 50);
            clock.get()
        };
        let count = || {
            looks.set(looks.get() + 1);
            let interrupted_ns = if looks.get() <= disturbed { 20_000_000 } else { 0 };
            clock.set(clock.get() + interrupted_ns);
            clock.get()
        };
        Look::take(now, count, 5_000)
    }

    #[test]
    fn a_host_that_runs_others_meanwhile_does_not_change_the_speed() {
        for (first, second) in [(0, 0), (1, 0), (0, 1), (3, 7), (MAX_LOOKS - 1, MAX_LOOKS - 1)] {
            let clock = Cell::new(1_000_000);
            let start = look(&clock, first);
            clock.set(clock.get() + 500_000);
            let (counted, elapsed) = look(&clock, second).since(&start);
            assert!(
                counted.abs_diff(elapsed) < 500,
                "{first} and {second} disturbed: {counted} in {elapsed} ns"
            );
        }
    }

    #[test]
    fn a_host_that_always_runs_others_is_believed_as_far_as_possible() {
        let clock = Cell::new(0);
        let start = look(&clock, usize::MAX);
        clock.set(clock.get() + 500_000);
        let (counted, elapsed) = look(&clock, usize::MAX).since(&start);
        assert!(counted.abs_diff(elapsed) < elapsed / 10, "{counted} in {elapsed} ns");
    }
}
