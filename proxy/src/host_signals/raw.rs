//! System calls for signal handlers: [`raw_call`].

#![allow(unsafe_code, reason = "a system call without the C library")]

use core::ffi::c_long;

/// A system call without errno, which is thread-local: for handlers. `write` of a live array, `exit_group`,
/// `getpid`, `gettid`, `tgkill` of this process, `fcntl` without a pointer, `rt_sigaction` from a live
/// structure, `clock_gettime` into one.
pub fn raw_call<const N: usize>(number: c_long, args: [u64; N]) -> i64 {
    const { assert!(N <= 4) };
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    let result: i64;
    // SAFETY: the callers make those that are listed, which touch no memory but the array or structure.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") arg(0), in("rsi") arg(1), in("rdx") arg(2), in("r10") arg(3),
            lateout("rcx") _, lateout("r11") _, options(nostack),
        );
    }
    result
}
