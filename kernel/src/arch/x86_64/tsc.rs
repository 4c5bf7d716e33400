//! The time-stamp counter.

/// Ticks of the time-stamp counter of this core. Not ordered against neighbouring loads: good to tens of cycles.
#[inline]
pub fn now() -> u64 {
    // SAFETY: RDTSC exists on every x86-64 CPU and touches no memory; CR4.TSD is never set.
    unsafe { core::arch::x86_64::_rdtsc() }
}
