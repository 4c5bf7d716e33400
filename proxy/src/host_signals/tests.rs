//! What a program may have done with a signal, whichever isle it is in: all of them ask [`catch`].

#![allow(unsafe_code, reason = "asks Linux for a signal's handler")]

use super::*;

/// Stands for an isle's way to tell its program.
extern "C" fn tell(_: c_int, _: &libc::siginfo_t, _: &mut libc::ucontext_t) {}

fn handler_of(signal: c_int) -> usize {
    // SAFETY: asks only; all-zero is a valid `sigaction`.
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        assert_eq!(libc::sigaction(signal, core::ptr::null(), &raw mut action), 0);
        action.sa_sigaction
    }
}

/// Signals that no other test of this process uses.
#[test]
fn a_signal_is_given_back_as_it_was() {
    for signal in [libc::SIGUSR2, libc::SIGWINCH, libc::SIGRTMAX() - 1] {
        for _ in 0..3 {
            assert_eq!(handler_of(signal), libc::SIG_DFL);
            assert_eq!(catch(signal as u64, 2, tell), Ok(0));
            assert_eq!(handler_of(signal), tell as *const c_void as usize);
            assert_eq!(catch(signal as u64, 1, tell), Ok(0));
            assert_eq!(handler_of(signal), libc::SIG_IGN);
            assert_eq!(catch(signal as u64, 0, tell), Ok(0));
        }
    }
}

/// One that an isle needs beside those.
#[test]
fn a_reserved_signal_cannot_be_had() {
    let signal = libc::SIGRTMAX() - 2;
    assert_eq!(catch(signal as u64, 2, tell), Ok(0));
    reserve(signal, interrupt::on_interrupt).unwrap();
    for action in 0..4 {
        assert_eq!(catch(signal as u64, action, tell), Err(Errno::EINVAL));
    }
    assert_eq!(handler_of(signal), interrupt::on_interrupt as *const c_void as usize);
}

#[test]
fn signals_that_the_isle_lives_on_cannot_be_had() {
    faults::install(faults::on_exception, interrupt::on_interrupt).unwrap();
    for signal in EXCEPTIONS.into_iter().chain([libc::SIGSYS, INTERRUPT_SIGNAL]) {
        let before = handler_of(signal);
        assert_ne!(before, libc::SIG_DFL, "signal {signal}");
        for action in 0..4 {
            assert_eq!(catch(signal as u64, action, tell), Err(Errno::EINVAL), "signal {signal}");
        }
        assert_eq!(handler_of(signal), before, "signal {signal}");
    }
    for nonsense in [0, 65, u64::MAX, 1 << 32 | 10, libc::SIGKILL as u64, libc::SIGSTOP as u64] {
        assert_eq!(catch(nonsense, 2, tell), Err(Errno::EINVAL), "signal {nonsense:#x}");
    }
    assert_eq!(catch(libc::SIGUSR2 as u64, 3, tell), Err(Errno::EINVAL));
}
