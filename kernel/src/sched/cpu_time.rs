//! CPU time: who has had a core for how long, in ticks of the time-stamp counter, told at every switch.
//!
//! Time that the host takes away from a core counts for the thread that ran: the cores are the isle's own.

use core::sync::atomic::{AtomicI32, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use alloc::sync::Arc;

use super::core::Core;
use super::task::{Priority, Task, TaskId};
use crate::arch::{smp, tsc};
use crate::{given, time};

/// One core's stopwatch. The core writes, everybody reads: a stretch that begins or ends changes `since`.
pub struct Meter {
    /// Since when the thread that runs has had the core; 0: that is the idle thread.
    since: AtomicU64,
    runs: AtomicI32,
    /// Ticks of all stretches that have ended.
    used: AtomicU64,
}

impl Meter {
    /// A core that has run nothing.
    pub const fn new() -> Self {
        Self { since: AtomicU64::new(0), runs: AtomicI32::new(0), used: AtomicU64::new(0) }
    }

    /// The core, which is the calling one, goes on with `to`.
    #[inline]
    pub fn switch(&self, from: &Task, to: &Task) {
        let now = tsc::now();
        let since = self.since.load(Relaxed);
        self.since.store(0, Release);
        if since != 0 {
            let used = now.saturating_sub(since);
            from.cpu_ticks.store(from.cpu_ticks.load(Relaxed) + used, Release);
            self.used.store(self.used.load(Relaxed) + used, Release);
        }
        self.runs.store(to.id, Release);
        if to.priority() != Priority::IDLE {
            self.since.store(now, Release);
        }
    }

    /// `sum` with what the thread that runs has used since it was last added to, if `counts` says so of its number.
    fn with_present(&self, sum: &AtomicU64, counts: impl Fn(TaskId) -> bool) -> u64 {
        loop {
            let since = self.since.load(Acquire);
            let (runs, ended) = (self.runs.load(Acquire), sum.load(Acquire));
            if self.since.load(Acquire) == since {
                let present = if since != 0 && counts(runs) { tsc::now().saturating_sub(since) } else { 0 };
                return ended + present;
            }
        }
    }
}

/// A clock that runs while CPU time is used.
#[derive(Clone)]
pub enum CpuClock {
    /// CLOCK_PROCESS_CPUTIME_ID: all threads that there have been.
    Isle,
    /// CLOCK_THREAD_CPUTIME_ID, or that of another thread.
    Thread(Arc<Task>),
}

/// The latest that [`CpuClock::Isle`] has said.
static ISLE_LATEST_NS: AtomicU64 = AtomicU64::new(0);

/// How soon to look again at a clock that is about to reach a deadline.
const LOOK_NS: u64 = 100_000;

impl CpuClock {
    /// What it says; it never goes back.
    pub fn now_ns(&self) -> u64 {
        let (ticks, latest) = match self {
            Self::Isle => (isle_ticks(), &ISLE_LATEST_NS),
            Self::Thread(task) => (thread_ticks(task), &task.cpu_latest_ns),
        };
        let now_ns = time::ns_of_ticks(ticks);
        // The length of a tick is measured better and better.
        latest.fetch_max(now_ns, Relaxed).max(now_ns)
    }

    /// The earliest moment on the monotonic clock at which this one can show `deadline_ns`.
    pub fn earliest_ns(&self, deadline_ns: u64) -> u64 {
        let at_once = match self {
            Self::Isle => given::nr_cores() as u64,
            Self::Thread(_) => 1,
        };
        let missing_ns = deadline_ns.saturating_sub(self.now_ns());
        time::monotonic_ns().saturating_add((missing_ns / at_once).max(LOOK_NS))
    }
}

fn isle_ticks() -> u64 {
    let mut ticks = 0;
    smp::for_each_online(|core| {
        let meter = Core::of(core).map(Core::meter);
        ticks += meter.map_or(0, |meter| meter.with_present(&meter.used, |_| true));
    });
    ticks
}

fn thread_ticks(task: &Task) -> u64 {
    Core::beside(task.home).meter().with_present(&task.cpu_ticks, |runs| runs == task.id)
}
