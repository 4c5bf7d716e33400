//! The 8254 timer of old, for the one thing it is good at: telling how fast the time-stamp counter runs when there is
//! no proxy to tell.

use super::{port, tsc};

/// Input frequency of the 8254 in Hz.
const PIT_HZ: u64 = 1_193_182;
/// Counter start: 10 ms.
const COUNT: u16 = (PIT_HZ / 100) as u16;
/// Looks at the output before giving up: a machine without a PIT.
const MAX_LOOKS: u32 = 10_000_000;

const CHANNEL_2: u16 = 0x42;
const COMMAND: u16 = 0x43;
/// System control port B: bit 0 gate of channel 2, bit 1 speaker, bit 5 output of channel 2.
const CONTROL: u16 = 0x61;

/// Ticks of the time-stamp counter per second, or `None` if no PIT answers. Takes 10 ms.
pub fn measure_tsc_hz() -> Option<u64> {
    // SAFETY: the PIT and its gate affect nothing but the counter; the speaker stays off.
    unsafe {
        let control = port::read_u8(CONTROL) & !0b11;
        port::write_u8(CONTROL, control);
        port::write_u8(COMMAND, 0b1011_0000); // channel 2, both bytes, mode 0: output rises at the end
        port::write_u8(CHANNEL_2, COUNT as u8);
        port::write_u8(CHANNEL_2, (COUNT >> 8) as u8);
        port::write_u8(CONTROL, control | 1);
        let start = tsc::now();
        for _ in 0..MAX_LOOKS {
            if port::read_u8(CONTROL) & 1 << 5 != 0 {
                return Some((tsc::now() - start) * 100);
            }
        }
    }
    None
}
