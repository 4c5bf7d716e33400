//! Ends with a report: the registers must be those of the caller, so the entry is assembly.

use crate::fatal;
use abi::exit::signal::SIGABRT;
use abi::trap::TrapFrame;

/// abort(3): report with backtrace, status 134. The frame is what the caller had when it called.
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_abort() -> ! {
    core::arch::naked_asm!(
        // A TrapFrame, from its end (ss) to its start; the return address becomes rip.
        "mov rax, [rsp]",
        "lea rcx, [rsp + 8]",
        "sub rsp, 8",       // 16-byte alignment below
        "push 0x10",        // ss
        "push rcx",         // rsp
        "pushfq",           // rflags
        "push 0x08",        // cs
        "push rax",         // rip
        "push 0",           // error code
        "push 0",           // vector
        "push rdi",
        "push rsi",
        "push rdx",
        "push 0",           // rcx
        "push 0",           // rax
        "push r8",
        "push r9",
        "push r10",
        "push r11",
        "push rbx",
        "push rbp",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "push 0",           // fault address
        "push 0",           // xsave
        "mov rdi, rsp",
        "call {report}",
        "ud2",
        report = sym report,
    )
}

extern "C" fn report(frame: &TrapFrame) -> ! {
    fatal::signal(frame, SIGABRT)
}
