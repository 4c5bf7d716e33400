//! Clocks and sleeping.

use super::{done, place};
use crate::{sched, time};
use abi::errno::Errno;
use abi::file::TimeSpec;

const NS_PER_S: u64 = 1_000_000_000;
/// clock_nanosleep(2): the request is a point in time.
const TIMER_ABSTIME: i32 = 1;

/// Linux's clocks, as far as they mean something here (clock_gettime(2)).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    Realtime,
    Monotonic,
}

impl Clock {
    /// `EINVAL` for a clock that the kernel does not have.
    fn new(number: i32) -> Result<Self, Errno> {
        match number {
            // CLOCK_REALTIME, CLOCK_REALTIME_COARSE
            0 | 5 => Ok(Self::Realtime),
            // CLOCK_MONOTONIC, _RAW, _COARSE, CLOCK_BOOTTIME
            1 | 4 | 6 | 7 => Ok(Self::Monotonic),
            _ => Err(Errno::EINVAL),
        }
    }

    fn now_ns(self) -> u64 {
        match self {
            Self::Realtime => time::realtime_ns(),
            Self::Monotonic => time::monotonic_ns(),
        }
    }
}

/// How a `struct timespec` is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    /// From now on.
    Relative,
    /// On the monotonic clock.
    Monotonic,
    /// On the wall clock.
    Realtime,
}

/// Nanoseconds in a `struct timespec`; saturates. `EINVAL` if it is negative or its nanoseconds are none.
pub(super) fn nanoseconds(time: &TimeSpec) -> Result<u64, Errno> {
    if time.tv_sec < 0 || !(0..NS_PER_S as i64).contains(&time.tv_nsec) {
        return Err(Errno::EINVAL);
    }
    Ok((time.tv_sec as u64).saturating_mul(NS_PER_S).saturating_add(time.tv_nsec as u64))
}

/// The moment on the monotonic clock that is meant.
pub(super) fn deadline(time: &TimeSpec, kind: Deadline) -> Result<u64, Errno> {
    let ns = nanoseconds(time)?;
    Ok(match kind {
        Deadline::Relative => time::monotonic_ns().saturating_add(ns),
        Deadline::Monotonic => ns,
        Deadline::Realtime => time::monotonic_ns().saturating_add(ns.saturating_sub(time::realtime_ns())),
    })
}

pub(super) fn timespec(ns: u64) -> TimeSpec {
    TimeSpec { tv_sec: (ns / NS_PER_S) as i64, tv_nsec: (ns % NS_PER_S) as i64 }
}

/// clock_gettime(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_clock_gettime(clock: i32, now: *mut TimeSpec) -> i32 {
    done(
        match clock {
            // CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID: the isle's cores do nothing else than run it.
            2 | 3 => Ok(time::monotonic_ns() - time::boot_ns()),
            clock => Clock::new(clock).map(Clock::now_ns),
        }
        .and_then(|ns| {
            // SAFETY: the caller's own structure, or null.
            *unsafe { place(now) }? = timespec(ns);
            Ok(())
        }),
    )
}

/// clock_getres(2): a nanosecond.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_clock_getres(clock: i32, resolution: *mut TimeSpec) -> i32 {
    if !(0..=7).contains(&clock) {
        return done(Err(Errno::EINVAL));
    }
    // SAFETY: the caller's own structure; null is allowed.
    if let Some(resolution) = unsafe { resolution.as_mut() } {
        *resolution = TimeSpec { tv_sec: 0, tv_nsec: 1 };
    }
    0
}

/// clock_nanosleep(2). `EINTR` with the remaining time in `remain` (relative sleeps) if a signal came.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_clock_nanosleep(
    clock: i32,
    flags: i32,
    request: *const TimeSpec,
    remain: *mut TimeSpec,
) -> i32 {
    // SAFETY: the caller's own structure, or null.
    let request = unsafe { request.as_ref() }.ok_or(Errno::EFAULT);
    done(request.and_then(|request| {
        let kind = match (Clock::new(clock)?, flags & TIMER_ABSTIME != 0) {
            (_, false) => Deadline::Relative,
            (Clock::Monotonic, true) => Deadline::Monotonic,
            (Clock::Realtime, true) => Deadline::Realtime,
        };
        let deadline_ns = deadline(request, kind)?;
        let slept = sched::sleep_until(deadline_ns);
        // SAFETY: the caller's own structure, or null.
        let remain = unsafe { remain.as_mut() };
        if slept.is_err()
            && kind == Deadline::Relative
            && let Some(remain) = remain
        {
            *remain = timespec(deadline_ns.saturating_sub(time::monotonic_ns()));
        }
        slept
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timespecs() {
        assert_eq!(nanoseconds(&TimeSpec { tv_sec: 2, tv_nsec: 5 }), Ok(2_000_000_005));
        assert_eq!(nanoseconds(&TimeSpec { tv_sec: i64::MAX, tv_nsec: 0 }), Ok(u64::MAX));
        assert!(nanoseconds(&TimeSpec { tv_sec: -1, tv_nsec: 0 }).is_err());
        assert!(nanoseconds(&TimeSpec { tv_sec: 0, tv_nsec: 1_000_000_000 }).is_err());
        assert_eq!(timespec(1_500_000_000), TimeSpec { tv_sec: 1, tv_nsec: 500_000_000 });
    }
}
