//! The uhyve isle: one port write rings, and the answer is there when the instruction is done, or comes with an interrupt.

#![allow(unsafe_code, reason = "the doorbell is a port")]

use core::sync::atomic::{AtomicU64, Ordering::AcqRel};

pub(super) use super::log_by_request as log;
pub use super::vm::{accessible_bytes, idle, kick, protect, set_timer};
use crate::arch::port;
use crate::given;
use abi::errno::Errno;
use abi::hypercall::Request;
use abi::layout::{UHYVE_PORT, doorbell_ring};

/// No device interrupts.
pub fn init_devices() {}

/// Makes a request.
pub fn post(request: &mut Request) {
    let (place, value) = doorbell_ring(core::ptr::from_mut(request) as u64);
    // SAFETY: the proxy takes the request at this address, which its type aligns, and writes to nothing else of ours.
    unsafe { port::write_u32(UHYVE_PORT + place, value) };
}

/// Nothing but answers comes with their interrupt.
pub fn take_answers() -> u64 {
    0
}

/// Takes the signals of the host's user that wait for the program.
pub fn take_signals() -> u64 {
    let word = given::info().doorbell_slots;
    // SAFETY: the boot info's contract: an aligned word that both sides access atomically.
    unsafe { AtomicU64::from_ptr(word as *mut u64) }.swap(0, AcqRel)
}

/// Asks the host for the thread of another core.
pub fn start_core(core: usize, _: u64) -> Result<(), Errno> {
    super::start_core_by_request(core)
}
