//! What a handler sees, filled in: `siginfo_t` and `ucontext_t` (`abi::c::signal`).

use super::number::{Signal, SignalSet};
use abi::c::signal::{SigInfo, UContext};
use abi::c::{
    REG_CR2, REG_CSGSFS, REG_EFL, REG_ERR, REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14,
    REG_R15, REG_RAX, REG_RBP, REG_RBX, REG_RCX, REG_RDI, REG_RDX, REG_RIP, REG_RSI, REG_RSP, REG_TRAPNO,
};
use abi::trap::TrapFrame;
use abi::trap::page_fault::OF_FILE;

/// A signal with the fields that its code calls for.
pub fn info(signal: Signal, si_code: i32, fields: &[u64]) -> SigInfo {
    let mut info =
        SigInfo { si_signo: signal.number() as i32, si_errno: 0, si_code, pad0: 0, fields: [0; 14] };
    info.fields[..fields.len()].copy_from_slice(fields);
    info
}

/// Puts a POSIX timer's `si_overrun` behind its number.
pub fn set_overruns(info: &mut SigInfo, overruns: i32) {
    info.fields[0] = info.fields[0] & 0xffff_ffff | (overruns as u64) << 32;
}

/// The registers of `frame`, or none, and the mask to return to.
pub fn context(frame: Option<&TrapFrame>, mask: SignalSet) -> UContext {
    let mut context = UContext {
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
pub fn restore(context: &UContext, frame: &mut TrapFrame) {
    let g = &context.gregs;
    [frame.r8, frame.r9, frame.r10, frame.r11] = [g[REG_R8], g[REG_R9], g[REG_R10], g[REG_R11]];
    [frame.r12, frame.r13, frame.r14, frame.r15] = [g[REG_R12], g[REG_R13], g[REG_R14], g[REG_R15]];
    [frame.rdi, frame.rsi, frame.rbp, frame.rbx] = [g[REG_RDI], g[REG_RSI], g[REG_RBP], g[REG_RBX]];
    [frame.rdx, frame.rax, frame.rcx, frame.rsp] = [g[REG_RDX], g[REG_RAX], g[REG_RCX], g[REG_RSP]];
    frame.rip = g[REG_RIP];
    frame.rflags = frame.rflags & !USER_FLAGS | g[REG_EFL] & USER_FLAGS;
}

/// Flags that a handler may change: the arithmetic ones, trap, direction (SDM vol. 1, figure 3-8).
const USER_FLAGS: u64 = 0x0dd5;

/// The registers by `REG_*`.
fn gregs(f: &TrapFrame) -> [u64; 23] {
    let mut gregs = [0; 23];
    for (register, value) in [
        (REG_R8, f.r8),
        (REG_R9, f.r9),
        (REG_R10, f.r10),
        (REG_R11, f.r11),
        (REG_R12, f.r12),
        (REG_R13, f.r13),
        (REG_R14, f.r14),
        (REG_R15, f.r15),
        (REG_RDI, f.rdi),
        (REG_RSI, f.rsi),
        (REG_RBP, f.rbp),
        (REG_RBX, f.rbx),
        (REG_RDX, f.rdx),
        (REG_RAX, f.rax),
        (REG_RCX, f.rcx),
        (REG_RSP, f.rsp),
        (REG_RIP, f.rip),
        (REG_EFL, f.rflags),
        (REG_CSGSFS, f.cs),
        (REG_ERR, f.error_code & !OF_FILE),
        (REG_TRAPNO, f.vector),
        (REG_CR2, f.fault_address),
    ] {
        gregs[register] = value;
    }
    gregs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_come_back_as_the_handler_left_them() {
        let mut frame = TrapFrame { rip: 1, rsp: 2, r15: 3, rax: 4, rflags: 0x202, ..TrapFrame::default() };
        let before = frame;
        let mut context = context(Some(&frame), 0);
        restore(&context, &mut frame);
        assert_eq!(frame, before);
        context.gregs[REG_RIP] = 7;
        context.gregs[REG_EFL] = 0x41;
        restore(&context, &mut frame);
        assert_eq!((frame.rip, frame.rflags), (7, 0x243));
    }
}
