//! The uhyve isle: one port write rings, and the answer is there when the instruction is done, or comes with an interrupt.

#![allow(unsafe_code, reason = "the doorbell is a port")]

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::AcqRel, Ordering::Relaxed};

use super::answer;
use crate::arch::port;
use crate::hypercall;
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::hypercall::{Number, Request};
use abi::layout::{UHYVE_PORT, doorbell_ring};

/// Address of the word in which the host leaves signals for the program; 0 in other isles.
static SIGNALS: AtomicU64 = AtomicU64::new(0);

/// Remembers where the host leaves signals.
pub fn init(boot: &BootInfo) {
    SIGNALS.store(boot.doorbell_slots, Relaxed);
}

/// Makes a request and waits for its answer.
pub fn ring(request: &mut Request) {
    let (place, value) = doorbell_ring(core::ptr::from_mut(request) as u64);
    // SAFETY: the proxy takes the request at this address, which its type aligns, and writes to nothing else of ours.
    unsafe { port::write_u32(UHYVE_PORT + place, value) };
    // SAFETY: the request outlives this function, which does not touch it otherwise until it is done.
    answer::wait_for(unsafe { AtomicU32::from_ptr(&raw mut request.state) });
}

/// Takes the signals of the host's user that wait for the program: bit n - 1 is signal n.
pub fn take_signals() -> u64 {
    let word = SIGNALS.load(Relaxed);
    // SAFETY: the boot info's contract: an aligned word that both sides access atomically.
    unsafe { AtomicU64::from_ptr(word as *mut u64) }.swap(0, AcqRel)
}

/// Asks the host for the thread of another core, which enters as the first one did.
pub fn start_core(core: usize) -> Result<(), Errno> {
    hypercall::call(Number::StartCpu, [core as u64, 0, 0, 0, 0, 0]).map(|_| ())
}
