//! Clocks and sleeping.

use super::done;
use crate::sched::{self, CpuClock};
use crate::user::{self, UserPtr};
use crate::{given, time};
use abi::c::{
    CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_COARSE, CLOCK_MONOTONIC_RAW, CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_THREAD_CPUTIME_ID, TIMER_ABSTIME,
};
use abi::errno::Errno;
use abi::file::TimeSpec;

const NS_PER_S: u64 = 1_000_000_000;

/// Linux's clocks, as far as they mean something here (clock_gettime(2)).
pub(super) enum Clock {
    Realtime,
    Monotonic,
    Cpu(CpuClock),
}

/// Low bits of a negative clock number: CPU time as the scheduler counts it, and whether of a thread. The rest is the inverted
/// number of the thread or the process, 0 being the caller's.
const CPU_CLOCK: i32 = 2;
const CPU_CLOCK_OF_THREAD: i32 = 4 | CPU_CLOCK;

impl Clock {
    /// `EINVAL` for a clock that the kernel does not have.
    pub(super) fn new(number: i32) -> Result<Self, Errno> {
        match number {
            ..0 => Self::of_number(!(number >> 3), number & 7),
            CLOCK_REALTIME | CLOCK_REALTIME_COARSE => Ok(Self::Realtime),
            CLOCK_MONOTONIC | CLOCK_MONOTONIC_RAW | CLOCK_MONOTONIC_COARSE | CLOCK_BOOTTIME => {
                Ok(Self::Monotonic)
            }
            CLOCK_PROCESS_CPUTIME_ID => Ok(Self::Cpu(CpuClock::Isle)),
            CLOCK_THREAD_CPUTIME_ID => Ok(Self::Cpu(CpuClock::Thread(sched::share_current()))),
            _ => Err(Errno::EINVAL),
        }
    }

    /// The CPU time of a process or thread.
    fn of_number(id: i32, kind: i32) -> Result<Self, Errno> {
        match kind {
            CPU_CLOCK if id == 0 || id as u64 == given::info().pid => Ok(Self::Cpu(CpuClock::Isle)),
            CPU_CLOCK_OF_THREAD if id == 0 => Ok(Self::Cpu(CpuClock::Thread(sched::share_current()))),
            CPU_CLOCK_OF_THREAD => {
                sched::get(id).map(|task| Self::Cpu(CpuClock::Thread(task))).ok_or(Errno::EINVAL)
            }
            _ => Err(Errno::EINVAL),
        }
    }

    fn now_ns(&self) -> u64 {
        match self {
            Self::Realtime => time::realtime_ns(),
            Self::Monotonic => time::monotonic_ns(),
            Self::Cpu(clock) => clock.now_ns(),
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
        Deadline::Realtime => {
            // The wall clock first: whatever comes between the two looks makes the moment later, never too early.
            let wall_clock_ns = time::realtime_ns();
            // In the past, too: a periodic timer counts what it has missed since then.
            time::monotonic_ns().saturating_add(ns).saturating_sub(wall_clock_ns)
        }
    })
}

pub(super) fn timespec(ns: u64) -> TimeSpec {
    TimeSpec { tv_sec: (ns / NS_PER_S) as i64, tv_nsec: (ns % NS_PER_S) as i64 }
}

/// clock_gettime(2).
#[unsafe(no_mangle)]
extern "C" fn sys_clock_gettime(clock: i32, now: *mut TimeSpec) -> i32 {
    done(Clock::new(clock).and_then(|clock| UserPtr::new(now)?.write(timespec(clock.now_ns()))))
}

/// clock_getres(2): a nanosecond.
#[unsafe(no_mangle)]
extern "C" fn sys_clock_getres(clock: i32, resolution: *mut TimeSpec) -> i32 {
    let ns = TimeSpec { tv_sec: 0, tv_nsec: 1 };
    done(Clock::new(clock).and_then(|_| user::write_optional(resolution, ns)))
}

/// clock_nanosleep(2). `EINTR` with the remaining time in `remain` (relative sleeps) if a signal came; `EINVAL` for the CPU time of
/// the caller, which stands still while it sleeps.
#[unsafe(no_mangle)]
extern "C" fn sys_clock_nanosleep(
    clock: i32,
    flags: i32,
    request: *const TimeSpec,
    remain: *mut TimeSpec,
) -> i32 {
    done(UserPtr::new(request).and_then(|request| {
        let request = &request.read()?;
        let is_absolute = flags & TIMER_ABSTIME != 0;
        let (slept, left_ns) = match (Clock::new(clock)?, is_absolute) {
            (Clock::Cpu(clock), _) => sleep_on(&clock, request, is_absolute)?,
            (_, false) => sleep(deadline(request, Deadline::Relative)?),
            (Clock::Monotonic, true) => sleep(deadline(request, Deadline::Monotonic)?),
            (Clock::Realtime, true) => sleep(deadline(request, Deadline::Realtime)?),
        };
        if slept.is_err() && !is_absolute {
            user::write_optional(remain, timespec(left_ns))?;
        }
        slept
    }))
}

/// Sleeps until a moment on the monotonic clock; also says how much is left.
fn sleep(deadline_ns: u64) -> (Result<(), Errno>, u64) {
    let slept = sched::sleep_until(deadline_ns);
    (slept, deadline_ns.saturating_sub(time::monotonic_ns()))
}

/// Sleeps until others have used so much CPU time.
fn sleep_on(
    clock: &CpuClock,
    request: &TimeSpec,
    is_absolute: bool,
) -> Result<(Result<(), Errno>, u64), Errno> {
    if let CpuClock::Thread(task) = clock
        && core::ptr::eq(&**task, sched::current())
    {
        return Err(Errno::EINVAL);
    }
    let base_ns = if is_absolute { 0 } else { clock.now_ns() };
    let deadline_ns = base_ns.saturating_add(nanoseconds(request)?);
    loop {
        let left_ns = deadline_ns.saturating_sub(clock.now_ns());
        if left_ns == 0 {
            return Ok((Ok(()), 0));
        }
        let slept = sched::sleep_until(clock.earliest_ns(deadline_ns));
        if slept.is_err() {
            return Ok((slept, left_ns));
        }
    }
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
