//! What a core does when no thread of its is ready: it looks a while for one, and sleeps.
//!
//! To be woken costs an interrupt or a switch of the host's, to look costs the host's CPU. [`Patience`] learns from the last waits
//! which of the two is cheaper.

use ::core::cell::Cell;
use ::core::sync::atomic::Ordering::SeqCst;

use super::alarm::expire_sleepers;
use super::core::{self, Core};
use crate::arch::{cpu, interrupts};
use crate::{platform, time};

/// Most turns of the idle thread's spin before it sleeps: a wake-up that comes at once costs no interrupt.
const MOST_SPINS: u32 = 1000;

/// A sleep that was no longer than this would rather have been a spin: what that takes on a CPU whose PAUSE is slow.
const SHORT_SLEEP_NS: u64 = 100_000;

/// How many turns of its spin a core waits for a thread: most after a wait that was short enough for it, half as many after each
/// that was not. KVM's halt polling is like that (Documentation/virt/kvm/halt-polling.rst).
pub struct Patience(Cell<u32>);

impl Patience {
    /// Of a core that has not waited yet.
    pub const fn new() -> Self {
        Self(Cell::new(MOST_SPINS))
    }

    /// A thread came while the core looked.
    fn was_rewarded(&self) {
        self.0.set(MOST_SPINS);
    }

    /// It did not, and the core has slept.
    fn slept(&self, ns: u64) {
        self.0.set(if ns < SHORT_SLEEP_NS { MOST_SPINS } else { self.0.get() / 2 });
    }
}

/// The idle thread's life: run what is ready, look a little longer, sleep.
pub fn run_idle() -> ! {
    let here = Core::here();
    loop {
        core::yield_now();
        if spin_until_ready(here) {
            continue;
        }
        expire_sleepers();
        let before = interrupts::disable();
        here.idle_waits.store(true, SeqCst);
        if here.highest_waiting().is_none() {
            sleep(here);
        }
        here.idle_waits.store(false, SeqCst);
        interrupts::restore(before);
        expire_sleepers();
    }
}

fn sleep(here: &Core) {
    let since_ns = time::monotonic_ns();
    platform::idle(here.arm_for_sleep());
    here.patience.slept(time::monotonic_ns().saturating_sub(since_ns));
}

/// Whether a thread became ready during a short spin. On the only core that runs nobody could make one ready, and where cores share
/// a CPU whoever could may wait for this one's.
fn spin_until_ready(here: &Core) -> bool {
    if core::nr_running_cores() == 1 || core::has_crowded_cpus() {
        return here.highest_waiting().is_some();
    }
    let is_ready = (0..here.patience.0.get()).any(|_| {
        cpu::relax();
        here.highest_waiting().is_some()
    });
    if is_ready {
        here.patience.was_rewarded();
    }
    is_ready
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_waits_make_it_sleep_at_once() {
        let patience = Patience::new();
        patience.slept(SHORT_SLEEP_NS);
        assert_eq!(patience.0.get(), MOST_SPINS / 2);
        (0..10).for_each(|_| patience.slept(u64::MAX));
        assert_eq!(patience.0.get(), 0);
        patience.slept(SHORT_SLEEP_NS - 1);
        assert_eq!(patience.0.get(), MOST_SPINS, "it would have been worth the wait");
        patience.slept(SHORT_SLEEP_NS);
        patience.was_rewarded();
        assert_eq!(patience.0.get(), MOST_SPINS);
    }
}
