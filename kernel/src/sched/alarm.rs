//! When the timer of a core interrupts it: for the end of a time slice, and for sleepers. There is no tick: without these it is not
//! programmed.

use alloc::sync::Arc;

use super::core::{Core, enqueue};
use super::sleepers::{Expire, Sleeper};
use super::task::{Task, Wakeup};
use crate::{given, platform, time};

/// No deadline.
pub(super) const NEVER: u64 = 0;

/// How long a thread runs while equals wait.
const SLICE_NS: u64 = 10_000_000;

/// How long a thread may run at least before a sleeper interrupts it: sleeps of nanoseconds must not keep a core to themselves.
const MIN_RUN_NS: u64 = 10_000;

/// When to try again to deliver a signal that came while the kernel was busy.
const RETRY_NS: u64 = 50_000;

impl Core {
    /// Lets the timer of this core interrupt at `deadline_ns` or earlier.
    fn need_timer(&self, deadline_ns: u64) {
        if self.needs_timer(deadline_ns) {
            self.timer_ns.set(deadline_ns);
            platform::set_timer(deadline_ns);
        }
    }

    /// Whether the timer would interrupt too late for `deadline_ns`.
    fn needs_timer(&self, deadline_ns: u64) -> bool {
        let programmed = self.timer_ns.get();
        programmed == NEVER || deadline_ns < programmed
    }

    /// When this core has to wake up if it sleeps now. In ring 0 the timer wakes it, which is programmed here and nowhere else: what
    /// [`Self::needs_timer`] believes of it must be true.
    pub(super) fn arm_for_sleep(&self) -> Option<u64> {
        let deadline = self.sleepers.first_deadline()?;
        if given::has_ring_0() {
            self.need_timer(deadline);
        }
        Some(deadline)
    }

    /// Programs the timer for what waits while a thread runs: an equal, or a sleeper.
    pub(super) fn arm(&self, running: &Task) {
        let lowest = running.priority().index() + if running.takes_turns() { 0 } else { 1 };
        let equal_waits = self.highest_waiting().is_some_and(|highest| highest as usize >= lowest);
        // A slice that has begun is not begun again: the clock is read once a slice, not once a switch.
        if equal_waits && self.slice_ns.get() == NEVER {
            self.slice_ns.set(time::monotonic_ns() + SLICE_NS);
            self.need_timer(self.slice_ns.get());
        }
        if let Some(deadline) = self.sleepers.first_deadline()
            && self.needs_timer(deadline)
        {
            self.need_timer(deadline.max(time::monotonic_ns() + MIN_RUN_NS));
        }
    }
}

/// Calls `sleeper` on this core at `deadline_ns`, for this `arming`.
pub fn call_at(deadline_ns: u64, sleeper: Arc<dyn Expire>, arming: u64) {
    let core = Core::here();
    core.sleepers.add(deadline_ns, Sleeper::Call(sleeper, arming));
    core.need_timer(deadline_ns);
}

/// The timer of this core is due.
pub fn timer_interrupt() {
    let core = Core::here();
    core.timer_ns.set(NEVER);
    match core.slice_ns.get() {
        NEVER => {}
        end if end <= time::monotonic_ns() => {
            core.slice_ns.set(NEVER);
            core.slice_over.set(true);
        }
        end => core.need_timer(end),
    }
    expire_sleepers();
    if let Some(deadline) = core.sleepers.first_deadline() {
        core.need_timer(deadline);
    }
}

/// Lets this core be interrupted again in a moment.
pub fn look_again_soon() {
    Core::here().need_timer(time::monotonic_ns() + RETRY_NS);
}

/// Deals with everything on this core whose moment has come.
pub(super) fn expire_sleepers() {
    let core = Core::here();
    while let Some(sleeper) = core.sleepers.take_due() {
        match sleeper {
            Sleeper::Task(task) => {
                if task.unblock(Wakeup::TimedOut) {
                    enqueue(&task);
                }
            }
            Sleeper::Call(sleeper, arming) => {
                if let Some(next) = sleeper.clone().expire(arming) {
                    core.sleepers.add(next, Sleeper::Call(sleeper, arming));
                }
            }
        }
    }
}
