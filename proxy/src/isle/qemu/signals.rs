//! Hypercall `CatchSignal`: the host's signals reach the program as bytes on the serial line: [`catch`].

use crate::server::interrupt::{self, CAUGHT_SIGNALS, INTERRUPT_SIGNAL};
use abi::boot_info::ring;
use abi::errno::Errno;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicI32, Ordering};
use std::os::fd::RawFd;

/// The proxy's end of the serial line, for the handler.
static LINE: AtomicI32 = AtomicI32::new(-1);

/// Lets `signal` do what `action` says (0: its default, 1: nothing, 2: tell the program on `line`).
pub fn catch(line: RawFd, signal: u64, action: u64) -> Result<i64, Errno> {
    let signal =
        c_int::try_from(signal).ok().filter(|signal| (1..=64).contains(signal)).ok_or(Errno::EINVAL)?;
    if signal == INTERRUPT_SIGNAL {
        return Err(Errno::EINVAL);
    }
    LINE.store(line, Ordering::Release);
    let handler = match action {
        0 => libc::SIG_DFL,
        1 => libc::SIG_IGN,
        2 => return install(signal, tell),
        _ => return Err(Errno::EINVAL),
    };
    set_action(signal, handler, 0)
}

/// Installs the handler by which workers are interrupted.
pub fn install_interrupt() {
    // sigaction(2) fails for bad numbers only.
    let _ = install(INTERRUPT_SIGNAL, interrupted);
}

/// A handler as SA_SIGINFO wants it.
pub type Handler = extern "C" fn(c_int, &libc::siginfo_t, &mut libc::ucontext_t);

/// Installs a handler that restarts nothing.
pub fn install(signal: c_int, handler: Handler) -> Result<i64, Errno> {
    set_action(signal, handler as *const c_void as usize, libc::SA_SIGINFO)
}

/// `handler` must be SIG_DFL, SIG_IGN or, with SA_SIGINFO, a [`Handler`].
pub fn set_action(signal: c_int, handler: usize, flags: c_int) -> Result<i64, Errno> {
    // SAFETY: all-zero is a valid `sigaction`; without SA_RESTART what waits in the host ends with EINTR. The handler
    // makes one system call and leaves errno as it was.
    let result = unsafe {
        let mut new: libc::sigaction = core::mem::zeroed();
        new.sa_sigaction = handler;
        new.sa_flags = flags;
        libc::sigaction(signal, &new, core::ptr::null_mut())
    };
    if result == 0 { Ok(0) } else { Err(Errno::EINVAL) }
}

extern "C" fn interrupted(_: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    interrupt::leave(context);
}

extern "C" fn tell(signal: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    CAUGHT_SIGNALS.fetch_or(1 << (signal - 1), Ordering::SeqCst);
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
