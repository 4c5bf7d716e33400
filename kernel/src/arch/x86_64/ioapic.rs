//! The I/O APIC (qemu isle): routes the serial line's interrupt, and nothing else. The old PIC is masked.

use super::{apic, port};

/// Where the first I/O APIC is on every PC, microvm included.
const BASE: u64 = 0xfec0_0000;
/// Index register and data window (82093AA datasheet, 3.1).
const SELECT: u64 = BASE;
const WINDOW: u64 = BASE + 0x10;
/// First redirection entry, two registers each.
const REDIRECTION: u32 = 0x10;

/// Data ports of the two 8259s.
const PIC_DATA: [u16; 2] = [0x21, 0xa1];

/// Masks the PIC and sends input `line` (edge-triggered, active high) to this core as `vector`.
///
/// # Safety
/// Ring 0 in a machine with an I/O APIC at its usual place, whose page is mapped; the vector's handler is ready.
pub unsafe fn route(line: u8, vector: u8) {
    for data in PIC_DATA {
        // SAFETY: masks all inputs of a 8259; where there is none, the port is unused.
        unsafe { port::write_u8(data, 0xff) };
    }
    let entry = REDIRECTION + 2 * line as u32;
    // SAFETY: the caller vouches for the device.
    unsafe {
        write(entry + 1, apic::id() << 24);
        write(entry, vector as u32);
    }
}

/// # Safety
/// As [`route`].
unsafe fn write(register: u32, value: u32) {
    // SAFETY: the device's index register.
    unsafe { (SELECT as *mut u32).write_volatile(register) };
    // SAFETY: the device's data window.
    unsafe { (WINDOW as *mut u32).write_volatile(value) };
}
