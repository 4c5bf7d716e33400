//! The qemu isle: requests lie in shared memory, the serial line rings in both directions.
//!
//! The kernel leaves a request's address in a slot and writes the slot's number to the line; the proxy answers in
//! memory and sends a byte back, which interrupts.

#![allow(unsafe_code, reason = "slots in memory that the host sees, too")]

use core::hint;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed, Ordering::Release};

pub use super::vm::{accessible_bytes, idle, kick, protect, set_timer, start_core};
use crate::arch::{ioapic, port};
use crate::given;
use crate::lock::SpinLock;
use abi::boot_info::{NR_SLOTS, ring};
use abi::hypercall::Request;
use abi::layout::{DEBUGCON_PORT, SERIAL_IRQ, SERIAL_PORT};
use abi::trap::vector;

/// Registers of the 16550, from its base (datasheet, table 2).
mod uart {
    pub const DATA: u16 = 0;
    pub const INTERRUPT_ENABLE: u16 = 1;
    pub const FIFO_CONTROL: u16 = 2;
    pub const MODEM_CONTROL: u16 = 4;
    pub const LINE_STATUS: u16 = 5;

    pub const RECEIVED: u8 = 1 << 0;
    pub const FIFO_ENABLE: u8 = 1 << 0;
    pub const DTR_RTS_OUT2: u8 = 0b1011;
    pub const STATUS_RECEIVED: u8 = 1 << 0;
    pub const STATUS_CAN_SEND: u8 = 1 << 5;
}

/// The line's registers, which cores share.
static LINE: SpinLock<()> = SpinLock::new(());

/// Lets the serial line interrupt.
pub fn init_devices() {
    // SAFETY: the proxy's QEMU has a 16550 and an I/O APIC; the vector has its handler.
    unsafe {
        port::write_u8(SERIAL_PORT + uart::FIFO_CONTROL, uart::FIFO_ENABLE);
        port::write_u8(SERIAL_PORT + uart::MODEM_CONTROL, uart::DTR_RTS_OUT2);
        port::write_u8(SERIAL_PORT + uart::INTERRUPT_ENABLE, uart::RECEIVED);
        ioapic::route(SERIAL_IRQ, vector::ANSWER as u8);
    }
}

/// Makes a request.
pub fn post(request: &mut Request) {
    send(leave_in_slot(core::ptr::from_mut(request) as u64));
}

/// Leaves a request's address in a free slot and returns its number. The host frees a slot when it has seen the request, long
/// before it answers one that waits: so the slots are no limit of those.
fn leave_in_slot(request: u64) -> u8 {
    loop {
        for slot in 0..NR_SLOTS as u8 {
            let address = given::info().doorbell_slots + 8 * slot as u64;
            // SAFETY: the boot info's contract: NR_SLOTS words there, written by us and cleared by the host.
            let word = unsafe { AtomicU64::from_ptr(address as *mut u64) };
            if word.load(Relaxed) == 0 && word.compare_exchange(0, request, Release, Relaxed).is_ok() {
                return slot;
            }
        }
        hint::spin_loop();
    }
}

fn send(byte: u8) {
    let _line = LINE.lock();
    // SAFETY: the 16550 of the proxy's QEMU; its registers affect nothing but the line.
    unsafe {
        while port::read_u8(SERIAL_PORT + uart::LINE_STATUS) & uart::STATUS_CAN_SEND == 0 {
            hint::spin_loop();
        }
        port::write_u8(SERIAL_PORT + uart::DATA, byte);
    }
}

/// Takes what the proxy sent: answers, which are found in memory, and signals of the host's user.
pub fn take_answers() -> u64 {
    let mut signals = 0;
    while let Some(byte) = receive() {
        if let Some(number @ 1..=64) = byte.checked_sub(ring::SIGNAL) {
            signals |= 1 << (number - 1);
        }
    }
    signals
}

/// They come with the answers.
pub fn take_signals() -> u64 {
    0
}

fn receive() -> Option<u8> {
    let _line = LINE.lock();
    // SAFETY: the serial port is the isle's line to the proxy, which `LINE` gives to one core at a time; reading it changes no memory.
    unsafe {
        let received = port::read_u8(SERIAL_PORT + uart::LINE_STATUS) & uart::STATUS_RECEIVED != 0;
        received.then(|| port::read_u8(SERIAL_PORT + uart::DATA))
    }
}

/// Writes to QEMU's debug console.
pub fn log(bytes: &[u8]) {
    for &byte in bytes {
        // SAFETY: the debug console takes bytes and does nothing else.
        unsafe { port::write_u8(DEBUGCON_PORT, byte) };
    }
}
