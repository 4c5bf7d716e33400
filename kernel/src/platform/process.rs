//! The process isle: the host is a function call away.

#![allow(unsafe_code, reason = "the doorbell is a function of the host, at an address")]

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Acquire, Ordering::Relaxed};

use super::answer;
use crate::arch::{interrupts, percpu};
use crate::hypercall;
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::hypercall::{Number, Request, state};

/// Address of the doorbell function.
static DOORBELL: AtomicU64 = AtomicU64::new(0);

/// Remembers the doorbell.
pub fn init(boot: &BootInfo) {
    DOORBELL.store(boot.doorbell, Relaxed);
}

/// Makes a request and waits for its answer, which is nearly always there when the doorbell returns.
pub fn ring(request: &mut Request) {
    ring_with(percpu::current().doorbell_context.get(), request);
    interrupts::look();
    // SAFETY: the request outlives this function, which does not touch it otherwise until it is done.
    let request_state = unsafe { AtomicU32::from_ptr(&raw mut request.state) };
    if request_state.load(Acquire) == state::POSTED {
        // The host would have blocked the whole core; a worker of its does the call instead.
        answer::wait_for(request_state);
    }
}

/// [`ring`] with the core's context given.
pub fn ring_with(context: u64, request: &mut Request) {
    let doorbell = DOORBELL.load(Relaxed) as usize;
    // SAFETY: the boot info's contract: the address of a function of this type, callable on any guest stack.
    let doorbell: extern "C" fn(u64, *mut Request) = unsafe { core::mem::transmute(doorbell) };
    doorbell(context, request);
}

/// Sleeps in the host.
pub fn idle(deadline_ns: Option<u64>) {
    let deadline = deadline_ns.unwrap_or(u64::MAX);
    // Returns for a kick, the deadline, or nothing at all: the caller looks again in any case.
    let _ = hypercall::call(Number::Wait, [deadline, 0, 0, 0, 0, 0]);
}

/// Asks the host for an interrupt.
pub fn set_timer(deadline_ns: u64) {
    // Without a timer equals do not share a core by time; they still do when they block or yield.
    let _ = hypercall::call(Number::SetTimer, [deadline_ns, 0, 0, 0, 0, 0]);
}

/// Asks the host for the thread of another core.
pub fn start_core(core: usize) -> Result<(), Errno> {
    hypercall::call(Number::StartCpu, [core as u64, 0, 0, 0, 0, 0]).map(|_| ())
}

/// Wakes another core.
pub fn kick(core: usize) {
    let vector = abi::trap::vector::WAKEUP;
    // A core that cannot be kicked has ended with the isle.
    let _ = hypercall::call(Number::Kick, [core as u64, vector, 0, 0, 0, 0]);
}
