//! A machine without a proxy: a console, and nothing else.

#![allow(unsafe_code, reason = "devices")]

use core::hint;

pub use super::vm::{accessible_bytes, idle, kick, protect, set_timer, start_core};
use crate::arch::port;
use abi::errno::Errno;
use abi::hypercall::{MAY_PEND, Number, Request, state};
use abi::layout::SERIAL_PORT;

/// Line status register and its "can send" bit.
const LINE_STATUS: u16 = 5;
const CAN_SEND: u8 = 1 << 5;

/// No device interrupts.
pub fn init_devices() {}

/// Nobody is there to ask: writes to the standard streams go to the console, everything else is `ENOSYS`.
pub fn post(request: &mut Request) {
    let [handle, buffer, len, ..] = request.args;
    request.result = match Number::from_u32(request.number & !MAY_PEND) {
        Some(Number::Write) if handle == 1 || handle == 2 => {
            // SAFETY: the kernel made the request from a slice that is still borrowed.
            console(unsafe { core::slice::from_raw_parts(buffer as *const u8, len as usize) });
            len as i64
        }
        Some(Number::Read) if handle == 0 => 0,
        _ => Errno::ENOSYS.to_wire(),
    };
    request.state = state::DONE;
}

/// Nobody answers.
pub fn take_answers() -> u64 {
    0
}

/// Nobody sends signals.
pub fn take_signals() -> u64 {
    0
}

/// Writes to the console.
pub fn log(line: &[u8]) {
    console(line);
}

/// Writes to the serial line.
pub fn console(bytes: &[u8]) {
    for &byte in bytes {
        // SAFETY: a 16550, or nothing at all, whose status then reads as all ones.
        unsafe {
            while port::read_u8(SERIAL_PORT + LINE_STATUS) & CAN_SEND == 0 {
                hint::spin_loop();
            }
            port::write_u8(SERIAL_PORT, byte);
        }
    }
}
