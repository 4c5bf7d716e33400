//! Waiting for files.

use alloc::sync::Arc;
use core::mem::offset_of;

use super::time::{Clock, Deadline, deadline, nanoseconds, timespec};
use super::{answer_int, signals};
use crate::fs::epoll::{Epoll, epoll_of, held};
use crate::fs::fd_table::{self, MAX_DESCRIPTORS};
use crate::fs::file::as_kind;
use crate::fs::timer_file::{TimerClock, TimerFile};
use crate::user::{self, UserPtr, UserSlice};
use crate::{fs, sched, signal, time};
use abi::c::signal::TimerSpec;
use abi::c::{
    EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, TFD_CLOEXEC, TFD_NONBLOCK, TFD_TIMER_ABSTIME,
    TFD_TIMER_CANCEL_ON_SET,
};
use abi::errno::Errno;
use abi::file::{EpollEvent, PollHandle, TimeSpec};
use abi::layout::PAGE_SIZE;

const NS_PER_MS: u64 = 1_000_000;

/// Most events that one call can be asked for, as on Linux: more would not fit into an `int` of bytes.
const MAX_EVENTS: usize = i32::MAX as usize / size_of::<EpollEvent>();

/// poll(2).
#[unsafe(no_mangle)]
extern "C" fn sys_poll(set: *mut PollHandle, count: usize, timeout_ms: i32) -> i32 {
    let deadline_ns = u64::try_from(timeout_ms).ok().map(|ms| time::monotonic_ns() + ms * NS_PER_MS);
    answer_int(poll(set, count, deadline_ns))
}

/// ppoll(2): `timeout` null: for ever; `mask`, if not null, is the thread's while it waits.
#[unsafe(no_mangle)]
extern "C" fn sys_ppoll(
    set: *mut PollHandle,
    count: usize,
    timeout: *const TimeSpec,
    mask: *const signal::SignalSet,
) -> i32 {
    let asked = user::read_optional(timeout).and_then(|timeout| {
        let moment = timeout.map(|timeout| deadline(&timeout, Deadline::Relative)).transpose()?;
        Ok((moment, user::read_optional(mask)?))
    });
    answer_int(asked.and_then(|(deadline_ns, mask)| with_mask(mask, || poll(set, count, deadline_ns))))
}

/// Waits with another mask, if there is one.
fn with_mask<R: PartialEq>(
    mask: Option<signal::SignalSet>,
    wait: impl FnOnce() -> Result<R, Errno>,
) -> Result<R, Errno> {
    let Some(mask) = mask else { return wait() };
    signals::suspend_with(mask);
    let ready = wait();
    // Else the mask ends with the handler of the signal that came, when the call ends.
    if ready != Err(Errno::EINTR)
        && let Some(before) = signal::state::of(sched::current()).take_saved_mask()
    {
        signal::deliver::set_mask(before);
    }
    ready
}

/// epoll_create1(2).
#[unsafe(no_mangle)]
extern "C" fn sys_epoll_create1(flags: i32) -> i32 {
    if flags & !EPOLL_CLOEXEC != 0 {
        return answer_int(Err(Errno::EINVAL));
    }
    answer_int(fd_table::insert(Arc::new(Epoll::new()), flags != 0).map(|fd| fd as u64))
}

/// epoll_ctl(2).
#[unsafe(no_mangle)]
extern "C" fn sys_epoll_ctl(epfd: i32, operation: i32, fd: i32, event: *const EpollEvent) -> i32 {
    answer_int(control(epfd, operation, fd, event).map(|()| 0))
}

fn control(epfd: i32, operation: i32, fd: i32, event: *const EpollEvent) -> Result<(), Errno> {
    // Looked at first, as on Linux.
    let event = if operation == EPOLL_CTL_DEL { None } else { Some(UserPtr::new(event)?.read()?) };
    let (epoll, file) = (fs::descriptor(epfd)?, fs::descriptor(fd)?);
    let epoll = epoll_of(&*epoll).ok_or(Errno::EINVAL)?;
    match (operation, event) {
        (EPOLL_CTL_ADD, Some(event)) => epoll.add(fd, &file, &event),
        (EPOLL_CTL_MOD, Some(event)) => epoll.modify(fd, &file, &event),
        (EPOLL_CTL_DEL, _) => epoll.delete(fd, &file),
        _ => Err(Errno::EINVAL),
    }
}

/// epoll_pwait2(2): `timeout` null: for ever; `mask`, if not null, is the thread's while it waits.
#[unsafe(no_mangle)]
extern "C" fn sys_epoll_wait(
    epfd: i32,
    events: *mut EpollEvent,
    count: i32,
    timeout: *const TimeSpec,
    mask: *const signal::SignalSet,
) -> i32 {
    answer_int(epoll_wait(epfd, events, count, timeout, mask))
}

fn epoll_wait(
    epfd: i32,
    events: *mut EpollEvent,
    count: i32,
    timeout: *const TimeSpec,
    mask: *const signal::SignalSet,
) -> Result<u64, Errno> {
    let timeout = user::read_optional(timeout)?;
    let deadline_ns = timeout.map(|timeout| deadline(&timeout, Deadline::Relative)).transpose()?;
    let mask = user::read_optional(mask)?;
    let most = usize::try_from(count).ok().filter(|most| (1..=MAX_EVENTS).contains(most));
    let most = most.ok_or(Errno::EINVAL)?;
    let epoll = held(fs::descriptor(epfd)?).ok_or(Errno::EINVAL)?;
    let found = with_mask(mask, || epoll.wait(most, deadline_ns))?;
    for (index, event) in found.iter().enumerate() {
        UserPtr::new(events.wrapping_add(index))?.write(*event)?;
    }
    Ok(found.len() as u64)
}

/// timerfd_create(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timerfd_create(clock: i32, flags: i32) -> i32 {
    answer_int(timer_clock(clock).and_then(|clock| {
        if flags & !(TFD_NONBLOCK | TFD_CLOEXEC) != 0 {
            return Err(Errno::EINVAL);
        }
        let timer = TimerFile::new(clock, flags & TFD_NONBLOCK != 0);
        fd_table::insert(Arc::new(timer), flags & TFD_CLOEXEC != 0).map(|fd| fd as u64)
    }))
}

fn timer_clock(clock: i32) -> Result<TimerClock, Errno> {
    match Clock::new(clock)? {
        Clock::Realtime if clock == abi::c::CLOCK_REALTIME => Ok(TimerClock::Wall),
        Clock::Monotonic => Ok(TimerClock::Monotonic),
        _ => Err(Errno::EINVAL),
    }
}

/// Does `work` with the timer behind `fd`. `EINVAL`: it is none.
fn on_timer<R>(fd: i32, work: impl FnOnce(&TimerFile) -> Result<R, Errno>) -> Result<R, Errno> {
    let file = fs::descriptor(fd)?;
    work(as_kind(&*file).ok_or(Errno::EINVAL)?)
}

fn timer_spec(timer: &TimerFile) -> TimerSpec {
    let (remaining_ns, interval_ns) = timer.remaining();
    TimerSpec { it_value: timespec(remaining_ns), it_interval: timespec(interval_ns) }
}

/// timerfd_settime(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timerfd_settime(fd: i32, flags: i32, new: *const TimerSpec, old: *mut TimerSpec) -> i32 {
    answer_int(UserPtr::new(new).and_then(|new| {
        let new = new.read()?;
        if flags & !(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) != 0 {
            return Err(Errno::EINVAL);
        }
        on_timer(fd, |timer| {
            let kind = match (flags & TFD_TIMER_ABSTIME, timer.clock) {
                (0, _) => Deadline::Relative,
                (_, TimerClock::Wall) => Deadline::Realtime,
                (_, TimerClock::Monotonic) => Deadline::Monotonic,
            };
            let interval_ns = nanoseconds(&new.it_interval)?;
            let deadline_ns = match nanoseconds(&new.it_value)? {
                0 => 0,
                _ => deadline(&new.it_value, kind)?.max(1),
            };
            let before = timer_spec(timer);
            timer.arm(deadline_ns, interval_ns);
            user::write_optional(old, before).map(|()| 0)
        })
    }))
}

/// timerfd_gettime(2).
#[unsafe(no_mangle)]
extern "C" fn sys_timerfd_gettime(fd: i32, now: *mut TimerSpec) -> i32 {
    answer_int(on_timer(fd, |timer| UserPtr::new(now)?.write(timer_spec(timer)).map(|()| 0)))
}

/// [`fs::poll::poll`] on the program's array. `EINVAL`: longer than all descriptors. PollHandle has the
/// layout of struct pollfd.
fn poll(set: *const PollHandle, count: usize, deadline_ns: Option<u64>) -> Result<u64, Errno> {
    if count > MAX_DESCRIPTORS {
        return Err(Errno::EINVAL);
    }
    let mut entries = user::read_array(set, count)?;
    let before = entries.clone();
    let ready = fs::poll::poll(&mut entries, deadline_ns)?;
    tell(set as u64, &before, &entries)?;
    Ok(ready)
}

/// Writes the events back, and nothing else: other threads may change what is asked for meanwhile. Most are
/// as they were, and need no writing; but one in each page is written, so that a page that cannot be written
/// is found.
fn tell(start: u64, before: &[PollHandle], after: &[PollHandle]) -> Result<(), Errno> {
    let mut page = None;
    let mut at = start + offset_of!(PollHandle, revents) as u64;
    for (before, after) in before.iter().zip(after) {
        if before.revents != after.revents || page != Some(at / PAGE_SIZE) {
            let revents = after.revents.to_ne_bytes();
            UserSlice::new(at, revents.len() as u64)?.write_all(&revents)?;
            page = Some(at / PAGE_SIZE);
        }
        at += size_of::<PollHandle>() as u64;
    }
    Ok(())
}
