//! How x87 and SSE compute (rounding, precision, masks), and what they say of an exception.

use core::arch::asm;

use abi::trap::{TrapFrame, vector};

/// MXCSR as a program finds it: all exceptions masked, round to nearest (psABI 3.4.1).
static MXCSR_INITIAL: u32 = 0x1f80;

/// MXCSR's flags of exceptions (SDM vol. 1, 10.2.3).
const MXCSR_FLAGS: u32 = 0x3f;

/// The floating-point environment of the code that is interrupted by a call: x87's in FSTENV's format, and MXCSR.
pub struct Environment {
    x87: [u32; 7],
    mxcsr: u32,
}

/// Takes the running code's environment away: until [`Environment::restore`] all is as a program finds it.
pub fn replace() -> Environment {
    let mut before = Environment { x87: [0; 7], mxcsr: 0 };
    // SAFETY: both instructions store as many bytes as there are; nothing of the kernel depends on the state.
    unsafe {
        asm!(
            "fnstenv [{x87}]", "stmxcsr [{mxcsr}]", "fninit", "ldmxcsr [{initial}]",
            x87 = in(reg) &raw mut before.x87,
            mxcsr = in(reg) &raw mut before.mxcsr,
            initial = in(reg) &raw const MXCSR_INITIAL,
            options(nostack),
        );
    }
    before
}

impl Environment {
    /// Gives it back.
    pub fn restore(&self) {
        // SAFETY: what `replace` has stored.
        unsafe {
            asm!("fldenv [{x87}]", "ldmxcsr [{mxcsr}]", x87 = in(reg) &raw const self.x87, mxcsr = in(reg) &raw const self.mxcsr,
                options(nostack, readonly));
        }
    }
}

/// MXCSR and the x87 control word with which a thread begins that the running one makes: its own, with nothing flagged
/// (pthread_create(3p)).
pub fn inherited() -> (u32, u16) {
    let (mut mxcsr, mut control) = (0u32, 0u16);
    // SAFETY: both store as many bytes as there are.
    unsafe {
        asm!("stmxcsr [{}]", "fnstcw [{}]", in(reg) &raw mut mxcsr, in(reg) &raw mut control, options(nostack));
    }
    (mxcsr & !MXCSR_FLAGS, control)
}

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

    /// What FNINIT leaves: all exceptions masked, 64-bit precision.
    const X87_CONTROL_INITIAL: u16 = 0x037f;

    #[test]
    fn an_environment_comes_back() {
        const ROUND_UP: u32 = 0x4000;
        let rounds_up = MXCSR_INITIAL | ROUND_UP;
        // SAFETY: a valid value, which is taken back below.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const rounds_up, options(nostack)) };
        let before = replace();
        let during = inherited();
        before.restore();
        let after = inherited();
        Environment { mxcsr: MXCSR_INITIAL, ..before }.restore();
        assert_eq!(during, (MXCSR_INITIAL, X87_CONTROL_INITIAL));
        assert_eq!(after, (rounds_up, X87_CONTROL_INITIAL));
    }

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
