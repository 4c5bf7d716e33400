//! What a core does when no thread of its is ready.

use ::core::sync::atomic::Ordering::SeqCst;

use super::alarm::expire_sleepers;
use super::core::{self, Core};
use crate::arch::{cpu, interrupts};
use crate::platform;

/// Turns of the idle thread's spin before it sleeps: a wake-up that comes at once costs no interrupt.
const IDLE_SPINS: u32 = 1000;

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
            platform::idle(here.sleepers.first_deadline());
        }
        here.idle_waits.store(false, SeqCst);
        interrupts::restore(before);
        expire_sleepers();
    }
}

/// Whether a thread became ready during a short spin. On the only core that runs nobody could make one ready.
fn spin_until_ready(here: &Core) -> bool {
    if core::nr_running_cores() == 1 {
        return here.highest_waiting().is_some();
    }
    (0..IDLE_SPINS).any(|_| {
        cpu::relax();
        here.highest_waiting().is_some()
    })
}
