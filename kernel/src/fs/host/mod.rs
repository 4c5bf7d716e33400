//! Files of the host: what the proxy serves, and the one place of `fs` that knows hypercalls.
//!
//! [`HostFile`] is an open one, [`names`] has a function for each call on a path, [`pages`] mappings of their
//! pages. Addresses that the host is
//! given are the kernel's own, or a program's that [`UserSlice::for_host`](crate::user::UserSlice::for_host)
//! has looked at.

mod epoll;
mod file;
pub mod names;
pub mod pages;

pub use epoll::HostEpoll;
pub use file::{HostFile, handle_of, vectors};

use crate::hypercall::call;
use crate::signal;
use abi::errno::Errno;
use abi::file::PollHandle;
use abi::hypercall::Number;

/// A call that may block: starts over when it was interrupted and no handler is against it (SA_RESTART).
pub fn restartable(number: Number, args: [u64; 6]) -> Result<u64, Errno> {
    loop {
        match call(number, args) {
            Err(Errno::EINTR) => signal::deliver::restart()?,
            result => return result,
        }
    }
}

/// poll(2) of handles; negative ones are ignored. Returns how many are ready. `EINTR`: a signal came, or
/// somebody made the running thread's wait pointless (`Task::poll_is_stale`).
pub fn poll(set: &mut [PollHandle], timeout_ms: i32) -> Result<u64, Errno> {
    call(Number::Poll, [set.as_mut_ptr() as u64, set.len() as u64, timeout_ms as u64, 0, 0, 0])
}
