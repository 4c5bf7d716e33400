//! What a handler sees: `siginfo_t` and `ucontext_t`, as Linux lays them out on x86-64.

use super::{Signal, SignalSet};
use abi::trap::TrapFrame;

/// `siginfo_t`: 128 bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SigInfo {
    /// Its number.
    pub si_signo: i32,
    /// Always 0.
    pub si_errno: i32,
    /// Why: [`code`].
    pub si_code: i32,
    pad: i32,
    /// What depends on the code: address of a fault; process and user id; timer id and overrun count.
    pub fields: [u64; 14],
}

/// Values of `si_code`.
pub mod code {
    /// kill(2).
    pub const SI_USER: i32 = 0;
    /// The kernel itself.
    pub const SI_KERNEL: i32 = 0x80;
    /// sigqueue(3).
    pub const SI_QUEUE: i32 = -1;
    /// A POSIX timer.
    pub const SI_TIMER: i32 = -2;
    /// pthread_kill(3).
    pub const SI_TKILL: i32 = -6;
    /// Integer division by zero.
    pub const FPE_INTDIV: i32 = 1;
    /// Floating-point division by zero.
    pub const FPE_FLTDIV: i32 = 3;
    /// Floating-point overflow.
    pub const FPE_FLTOVF: i32 = 4;
    /// Floating-point underflow.
    pub const FPE_FLTUND: i32 = 5;
    /// Inexact result.
    pub const FPE_FLTRES: i32 = 6;
    /// Invalid floating-point operation.
    pub const FPE_FLTINV: i32 = 7;
    /// Illegal operand or opcode.
    pub const ILL_ILLOPN: i32 = 2;
    /// Address not mapped.
    pub const SEGV_MAPERR: i32 = 1;
    /// Access not allowed.
    pub const SEGV_ACCERR: i32 = 2;
    /// Breakpoint.
    pub const TRAP_BRKPT: i32 = 1;
    /// Misaligned address.
    pub const BUS_ADRALN: i32 = 1;
}

impl SigInfo {
    /// A signal with the fields that its code calls for.
    pub fn new(signal: Signal, si_code: i32, fields: &[u64]) -> Self {
        let mut info =
            Self { si_signo: signal.number() as i32, si_errno: 0, si_code, pad: 0, fields: [0; 14] };
        info.fields[..fields.len()].copy_from_slice(fields);
        info
    }

    /// Puts a POSIX timer's `si_overrun` behind its number.
    pub fn set_overruns(&mut self, overruns: i32) {
        self.fields[0] = self.fields[0] & 0xffff_ffff | (overruns as u64) << 32;
    }
}

/// `ucontext_t`, up to where the C library's own version may be longer.
#[repr(C)]
pub struct UContext {
    uc_flags: u64,
    uc_link: u64,
    uc_stack: [u64; 3],
    gregs: [u64; 23],
    fpregs: u64,
    reserved: [u64; 8],
    /// The mask that was in force, and will be again. 128 bytes in C, of which the first 8 mean something.
    pub uc_sigmask: [SignalSet; 16],
    fpregs_mem: [u64; 64],
}

impl UContext {
    /// The registers of `frame`, or none, and the mask to return to.
    pub fn new(frame: Option<&TrapFrame>, mask: SignalSet) -> Self {
        let mut context = Self {
            uc_flags: 0,
            uc_link: 0,
            uc_stack: [0; 3],
            gregs: [0; 23],
            fpregs: 0,
            reserved: [0; 8],
            uc_sigmask: [0; 16],
            fpregs_mem: [0; 64],
        };
        context.uc_sigmask[0] = mask;
        if let Some(frame) = frame {
            context.gregs = gregs(frame);
            context.fpregs = frame.xsave;
        }
        context
    }

    /// Gives the registers back, as the handler left them.
    pub fn restore(&self, frame: &mut TrapFrame) {
        let g = &self.gregs;
        [frame.r8, frame.r9, frame.r10, frame.r11] = [g[0], g[1], g[2], g[3]];
        [frame.r12, frame.r13, frame.r14, frame.r15] = [g[4], g[5], g[6], g[7]];
        [frame.rdi, frame.rsi, frame.rbp, frame.rbx] = [g[8], g[9], g[10], g[11]];
        [frame.rdx, frame.rax, frame.rcx, frame.rsp] = [g[12], g[13], g[14], g[15]];
        frame.rip = g[16];
        frame.rflags = frame.rflags & !USER_FLAGS | g[17] & USER_FLAGS;
    }
}

/// Flags that a handler may change: the arithmetic ones, trap, direction (SDM vol. 1, figure 3-8).
const USER_FLAGS: u64 = 0x0dd5;

/// The registers in the order of glibc's `REG_R8` ... `REG_CR2`.
fn gregs(f: &TrapFrame) -> [u64; 23] {
    [
        f.r8,
        f.r9,
        f.r10,
        f.r11,
        f.r12,
        f.r13,
        f.r14,
        f.r15,
        f.rdi,
        f.rsi,
        f.rbp,
        f.rbx,
        f.rdx,
        f.rax,
        f.rcx,
        f.rsp,
        f.rip,
        f.rflags,
        f.cs,
        f.error_code,
        f.vector,
        0,
        f.fault_address,
    ]
}

const _: () = assert!(size_of::<SigInfo>() == 128);
const _: () = assert!(
    core::mem::offset_of!(UContext, gregs) == 40 && core::mem::offset_of!(UContext, uc_sigmask) == 296
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_come_back_as_the_handler_left_them() {
        let mut frame = TrapFrame { rip: 1, rsp: 2, r15: 3, rax: 4, rflags: 0x202, ..TrapFrame::default() };
        let before = frame;
        let mut context = UContext::new(Some(&frame), 0);
        context.restore(&mut frame);
        assert_eq!(frame, before);
        context.gregs[16] = 7;
        context.gregs[17] = 0x41;
        context.restore(&mut frame);
        assert_eq!((frame.rip, frame.rflags), (7, 0x243));
    }
}
