//! CPU exceptions become traps of the guest's kernel ([`on_exception`]), kicks and the host's signals its
//! interrupts ([`on_kick`], [`on_host_signal`]).
//!
//! The handlers run on the vCPU's signal stack with the FS base of whatever they interrupted: nothing here
//! may touch thread-local storage (no errno, no std, no allocation), so system calls are made by hand and
//! texts are formatted by `core` into an array.

#![allow(
    unsafe_code,
    reason = "a signal handler: it calls the guest's trap entry and finds its vCPU by its stack"
)]

use super::signal_stack::SIGNAL_STACK_BYTES;
use super::vcpu::Vcpu;
use crate::host_signals::faults::{self, exit, register, say};
use crate::host_signals::raw::raw_call;
use crate::host_signals::{CAUGHT_SIGNALS, INTERRUPT_SIGNAL, bit, interrupt};
use crate::memory::copy;
use abi::exit::signal_status;
use abi::trap::{TrapFrame, page_fault, vector};
use core::ffi::c_int;
use core::sync::atomic::{AtomicU64, Ordering};

/// Traps inside traps inside ...: the guest's kernel has lost its way.
const MAX_TRAP_DEPTH: u32 = 8;

/// Bit of vector `TIMER` among interrupts.
const TIMER_BIT: u64 = 1 << (vector::TIMER - vector::NR_EXCEPTIONS);

/// A CPU exception: a trap of the guest's, unless the proxy's own code met it.
pub extern "C" fn on_exception(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if faults::is_survived(signal, info, context) {
        return;
    }
    let vcpu = vcpu_of(context).filter(|vcpu| !vcpu.is_in_host());
    let Some(vcpu) = vcpu else { faults::give_up(signal, context) };
    // Linux also raises SIGILL where the CPU has met another exception (AMX without permission), and then tells of none, or of an
    // older one.
    let vector = match signal {
        libc::SIGILL => vector::INVALID_OPCODE,
        _ => register(context, libc::REG_TRAPNO),
    };
    let of_file =
        if signal == libc::SIGBUS && vector == vector::PAGE_FAULT { page_fault::OF_FILE } else { 0 };
    deliver(vcpu, context, Trap { vector, error_code: register(context, libc::REG_ERR) | of_file }, signal);
}

/// A kick, a timer, or a signal that waited for the host's code to end.
pub extern "C" fn on_kick(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let Some(vcpu) = vcpu_of(context) else { return interrupt::leave(context) };
    let timer = if info.si_code == libc::SI_TIMER { TIMER_BIT } else { 0 };
    let interrupts = vcpu.kicks.swap(0, Ordering::SeqCst) | timer;
    if vcpu.is_in_host() {
        note_interrupts(vcpu, interrupts);
        return interrupt::leave(context);
    }
    for bit in bits_of(interrupts) {
        deliver(vcpu, context, Trap { vector: vector::NR_EXCEPTIONS + bit, error_code: 0 }, signal);
    }
    let caught = CAUGHT_SIGNALS.swap(0, Ordering::SeqCst);
    for bit in bits_of(caught) {
        deliver(vcpu, context, Trap { vector: vector::HOST_SIGNAL, error_code: bit + 1 }, signal);
    }
    if caught != 0 {
        interrupt::end_all_pending();
    }
}

/// A signal that the program catches.
pub extern "C" fn on_host_signal(signal: c_int, _info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if let Some(vcpu) = vcpu_of(context).filter(|vcpu| is_in_handler(vcpu, context)) {
        return postpone(vcpu, signal);
    }
    match vcpu_of(context).filter(|vcpu| !vcpu.is_in_host()) {
        Some(vcpu) => {
            deliver(vcpu, context, Trap { vector: vector::HOST_SIGNAL, error_code: signal as u64 }, signal);
            // After the guest's kernel knows for which of its threads the signal is.
            interrupt::end_all_pending();
        }
        // The doorbell lets it come again on its way out.
        None => {
            CAUGHT_SIGNALS.fetch_or(bit(signal), Ordering::SeqCst);
            if let Some(vcpu) = vcpu_of(context) {
                vcpu.attention.store(1, Ordering::SeqCst);
            }
            interrupt::leave(context);
        }
    }
}

/// Whether what was interrupted is a handler, or the guest's trap entry that it has called.
fn is_in_handler(vcpu: &Vcpu, context: &libc::ucontext_t) -> bool {
    let stack = context.uc_stack.ss_sp as u64;
    let is_on_stack = (stack..stack + SIGNAL_STACK_BYTES as u64).contains(&register(context, libc::REG_RSP));
    is_on_stack || vcpu.trap_depth.load(Ordering::Relaxed) > 0
}

/// A signal that has interrupted another handler (`let_endings_interrupt`) comes again when that is done. A trap entry
/// of the guest's that has not returned for a second never will: then a further one ends the isle.
fn postpone(vcpu: &Vcpu, signal: c_int) {
    CAUGHT_SIGNALS.fetch_or(bit(signal), Ordering::SeqCst);
    vcpu.attention.store(1, Ordering::SeqCst);
    // Blocked until the handler returns that was interrupted.
    let (pid, tid) = (raw_call(libc::SYS_getpid, []) as u64, raw_call(libc::SYS_gettid, []) as u64);
    raw_call(libc::SYS_tgkill, [pid, tid, INTERRUPT_SIGNAL as u64]);
    if vcpu.trap_depth.load(Ordering::Relaxed) > 0 && is_stuck(vcpu.nr_traps.load(Ordering::Relaxed)) {
        say(format_args!(
            "the program's kernel does not come out of its trap entry; ended by signal {signal}"
        ));
        exit(signal_status(signal as u8));
    }
}

/// Whether a signal has come more than a second ago in the trap of this number.
fn is_stuck(trap: u64) -> bool {
    const PATIENCE_NS: u64 = 1_000_000_000;
    static TRAP: AtomicU64 = AtomicU64::new(0);
    static SINCE_NS: AtomicU64 = AtomicU64::new(0);
    let mut now = [0_u64; 2];
    raw_call(libc::SYS_clock_gettime, [libc::CLOCK_MONOTONIC as u64, now.as_mut_ptr() as u64]);
    let now_ns = now[0] * 1_000_000_000 + now[1];
    if TRAP.swap(trap, Ordering::Relaxed) != trap {
        SINCE_NS.store(now_ns, Ordering::Relaxed);
    }
    now_ns.saturating_sub(SINCE_NS.load(Ordering::Relaxed)) > PATIENCE_NS
}

/// SIGQUIT, which asks a program what it is doing, if nobody has said otherwise: tells where it is, and ends it.
pub extern "C" fn on_quit(signal: c_int, _info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let rip = register(context, libc::REG_RIP);
    match vcpu_of(context) {
        Some(vcpu) if vcpu.is_in_host() => say(format_args!("ended by SIGQUIT in a request to the host")),
        Some(vcpu) if is_in_handler(vcpu, context) => {
            say(format_args!("ended by SIGQUIT in the trap entry of the program's kernel, rip {rip:#x}"));
        }
        Some(_) => say(format_args!("ended by SIGQUIT at rip {rip:#x}")),
        None => {}
    }
    faults::die(signal)
}

/// Leaves interrupts where the guest looks when the doorbell returns, and ends its sleep.
pub fn note_interrupts(vcpu: &Vcpu, interrupts: u64) {
    let pending = vcpu.guest_pending.load(Ordering::Acquire);
    if pending != 0 && interrupts != 0 {
        // SAFETY: `SetTrapEntry` checked that it is an aligned word of guest memory. If the guest has made it
        // inaccessible since, it loses its interrupts.
        let _ = unsafe { copy::or_u64(pending as *mut u64, interrupts) };
        // Without such a word nobody looks after the doorbell.
        vcpu.attention.store(1, Ordering::SeqCst);
    }
    vcpu.kicked.store(1, Ordering::SeqCst);
}

fn bits_of(mask: u64) -> impl Iterator<Item = u64> {
    (0..u64::from(u64::BITS)).filter(move |bit| mask & (1 << bit) != 0)
}

/// What the guest's kernel is told.
#[derive(Clone, Copy)]
struct Trap {
    vector: u64,
    error_code: u64,
}

/// Calls the guest's trap entry with the interrupted registers, and lets it change them.
fn deliver(vcpu: &Vcpu, context: &mut libc::ucontext_t, trap: Trap, signal: c_int) {
    let rip = register(context, libc::REG_RIP);
    let entry = vcpu.trap_entry.load(Ordering::Acquire);
    if entry == 0 {
        say(format_args!("the program faulted before its kernel was up (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    if vcpu.trap_depth.fetch_add(1, Ordering::Relaxed) >= MAX_TRAP_DEPTH {
        say(format_args!("the program's kernel faults in its fault handler (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    vcpu.nr_traps.fetch_add(1, Ordering::Relaxed);
    let mut frame = frame_of(context, trap);
    let outer = vcpu.trap_frame.swap(&raw const frame as u64, Ordering::Relaxed);
    // SAFETY: the guest has named this function, in its own code, for the purpose (`SetTrapEntry`). If it
    // lied, it harms itself: what it runs is confined by the sandbox as its other code is.
    unsafe {
        let entry: extern "C" fn(*mut TrapFrame) = core::mem::transmute(entry);
        entry(&mut frame);
    }
    continue_with(context, &frame);
    vcpu.trap_frame.store(outer, Ordering::Relaxed);
    vcpu.trap_depth.fetch_sub(1, Ordering::Relaxed);
}

/// The vCPU whose signal stack this thread uses: it lies behind the stack.
fn vcpu_of(context: &libc::ucontext_t) -> Option<&'static Vcpu> {
    let stack = &context.uc_stack;
    if stack.ss_size != SIGNAL_STACK_BYTES {
        return None;
    }
    // SAFETY: only `Vcpu::create` installs stacks of that size, and it puts the vCPU behind them for good.
    Some(unsafe { &*(stack.ss_sp as usize as *const u8).add(SIGNAL_STACK_BYTES).cast() })
}

/// Order of a frame's general registers in `gregs`.
macro_rules! general_registers {
    ($each:ident, $frame:ident, $context:ident) => {
        $each!($frame, $context, r15 REG_R15, r14 REG_R14, r13 REG_R13, r12 REG_R12, rbp REG_RBP, rbx REG_RBX,
               r11 REG_R11, r10 REG_R10, r9 REG_R9, r8 REG_R8, rax REG_RAX, rcx REG_RCX, rdx REG_RDX,
               rsi REG_RSI, rdi REG_RDI, rip REG_RIP, rsp REG_RSP, rflags REG_EFL)
    };
}

macro_rules! take {
    ($frame:ident, $context:ident, $($field:ident $index:ident),*) => {
        $($frame.$field = $context.uc_mcontext.gregs[libc::$index as usize] as u64;)*
    };
}

macro_rules! give {
    ($frame:ident, $context:ident, $($field:ident $index:ident),*) => {
        $($context.uc_mcontext.gregs[libc::$index as usize] = $frame.$field as i64;)*
    };
}

fn frame_of(context: &libc::ucontext_t, trap: Trap) -> TrapFrame {
    // CS, GS, FS and SS share one element, 16 bits each.
    let segments = register(context, libc::REG_CSGSFS);
    let mut frame = TrapFrame {
        xsave: context.uc_mcontext.fpregs as u64,
        vector: trap.vector,
        error_code: trap.error_code,
        cs: segments & 0xffff,
        ss: segments >> 48,
        fault_address: if trap.vector == vector::PAGE_FAULT { register(context, libc::REG_CR2) } else { 0 },
        ..TrapFrame::default()
    };
    general_registers!(take, frame, context);
    frame
}

fn continue_with(context: &mut libc::ucontext_t, frame: &TrapFrame) {
    general_registers!(give, frame, context);
}
