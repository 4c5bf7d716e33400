//! Hypercall `SetTimer`: one one-shot timer of the host for each vCPU, made when it is first set.

#![allow(unsafe_code, reason = "Linux's timers by bare system calls")]

use super::vcpu::Vcpu;
use crate::host_signals::INTERRUPT_SIGNAL;
use abi::errno::Errno;
use core::sync::atomic::Ordering;

/// Interrupts `vcpu`, which is the calling one, when CLOCK_MONOTONIC reaches `deadline_ns`; `u64::MAX`:
/// never.
pub fn set(vcpu: &Vcpu, deadline_ns: u64) -> Result<i64, Errno> {
    let timer = match vcpu.timer.load(Ordering::Relaxed) {
        0 if deadline_ns == u64::MAX => return Ok(0),
        0 => {
            let timer = create(vcpu)?;
            vcpu.timer.store(timer as u32 + 1, Ordering::Relaxed);
            timer
        }
        one_more => one_more as i32 - 1,
    };
    // All zeros disarm a timer; the deadline 0 is long gone, as 1 is.
    let ns = if deadline_ns == u64::MAX { 0 } else { deadline_ns.max(1) };
    let value = libc::timespec { tv_sec: (ns / 1_000_000_000) as i64, tv_nsec: (ns % 1_000_000_000) as i64 };
    let deadline =
        libc::itimerspec { it_interval: libc::timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
    // SAFETY: the structure lives through the call. The bare system call takes the kernel's own number of the
    // timer.
    let result =
        unsafe { libc::syscall(libc::SYS_timer_settime, timer, libc::TIMER_ABSTIME, &raw const deadline, 0) };
    if result == 0 { Ok(0) } else { Err(Errno::EINVAL) }
}

fn create(vcpu: &Vcpu) -> Result<i32, Errno> {
    // SAFETY: all-zero is a valid `sigevent`.
    let mut event: libc::sigevent = unsafe { core::mem::zeroed() };
    event.sigev_notify = libc::SIGEV_THREAD_ID;
    event.sigev_signo = INTERRUPT_SIGNAL;
    event.sigev_notify_thread_id = vcpu.thread_id();
    let mut timer = 0_i32;
    // SAFETY: both structures live through the call.
    let result = unsafe {
        libc::syscall(libc::SYS_timer_create, libc::CLOCK_MONOTONIC, &raw const event, &raw mut timer)
    };
    if result == 0 { Ok(timer) } else { Err(Errno::EAGAIN) }
}
