//! Whether this core takes interrupts.
//!
//! VM isles use the CPU's flag. In the process isle interrupts are host signals, and "off" is a flag of the core that
//! the signal's entry looks at: no system call.

use core::arch::asm;
use core::sync::atomic::Ordering::{Relaxed, SeqCst};
use core::sync::atomic::compiler_fence;

use super::percpu;
use crate::given;

/// RFLAGS.IF.
pub const INTERRUPT_FLAG: u64 = 1 << 9;

unsafe extern "C" {
    /// Process isle: serves what came while interrupts were off, until they are on and nothing is pending. Filled by who knows what
    /// interrupts mean.
    safe fn hermit_serve_pending();
}

/// What [`disable`] found, to be given back to [`restore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Interrupts were on.
    On,
    /// They were off already.
    Off,
}

/// Switches interrupts off on this core.
#[inline]
pub fn disable() -> Before {
    if cfg!(not(panic = "abort")) {
        return Before::Off;
    }
    if !given::has_ring_0() {
        let flag = &percpu::current().interrupts_on;
        // Not a read-modify-write: only this core writes the flag, and its signals find it as they left it.
        let was_on = flag.load(Relaxed);
        flag.store(false, Relaxed);
        compiler_fence(SeqCst);
        return if was_on { Before::On } else { Before::Off };
    }
    let flags: u64;
    // SAFETY: ring 0 in VM isles; the push uses the stack below the red zone's owner because `nostack` is not given.
    unsafe { asm!("pushfq", "pop {}", "cli", out(reg) flags) };
    if flags & INTERRUPT_FLAG != 0 { Before::On } else { Before::Off }
}

/// Whether interrupts are on.
pub fn are_on() -> bool {
    if !given::has_ring_0() {
        return percpu::current().interrupts_on.load(Relaxed);
    }
    let flags: u64;
    // SAFETY: the push uses the stack, which the compiler leaves free for it because `nostack` is not given.
    unsafe { asm!("pushfq", "pop {}", out(reg) flags) };
    flags & INTERRUPT_FLAG != 0
}

/// Gives back what [`disable`] returned.
#[inline]
pub fn restore(before: Before) {
    if before == Before::On {
        enable();
    }
}

/// Switches interrupts on.
#[inline]
pub fn enable() {
    if !given::has_ring_0() {
        compiler_fence(SeqCst);
        let percpu = percpu::current();
        percpu.interrupts_on.store(true, Relaxed);
        compiler_fence(SeqCst);
        if percpu.pending.load(Relaxed) != 0 {
            hermit_serve_pending();
        }
        return;
    }
    // SAFETY: ring 0 in VM isles, and the interrupt table is loaded before anything enables.
    unsafe { asm!("sti", options(nostack)) };
}

/// Process isle: serves interrupts that came while the core was in the host, if it takes any now.
#[inline]
pub fn look() {
    if percpu::current().pending.load(Relaxed) != 0 && are_on() {
        enable();
    }
}

/// VM isles: sleeps until an interrupt came and was handled. Call with interrupts off, having checked that there is
/// nothing to do: no wake-up is lost. Returns with interrupts off.
#[cfg(panic = "abort")]
pub fn wait() {
    unsafe extern "C" {
        fn hermit_halt();
    }
    // SAFETY: ring 0 in VM isles; the assembly changes nothing but the interrupt flag.
    unsafe { hermit_halt() };
}

/// There is nothing to wait for under test.
#[cfg(not(panic = "abort"))]
pub fn wait() {}
