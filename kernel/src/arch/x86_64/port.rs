//! I/O ports (VM isles only).

use core::arch::asm;

/// Writes a byte to a port.
///
/// # Safety
/// The device behind the port must take the byte without breaking memory that Rust owns.
#[inline]
pub unsafe fn write_u8(port: u16, value: u8) {
    // SAFETY: `out` touches no memory; the effect on the device is the caller's condition.
    unsafe { asm!("out dx, al", in("dx") port, in("al") value, options(nomem, nostack, preserves_flags)) }
}

/// Writes 32 bits to a port, for a device that reads and writes memory meanwhile.
///
/// # Safety
/// The device must not break memory that Rust owns.
#[inline]
pub unsafe fn write_u32(port: u16, value: u32) {
    // SAFETY: the effect on the device, and on memory, is the caller's condition.
    unsafe { asm!("out dx, eax", in("dx") port, in("eax") value, options(nostack, preserves_flags)) }
}

/// Reads a byte from a port.
///
/// # Safety
/// As [`write_u8`]: reading may change the device's state.
#[inline]
pub unsafe fn read_u8(port: u16) -> u8 {
    let value;
    // SAFETY: `in` touches no memory.
    unsafe { asm!("in al, dx", in("dx") port, out("al") value, options(nomem, nostack, preserves_flags)) };
    value
}
