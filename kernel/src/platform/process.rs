//! The process isle: the host is a function call away.

#![allow(unsafe_code, reason = "the doorbell is a function of the host, at an address")]

use core::sync::atomic::AtomicU64;

pub(super) use super::log_by_request as log;
use super::{access_bits, ask};
use crate::arch::{interrupts, percpu};
use crate::given;
use crate::image::Protection;
use abi::errno::Errno;
use abi::hypercall::{Number, Request, state};
use abi::trap::{TrapFrame, vector};

/// No device interrupts.
pub fn init_devices() {}

/// Makes a request, which is nearly always answered when the doorbell returns. If not, the host would have blocked the whole core:
/// a worker of its does the call instead.
#[inline]
pub fn post(request: &mut Request) {
    post_with(percpu::current().doorbell_context.get(), request);
    interrupts::look();
}

/// Lets the host write the base of FS or GS, of which the second is what the data of this core is found by. The host refuses no
/// canonical address.
#[unsafe(no_mangle)]
extern "C" fn hermit_set_segment_base(context: u64, which: u64, base: u64) {
    let number = Number::SetSegmentBase as u32;
    let args = [which, base, 0, 0, 0, 0];
    post_with(context, &mut Request { state: state::POSTED, number, args, result: 0 });
}

/// [`post`] with the core's context given, and without a look at interrupts.
fn post_with(context: u64, request: &mut Request) {
    let doorbell = given::info().doorbell as usize;
    // SAFETY: the boot info's contract: the address of a function of this type, callable on any guest stack.
    let doorbell: extern "C" fn(u64, *mut Request) = unsafe { core::mem::transmute(doorbell) };
    doorbell(context, request);
}

/// Asks the host to call `entry` on this core for CPU exceptions and interrupts, and to note in `pending` those that come while
/// the core is in the host.
pub fn set_trap_entry(
    entry: extern "C" fn(&mut TrapFrame),
    pending: &'static AtomicU64,
) -> Result<(), Errno> {
    let pending = core::ptr::from_ref(pending) as u64;
    ask(Number::SetTrapEntry, [entry as usize as u64, pending, 0, 0, 0, 0]).map(|_| ())
}

/// Sleeps in the host.
pub fn idle(deadline_ns: Option<u64>) {
    let deadline = deadline_ns.unwrap_or(u64::MAX);
    // Returns for a kick, the deadline, or nothing at all: the caller looks again in any case.
    let _ = ask(Number::Wait, [deadline, 0, 0, 0, 0, 0]);
}

/// Asks the host for an interrupt.
pub fn set_timer(deadline_ns: u64) {
    // Without a timer equals do not share a core by time; they still do when they block or yield.
    let _ = ask(Number::SetTimer, [deadline_ns, 0, 0, 0, 0, 0]);
}

/// Asks the host for the thread of another core.
pub fn start_core(core: usize, _: u64) -> Result<(), Errno> {
    super::start_core_by_request(core)
}

/// Wakes another core.
pub fn kick(core: usize) {
    // A core that cannot be kicked has ended with the isle.
    let _ = ask(Number::Kick, [core as u64, vector::WAKEUP, 0, 0, 0, 0]);
}

/// Nothing but answers comes with their interrupt.
pub fn take_answers() -> u64 {
    0
}

/// The interrupt itself has brought its signal.
pub fn take_signals() -> u64 {
    0
}

/// Who touches the pages finds out.
pub fn accessible_bytes(_: u64, len_bytes: u64, _: bool) -> u64 {
    len_bytes
}

/// Asks the host to change access.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    ask(Number::Protect, [start, len_bytes, access_bits(protection), 0, 0, 0]).map(|_| ())
}
