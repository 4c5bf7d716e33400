//! What signals and their timers exchange with programs.

use super::layout;
use crate::file::TimeSpec;

/// What the C library passes for `struct sigaction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Action {
    /// [`SIG_DFL`](super::SIG_DFL), [`SIG_IGN`](super::SIG_IGN), or a function's address.
    pub handler: u64,
    /// `SA_*`.
    pub flags: u64,
    /// Blocked while the handler runs, besides the signal itself.
    pub mask: u64,
}

/// `siginfo_t`: 128 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct SigInfo {
    /// The signal's number.
    pub si_signo: i32,
    /// Always 0.
    pub si_errno: i32,
    /// Why: `SI_*`, `FPE_*`, ...
    pub si_code: i32,
    /// Padding.
    pub pad0: i32,
    /// What depends on the code: address of a fault; process and user id; timer id and overrun count.
    pub fields: [u64; 14],
}

/// `stack_t` of sigaltstack(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct AlternateStack {
    /// First address.
    pub ss_sp: u64,
    /// `SS_ONSTACK` (out only), `SS_DISABLE`.
    pub ss_flags: i32,
    /// Length in bytes.
    pub ss_size: u64,
}

/// `ucontext_t`, up to where the C library's own version may be longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct UContext {
    /// Always 0.
    pub uc_flags: u64,
    /// Always 0.
    pub uc_link: u64,
    /// An [`AlternateStack`].
    pub uc_stack: [u64; 3],
    /// Registers, by `REG_*`.
    pub gregs: [u64; 23],
    /// Address of the FXSAVE or XSAVE image.
    pub fpregs: u64,
    /// Reserved.
    pub reserved: [u64; 8],
    /// The mask that was in force, and will be again. 128 bytes, of which the first 8 mean something.
    pub uc_sigmask: [u64; 16],
    /// Room for an FXSAVE image; not used.
    pub fpregs_mem: [u64; 64],
}

/// `struct itimerspec`; `struct itimerval` is converted by the C library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct TimerSpec {
    /// Time between two signals, 0: there is only one.
    pub it_interval: TimeSpec,
    /// Time to the next, 0: none.
    pub it_value: TimeSpec,
}

layout! {
    Action = "struct hermit_sigaction" in "hermit/syscall.h" {
        members: handler, flags, mask;
    }
    SigInfo = "siginfo_t" in "signal.h" {
        members: si_signo, si_errno, si_code;
        padding: pad0, fields;
        views:
            u64, "si_addr", fields + 0;
            i32, "si_pid", fields + 0;
            u32, "si_uid", fields + 4;
            i32, "si_timerid", fields + 0;
            i32, "si_overrun", fields + 4;
            u64, "si_value", fields + 8;
            i32, "si_int", fields + 8;
    }
    AlternateStack = "stack_t" in "signal.h" {
        members: ss_sp, ss_flags, ss_size;
    }
    UContext = "ucontext_t" in "ucontext.h" later {
        members: uc_flags, uc_link, uc_stack, gregs as "uc_mcontext.gregs", fpregs as "uc_mcontext.fpregs";
        padding: reserved, uc_sigmask, fpregs_mem;
        views: u64, "uc_sigmask", uc_sigmask + 0;
    }
    TimerSpec = "struct itimerspec" in "time.h" {
        members: it_interval, it_value;
    }
}

// Until <ucontext.h> can be asked: as on Linux, where programs count on it.
const _: () = assert!(core::mem::offset_of!(UContext, gregs) == 40);
const _: () = assert!(core::mem::offset_of!(UContext, uc_sigmask) == 296);
