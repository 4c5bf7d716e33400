//! Signals when time has passed: `setitimer`, `alarm` and POSIX timers.
//!
//! A timer sleeps in the queue of the core that armed it, one of CPU time until the earliest moment at which that can be used up.
//! A timer has one signal queued at most: what expires while that is pending is an overrun, told of by it. Nobody looks at it
//! meanwhile, whatever its period: the overruns are counted when the signal is taken, and it sleeps on at the core that takes it.

use alloc::sync::Arc;

use super::frame;
use super::number::Signal;
use super::post;
use super::queue::Sent;
use crate::lock::SpinLock;
use crate::sched::{self, CpuClock, Expire, TaskId};
use crate::sorted::Sorted;
use crate::time;
use abi::c::{self, ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL};
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

/// What a timer counts.
pub enum Clock {
    /// Time, with absolute times on the wall clock.
    Wall,
    /// Time.
    Monotonic,
    /// CPU time.
    Cpu(CpuClock),
}

/// A timer's state.
struct State {
    /// Next expiry on the timer's clock, 0: not armed.
    deadline_ns: u64,
    /// 0: once.
    interval_ns: u64,
    /// Its signal is pending.
    is_notified: bool,
    /// It is armed and sleeps nowhere until that signal is taken.
    is_put_off: bool,
    /// Expiries since that signal was sent.
    missed: u64,
    /// `missed` of the signal that was taken last.
    overruns: i32,
    /// Which arming this is: an old entry in a core's queue finds another number.
    generation: u64,
}

impl State {
    const UNARMED: Self = Self {
        deadline_ns: 0,
        interval_ns: 0,
        is_notified: false,
        is_put_off: false,
        missed: 0,
        overruns: 0,
        generation: 0,
    };

    /// Moves the deadline past `now_ns`, or ends the arming; returns how often it has expired.
    fn pass(&mut self, now_ns: u64) -> u64 {
        if self.deadline_ns == 0 || now_ns < self.deadline_ns {
            return 0;
        }
        let late = (now_ns - self.deadline_ns).checked_div(self.interval_ns);
        self.deadline_ns = late.map_or(0, |late| self.deadline_ns + (late + 1) * self.interval_ns);
        late.unwrap_or(0) + 1
    }

    /// The same, and counts them as missed.
    fn catch_up(&mut self, now_ns: u64) -> u64 {
        let expiries = self.pass(now_ns);
        self.missed = self.missed.saturating_add(expiries);
        expiries
    }
}

/// A timer.
pub struct Timer {
    id: i32,
    signal: Signal,
    target: Target,
    value: u64,
    clock: Clock,
    state: SpinLock<State>,
}

/// Timers by their number. The three interval timers have negative ones.
static TIMERS: SpinLock<Sorted<i32, Arc<Timer>>> = SpinLock::new(Sorted::new());

/// Shortest time between a signal's being taken and the next one: a period of nanoseconds must not keep a core to itself. What
/// expires in between is an overrun.
const MIN_PERIOD_NS: u64 = 10_000;

/// The same if nobody takes the signal: it is ignored.
const MIN_IGNORED_PERIOD_NS: u64 = 4_000_000;

/// Most timers.
const MAX_TIMERS: i32 = c::HERMIT_TIMER_MAX as i32;

/// timer_create(2). `EAGAIN`: too many.
pub fn create(clock: Clock, signal: Signal, target: Target, value: Option<u64>) -> Result<i32, Errno> {
    let mut timers = TIMERS.lock();
    let id = (0..MAX_TIMERS).find(|id| timers.get(*id).is_none()).ok_or(Errno::EAGAIN)?;
    timers.insert(id, Timer::new(id, clock, signal, target, value.unwrap_or(id as u64)));
    Ok(id)
}

/// timer_delete(2).
pub fn delete(id: i32) -> Result<(), Errno> {
    let timer = TIMERS.lock().remove(id).ok_or(Errno::EINVAL)?;
    timer.set(0, 0);
    Ok(())
}

/// The timer with this number.
pub fn get(id: i32) -> Result<Arc<Timer>, Errno> {
    if id < 0 {
        return Err(Errno::EINVAL);
    }
    TIMERS.lock().get(id).cloned().ok_or(Errno::EINVAL)
}

/// One of setitimer(2)'s: ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
pub fn interval_timer(which: i32) -> Result<Arc<Timer>, Errno> {
    // There is no mode of the kernel's: all time that a program uses is its own.
    let (signal, clock) = match which {
        ITIMER_REAL => (Signal::ALRM, Clock::Monotonic),
        ITIMER_VIRTUAL => (Signal::VTALRM, Clock::Cpu(CpuClock::Isle)),
        ITIMER_PROF => (Signal::PROF, Clock::Cpu(CpuClock::Isle)),
        _ => return Err(Errno::EINVAL),
    };
    let id = -1 - which;
    let mut timers = TIMERS.lock();
    if let Some(timer) = timers.get(id) {
        return Ok(timer.clone());
    }
    let timer = Timer::new(id, clock, signal, Target::Process, 0);
    timers.insert(id, timer.clone());
    Ok(timer)
}

impl Timer {
    fn new(id: i32, clock: Clock, signal: Signal, target: Target, value: u64) -> Arc<Self> {
        Arc::new(Self { id, signal, target, value, clock, state: SpinLock::new(State::UNARMED) })
    }

    /// What the clock says that its deadlines are on: for the wall clock's the monotonic one.
    pub fn now_ns(&self) -> u64 {
        match &self.clock {
            Clock::Wall | Clock::Monotonic => time::monotonic_ns(),
            Clock::Cpu(clock) => clock.now_ns(),
        }
    }

    /// Whether absolute times are meant on the wall clock.
    pub const fn is_on_wall_clock(&self) -> bool {
        matches!(self.clock, Clock::Wall)
    }

    /// When to look whether `deadline_ns` has come, on the monotonic clock.
    fn wake_up_ns(&self, deadline_ns: u64) -> u64 {
        match &self.clock {
            Clock::Wall | Clock::Monotonic => deadline_ns,
            Clock::Cpu(clock) => clock.earliest_ns(deadline_ns),
        }
    }

    /// Time to the next expiry and the interval, in ns; 0, _ if it is not armed.
    pub fn remaining(&self) -> (u64, u64) {
        let mut state = self.state.lock();
        let now_ns = self.now_ns();
        if state.is_put_off || self.target == Target::Nobody {
            state.catch_up(now_ns);
        }
        let remaining = match state.deadline_ns {
            0 => 0,
            // An armed timer never reads as disarmed.
            deadline => deadline.saturating_sub(now_ns).max(1),
        };
        (remaining, state.interval_ns)
    }

    /// Expiries between the signal that was taken last and its being taken (timer_getoverrun(2)).
    pub fn overruns(&self) -> i32 {
        self.state.lock().overruns
    }

    /// Changes when it expires; returns the number of this arming.
    fn set(&self, deadline_ns: u64, interval_ns: u64) -> u64 {
        let mut state = self.state.lock();
        state.generation += 1;
        state.deadline_ns = deadline_ns;
        state.interval_ns = interval_ns;
        state.is_put_off = false;
        state.missed = 0;
        state.overruns = 0;
        state.generation
    }

    /// Arms the timer for `deadline_ns` on its clock, then every `interval_ns` (0: once); deadline 0 disarms.
    pub fn arm(self: &Arc<Self>, deadline_ns: u64, interval_ns: u64) {
        let generation = self.set(deadline_ns, interval_ns);
        if deadline_ns != 0 && self.target != Target::Nobody {
            sched::call_at(self.wake_up_ns(deadline_ns), self.clone(), generation);
        }
    }

    /// Its deadline may have come. Tells if it has, and returns when to look again.
    fn expire(self: &Arc<Self>, generation: u64) -> Option<u64> {
        {
            let mut state = self.state.lock();
            if state.generation != generation || state.deadline_ns == 0 {
                return None;
            }
            let expiries = state.catch_up(self.now_ns());
            if expiries == 0 {
                return Some(self.wake_up_ns(state.deadline_ns));
            }
            state.is_put_off = state.deadline_ns != 0;
            if state.is_notified {
                return None;
            }
            state.is_notified = true;
            state.missed = expiries - 1;
        }
        self.tell();
        None
    }

    fn tell(self: &Arc<Self>) {
        let notification = Notification { timer: self.clone(), is_taken: false };
        let sent = if self.id < 0 {
            Sent::by_interval_timer(frame::info(self.signal, c::SI_KERNEL, &[]), notification)
        } else {
            Sent::by_timer(frame::info(self.signal, c::SI_TIMER, &[self.id as u64, self.value]), notification)
        };
        match self.target {
            Target::Nobody => {}
            Target::Process => post::post_to_isle(sent),
            Target::Thread(id) => {
                if let Some(task) = sched::get(id) {
                    post::post_to_task(&task, sent);
                }
            }
        }
    }
}

impl Expire for Timer {
    fn expire(self: Arc<Self>, arming: u64) -> Option<u64> {
        Timer::expire(&self, arming)
    }
}

/// A timer whose signal is pending, until this is dropped: then it sleeps on.
pub struct Notification {
    timer: Arc<Timer>,
    is_taken: bool,
}

impl Notification {
    /// The signal is taken: how many expiries it stands for besides its own.
    pub fn accept(&mut self) -> i32 {
        self.is_taken = true;
        let mut state = self.timer.state.lock();
        if state.is_put_off {
            state.catch_up(self.timer.now_ns());
        }
        state.overruns = i32::try_from(state.missed).unwrap_or(i32::MAX);
        state.missed = 0;
        state.overruns
    }
}

impl Drop for Notification {
    fn drop(&mut self) {
        let timer = &self.timer;
        let (deadline_ns, generation) = {
            let mut state = timer.state.lock();
            state.is_notified = false;
            if !core::mem::take(&mut state.is_put_off) {
                return;
            }
            (state.deadline_ns, state.generation)
        };
        let period_ns = if self.is_taken { MIN_PERIOD_NS } else { MIN_IGNORED_PERIOD_NS };
        let soon_ns = time::monotonic_ns() + period_ns;
        sched::call_at(timer.wake_up_ns(deadline_ns).max(soon_ns), timer.clone(), generation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(deadline_ns: u64, interval_ns: u64) -> State {
        State { deadline_ns, interval_ns, ..State::UNARMED }
    }

    #[test]
    fn a_period_keeps_its_grid() {
        let mut periodic = state(1_000, 10);
        assert_eq!((periodic.pass(999), periodic.deadline_ns), (0, 1_000));
        assert_eq!((periodic.pass(1_000), periodic.deadline_ns), (1, 1_010));
        assert_eq!((periodic.pass(1_045), periodic.deadline_ns), (4, 1_050));
        periodic.catch_up(1_069);
        assert_eq!((periodic.missed, periodic.deadline_ns), (2, 1_070));
    }

    #[test]
    fn once_is_once() {
        let mut once = state(1_000, 0);
        assert_eq!((once.pass(5_000), once.deadline_ns), (1, 0));
        assert_eq!((once.pass(6_000), once.deadline_ns), (0, 0));
    }
}
