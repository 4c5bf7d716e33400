//! Waiting for several files at once.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::File;
use super::pipe;
use crate::signal;
use crate::sync::futex;
use crate::{hypercall, time};
use abi::c::{POLLERR, POLLHUP, POLLNVAL};
use abi::errno::Errno;
use abi::file::PollHandle;
use abi::hypercall::{MAX_POLL_HANDLES, Number};

/// Handle that the host's poll(2) ignores.
const NOBODY: i32 = -1;

const NS_PER_MS: u64 = 1_000_000;

/// The file behind one entry, which stays open until the answer is there.
type Opened = Option<Result<Arc<File>, Errno>>;

/// poll(2) on the program's `struct pollfd`s, which have the layout of [`PollHandle`], until a moment on the monotonic clock.
/// Returns how many are ready. `EINTR`: a signal came.
pub fn poll(set: &mut [PollHandle], deadline_ns: Option<u64>) -> Result<u64, Errno> {
    if set.len() as u64 > MAX_POLL_HANDLES {
        return Err(Errno::EINVAL);
    }
    let files: Vec<Opened> =
        set.iter().map(|entry| (entry.handle >= 0).then(|| super::descriptor(entry.handle))).collect();
    let has_here = files.iter().any(|file| matches!(file, Some(Ok(file)) if file.events().is_some()));
    let has_there = files.iter().any(|file| matches!(file, Some(Ok(file)) if file.events().is_none()));
    let poller = (has_here && has_there).then(pipe::Poller::new);
    loop {
        let (seen, word) = pipe::changes();
        poller.iter().for_each(pipe::Poller::look);
        let ready_here = look_here(set, &files);
        let left_ms = match deadline_ns {
            _ if ready_here != 0 => 0,
            None => -1,
            Some(deadline) => {
                let left_ms = deadline.saturating_sub(time::monotonic_ns()).div_ceil(NS_PER_MS);
                i32::try_from(left_ms).unwrap_or(i32::MAX)
            }
        };
        let ready_there = match has_there.then(|| ask_host(set, &files, left_ms)) {
            // A signal, perhaps another thread's, or a change here: looked at below, and in the next turn.
            None | Some(Err(Errno::EINTR)) => 0,
            Some(ready) => ready?,
        };
        if ready_here + ready_there != 0 || left_ms == 0 {
            return Ok(ready_here + ready_there);
        }
        signal::interrupt_if_pending()?;
        if !has_there {
            match futex::wait(word, seen, deadline_ns) {
                Ok(()) | Err(Errno::EAGAIN | Errno::ETIMEDOUT) => {}
                Err(errno) => return Err(errno),
            }
        }
    }
}

/// Looks at everything that is not the host's; returns how many are ready.
fn look_here(set: &mut [PollHandle], files: &[Opened]) -> u64 {
    let mut ready = 0;
    for (entry, file) in set.iter_mut().zip(files) {
        entry.revents = match file {
            Some(Err(_)) => POLLNVAL,
            // Errors are told whether asked for or not.
            Some(Ok(file)) => file.events().unwrap_or(0) & (entry.events | POLLERR | POLLHUP),
            None => 0,
        };
        ready += (entry.revents != 0) as u64;
    }
    ready
}

/// Asks the host about its own; returns how many are ready.
fn ask_host(set: &mut [PollHandle], files: &[Opened], timeout_ms: i32) -> Result<u64, Errno> {
    let handle = |file: &Opened| match file {
        Some(Ok(file)) => file.host_handle().unwrap_or(NOBODY),
        _ => NOBODY,
    };
    let asked = set.iter().zip(files);
    let mut asked: Vec<PollHandle> = asked
        .map(|(entry, file)| PollHandle { handle: handle(file), events: entry.events, revents: 0 })
        .collect();
    let args = [asked.as_mut_ptr() as u64, asked.len() as u64, timeout_ms as u64, 0, 0, 0];
    let ready = hypercall::call(Number::Poll, args)?;
    for (entry, answer) in set.iter_mut().zip(&asked).filter(|(_, answer)| answer.handle != NOBODY) {
        entry.revents = answer.revents;
    }
    Ok(ready)
}
