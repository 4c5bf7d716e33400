//! What interrupts and exceptions mean for threads and signals.
//!
//! The CPU (VM isles) or the host's signals (process isle) lead to [`hermit_trap`], by paths that are
//! [`crate::arch::trap`]'s. An interrupt is served at once. What the interrupted thread has to do because of
//! it, it does on the [`trampoline`]. [`exception`] says which signal an exception becomes.

#![allow(unsafe_code, reason = "the assembly and lower floors find its functions by their names")]

mod exception;
mod trampoline;

use core::sync::atomic::{Ordering::Relaxed, Ordering::SeqCst, compiler_fence};

use crate::arch::trap::assembly::{Label, address};
use crate::arch::{apic, interrupts, percpu, smp, trap};
use crate::signal::frame;
use crate::signal::queue::Sent;
use crate::signal::{self, Signal, SignalSet};
use crate::{given, hypercall, log, platform, sched};
use abi::c;
use abi::errno::Errno;
use abi::trap::{TrapFrame, vector};
use trampoline::Place;

/// Process isle: asks the host to call [`hermit_trap`] on this core for CPU exceptions and interrupts.
pub fn register_with_host() -> Result<(), Errno> {
    platform::process::set_trap_entry(hermit_trap, &percpu::current().pending)
}

/// Where the stubs and the host's signal handlers arrive.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_trap(frame: &mut TrapFrame) {
    if frame.vector == vector::PAGE_FAULT && given::has_ring_0() {
        frame.fault_address = trap::fault_address();
    }
    if frame.vector < vector::NR_EXCEPTIONS {
        return exception::take(frame);
    }
    let nr_interrupts = &percpu::current().nr_interrupts;
    nr_interrupts.set(nr_interrupts.get() + 1);
    if frame.vector == vector::HOST_SIGNAL
        && let Ok(signal) = Signal::new(frame.error_code as i32)
    {
        percpu::current().host_signals.fetch_or(signal.bit(), Relaxed);
    }
    if !given::has_ring_0() {
        return host_interrupt(frame);
    }
    if frame.rip == address(Label::Halts) {
        // It is what this core was about to wait for.
        frame.rip = address(Label::Halted);
    }
    serve_one(frame.vector);
    take_consequences(frame);
}

/// Process isle: the CPU's flag is not ours, so "off" is a flag of the core.
fn host_interrupt(frame: &mut TrapFrame) {
    let percpu = percpu::current();
    let trampoline_ends = trampoline::ends(frame.rip);
    if !interrupts::are_on() || trampoline_ends {
        // The kernel is busy; it looks when it switches interrupts on.
        percpu.pending.fetch_or(1 << (frame.vector - vector::NR_EXCEPTIONS), Relaxed);
        if trampoline_ends {
            // It has looked already.
            trampoline::begin_again(frame);
        }
        return;
    }
    // As in VM isles: nothing that is called here serves other interrupts, and above all nothing switches, on
    // this stack.
    percpu.interrupts_on.store(false, Relaxed);
    serve_one(frame.vector);
    if !take_consequences(frame) {
        percpu.interrupts_on.store(true, Relaxed);
    }
}

/// After an interrupt: whether the interrupted thread has to do something first, which it does on the
/// trampoline.
fn take_consequences(frame: &mut TrapFrame) -> bool {
    let signal = signal::is_pending() && !trampoline::is_in_kernel(frame.rip);
    if (signal || sched::is_preemption_due()) && trampoline::enter(frame, Place::Own) {
        return true;
    }
    if sched::is_preemption_due() {
        // There was no room on the stack.
        sched::look_again_soon();
    }
    look_for_signals();
    false
}

/// Serves one interrupt, with interrupts off (VM isles) or on the core's signal stack (process isle).
fn serve_one(number: u64) {
    match number {
        vector::SPURIOUS => return,
        vector::ANSWER => {
            post_host_signals(platform::take_answers());
            hypercall::wake_answered();
        }
        vector::TIMER => sched::timer_interrupt(),
        vector::SHOOTDOWN => smp::obey_shootdown(),
        // Being interrupted is the message: `sched::is_preemption_due` finds the reason.
        vector::WAKEUP => {}
        vector::HOST_SIGNAL => {
            post_host_signals(percpu::current().host_signals.swap(0, Relaxed) | platform::take_signals());
        }
        other => log!("unexpected interrupt vector {other}"),
    }
    apic::end_of_interrupt();
}

/// Serves interrupts that came while they were off or while the core was in the host (process isle): bit
/// `vector` - 32. Called with interrupts off, on a thread's stack.
fn serve(mut interrupts: u64) {
    while interrupts != 0 {
        serve_one(vector::NR_EXCEPTIONS + interrupts.trailing_zeros() as u64);
        interrupts &= interrupts - 1;
    }
    sched::preempt_without_interrupts();
}

/// What [`interrupts::enable`] calls in the process isle: serves what came while interrupts were off, until
/// they are on and nothing is pending. A loop, since whatever switches interrupts on while another interrupt
/// is served would begin this once more on the same stack.
#[cold]
#[unsafe(no_mangle)]
extern "C" fn hermit_serve_pending() {
    let percpu = percpu::current();
    while percpu.pending.load(Relaxed) != 0 {
        percpu.interrupts_on.store(false, Relaxed);
        compiler_fence(SeqCst);
        serve(percpu.pending.swap(0, Relaxed));
        compiler_fence(SeqCst);
        percpu.interrupts_on.store(true, Relaxed);
        compiler_fence(SeqCst);
    }
    look_for_signals();
}

/// Inside of the kernel, which delivers signals when a system call ends, in case that the running thread was
/// past that already.
fn look_for_signals() {
    if signal::is_pending() {
        sched::look_again_soon();
    }
}

/// The host's user has sent signals, for instance with Ctrl-C.
fn post_host_signals(mut signals: SignalSet) {
    while let Some(signal) = Signal::lowest(signals) {
        signals &= !signal.bit();
        signal::post_to_isle(Sent::once(frame::info(signal, c::SI_USER, &[])));
    }
}
