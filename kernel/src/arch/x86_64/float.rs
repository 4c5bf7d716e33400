//! What the floating-point units say of an exception.

use abi::trap::{TrapFrame, vector};

/// Flags of both units (SDM vol. 1, 8.1.3 and 10.2.3).
pub type Flags = u32;

/// An operand that makes no sense.
pub const INVALID: Flags = 1 << 0;
/// A denormal operand.
pub const DENORMAL: Flags = 1 << 1;
/// A division by zero.
pub const DIVISION: Flags = 1 << 2;
/// A result that is too large.
pub const OVERFLOW: Flags = 1 << 3;
/// A result that is too small.
pub const UNDERFLOW: Flags = 1 << 4;
/// A result that had to be rounded.
pub const INEXACT: Flags = 1 << 5;

const ALL: Flags = INVALID | DENORMAL | DIVISION | OVERFLOW | UNDERFLOW | INEXACT;

/// Where the masks of MXCSR are, in the order of its flags.
const MXCSR_MASKS: u32 = 7;

/// What is flagged and not masked in the unit that `frame`'s exception is of; nothing if its state was not
/// saved.
pub fn unmasked(frame: &TrapFrame) -> Flags {
    if frame.xsave == 0 {
        return 0;
    }
    // SAFETY: the trap's entry has put the vector state there, which begins as FXSAVE's: control word, status
    // word, and the SSE unit's register at 24.
    let (control, status, mxcsr) = unsafe {
        let words = frame.xsave as *const u16;
        (words.read(), words.add(1).read(), (words.add(12).cast::<u32>()).read())
    };
    let unmasked = match frame.vector {
        vector::X87 => u32::from(status & !control),
        _ => mxcsr & !(mxcsr >> MXCSR_MASKS),
    };
    unmasked & ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_flags_do_not_count() {
        let mut state = [0u16; 256];
        // x87: division and inexact flagged, inexact masked. SSE: overflow flagged and not masked, underflow
        // masked.
        state[0] = 0b10_0000;
        state[1] = 0b10_0100;
        state[12] = 0b01_1000 | 0b01_0000 << MXCSR_MASKS;
        let of =
            |vector| unmasked(&TrapFrame { vector, xsave: state.as_ptr() as u64, ..TrapFrame::default() });
        assert_eq!(of(vector::X87), DIVISION);
        assert_eq!(of(vector::SIMD), OVERFLOW);
        assert_eq!(unmasked(&TrapFrame::default()), 0);
    }
}
