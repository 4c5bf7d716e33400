//! The 8254 timer of old, for the one thing it is good at: telling how fast the time-stamp counter runs when there is
//! no proxy to tell.

use super::look::Look;
use super::{port, tsc};

/// Input frequency of the 8254 in Hz.
const PIT_HZ: u64 = 1_193_182;
/// How long is measured: 10 ms.
const COUNTED: u64 = PIT_HZ / 100;
/// Looks at the counter before giving up: a machine without a PIT.
const MAX_WAITS: u32 = 1_000_000;

const CHANNEL_0: u16 = 0x40;
const COMMAND: u16 = 0x43;
/// Channel 0, both bytes, mode 0: count down once (8254 datasheet, control word).
const COUNT_DOWN: u8 = 0b0011_0000;
/// Channel 0: hold the count for reading.
const LATCH: u8 = 0;

/// Ticks of the time-stamp counter per second, or `None` if no PIT counts. Takes 10 ms.
pub fn measure_tsc_hz() -> Option<u64> {
    // SAFETY: the PIC is masked or absent, so the counter affects nothing.
    unsafe {
        port::write_u8(COMMAND, COUNT_DOWN);
        port::write_u8(CHANNEL_0, 0xff);
        port::write_u8(CHANNEL_0, 0xff);
    }
    let look = || Look::take(tsc::now, || u64::from(u16::MAX - count()), 0);
    let first = look();
    for _ in 0..MAX_WAITS {
        if u64::from(u16::MAX - count()) >= first.counted + COUNTED {
            let (counted, ticks) = look().since(&first);
            return Some((ticks as u128 * PIT_HZ as u128 / counted.max(1) as u128) as u64);
        }
    }
    None
}

/// The counter of channel 0.
fn count() -> u16 {
    // SAFETY: reading the counter changes nothing but the latch.
    unsafe {
        port::write_u8(COMMAND, LATCH);
        let low = port::read_u8(CHANNEL_0);
        u16::from_le_bytes([low, port::read_u8(CHANNEL_0)])
    }
}
