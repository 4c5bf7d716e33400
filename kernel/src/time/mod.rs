//! What time it is. Read in the guest: from Linux's vDSO in the process isle, from the time-stamp counter elsewhere.

#![allow(unsafe_code, reason = "calls a function of the host, at an address")]

use core::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use crate::arch::{cpu, pit, tsc};
use crate::given;
use abi::c::{CLOCK_MONOTONIC, CLOCK_REALTIME};

const NS_PER_S: u64 = 1_000_000_000;

const NS_PER_MS: u64 = 1_000_000;

/// Nanoseconds per tick of the time-stamp counter, as a 32.32 fixed-point number; 0 until first use.
static NS_PER_TICK: AtomicU64 = AtomicU64::new(0);

/// Nanoseconds of the monotonic clock: the host's own where there is one.
pub fn monotonic_ns() -> u64 {
    vdso(CLOCK_MONOTONIC).unwrap_or_else(|| given::info().monotonic_ns + since_boot_ns())
}

/// Milliseconds until a moment on the monotonic clock, rounded up, as poll(2) takes them.
pub fn left_ms(deadline_ns: u64) -> i32 {
    let left_ms = deadline_ns.saturating_sub(monotonic_ns()).div_ceil(NS_PER_MS);
    i32::try_from(left_ms).unwrap_or(i32::MAX)
}

/// Nanoseconds since 1970-01-01 UTC.
pub fn realtime_ns() -> u64 {
    vdso(CLOCK_REALTIME).unwrap_or_else(|| given::info().wall_clock_ns + since_boot_ns())
}

/// Nanoseconds in so many ticks of the time-stamp counter. Where the host's clock is asked, a tick is as long as it has been on
/// average since the isle's start.
pub fn ns_of_ticks(ticks: u64) -> u64 {
    if given::info().clock_gettime == 0 {
        return ((ticks as u128 * ns_per_tick() as u128) >> 32) as u64;
    }
    let elapsed_ns = monotonic_ns().saturating_sub(given::info().monotonic_ns);
    let elapsed_ticks = tsc::now().wrapping_sub(given::info().tsc_at_boot).max(1);
    (ticks as u128 * elapsed_ns as u128 / elapsed_ticks as u128) as u64
}

/// Asks the vDSO, in the process isle.
fn vdso(clock: i32) -> Option<u64> {
    let address = given::info().clock_gettime as usize;
    if address == 0 {
        return None;
    }
    // SAFETY: the boot info's contract: a function of this type that needs no thread-local storage.
    let clock_gettime: extern "C" fn(i32, *mut [i64; 2]) -> i32 = unsafe { core::mem::transmute(address) };
    let mut now = [0; 2];
    (clock_gettime(clock, &mut now) == 0).then(|| now[0] as u64 * NS_PER_S + now[1] as u64)
}

/// Nanoseconds since the boot info's time stamp.
fn since_boot_ns() -> u64 {
    let ticks = tsc::now().wrapping_sub(given::info().tsc_at_boot);
    ((ticks as u128 * ns_per_tick() as u128) >> 32) as u64
}

/// Ticks of the time-stamp counter in `ns` nanoseconds; saturates.
pub fn ticks(ns: u64) -> u64 {
    u64::try_from(((ns as u128) << 32) / ns_per_tick() as u128).unwrap_or(u64::MAX)
}

fn ns_per_tick() -> u64 {
    let known = NS_PER_TICK.load(Relaxed);
    if known != 0 {
        return known;
    }
    let factor = fixed_point(wait_for_tsc_hz());
    NS_PER_TICK.store(factor, Release);
    NS_PER_TICK.load(Acquire)
}

/// Frequency of the time-stamp counter: the host's word, or measured here when there is no proxy to tell.
fn wait_for_tsc_hz() -> u64 {
    if !given::has_proxy() {
        // Without any other clock time is told in ticks of an assumed 1 GHz.
        return given::tsc_hz().or_else(pit::measure_tsc_hz).unwrap_or(1_000_000_000);
    }
    loop {
        if let Some(hz) = given::tsc_hz() {
            return hz;
        }
        cpu::relax();
    }
}

/// 10^9 / hz as a 32.32 fixed-point number, at least 1.
const fn fixed_point(hz: u64) -> u64 {
    let factor = ((NS_PER_S as u128) << 32) / hz as u128;
    if factor == 0 { 1 } else { factor as u64 }
}

#[cfg(test)]
mod tests {
    use super::fixed_point;

    #[test]
    fn an_hour_is_right_to_a_microsecond() {
        for hz in [1_000_000_000u64, 2_596_115_000, 3_999_999_999] {
            let ns = ((3600 * hz) as u128 * fixed_point(hz) as u128) >> 32;
            assert!(ns.abs_diff(3_600_000_000_000) < 3_000, "{hz} Hz: {ns} ns");
        }
    }
}
