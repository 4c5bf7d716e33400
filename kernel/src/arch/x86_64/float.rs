//! How x87 and SSE compute: rounding, precision, masks, and the exceptions that are flagged.

use core::arch::asm;

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
}
