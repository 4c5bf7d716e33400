//! How this isle talks to its host. Orthogonal to [`crate::arch`].
//!
//! Each isle's module has the same functions: `ring` (make a request, return when it is answered), `idle` (sleep until
//! an interrupt, a kick or a deadline), `kick` (make another core look at its queue). What is the same for all is here.

pub mod answer;
pub mod bare;
pub mod process;
pub mod qemu;
pub mod uhyve;

use crate::arch::apic;
use crate::given::{self, Isle, isle};
use crate::hypercall;
use crate::image::Protection;
use crate::time;
use abi::errno::Errno;
use abi::hypercall::{Number, Request};
use abi::trap::vector;

/// VM isles: what can only be done when traps, interrupts and page tables work.
pub fn init_devices() {
    if isle() == Isle::Qemu {
        qemu::init_interrupt();
    }
}

/// Makes a request and returns when it is answered.
pub fn ring(request: &mut Request) {
    match isle() {
        Isle::Process => process::ring(request),
        Isle::Uhyve => uhyve::ring(request),
        Isle::Qemu => qemu::ring(request),
        Isle::Bare => bare::ring(request),
    }
}

/// Sleeps until there may be something to do: an interrupt, a kick, or `deadline_ns` on the monotonic clock. Call with
/// interrupts off, on the idle thread.
pub fn idle(deadline_ns: Option<u64>) {
    match isle() {
        Isle::Process => process::idle(deadline_ns),
        Isle::Uhyve | Isle::Qemu | Isle::Bare => bare::idle(deadline_ns),
    }
}

/// Lets the timer of this core interrupt at `deadline_ns` on the monotonic clock.
pub fn set_timer(deadline_ns: u64) {
    match isle() {
        Isle::Process => process::set_timer(deadline_ns),
        Isle::Uhyve | Isle::Qemu | Isle::Bare => {
            apic::set_timer(deadline_ns.saturating_sub(time::monotonic_ns()))
        }
    }
}

/// Starts core `core`, whose stack is ready.
pub fn start_core(core: usize) -> Result<(), Errno> {
    match isle() {
        Isle::Process => process::start_core(core),
        Isle::Uhyve => uhyve::start_core(core),
        Isle::Qemu | Isle::Bare => bare::start_core(core),
    }
}

/// Lets other cores run that share the host's CPU with this one, if any do.
pub fn yield_cpu() {
    if given::has_shared_cpus() {
        let _ = hypercall::call(Number::YieldCpu, [0; 6]);
    }
}

/// Wakes core `core` from [`idle`].
pub fn kick(core: usize) {
    match isle() {
        Isle::Process => process::kick(core),
        Isle::Uhyve | Isle::Qemu | Isle::Bare => apic::send(core as u32, vector::WAKEUP as u32),
    }
}

/// A hypercall was answered: whoever waits for it can go on.
pub fn answer_interrupt() {
    if isle() == Isle::Qemu {
        qemu::take_bytes();
    }
    answer::wake_answered();
}

/// Signals of the host's user that came with the interrupt HOST_SIGNAL, beside those that [`crate::arch`] knows: bit n - 1 is
/// signal n.
pub fn host_signals() -> u64 {
    if isle() == Isle::Uhyve { uhyve::take_signals() } else { 0 }
}

/// Lets the host have the pages; they read as zero afterwards.
pub fn discard(start: u64, len_bytes: u64) -> Result<(), Errno> {
    hypercall::call(Number::Discard, [start, len_bytes, 0, 0, 0, 0]).map(|_| ())
}

/// Asks the host for usable RAM up to `end`, at least. Returns where it ends now.
pub fn extend(end: u64) -> Result<u64, Errno> {
    hypercall::call(Number::Extend, [end, 0, 0, 0, 0, 0])
}

/// Process isle: changes access to pages of RAM.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    // PROT_READ 1, PROT_WRITE 2.
    let prot = match protection {
        Protection::None => 0,
        Protection::Read => 1,
        Protection::ReadWrite => 3,
        Protection::ReadExecute => return Err(Errno::EACCES),
    };
    hypercall::call(Number::Protect, [start, len_bytes, prot, 0, 0, 0]).map(|_| ())
}

/// Writes to the kernel's log: a line, with its newline.
pub fn log(line: &[u8]) {
    match isle() {
        Isle::Process | Isle::Uhyve => {
            let (text, len) = hypercall::slice(line);
            // A log that cannot be written is not worth failing for.
            let _ = hypercall::call(Number::Log, [text, len, 0, 0, 0, 0]);
        }
        Isle::Qemu => qemu::log(line),
        Isle::Bare => bare::console(line),
    }
}

/// Ends the isle.
pub fn exit(status: u8) -> ! {
    let _ = hypercall::call(Number::Exit, [status as u64, 0, 0, 0, 0, 0]);
    // Nobody answers an exit, unless nobody is there.
    bare::stop()
}
