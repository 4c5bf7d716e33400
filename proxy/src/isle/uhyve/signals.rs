//! Hypercall `CatchSignal`: the host's signals reach the program as bits of a word, and an interrupt: [`catch`].

use super::lease::LEASE_SIGNAL;
use super::vcpu::Isle;
use crate::isle::qemu::signals::{install, set_action};
use crate::server::interrupt::{self, CAUGHT_SIGNALS, OWN_SIGNALS};
use abi::errno::Errno;
use abi::trap::vector;
use core::ffi::c_int;
use core::sync::atomic::Ordering;
use std::sync::OnceLock;

/// The isle, for the handler.
static ISLE: OnceLock<&'static Isle> = OnceLock::new();

/// Lets `signal` do what `action` says (0: its default, 1: nothing, 2: tell the program).
pub fn catch(isle: &'static Isle, signal: u64, action: u64) -> Result<i64, Errno> {
    let signal =
        c_int::try_from(signal).ok().filter(|signal| (1..=64).contains(signal)).ok_or(Errno::EINVAL)?;
    // The second tells of writers to the image's file.
    if OWN_SIGNALS.contains(&signal) || signal == LEASE_SIGNAL {
        return Err(Errno::EINVAL);
    }
    ISLE.get_or_init(|| isle);
    match action {
        0 => set_action(signal, libc::SIG_DFL, 0),
        1 => set_action(signal, libc::SIG_IGN, 0),
        2 => install(signal, tell),
        _ => Err(Errno::EINVAL),
    }
}

extern "C" fn tell(signal: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let bit = 1 << (signal - 1);
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
