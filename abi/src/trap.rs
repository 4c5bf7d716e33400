//! The registers of an interrupted context, the same in every isle.
//!
//! In VM isles the interrupt stubs of the kernel push a [`TrapFrame`]; in the process isle the proxy's signal
//! handler fills one from the `ucontext` and calls the kernel's trap entry
//! (`hypercall::Number::SetTrapEntry`) on the signal stack; what the entry changes in the frame is what the
//! interrupted context continues with.

/// General registers, in the order in which the stubs push them (last pushed first), then what the CPU pushes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct TrapFrame {
    /// Address of the XSAVE (or FXSAVE) image of the interrupted context, 0 if it was not saved.
    pub xsave: u64,
    /// Faulting address: CR2 for [`vector::PAGE_FAULT`], else 0.
    pub fault_address: u64,
    /// General register.
    pub r15: u64,
    /// General register.
    pub r14: u64,
    /// General register.
    pub r13: u64,
    /// General register.
    pub r12: u64,
    /// General register.
    pub rbp: u64,
    /// General register.
    pub rbx: u64,
    /// General register.
    pub r11: u64,
    /// General register.
    pub r10: u64,
    /// General register.
    pub r9: u64,
    /// General register.
    pub r8: u64,
    /// General register.
    pub rax: u64,
    /// General register.
    pub rcx: u64,
    /// General register.
    pub rdx: u64,
    /// General register.
    pub rsi: u64,
    /// General register.
    pub rdi: u64,
    /// Number of the exception or interrupt: see [`vector`].
    pub vector: u64,
    /// Error code of the exception, 0 where the CPU has none.
    pub error_code: u64,
    /// Instruction pointer.
    pub rip: u64,
    /// Code segment.
    pub cs: u64,
    /// Flags.
    pub rflags: u64,
    /// Stack pointer.
    pub rsp: u64,
    /// Stack segment.
    pub ss: u64,
}

const _: () = assert!(size_of::<TrapFrame>() == 24 * 8);
const _: () = assert!(core::mem::offset_of!(TrapFrame, vector) == 17 * 8);
const _: () = assert!(core::mem::offset_of!(TrapFrame, rip) == 19 * 8);

/// What [`TrapFrame::error_code`] of a page fault says beside the CPU's own bits.
pub mod page_fault {
    /// Process isle: the page is one of a shared file mapping, and the file has none for it, or cannot read it: on Linux SIGBUS.
    pub const OF_FILE: u64 = 1 << 63;
}

/// Exception and interrupt vectors (Intel SDM vol. 3, table 6-1; ours from 32 on).
pub mod vector {
    /// Number of vectors that the CPU reserves for exceptions.
    pub const NR_EXCEPTIONS: u64 = 32;
    /// Divide error.
    pub const DIVIDE: u64 = 0;
    /// Debug trap.
    pub const DEBUG: u64 = 1;
    /// Non-maskable interrupt.
    pub const NMI: u64 = 2;
    /// `int3`.
    pub const BREAKPOINT: u64 = 3;
    /// `into`.
    pub const OVERFLOW: u64 = 4;
    /// Invalid opcode.
    pub const INVALID_OPCODE: u64 = 6;
    /// Double fault.
    pub const DOUBLE_FAULT: u64 = 8;
    /// Segment not present.
    pub const NOT_PRESENT: u64 = 11;
    /// Stack-segment fault: non-canonical address through RSP or RBP.
    pub const STACK: u64 = 12;
    /// General protection.
    pub const GENERAL_PROTECTION: u64 = 13;
    /// Page fault.
    pub const PAGE_FAULT: u64 = 14;
    /// x87 floating-point error.
    pub const X87: u64 = 16;
    /// Alignment check.
    pub const ALIGNMENT: u64 = 17;
    /// Machine check.
    pub const MACHINE_CHECK: u64 = 18;
    /// SIMD floating-point error.
    pub const SIMD: u64 = 19;
    /// A hypercall was answered: the serial line of the qemu isle, a worker of the process isle's proxy.
    pub const ANSWER: u64 = 32;
    /// The one-shot timer is due.
    pub const TIMER: u64 = 33;
    /// Another core wants this one to look at its run queue.
    pub const WAKEUP: u64 = 34;
    /// A signal from the host for the program waits (see docs/reference/007-traps.md).
    pub const HOST_SIGNAL: u64 = 35;
    /// Forget translations of pages (VM isles).
    pub const SHOOTDOWN: u64 = 36;
    /// Spurious interrupt of the local APIC.
    pub const SPURIOUS: u64 = 255;
}
