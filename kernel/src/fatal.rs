//! The end of an isle that went wrong: one report with registers, made and symbolised by the host, and status 128 + n.

#![allow(unsafe_code, reason = "reads the vector state that a trap has saved")]

use core::fmt::Write;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::log::Line;
use crate::platform::{self, Isle};
use crate::signal::Signal;
use crate::signal::action::{self, Disposition};
use crate::signal::frame;
use crate::{hypercall, sched};
use abi::c::signal::SigInfo;
use abi::c::{self, SA_ONSTACK};
use abi::exit::{signal, signal_status};
use abi::hypercall::Number;
use abi::trap::{TrapFrame, vector};

/// Longest text of a report, in bytes.
const TEXT_BYTES: usize = 512;

/// Bits of a page fault's error code (SDM vol. 3, figure 4-12).
const PAGE_FAULT_PRESENT: u64 = 1 << 0;
const PAGE_FAULT_WRITE: u64 = 1 << 1;
const PAGE_FAULT_FETCH: u64 = 1 << 4;

/// A report is under way: what goes wrong now must not start another.
static REPORTING: AtomicBool = AtomicBool::new(false);

/// Ends the isle because of a CPU exception.
pub fn exception(frame: &TrapFrame) -> ! {
    let mut text: Line<TEXT_BYTES> = Line::new();
    describe(frame, &mut text);
    report(Some(frame), signal_of(frame.vector), text.as_bytes())
}

/// The signal for an exception and whether its handler wants the alternate stack, if the program has a handler and does not
/// block the signal. Linux ends a program that blocks or ignores a signal of its own making.
pub fn signal_for(frame: &TrapFrame) -> Option<(SigInfo, bool)> {
    let signal = Signal::new(signal_of(frame.vector) as i32).ok()?;
    let Disposition::Call(action) = action::look(signal) else { return None };
    let mask = sched::try_current()?.signals.mask.load(Relaxed);
    let on_alternate = action.flags & SA_ONSTACK != 0;
    (mask & signal.bit() == 0)
        .then(|| (frame::info(signal, code_of(frame), &[address_of(frame)]), on_alternate))
}

/// `si_addr`: what was accessed, else the instruction.
fn address_of(frame: &TrapFrame) -> u64 {
    match frame.vector {
        vector::PAGE_FAULT => frame.fault_address,
        vector::GENERAL_PROTECTION | vector::STACK => 0,
        _ => frame.rip,
    }
}

/// `si_code` of a floating-point exception: the first of those that are flagged and not masked.
fn float_code(frame: &TrapFrame) -> i32 {
    if frame.xsave == 0 {
        return c::FPE_FLTINV;
    }
    // SAFETY: the trap's entry has put the vector state there, which begins as FXSAVE's: control word, status word, and the SSE
    // unit's register at 24.
    let (control, status, mxcsr) = unsafe {
        let words = frame.xsave as *const u16;
        (words.read(), words.add(1).read(), (words.add(12).cast::<u32>()).read())
    };
    let flagged = match frame.vector {
        vector::X87 => u32::from(status & !control),
        _ => mxcsr & !(mxcsr >> MXCSR_MASKS),
    };
    FLOAT_CODES.iter().find(|(flags, _)| flagged & flags != 0).map_or(c::FPE_FLTINV, |(_, code)| *code)
}

/// Where the masks of MXCSR are, in the order of its flags.
const MXCSR_MASKS: u32 = 7;

/// Flags of both units (SDM vol. 1, 8.1.3 and 10.2.3): invalid 1, denormal 2, division 4, overflow 8, underflow 16, inexact 32.
const FLOAT_CODES: [(u32, i32); 5] = [
    (1, c::FPE_FLTINV),
    (4, c::FPE_FLTDIV),
    (8, c::FPE_FLTOVF),
    (16 | 2, c::FPE_FLTUND),
    (32, c::FPE_FLTRES),
];

/// `si_code`.
fn code_of(frame: &TrapFrame) -> i32 {
    match frame.vector {
        vector::DIVIDE => c::FPE_INTDIV,
        vector::X87 | vector::SIMD => float_code(frame),
        vector::INVALID_OPCODE => c::ILL_ILLOPN,
        vector::BREAKPOINT | vector::DEBUG => c::TRAP_BRKPT,
        vector::ALIGNMENT => c::BUS_ADRALN,
        vector::PAGE_FAULT if frame.error_code & PAGE_FAULT_PRESENT != 0 => c::SEGV_ACCERR,
        vector::PAGE_FAULT => c::SEGV_MAPERR,
        _ => c::SI_KERNEL,
    }
}

/// Ends the isle because of `signal`, with a report whose registers are those in `frame`.
pub fn signal(frame: &TrapFrame, signal: u8) -> ! {
    let mut text: Line<TEXT_BYTES> = Line::new();
    let name = if signal == signal::SIGABRT { "aborted" } else { "fatal signal" };
    // Writing to a Line cannot fail.
    let _ = write!(text, "{name} (signal {signal})");
    add_thread(&mut text);
    report(Some(frame), signal, text.as_bytes())
}

/// Ends the isle because the kernel found itself in an impossible state.
pub fn panic_text(text: &[u8]) -> ! {
    report(None, signal::SIGABRT, text)
}

#[cfg(panic = "abort")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let mut text: Line<TEXT_BYTES> = Line::new();
    // Writing to a Line cannot fail.
    let _ = write!(text, "kernel {info}");
    panic_text(text.as_bytes())
}

/// The toolchain's prebuilt `alloc` was compiled for unwinding and names this in its tables, which nobody ever reads.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

fn report(frame: Option<&TrapFrame>, signal: u8, text: &[u8]) -> ! {
    if REPORTING.swap(true, Relaxed) {
        platform::exit(signal_status(signal));
    }
    if platform::isle() == Isle::Bare {
        report_on_console(frame, text);
        platform::exit(signal_status(signal));
    }
    let frame = frame.map_or(0, |frame| core::ptr::from_ref(frame) as u64);
    let (address, len) = hypercall::slice(text);
    let _ = hypercall::call(Number::Fatal, [signal as u64, frame, address, len, 0, 0]);
    // Not reached: the host ends the isle.
    platform::exit(signal_status(signal))
}

/// Without a host: the bare registers.
fn report_on_console(frame: Option<&TrapFrame>, text: &[u8]) {
    platform::bare::console(text);
    let mut registers: Line<TEXT_BYTES> = Line::new();
    if let Some(frame) = frame {
        // Writing to a Line cannot fail.
        let _ = write!(registers, "\n{frame:x?}");
    }
    registers.end_with(b'\n');
    platform::bare::console(registers.as_bytes());
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

/// What happened, in words.
fn describe(frame: &TrapFrame, text: &mut Line<TEXT_BYTES>) {
    let address = frame.fault_address;
    // Writing to a Line cannot fail, here and below.
    let _ = match frame.vector {
        vector::PAGE_FAULT if sched::is_stack_overflow(address) => {
            write!(text, "stack overflow at {address:#x}")
        }
        vector::PAGE_FAULT => {
            let access = match frame.error_code {
                code if code & PAGE_FAULT_FETCH != 0 => "execution of",
                code if code & PAGE_FAULT_WRITE != 0 => "write to",
                _ => "read from",
            };
            let why = if frame.error_code & PAGE_FAULT_PRESENT != 0 { "not allowed" } else { "not mapped" };
            write!(text, "segmentation fault: {access} {address:#x}, which is {why}")
        }
        vector::DIVIDE => write!(text, "integer division by zero or overflow"),
        vector::X87 | vector::SIMD => write!(text, "floating-point exception"),
        vector::INVALID_OPCODE => write!(text, "illegal instruction"),
        vector::DEBUG | vector::BREAKPOINT => write!(text, "breakpoint without a debugger"),
        vector::GENERAL_PROTECTION | vector::STACK | vector::NOT_PRESENT => {
            write!(text, "segmentation fault: non-canonical address or privileged instruction")
        }
        vector::ALIGNMENT => write!(text, "misaligned access"),
        vector::DOUBLE_FAULT => write!(text, "double fault"),
        other => write!(text, "CPU exception {other}"),
    };
    add_thread(text);
}

fn add_thread(text: &mut Line<TEXT_BYTES>) {
    if let Some(task) = sched::try_current() {
        let _ = match task.id {
            0 => write!(text, " in the kernel's idle thread"),
            1 => write!(text, " in the main thread"),
            id => write!(text, " in thread {id}"),
        };
        let name = task.name.get();
        if task.id > 1
            && let Ok(name) = core::ffi::CStr::from_bytes_until_nul(&name)
            && !name.is_empty()
        {
            let _ = write!(text, " ('{}')", name.to_bytes().escape_ascii());
        }
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
