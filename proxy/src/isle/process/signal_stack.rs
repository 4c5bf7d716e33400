//! The stack on which a vCPU takes signals: [`install`].

#![allow(unsafe_code, reason = "gives Linux a stack")]

use rustix::io::Errno;

/// Size of a vCPU's signal stack, in bytes; touched as far as it is needed. Its size is how a handler tells a
/// vCPU from other threads, so it is no round number.
pub const SIGNAL_STACK_BYTES: usize = 252 * 1024;

/// Makes the calling thread take signals on `stack`.
pub fn install(stack: &libc::stack_t) -> Result<(), Errno> {
    // SAFETY: the caller's stack belongs to this thread from now on.
    if unsafe { libc::sigaltstack(stack, core::ptr::null_mut()) } == 0 {
        return Ok(());
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(Errno::from_raw_os_error(errno))
}
