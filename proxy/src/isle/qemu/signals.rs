//! The host's signals reach the program as bytes on the serial line: [`tell`].

#![allow(unsafe_code, reason = "a signal handler, which puts errno back")]

use crate::host_signals::{CAUGHT_SIGNALS, bit, faults, interrupt};
use abi::boot_info::ring;
use core::ffi::c_int;
use core::sync::atomic::{AtomicI32, Ordering};
use rustix::io::Errno;
use std::os::fd::AsRawFd;

/// The proxy's end of the serial line, for the handler.
static LINE: AtomicI32 = AtomicI32::new(-1);

/// Installs the handlers that the isle lives on, and lets [`tell`] use `line`, which must stay open.
pub fn tell_on(line: &impl AsRawFd) -> Result<(), Errno> {
    LINE.store(line.as_raw_fd(), Ordering::Release);
    faults::install(faults::on_exception, interrupt::on_interrupt)
}

/// The handler of a signal that the program catches.
pub extern "C" fn tell(signal: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    CAUGHT_SIGNALS.fetch_or(bit(signal), Ordering::SeqCst);
    let byte = ring::SIGNAL + signal as u8;
    // SAFETY: send(2) of a live byte, which a handler may call; errno is this thread's own and put back.
    unsafe {
        let errno = libc::__errno_location();
        let before = *errno;
        libc::send(LINE.load(Ordering::Acquire), (&raw const byte).cast(), 1, libc::MSG_NOSIGNAL);
        *errno = before;
    }
    // After the byte, so that the program learns of the signal before its requests end.
    interrupt::end_all_pending();
    interrupt::leave(context);
}
