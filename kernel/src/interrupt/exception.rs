//! What an exception of the CPU's becomes: the signal that Linux raises for it, or the end of the isle.

use super::trampoline::{self, Place};
use crate::arch::float::{self, Flags};
use crate::arch::trap::page_fault;
use crate::arch::user_copy;
use crate::fs::beyond;
use crate::signal::action::{self, Disposition};
use crate::signal::{Signal, frame, state};
use crate::{fatal, image, mm, sched};
use abi::c::signal::SigInfo;
use abi::c::{self, SA_ONSTACK};
use abi::exit::signal;
use abi::layout::PAGE_SIZE;
use abi::trap::page_fault::OF_FILE;
use abi::trap::{TrapFrame, vector};

/// For the program's handler, if it has one and can take it now.
pub fn take(frame: &mut TrapFrame) {
    if frame.vector == vector::NMI {
        return;
    }
    if let Some(resume) = user_copy::resume_address(frame.rip) {
        // An address of the program's was none: the system call says so.
        frame.rip = resume;
        return;
    }
    if !is_taken_by_handler(frame) {
        fatal::exception(frame, signal_for_fault(frame));
    }
}

/// Sends the thread to the handler, if it has one.
fn is_taken_by_handler(frame: &mut TrapFrame) -> bool {
    let Some((info, on_alternate)) = signal_for(frame) else { return false };
    let Some(task) = sched::try_current().filter(|task| task.id != 0) else { return false };
    let signals = state::of(task);
    let alternate = if on_alternate { signals.alternate_stack_top(frame.rsp) } else { None };
    signals.set_fault(info);
    trampoline::enter(frame, alternate.map_or(Place::Interrupted, Place::Below))
}

/// The signal for an exception and whether its handler wants the alternate stack, if the program has a
/// handler and does not block the signal. Linux ends a program that blocks or ignores a signal of its own
/// making.
fn signal_for(frame: &TrapFrame) -> Option<(SigInfo, bool)> {
    let signal = Signal::new(signal_for_fault(frame) as i32).ok()?;
    let Disposition::Call(action) = action::look(signal) else { return None };
    let task = sched::try_current()?;
    let on_alternate = action.flags & SA_ONSTACK != 0;
    (!state::blocks(task, signal))
        .then(|| (frame::info(signal, code_of(frame), &[address_of(frame)]), on_alternate))
}

/// `si_addr`: what was accessed, else the instruction.
fn address_of(frame: &TrapFrame) -> u64 {
    match frame.vector {
        vector::PAGE_FAULT => frame.fault_address,
        // As on Linux, for what has no si_code of its own.
        vector::GENERAL_PROTECTION | vector::STACK | vector::BREAKPOINT => 0,
        _ => frame.rip,
    }
}

/// `si_code`.
fn code_of(frame: &TrapFrame) -> i32 {
    match frame.vector {
        vector::DIVIDE => c::FPE_INTDIV,
        vector::X87 | vector::SIMD => float_code(frame),
        vector::INVALID_OPCODE => c::ILL_ILLOPN,
        vector::DEBUG => c::TRAP_BRKPT,
        vector::ALIGNMENT => c::BUS_ADRALN,
        vector::PAGE_FAULT if is_beyond_file(frame) => c::BUS_ADRERR,
        vector::PAGE_FAULT if is_forbidden(frame) => c::SEGV_ACCERR,
        vector::PAGE_FAULT => c::SEGV_MAPERR,
        _ => c::SI_KERNEL,
    }
}

/// Whether a page fault is one of access: the page is there, but not for this. A page that nobody has touched, or that is not
/// to be accessed at all, looks to the CPU as if it were not there.
fn is_forbidden(frame: &TrapFrame) -> bool {
    let page = frame.fault_address & !(PAGE_SIZE - 1);
    frame.error_code & page_fault::PRESENT != 0
        || mm::is_page_allocated(frame.fault_address)
        || image::holds(page, PAGE_SIZE)
}

/// `si_code` of a floating-point exception: the first of those that are flagged and not masked.
fn float_code(frame: &TrapFrame) -> i32 {
    let flagged = float::unmasked(frame);
    FLOAT_CODES.iter().find(|(flags, _)| flagged & flags != 0).map_or(c::FPE_FLTINV, |(_, code)| *code)
}

const FLOAT_CODES: [(Flags, i32); 5] = [
    (float::INVALID, c::FPE_FLTINV),
    (float::DIVISION, c::FPE_FLTDIV),
    (float::OVERFLOW, c::FPE_FLTOVF),
    (float::UNDERFLOW | float::DENORMAL, c::FPE_FLTUND),
    (float::INEXACT, c::FPE_FLTRES),
];

/// Whether a page fault is one of a mapped page that its file does not reach: the host says so of its own pages.
fn is_beyond_file(frame: &TrapFrame) -> bool {
    frame.vector == vector::PAGE_FAULT
        && (frame.error_code & OF_FILE != 0 || beyond::holds_now(frame.fault_address))
}

/// The signal that Linux raises for what has happened.
fn signal_for_fault(frame: &TrapFrame) -> u8 {
    if is_beyond_file(frame) { signal::SIGBUS } else { signal_of(frame.vector) }
}

/// The signal that Linux raises for an exception.
const fn signal_of(exception: u64) -> u8 {
    match exception {
        vector::DIVIDE | vector::X87 | vector::SIMD => signal::SIGFPE,
        vector::DEBUG | vector::BREAKPOINT => signal::SIGTRAP,
        vector::INVALID_OPCODE => signal::SIGILL,
        vector::ALIGNMENT | vector::MACHINE_CHECK => signal::SIGBUS,
        _ => signal::SIGSEGV,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_linux_s() {
        assert_eq!(signal_of(vector::DIVIDE), 8);
        assert_eq!(signal_of(vector::PAGE_FAULT), 11);
        assert_eq!(signal_of(vector::INVALID_OPCODE), 4);
        assert_eq!(signal_of(vector::GENERAL_PROTECTION), 11);
    }
}
