//! Reads the host's clocks together: [`Moment`].

#![allow(unsafe_code, reason = "reads the time-stamp counter")]

use rustix::time::{ClockId, clock_gettime};

/// What the clocks show at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The time-stamp counter.
    pub time_stamp: u64,
    /// Nanoseconds of the monotonic clock.
    pub monotonic_ns: u64,
    /// Nanoseconds since 1970-01-01 UTC.
    pub wall_clock_ns: u64,
}

/// How often the clocks are read again if something came between; the best reading is used then.
const MAX_READINGS: usize = 16;

/// Within how many nanoseconds a reading is good: ten times what it takes.
const ENOUGH_NS: u64 = 2_000;

impl Moment {
    /// Now. Where Linux runs something else between the clocks, they are read again.
    pub fn now() -> Self {
        Self::read(|| nanoseconds(ClockId::Monotonic), time_stamp, || nanoseconds(ClockId::Realtime))
    }

    fn read(monotonic: impl Fn() -> u64, counter: impl Fn() -> u64, wall_clock: impl Fn() -> u64) -> Self {
        let mut best = Self::default();
        let mut best_ns = u64::MAX;
        for _ in 0..MAX_READINGS {
            let before = monotonic();
            let (time_stamp, wall_clock_ns) = (counter(), wall_clock());
            let took_ns = monotonic().saturating_sub(before);
            if took_ns < best_ns {
                best = Self { time_stamp, monotonic_ns: before + took_ns / 2, wall_clock_ns };
                best_ns = took_ns;
            }
            if best_ns <= ENOUGH_NS {
                break;
            }
        }
        best
    }

    /// Ticks of the time-stamp counter in a second, from this moment to a later one; at least 1.
    pub fn hz_until(&self, later: &Self) -> u64 {
        let ticks = u128::from(later.time_stamp.wrapping_sub(self.time_stamp));
        let elapsed_ns = later.monotonic_ns.saturating_sub(self.monotonic_ns).max(1);
        u64::try_from(ticks * 1_000_000_000 / u128::from(elapsed_ns)).unwrap_or(u64::MAX).max(1)
    }
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
}

/// The time-stamp counter.
pub fn time_stamp() -> u64 {
    // SAFETY: every x86-64 CPU has RDTSC, and Linux does not forbid it unless asked to.
    unsafe { core::arch::x86_64::_rdtsc() }
}

#[cfg(test)]
mod tests {
    use super::{MAX_READINGS, Moment};
    use std::cell::Cell;

    /// A host of 2 GHz, which runs something else for 20 ms in each of the first `disturbed` readings.
    fn reading(ns: &Cell<u64>, disturbed: usize) -> Moment {
        let readings = Cell::new(0);
        let tick = || {
            ns.set(ns.get() + 30);
            ns.get()
        };
        let counter = || {
            readings.set(readings.get() + 1);
            ns.set(ns.get() + if readings.get() <= disturbed { 20_000_000 } else { 0 });
            tick() * 2
        };
        Moment::read(tick, counter, || tick() + 1_000_000_000_000)
    }

    #[test]
    fn what_comes_between_the_clocks_does_not_part_them() {
        for (first, second) in [(0, 0), (1, 0), (0, 1), (5, MAX_READINGS - 1)] {
            let ns = Cell::new(1_000);
            let start = reading(&ns, first);
            ns.set(ns.get() + 100_000_000);
            let end = reading(&ns, second);
            let hz = start.hz_until(&end);
            assert!(hz.abs_diff(2_000_000_000) < 10_000, "{first} and {second} disturbed: {hz} Hz");
            let apart = end.wall_clock_ns - 1_000_000_000_000;
            assert!(apart.abs_diff(end.monotonic_ns) < 1_000, "{second} disturbed: {end:?}");
        }
    }

    #[test]
    fn clocks_of_this_machine_go_on() {
        let start = Moment::now();
        let end = Moment::now();
        assert!(
            end.monotonic_ns >= start.monotonic_ns && end.time_stamp > start.time_stamp,
            "{start:?}, {end:?}"
        );
    }
}
