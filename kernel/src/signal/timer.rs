//! Signals when time has passed: `setitimer`, `alarm` and POSIX timers.
//!
//! A timer sleeps in the queue of the core that armed it. CPU time is elapsed time here: nothing else runs on the cores.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use super::frame::{SigInfo, code};
use super::{Signal, post};
use crate::sched::{self, TaskId};
use crate::sync::SpinLock;
use crate::time;
use abi::errno::Errno;

/// Whom a timer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// SIGEV_NONE.
    Nobody,
    /// SIGEV_SIGNAL.
    Process,
    /// SIGEV_THREAD_ID.
    Thread(TaskId),
}

/// A timer's state.
struct State {
    /// Next expiry on the monotonic clock, 0: not armed.
    deadline_ns: u64,
    /// 0: once.
    interval_ns: u64,
    /// Expiries that were not told, because the signal was still pending.
    overruns: u64,
    /// Which arming this is: an old entry in a core's queue finds another number.
    generation: u64,
}

/// A timer.
pub struct Timer {
    id: i32,
    signal: Signal,
    target: Target,
    value: u64,
    state: SpinLock<State>,
}

/// Timers by their number. The three interval timers have negative ones.
static TIMERS: SpinLock<BTreeMap<i32, Arc<Timer>>> = SpinLock::new(BTreeMap::new());

/// Most timers.
const MAX_TIMERS: i32 = 4096;

/// timer_create(2). `EAGAIN`: too many.
pub fn create(signal: Signal, target: Target, value: Option<u64>) -> Result<i32, Errno> {
    let mut timers = TIMERS.lock();
    let id = (0..MAX_TIMERS).find(|id| !timers.contains_key(id)).ok_or(Errno::EAGAIN)?;
    timers.insert(id, Timer::new(id, signal, target, value.unwrap_or(id as u64)));
    Ok(id)
}

/// timer_delete(2).
pub fn delete(id: i32) -> Result<(), Errno> {
    let timer = TIMERS.lock().remove(&id).ok_or(Errno::EINVAL)?;
    timer.set(0, 0);
    Ok(())
}

/// The timer with this number.
pub fn get(id: i32) -> Result<Arc<Timer>, Errno> {
    if id < 0 {
        return Err(Errno::EINVAL);
    }
    TIMERS.lock().get(&id).cloned().ok_or(Errno::EINVAL)
}

/// One of setitimer(2)'s: ITIMER_REAL 0, ITIMER_VIRTUAL 1, ITIMER_PROF 2.
pub fn interval_timer(which: i32) -> Result<Arc<Timer>, Errno> {
    let signal = match which {
        0 => Signal::ALRM,
        1 => Signal::VTALRM,
        2 => Signal::PROF,
        _ => return Err(Errno::EINVAL),
    };
    let id = -1 - which;
    Ok(TIMERS.lock().entry(id).or_insert_with(|| Timer::new(id, signal, Target::Process, 0)).clone())
}

impl Timer {
    fn new(id: i32, signal: Signal, target: Target, value: u64) -> Arc<Self> {
        let state = State { deadline_ns: 0, interval_ns: 0, overruns: 0, generation: 0 };
        Arc::new(Self { id, signal, target, value, state: SpinLock::new(state) })
    }

    /// Time to the next expiry and the interval, in ns; 0, _ if it is not armed.
    pub fn remaining(&self) -> (u64, u64) {
        let state = self.state.lock();
        let remaining = match state.deadline_ns {
            0 => 0,
            // An armed timer never reads as disarmed.
            deadline => deadline.saturating_sub(time::monotonic_ns()).max(1),
        };
        (remaining, state.interval_ns)
    }

    /// Expiries beyond the one that was told last.
    pub fn overruns(&self) -> u64 {
        self.state.lock().overruns
    }

    /// Disarms the timer.
    fn set(&self, deadline_ns: u64, interval_ns: u64) -> u64 {
        let mut state = self.state.lock();
        state.generation += 1;
        state.deadline_ns = deadline_ns;
        state.interval_ns = interval_ns;
        state.overruns = 0;
        state.generation
    }

    /// Arms the timer for `deadline_ns` on the monotonic clock, then every `interval_ns` (0: once); deadline 0 disarms.
    pub fn arm(self: &Arc<Self>, deadline_ns: u64, interval_ns: u64) {
        let generation = self.set(deadline_ns, interval_ns);
        if deadline_ns != 0 {
            sched::sleep_timer(deadline_ns, self.clone(), generation);
        }
    }

    /// Called on the core where it sleeps when its deadline has come. Tells, and returns the next deadline.
    pub fn expire(&self, generation: u64) -> Option<u64> {
        let next = {
            let mut state = self.state.lock();
            if state.generation != generation || state.deadline_ns == 0 {
                return None;
            }
            state.overruns = 0;
            let late_ns = time::monotonic_ns().saturating_sub(state.deadline_ns);
            match late_ns.checked_div(state.interval_ns) {
                None => state.deadline_ns = 0,
                Some(late) => {
                    state.overruns = late;
                    state.deadline_ns += (late + 1) * state.interval_ns;
                }
            }
            (state.deadline_ns != 0).then_some(state.deadline_ns)
        };
        self.tell();
        next
    }

    fn tell(&self) {
        let overruns = self.state.lock().overruns;
        let code = if self.id < 0 { code::SI_KERNEL } else { code::SI_TIMER };
        let id_and_overruns = self.id.max(0) as u64 | overruns << 32;
        let info = SigInfo::new(self.signal, code, &[id_and_overruns, self.value]);
        match self.target {
            Target::Nobody => {}
            Target::Process => post::post_to_process(info),
            Target::Thread(id) => {
                if let Some(task) = sched::get(id) {
                    post::post_to_task(&task, info);
                }
            }
        }
    }
}
