//! Waiting for several files at once.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::File;
use crate::hypercall;
use abi::errno::Errno;
use abi::file::PollHandle;
use abi::hypercall::{MAX_POLL_HANDLES, Number};

const POLLIN: i16 = 0x1;
const POLLOUT: i16 = 0x4;
const POLLNVAL: i16 = 0x20;

/// Handle that the host's poll(2) ignores.
const NOBODY: i32 = -1;

/// poll(2) on the program's `struct pollfd`s, which have the layout of [`PollHandle`]. Returns how many are ready.
pub fn poll(set: &mut [PollHandle], timeout_ms: i32) -> Result<u64, Errno> {
    if set.len() as u64 > MAX_POLL_HANDLES {
        return Err(Errno::EINVAL);
    }
    // Files stay open until the answer is there.
    let files: Vec<Option<Result<Arc<File>, Errno>>> =
        set.iter().map(|entry| (entry.handle >= 0).then(|| super::descriptor(entry.handle))).collect();
    let mut asked: Vec<PollHandle> = Vec::with_capacity(set.len());
    let mut ready_here = 0;
    for (entry, file) in set.iter_mut().zip(&files) {
        entry.revents = match file {
            Some(Err(_)) => POLLNVAL,
            Some(Ok(file)) if file.is_always_ready() => entry.events & (POLLIN | POLLOUT),
            _ => 0,
        };
        ready_here += (entry.revents != 0) as u64;
        let handle = match file {
            Some(Ok(file)) => file.host_handle().unwrap_or(NOBODY),
            _ => NOBODY,
        };
        asked.push(PollHandle { handle, events: entry.events, revents: 0 });
    }
    let timeout = if ready_here != 0 { 0 } else { timeout_ms };
    let args = [asked.as_mut_ptr() as u64, asked.len() as u64, timeout as u64, 0, 0, 0];
    let ready_there = hypercall::call(Number::Poll, args)?;
    for (entry, answer) in set.iter_mut().zip(&asked).filter(|(_, answer)| answer.handle != NOBODY) {
        entry.revents = answer.revents;
    }
    Ok(ready_here + ready_there)
}
