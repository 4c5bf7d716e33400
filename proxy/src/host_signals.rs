//! The host's signals, in every isle alike: which of them the isle lives on, how handlers are installed
//! ([`install`]), and what a program may have done with the others ([`catch`]).
//!
//! | module | what it does |
//! |---|---|
//! | [`faults`] | the CPU's exceptions, and system calls that the sandbox forbids |
//! | [`interrupt`] | system calls that block, and how signals end them |
//! | [`raw`] | system calls for handlers |
//!
//! How a program is told of a signal is its isle's own: `signals.rs` of each has a [`Handler`] for that.

pub mod faults;
pub mod interrupt;
pub mod raw;

use crate::inheritance;
use abi::errno::Errno;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use rustix::io::Errno as HostErrno;
use std::sync::OnceLock;

/// Signals that the CPU's exceptions become.
pub const EXCEPTIONS: [c_int; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP];

/// Interrupts threads of the proxy: Linux sends it to init alone, and gdb, which does not know SIGSTKFLT,
/// passes it on. Its handler must call [`interrupt::leave`].
pub const INTERRUPT_SIGNAL: c_int = libc::SIGPWR;

/// Signals that the proxy itself lives on: faults in guest memory are survived by handlers, forbidden calls
/// told by another.
pub const OWN_SIGNALS: [c_int; 7] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGSYS, INTERRUPT_SIGNAL];

/// Signals by which a user ends a program.
const ENDINGS: [c_int; 4] = [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM];

/// Whether handlers are interrupted by [`ENDINGS`].
static ENDINGS_INTERRUPT: AtomicBool = AtomicBool::new(false);

/// Before handlers are installed that call the guest's code, which may never return: the signals that end programs
/// interrupt them, so that they end every isle whose program does not catch them.
pub fn let_endings_interrupt() {
    ENDINGS_INTERRUPT.store(true, Ordering::Relaxed);
}

/// Signals of the host that the program wants (`CatchSignal`) and has not seen yet: bit n - 1 is signal n.
pub static CAUGHT_SIGNALS: AtomicU64 = AtomicU64::new(0);

/// Signals that this isle needs beside [`OWN_SIGNALS`]: bit n - 1 is signal n.
static RESERVED: AtomicU64 = AtomicU64::new(0);

/// A handler as SA_SIGINFO wants it.
pub type Handler = extern "C" fn(c_int, &libc::siginfo_t, &mut libc::ucontext_t);

/// Hypercall `CatchSignal`: lets the host's `signal` do what `action` says (0: its default, 1: nothing, 2:
/// call `tell`, by which the program learns of it). Those that the isle itself lives on cannot be had.
pub fn catch(signal: u64, action: u64, tell: Handler) -> Result<i64, Errno> {
    let signal = c_int::try_from(signal).map_err(|_| Errno::EINVAL)?;
    if !(1..=64).contains(&signal) || is_own(signal) {
        return Err(Errno::EINVAL);
    }
    let result = match action {
        0 if signal == libc::SIGQUIT
            && let Some(handler) = QUIT.get() =>
        {
            install(signal, *handler, libc::SA_NODEFER)
        }
        0 => set_action(signal, libc::SIG_DFL, 0),
        1 => set_action(signal, libc::SIG_IGN, 0),
        // Without SA_RESTART: what waits in the host shall end with EINTR.
        2 => install(signal, tell, 0),
        _ => return Err(Errno::EINVAL),
    };
    result.map_err(|_| Errno::EINVAL)?;
    inheritance::let_through(signal);
    Ok(0)
}

/// What the isle does at SIGQUIT, where that is more than Linux's default.
static QUIT: OnceLock<Handler> = OnceLock::new();

/// Makes `handler`, which must end the process, what SIGQUIT does unless the program or its parent has said otherwise.
pub fn at_quit(handler: Handler) -> Result<(), HostErrno> {
    let is_ignored = inheritance::of_program().ignored_signals & bit(libc::SIGQUIT) != 0;
    QUIT.get_or_init(|| handler);
    if is_ignored { Ok(()) } else { install(libc::SIGQUIT, handler, libc::SA_NODEFER) }
}

/// Whether the isle lives on `signal`, one of 1 to 64.
fn is_own(signal: c_int) -> bool {
    OWN_SIGNALS.contains(&signal) || RESERVED.load(Ordering::Relaxed) & bit(signal) != 0
}

/// The bit of `signal`, one of 1 to 64, in a set of signals.
pub const fn bit(signal: c_int) -> u64 {
    1 << (signal - 1)
}

/// Installs a handler for a signal that only this kind of isle needs: no program gets it from now on.
pub fn reserve(signal: c_int, handler: Handler) -> Result<(), HostErrno> {
    RESERVED.fetch_or(bit(signal), Ordering::Relaxed);
    install(signal, handler, 0)?;
    inheritance::let_through(signal);
    Ok(())
}

/// Installs a handler, for all threads. It runs on the thread's signal stack, if that has one.
pub fn install(signal: c_int, handler: Handler, flags: c_int) -> Result<(), HostErrno> {
    set_action(signal, handler as *const c_void as usize, libc::SA_SIGINFO | libc::SA_ONSTACK | flags)
}

/// `handler` must be SIG_DFL, SIG_IGN or, with SA_SIGINFO, a [`Handler`]. While a handler runs, nothing but
/// exceptions and maybe [`ENDINGS`] interrupts it: in the process isle it is on the guest's side and on the signal stack
/// before and after the guest's trap entry, where the guest's kernel must switch nothing.
#[allow(unsafe_code, reason = "sigaction(2)")]
fn set_action(signal: c_int, handler: usize, flags: c_int) -> Result<(), HostErrno> {
    // SAFETY: all-zero is a valid `sigaction`; the handler has the signature that SA_SIGINFO asks for.
    let result = unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        libc::sigfillset(&mut action.sa_mask);
        let endings = ENDINGS.into_iter().filter(|_| ENDINGS_INTERRUPT.load(Ordering::Relaxed));
        for open in EXCEPTIONS.into_iter().chain([libc::SIGSYS]).chain(endings) {
            libc::sigdelset(&mut action.sa_mask, open);
        }
        libc::sigaction(signal, &action, core::ptr::null_mut())
    };
    if result == 0 {
        return Ok(());
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(HostErrno::from_raw_os_error(errno))
}

#[cfg(test)]
mod tests;
