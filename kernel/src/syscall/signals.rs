//! Signals and the timers that send them.

use alloc::sync::Arc;
use core::sync::atomic::Ordering::SeqCst;

use super::time::{Clock, Deadline, deadline, nanoseconds, timespec};
use super::{answer_int, done};
use crate::fs::file::as_kind;
use crate::fs::signal_file::SignalFile;
use crate::fs::{self, fd_table};
use crate::given;
use crate::sched::{self, TaskId, Wakeup};
use crate::signal::action;
use crate::signal::frame;
use crate::signal::queue::Sent;
use crate::signal::timer::{self, Target};
use crate::signal::{self, Signal, SignalSet, UNBLOCKABLE, deliver, state};
use crate::user::{self, UserPtr};
use abi::c::signal::{Action, AlternateStack, SigInfo, TimerSpec};
use abi::c::{self, SFD_CLOEXEC, SFD_NONBLOCK, SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK, TIMER_ABSTIME};
use abi::errno::Errno;
use abi::file::TimeSpec;

/// sigaction(2) with `struct { void *handler; uint64_t flags, mask; }`.
#[unsafe(no_mangle)]
extern "C" fn sys_sigaction(number: i32, new: *const Action, old: *mut Action) -> i32 {
    done(user::read_optional(new).and_then(|new| {
        let before = action::change(Signal::new(number)?, new)?;
        user::write_optional(old, before)
    }))
}

/// pthread_sigmask(3): `how` is SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK.
#[unsafe(no_mangle)]
extern "C" fn sys_sigprocmask(how: i32, set: *const SignalSet, old: *mut SignalSet) -> i32 {
    let before = state::mask(sched::current());
    done(user::read_optional(set).and_then(|set| {
        let new = set.map(|set| match how {
            SIG_BLOCK => Ok(before | set),
            SIG_UNBLOCK => Ok(before & !set),
            SIG_SETMASK => Ok(set),
            _ => Err(Errno::EINVAL),
        });
        if let Some(new) = new.transpose()? {
            deliver::set_mask(new);
        }
        user::write_optional(old, before)
    }))
}

/// sigpending(2).
#[unsafe(no_mangle)]
extern "C" fn sys_sigpending(set: *mut SignalSet) -> i32 {
    let task = sched::current();
    let pending = task.interruption.pending() & state::mask(task);
    done(UserPtr::new(set).and_then(|set| set.write(pending)))
}

/// kill(2): the isle is its own only process and process group.
#[unsafe(no_mangle)]
extern "C" fn sys_kill(pid: i32, number: i32) -> i32 {
    done(to_self(pid).and_then(|()| optional(number)).map(|signal| {
        if let Some(signal) = signal {
            let info = sent(signal, c::SI_USER, 0);
            // kill(2) never fails for want of a place in the line: then one of several is lost.
            signal::post_to_isle(Sent::queued(info).unwrap_or_else(|_| Sent::once(info)));
        }
    }))
}

/// sigqueue(3). `EAGAIN`: SIGQUEUE_MAX signals stand in line.
#[unsafe(no_mangle)]
extern "C" fn sys_sigqueue(pid: i32, number: i32, value: u64) -> i32 {
    done(to_self(pid).and_then(|()| optional(number)).and_then(|signal| {
        if let Some(signal) = signal {
            signal::post_to_isle(Sent::queued(sent(signal, c::SI_QUEUE, value))?);
        }
        Ok(())
    }))
}

/// pthread_kill(3). Errors: `ESRCH` no such thread, `EAGAIN` SIGQUEUE_MAX signals stand in line.
#[unsafe(no_mangle)]
extern "C" fn sys_thread_kill(id: TaskId, number: i32) -> i32 {
    done(optional(number).and_then(|signal| {
        let task = sched::get(id).ok_or(Errno::ESRCH)?;
        if let Some(signal) = signal {
            signal::post_to_task(&task, Sent::queued(sent(signal, c::SI_TKILL, 0))?);
        }
        Ok(())
    }))
}

/// `EPERM` and `ESRCH` are what other processes would be.
fn to_self(pid: i32) -> Result<(), Errno> {
    // 0 and -1: everybody, which is us.
    if pid == 0 || pid == -1 || pid.unsigned_abs() as u64 == given::info().pid {
        Ok(())
    } else {
        Err(Errno::ESRCH)
    }
}

/// Signal 0 is the question whether one could be sent.
fn optional(number: i32) -> Result<Option<Signal>, Errno> {
    if number == 0 { Ok(None) } else { Signal::new(number).map(Some) }
}

fn sent(signal: Signal, code: i32, value: u64) -> SigInfo {
    // si_pid, si_uid; si_value.
    frame::info(signal, code, &[given::info().pid, value])
}

/// sigaltstack(2).
#[unsafe(no_mangle)]
extern "C" fn sys_sigaltstack(new: *const AlternateStack, old: *mut AlternateStack) -> i32 {
    done(user::read_optional(new).and_then(|new| {
        let here = core::ptr::from_ref(&new) as u64;
        let before = state::of(sched::current()).change_alternate(new, here)?;
        user::write_optional(old, before)
    }))
}

/// Puts a mask in force until the next handler returns.
pub(super) fn suspend_with(mask: SignalSet) {
    state::suspend_with(sched::current(), mask);
    signal::discard_ignored();
    signal::pass_on();
}

/// sigsuspend(2). Always `EINTR`, after a handler has run.
#[unsafe(no_mangle)]
extern "C" fn sys_sigsuspend(mask: *const SignalSet) -> i32 {
    let mask = match UserPtr::new(mask).and_then(|mask| mask.read()) {
        Ok(mask) => mask,
        Err(errno) => return done(Err(errno)),
    };
    let task = sched::current();
    suspend_with(mask);
    while !signal::is_pending() {
        task.prepare_to_block();
        sched::block(None);
    }
    done(Err(Errno::EINTR))
}

/// signalfd(2): a new one for `fd` -1, else other signals for that one. `EINVAL`: it is none.
#[unsafe(no_mangle)]
extern "C" fn sys_signalfd(fd: i32, mask: *const SignalSet, flags: i32) -> i32 {
    answer_int(UserPtr::new(mask).and_then(|mask| {
        let mask = mask.read()?;
        if flags & !(SFD_NONBLOCK | SFD_CLOEXEC) != 0 {
            return Err(Errno::EINVAL);
        }
        if fd != -1 {
            let file = fs::descriptor(fd)?;
            as_kind::<SignalFile>(&*file).ok_or(Errno::EINVAL)?.set_mask(mask);
            return Ok(fd as u64);
        }
        let file = SignalFile::new(mask, flags & SFD_NONBLOCK != 0);
        fd_table::insert(Arc::new(file), flags & SFD_CLOEXEC != 0).map(|fd| fd as u64)
    }))
}

/// sigtimedwait(2): takes a signal of `set`, waiting for it until the timeout (null: for ever). Returns its number.
#[unsafe(no_mangle)]
extern "C" fn sys_sigtimedwait(set: *const SignalSet, info: *mut SigInfo, timeout: *const TimeSpec) -> i32 {
    answer_int(UserPtr::new(set).and_then(|set| {
        let (set, timeout) = (set.read()?, user::read_optional(timeout)?);
        let deadline_ns = timeout.map(|timeout| deadline(&timeout, Deadline::Relative)).transpose()?;
        signal::catch(set);
        let taken = wait_for(set & !UNBLOCKABLE, deadline_ns)?;
        user::write_optional(info, taken)?;
        Ok(taken.si_signo as u64)
    }))
}

fn wait_for(set: SignalSet, deadline_ns: Option<u64>) -> Result<SigInfo, Errno> {
    let signals = state::of(sched::current());
    signals.waiting_for.store(set, SeqCst);
    let result = loop {
        sched::current().prepare_to_block();
        if let Some(info) = signal::take(set) {
            sched::cancel_block();
            break Ok(info);
        }
        match sched::block(deadline_ns) {
            Wakeup::TimedOut => break signal::take(set).ok_or(Errno::EAGAIN),
            Wakeup::Interrupted if signal::is_pending() => break Err(Errno::EINTR),
            Wakeup::Woken | Wakeup::Interrupted => {}
        }
    };
    signals.waiting_for.store(0, SeqCst);
    // A second one may have been sent before this thread could say that it has what it wants.
    signal::pass_on();
    result
}

fn current_spec(timer: &timer::Timer) -> TimerSpec {
    let (remaining_ns, interval_ns) = timer.remaining();
    TimerSpec { it_interval: timespec(interval_ns), it_value: timespec(remaining_ns) }
}

/// setitimer(2), with `struct itimerspec`s. `new` null: getitimer(2).
#[unsafe(no_mangle)]
extern "C" fn sys_setitimer(which: i32, new: *const TimerSpec, old: *mut TimerSpec) -> i32 {
    done(timer::interval_timer(which).and_then(|timer| set_timer(&timer, Deadline::Relative, new, old)))
}

/// timer_settime(2). `flags`: TIMER_ABSTIME. `new` null: timer_gettime(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timer_settime(id: i32, flags: i32, new: *const TimerSpec, old: *mut TimerSpec) -> i32 {
    done(timer::get(id).and_then(|timer| {
        let kind = match flags & TIMER_ABSTIME {
            0 => Deadline::Relative,
            _ if timer.is_on_wall_clock() => Deadline::Realtime,
            _ => Deadline::Monotonic,
        };
        set_timer(&timer, kind, new, old)
    }))
}

fn set_timer(
    timer: &alloc::sync::Arc<timer::Timer>,
    kind: Deadline,
    new: *const TimerSpec,
    old: *mut TimerSpec,
) -> Result<(), Errno> {
    let before = current_spec(timer);
    if let Some(new) = user::read_optional(new)? {
        let value_ns = nanoseconds(&new.it_value)?;
        let interval_ns = nanoseconds(&new.it_interval)?;
        let deadline_ns = match kind {
            _ if value_ns == 0 => 0,
            Deadline::Relative => timer.now_ns().saturating_add(value_ns),
            kind => deadline(&new.it_value, kind)?.max(1),
        };
        timer.arm(deadline_ns, interval_ns);
    }
    user::write_optional(old, before)
}

/// timer_create(2) on one of Linux's clocks: signal 0 is SIGEV_NONE; thread 0 is the isle, else SIGEV_THREAD_ID; `value` null: the timer's number.
#[unsafe(no_mangle)]
extern "C" fn sys_timer_create(clock: i32, number: i32, thread: TaskId, value: *const u64) -> i32 {
    answer_int(optional(number).and_then(|signal| {
        let value = user::read_optional(value)?;
        let target = match (signal, thread) {
            (None, _) => Target::Nobody,
            (Some(_), 0) => Target::Process,
            (Some(_), id) => Target::Thread(sched::get(id).ok_or(Errno::EINVAL)?.id),
        };
        let clock = match Clock::new(clock)? {
            Clock::Realtime => timer::Clock::Wall,
            Clock::Monotonic => timer::Clock::Monotonic,
            Clock::Cpu(clock) => timer::Clock::Cpu(clock),
        };
        Ok(timer::create(clock, signal.unwrap_or(Signal::ALRM), target, value)? as u64)
    }))
}

/// timer_delete(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timer_delete(id: i32) -> i32 {
    done(timer::delete(id))
}

/// timer_getoverrun(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timer_getoverrun(id: i32) -> i32 {
    answer_int(timer::get(id).map(|timer| timer.overruns() as u64))
}
