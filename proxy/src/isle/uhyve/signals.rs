//! The host's signals reach the program as bits of a word, and an interrupt: [`tell`].

#![allow(unsafe_code, reason = "a signal handler, which puts errno back")]

use super::isle::Isle;
use crate::host_signals::{CAUGHT_SIGNALS, bit, interrupt};
use abi::trap::vector;
use core::ffi::c_int;
use core::sync::atomic::Ordering;
use std::sync::OnceLock;

/// The isle, for the handler.
static ISLE: OnceLock<&'static Isle> = OnceLock::new();

/// Whom [`tell`] tells.
pub fn tell_to(isle: &'static Isle) {
    ISLE.get_or_init(|| isle);
}

/// The handler of a signal that the program catches.
pub extern "C" fn tell(signal: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let bit = bit(signal);
    CAUGHT_SIGNALS.fetch_or(bit, Ordering::SeqCst);
    if let Some(isle) = ISLE.get() {
        isle.signal_word().fetch_or(bit, Ordering::SeqCst);
        // SAFETY: errno is this thread's own and put back.
        unsafe {
            let errno = libc::__errno_location();
            let before = *errno;
            isle.machine.interrupt(0, vector::HOST_SIGNAL);
            *errno = before;
        }
    }
    // After the interrupt, so that the program learns of the signal before its requests end.
    interrupt::end_all_pending();
    interrupt::leave(context);
}
