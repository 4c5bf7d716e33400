//! Waiting for files.

use core::mem::offset_of;

use super::time::{Deadline, deadline};
use super::{answer_int, signals};
use crate::fs::fd_table::MAX_DESCRIPTORS;
use crate::user::{self, UserSlice};
use crate::{fs, sched, signal, time};
use abi::errno::Errno;
use abi::file::{PollHandle, TimeSpec};
use abi::layout::PAGE_SIZE;

const NS_PER_MS: u64 = 1_000_000;

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
    answer_int(asked.and_then(|(deadline_ns, mask)| {
        let Some(mask) = mask else { return poll(set, count, deadline_ns) };
        signals::suspend_with(mask);
        let ready = poll(set, count, deadline_ns);
        // Else the mask ends with the handler of the signal that came, when the call ends.
        if ready != Err(Errno::EINTR)
            && let Some(before) = signal::state::of(sched::current()).take_saved_mask()
        {
            signal::deliver::set_mask(before);
        }
        ready
    }))
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
