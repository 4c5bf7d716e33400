//! Hypercall `CatchSignal`: the host's signals reach the program as bytes on the serial line: [`catch`].

use crate::server::host::CAUGHT_SIGNALS;
use abi::boot_info::ring;
use abi::errno::Errno;
use core::ffi::c_int;
use core::sync::atomic::{AtomicI32, Ordering};
use std::os::fd::RawFd;

/// The proxy's end of the serial line, for the handler.
static LINE: AtomicI32 = AtomicI32::new(-1);

/// Lets `signal` do what `action` says (0: its default, 1: nothing, 2: tell the program on `line`).
pub fn catch(line: RawFd, signal: u64, action: u64) -> Result<i64, Errno> {
    let signal =
        c_int::try_from(signal).ok().filter(|signal| (1..=64).contains(signal)).ok_or(Errno::EINVAL)?;
    LINE.store(line, Ordering::Release);
    let handler: extern "C" fn(c_int) = tell;
    let handler = match action {
        0 => libc::SIG_DFL,
        1 => libc::SIG_IGN,
        2 => handler as *const () as usize,
        _ => return Err(Errno::EINVAL),
    };
    // SAFETY: all-zero is a valid `sigaction`; without SA_RESTART what waits in the host ends with EINTR. The handler
    // makes one system call and leaves errno as it was.
    let result = unsafe {
        let mut new: libc::sigaction = core::mem::zeroed();
        new.sa_sigaction = handler;
        libc::sigaction(signal, &new, core::ptr::null_mut())
    };
    if result == 0 { Ok(0) } else { Err(Errno::EINVAL) }
}

extern "C" fn tell(signal: c_int) {
    CAUGHT_SIGNALS.fetch_or(1 << (signal - 1), Ordering::SeqCst);
    let byte = ring::SIGNAL + signal as u8;
    // SAFETY: send(2) of a live byte, which a handler may call; errno is this thread's own and put back.
    unsafe {
        let errno = libc::__errno_location();
        let before = *errno;
        libc::send(LINE.load(Ordering::Acquire), (&raw const byte).cast(), 1, libc::MSG_NOSIGNAL);
        *errno = before;
    }
}
