//! Waiting for files.

use super::time::{Deadline, deadline};
use super::{answer_int, signals};
use crate::{fs, sched, signal, time};
use abi::errno::Errno;
use abi::file::{PollHandle, TimeSpec};

const NS_PER_MS: u64 = 1_000_000;

/// poll(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_poll(set: *mut PollHandle, count: usize, timeout_ms: i32) -> i32 {
    let deadline_ns = u64::try_from(timeout_ms).ok().map(|ms| time::monotonic_ns() + ms * NS_PER_MS);
    // SAFETY: the caller's own array, or null.
    answer_int(unsafe { entries(set, count) }.and_then(|set| fs::poll::poll(set, deadline_ns)))
}

/// ppoll(2): `timeout` null: for ever; `mask`, if not null, is the thread's while it waits.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_ppoll(
    set: *mut PollHandle,
    count: usize,
    timeout: *const TimeSpec,
    mask: *const signal::SignalSet,
) -> i32 {
    // SAFETY: the caller's own, or null.
    let (set, timeout, mask) = unsafe { (entries(set, count), timeout.as_ref(), mask.as_ref()) };
    let moment = timeout.map(|timeout| deadline(timeout, Deadline::Relative)).transpose();
    answer_int(set.and_then(|set| {
        let deadline_ns = moment?;
        let Some(mask) = mask else { return fs::poll::poll(set, deadline_ns) };
        signals::suspend_with(*mask);
        let ready = fs::poll::poll(set, deadline_ns);
        // Else the mask ends with the handler of the signal that came, when the call ends.
        if ready != Err(Errno::EINTR)
            && let Some(before) = signal::state::of(sched::current()).take_saved_mask()
        {
            signal::deliver::set_mask(before);
        }
        ready
    }))
}

/// The program's array.
///
/// # Safety
/// `set` is null or the caller's own array of `count` structures; PollHandle has the layout of struct pollfd.
unsafe fn entries<'a>(set: *mut PollHandle, count: usize) -> Result<&'a mut [PollHandle], Errno> {
    match (set.is_null(), count) {
        (_, 0) => Ok(&mut []),
        (true, _) => Err(Errno::EFAULT),
        // SAFETY: as the caller says.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts_mut(set, count) }),
    }
}
