//! The end of an isle that went wrong: one report with registers, made and symbolised by the host, and status 128 + n.

#![allow(unsafe_code, reason = "reads the vector state that a trap has saved")]

use core::fmt::Write;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::arch::instruction_set;
use crate::arch::trap::page_fault;
use crate::log::Line;
use crate::user::UserSlice;
use crate::{given, platform, sched};
use abi::exit::{signal, signal_status};
use abi::hypercall::Number;
use abi::layout::PAGE_SIZE;
use abi::trap::page_fault::OF_FILE;
use abi::trap::{TrapFrame, vector};

/// Longest text of a report, in bytes.
const TEXT_BYTES: usize = 512;

/// A report is under way: what goes wrong now must not start another.
static REPORTING: AtomicBool = AtomicBool::new(false);

/// Ends the isle because of a CPU exception, for which Linux raises `signal`.
pub fn exception(frame: &TrapFrame, signal: u8) -> ! {
    let mut text: Line<TEXT_BYTES> = Line::new();
    describe(frame, &mut text);
    report(Some(frame), signal, text.as_bytes())
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
    if !given::has_proxy() {
        report_on_console(frame, text);
        platform::exit(signal_status(signal));
    }
    let frame = frame.map_or(0, |frame| core::ptr::from_ref(frame) as u64);
    let (address, len) = platform::slice(text);
    let _ = platform::ask(Number::Fatal, [signal as u64, frame, address, len, 0, 0]);
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

/// What happened, in words.
fn describe(frame: &TrapFrame, text: &mut Line<TEXT_BYTES>) {
    let address = frame.fault_address;
    // Writing to a Line cannot fail, here and below.
    let _ = match frame.vector {
        vector::PAGE_FAULT if sched::is_stack_overflow(address, frame.rsp) => {
            write!(text, "stack overflow at {address:#x}")
        }
        vector::PAGE_FAULT => {
            let access = match frame.error_code {
                code if code & page_fault::FETCH != 0 => "execution of",
                code if code & page_fault::WRITE != 0 => "write to",
                _ => "read from",
            };
            if frame.error_code & OF_FILE != 0 {
                let _ = write!(
                    text,
                    "bus error: {access} {address:#x}, which is behind the end of the mapped file"
                );
                return;
            }
            let why = if frame.error_code & page_fault::PRESENT != 0 { "not allowed" } else { "not mapped" };
            write!(text, "segmentation fault: {access} {address:#x}, which is {why}")
        }
        vector::DIVIDE => write!(text, "integer division by zero or overflow"),
        vector::X87 | vector::SIMD => write!(text, "floating-point exception"),
        vector::INVALID_OPCODE => match missing_for(frame.rip) {
            Some(name) => write!(text, "illegal instruction ({name}, which the isle's CPU lacks)"),
            None => write!(text, "illegal instruction"),
        },
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

/// The extension of the instruction set that the isle's CPU lacks for the instruction at `address`. It is read up to the end of its page: what
/// follows may not be there.
fn missing_for(address: u64) -> Option<&'static str> {
    let mut code = [0; instruction_set::MOST_BYTES];
    let page_bytes = PAGE_SIZE - address % PAGE_SIZE;
    let len = UserSlice::new(address, page_bytes.min(code.len() as u64)).ok()?.read(&mut code);
    instruction_set::missing_for(&code[..len])
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
