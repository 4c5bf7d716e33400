//! How this isle talks to its host. Nothing here waits for long, or knows of threads: who wants to wait for
//! an answer does so in [`crate::hypercall`].
//!
//! Each kind of isle is a file with the same functions, which are those of this module: `post` hands a
//! request over to the host, `idle` sleeps until an interrupt, a kick or a deadline, `kick` makes another
//! core look at its queue. What virtual machines have in common is in [`vm`].

#![allow(unsafe_code, reason = "the host writes to requests")]

pub mod bare;
pub mod process;
mod qemu;
mod uhyve;
pub mod vm;

use core::ops::Range;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::arch::cpu;
use crate::given::{self, Isle, isle};
use crate::image::Protection;
use abi::errno::Errno;
use abi::hypercall::{Number, Request, state};

/// Calls a function of this isle's file.
macro_rules! here {
    ($function:ident($($argument:expr),*)) => {
        match isle() {
            Isle::Process => process::$function($($argument),*),
            Isle::Uhyve => uhyve::$function($($argument),*),
            Isle::Qemu => qemu::$function($($argument),*),
            Isle::Bare => bare::$function($($argument),*),
        }
    };
}

/// Lets devices interrupt. Once, when traps, interrupts and page tables work.
pub fn init_devices() {
    here!(init_devices());
}

/// Hands a request over to the host, which answers when it likes: [`is_done`] tells. The request stays where
/// it is until then.
#[inline]
pub fn post(request: &mut Request) {
    here!(post(request));
}

/// Whether the host has answered.
#[inline]
pub fn is_done(request: &mut Request) -> bool {
    // SAFETY: the reference keeps the request in place; both sides access its state atomically.
    unsafe { AtomicU32::from_ptr(&raw mut request.state) }.load(SeqCst) == state::DONE
}

/// Asks the host for something that it does at once. The answer is there when the doorbell returns, but in
/// the qemu isle, whose proxy runs beside it.
pub fn ask(number: Number, args: [u64; 6]) -> Result<u64, Errno> {
    let mut request = Request { state: state::POSTED, number: number as u32, args, result: 0 };
    post(&mut request);
    while !is_done(&mut request) {
        cpu::relax();
    }
    Errno::from_wire(request.result)
}

/// Address and length of bytes, as requests carry them.
pub fn slice(bytes: &[u8]) -> (u64, u64) {
    (bytes.as_ptr() as u64, bytes.len() as u64)
}

/// Sleeps until there may be something to do: an interrupt, a kick, or `deadline_ns` on the monotonic clock.
/// Call with interrupts off, on the idle thread; in ring 0 the timer must have been set to the deadline or
/// earlier.
pub fn idle(deadline_ns: Option<u64>) {
    here!(idle(deadline_ns));
}

/// Lets the timer of this core interrupt at `deadline_ns` on the monotonic clock.
pub fn set_timer(deadline_ns: u64) {
    here!(set_timer(deadline_ns));
}

/// Starts core `core`, whose stack is ready and ends at `stack_top`.
pub fn start_core(core: usize, stack_top: u64) -> Result<(), Errno> {
    here!(start_core(core, stack_top))
}

/// Lets other cores run that share the host's CPU with this one, if any do.
#[inline]
pub fn yield_cpu() {
    if given::has_shared_cpus() {
        offer_cpu();
    }
}

/// Out of the way of those that have nobody to offer it to.
#[cold]
fn offer_cpu() {
    // Whether somebody took it is all the same.
    let _ = ask(Number::YieldCpu, [0; 6]);
}

/// Wakes core `core` from [`idle`], or interrupts it.
pub fn kick(core: usize) {
    here!(kick(core));
}

/// Serves the interrupt that tells of answers, for the device that has sent it. Returns the signals of the
/// host's user that have come the same way: bit n - 1 is signal n.
pub fn take_answers() -> u64 {
    here!(take_answers())
}

/// Takes the signals of the host's user that came with the interrupt HOST_SIGNAL, beside its own: bit n - 1
/// is signal n.
pub fn take_signals() -> u64 {
    here!(take_signals())
}

/// Lets the host have the pages; they read as zero afterwards.
pub fn discard(start: u64, len_bytes: u64) -> Result<(), Errno> {
    ask(Number::Discard, [start, len_bytes, 0, 0, 0, 0]).map(|_| ())
}

/// Asks the host for usable RAM up to `end`, at least. Returns where it ends now.
pub fn extend(end: u64) -> Result<u64, Errno> {
    ask(Number::Extend, [end, 0, 0, 0, 0, 0])
}

/// Lets the pages at `from` end and fresh ones, which read as zero, begin at `to`: one of the two is in RAM, the other among the
/// reservable addresses. `EIO`: they have ended and not begun.
pub fn move_pages(from: u64, to: u64, len_bytes: u64) -> Result<(), Errno> {
    ask(Number::Move, [from, to, len_bytes, 0, 0, 0]).map(|_| ())
}

/// Lets whole pages be those of the host's open file `handle` from `offset` on, shared with all who map it. `ENOTSUP`, `ENOSYS`: this isle cannot.
pub fn map_shared(range: &Range<u64>, handle: i32, offset: u64, protection: Protection) -> Result<(), Errno> {
    let len_bytes = range.end - range.start;
    ask(Number::MapShared, [handle as u64, offset, range.start, len_bytes, access_bits(protection), 0])
        .map(|_| ())
}

/// Lets whole pages be the isle's own again: they read as zero, and can be written.
pub fn unmap_shared(range: &Range<u64>) -> Result<(), Errno> {
    ask(Number::UnmapShared, [range.start, range.end - range.start, 0, 0, 0, 0]).map(|_| ())
}

/// PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4, as requests carry them.
const fn access_bits(protection: Protection) -> u64 {
    match protection {
        Protection::None => 0,
        Protection::Read => 1,
        Protection::ReadWrite => 3,
        Protection::ReadExecute => 5,
    }
}

/// Changes what may be done with pages of RAM, or with those at reserved addresses.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    here!(protect(start, len_bytes, protection))
}

/// How many of `len_bytes` from `start` on may be read, or written, as far as the kernel can know: in the process isle, whose
/// pages are the host's, all of them.
pub fn accessible_bytes(start: u64, len_bytes: u64, for_writing: bool) -> u64 {
    here!(accessible_bytes(start, len_bytes, for_writing))
}

/// Writes to the kernel's log: a line, with its newline.
pub fn log(line: &[u8]) {
    here!(log(line));
}

/// Appends a line to the log that the proxy keeps.
fn log_by_request(line: &[u8]) {
    let (text, len) = slice(line);
    // A log that cannot be written is not worth failing for.
    let _ = ask(Number::Log, [text, len, 0, 0, 0, 0]);
}

/// Asks the host for core `core`, which enters as the first one did and finds its stack by itself.
fn start_core_by_request(core: usize) -> Result<(), Errno> {
    ask(Number::StartCpu, [core as u64, 0, 0, 0, 0, 0]).map(|_| ())
}

/// Ends the isle.
pub fn exit(status: u8) -> ! {
    let _ = ask(Number::Exit, [status as u64, 0, 0, 0, 0, 0]);
    // Nobody answers an exit, unless nobody is there.
    vm::stop()
}
