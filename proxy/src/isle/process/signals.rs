//! CPU exceptions become traps of the guest's kernel: [`install_handlers`], [`set_trap_entry`].
//!
//! The handlers run on the vCPU's signal stack with the FS base of whatever they interrupted: nothing here may touch
//! thread-local storage (no errno, no std, no allocation), so system calls are made by hand and texts are formatted by
//! `core` into an array.

use super::vcpu::{KICK_SIGNAL, SIGNAL_STACK_BYTES, Vcpu};
use crate::memory::copy;
use abi::errno::Errno;
use abi::exit::{Failure, signal_status};
use abi::trap::{TrapFrame, vector};
use core::ffi::{c_int, c_void};
use core::fmt::Write;
use core::sync::atomic::{AtomicU64, Ordering};
use rustix::io::Errno as HostErrno;

/// Signals that the CPU's exceptions become.
const EXCEPTIONS: [c_int; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP];

/// Traps inside traps inside ...: the guest's kernel has lost its way.
const MAX_TRAP_DEPTH: u32 = 8;

/// Address of the guest's `extern "C" fn(*mut TrapFrame)`, or 0.
static TRAP_ENTRY: AtomicU64 = AtomicU64::new(0);

/// Hypercall `SetTrapEntry`.
pub fn set_trap_entry(address: u64) -> Result<i64, Errno> {
    TRAP_ENTRY.store(address, Ordering::Release);
    Ok(0)
}

/// Makes the calling thread take signals on `stack`.
pub fn use_stack(stack: &libc::stack_t) -> Result<(), HostErrno> {
    // SAFETY: the caller's stack belongs to this thread from now on.
    check(unsafe { libc::sigaltstack(stack, core::ptr::null_mut()) })
}

/// Installs the handlers, for all threads.
pub fn install_handlers() -> Result<(), HostErrno> {
    for signal in EXCEPTIONS {
        // NODEFER: a fault inside the guest's trap handler shall reach it too, and not kill without a word.
        install(signal, on_exception, libc::SA_NODEFER)?;
    }
    install(libc::SIGSYS, on_forbidden_call, 0)?;
    install(KICK_SIGNAL, on_kick, libc::SA_RESTART)
}

type Handler = extern "C" fn(c_int, &libc::siginfo_t, &mut libc::ucontext_t);

fn install(signal: c_int, handler: Handler, flags: c_int) -> Result<(), HostErrno> {
    // SAFETY: all-zero is a valid `sigaction`; the handler has the signature that SA_SIGINFO asks for.
    check(unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = handler as *const c_void as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | flags;
        libc::sigaction(signal, &action, core::ptr::null_mut())
    })
}

fn check(result: c_int) -> Result<(), HostErrno> {
    if result == 0 {
        return Ok(());
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(HostErrno::from_raw_os_error(errno))
}

extern "C" fn on_exception(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let rip = register(context, libc::REG_RIP);
    if let Some(resume) = copy::resume_address(rip) {
        context.uc_mcontext.gregs[libc::REG_RIP as usize] = resume as i64;
        return;
    }
    if info.si_code <= 0 {
        // Somebody sent it, as kill(1) does: nothing faulted.
        exit(signal_status(signal as u8));
    }
    let vcpu = vcpu_of(context).filter(|vcpu| !vcpu.is_in_host());
    let Some(vcpu) = vcpu else {
        say(format_args!("the proxy itself faulted (signal {signal}, rip {rip:#x}); please report this"));
        exit(Failure::Proxy as u8);
    };
    let vector = register(context, libc::REG_TRAPNO);
    deliver(vcpu, context, vector, signal);
}

extern "C" fn on_kick(signal: c_int, _info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    // In host code the doorbell sends it again on its way out.
    let Some(vcpu) = vcpu_of(context).filter(|vcpu| !vcpu.is_in_host()) else { return };
    let pending = vcpu.pending.swap(0, Ordering::SeqCst);
    for bit in (0..u64::from(u64::BITS)).filter(|bit| pending & (1 << bit) != 0) {
        deliver(vcpu, context, vector::NR_EXCEPTIONS + bit, signal);
    }
}

/// Calls the guest's trap entry with the interrupted registers, and lets it change them.
fn deliver(vcpu: &Vcpu, context: &mut libc::ucontext_t, vector: u64, signal: c_int) {
    let rip = register(context, libc::REG_RIP);
    let entry = TRAP_ENTRY.load(Ordering::Acquire);
    if entry == 0 {
        say(format_args!("the program faulted before its kernel was up (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    if vcpu.trap_depth.fetch_add(1, Ordering::Relaxed) >= MAX_TRAP_DEPTH {
        say(format_args!("the program's kernel faults in its fault handler (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    let mut frame = frame_of(context, vector);
    // SAFETY: the guest has named this function for the purpose (`SetTrapEntry`). If it lied, it harms itself: what it
    // runs is confined by the sandbox as its other code is.
    unsafe {
        let entry: extern "C" fn(*mut TrapFrame) = core::mem::transmute(entry);
        entry(&mut frame);
    }
    continue_with(context, &frame);
    vcpu.trap_depth.fetch_sub(1, Ordering::Relaxed);
}

/// The vCPU whose signal stack this thread uses: it lies behind the stack.
fn vcpu_of(context: &libc::ucontext_t) -> Option<&'static Vcpu> {
    let stack = &context.uc_stack;
    if stack.ss_size != SIGNAL_STACK_BYTES {
        return None;
    }
    // SAFETY: only `Vcpu::create` installs stacks of that size, and it puts the vCPU behind them for good.
    Some(unsafe { &*(stack.ss_sp as usize as *const u8).add(SIGNAL_STACK_BYTES).cast() })
}

fn register(context: &libc::ucontext_t, index: c_int) -> u64 {
    context.uc_mcontext.gregs[index as usize] as u64
}

/// Order of a frame's general registers in `gregs`.
macro_rules! general_registers {
    ($each:ident, $frame:ident, $context:ident) => {
        $each!($frame, $context, r15 REG_R15, r14 REG_R14, r13 REG_R13, r12 REG_R12, rbp REG_RBP, rbx REG_RBX,
               r11 REG_R11, r10 REG_R10, r9 REG_R9, r8 REG_R8, rax REG_RAX, rcx REG_RCX, rdx REG_RDX,
               rsi REG_RSI, rdi REG_RDI, rip REG_RIP, rsp REG_RSP, rflags REG_EFL)
    };
}

macro_rules! take {
    ($frame:ident, $context:ident, $($field:ident $index:ident),*) => {
        $($frame.$field = $context.uc_mcontext.gregs[libc::$index as usize] as u64;)*
    };
}

macro_rules! give {
    ($frame:ident, $context:ident, $($field:ident $index:ident),*) => {
        $($context.uc_mcontext.gregs[libc::$index as usize] = $frame.$field as i64;)*
    };
}

fn frame_of(context: &libc::ucontext_t, vector: u64) -> TrapFrame {
    // CS, GS, FS and SS share one element, 16 bits each.
    let segments = register(context, libc::REG_CSGSFS);
    let is_exception = vector < vector::NR_EXCEPTIONS;
    let mut frame = TrapFrame {
        xsave: context.uc_mcontext.fpregs as u64,
        vector,
        cs: segments & 0xffff,
        ss: segments >> 48,
        error_code: if is_exception { register(context, libc::REG_ERR) } else { 0 },
        fault_address: if vector == vector::PAGE_FAULT { register(context, libc::REG_CR2) } else { 0 },
        ..TrapFrame::default()
    };
    general_registers!(take, frame, context);
    frame
}

fn continue_with(context: &mut libc::ucontext_t, frame: &TrapFrame) {
    general_registers!(give, frame, context);
}

extern "C" fn on_forbidden_call(_: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let number = register(context, libc::REG_RAX);
    // SYS_SECCOMP: the filter, with RAX still being the number of the call (seccomp(2)).
    if info.si_code == 1 {
        say(format_args!(
            "the program was stopped: Linux system call {number} is not allowed in the process isle (rip {:#x})",
            register(context, libc::REG_RIP)
        ));
    }
    exit(signal_status(libc::SIGSYS as u8));
}

/// One line on stderr.
fn say(text: core::fmt::Arguments<'_>) {
    let mut line = Line { bytes: [0; 256], len: 0 };
    // A line that is too long is cut off.
    let _ = writeln!(line, "proxy: {text}");
    raw_call(libc::SYS_write, [2, line.bytes.as_ptr() as u64, line.len as u64]);
}

struct Line {
    bytes: [u8; 256],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

fn exit(status: u8) -> ! {
    raw_call(libc::SYS_exit_group, [u64::from(status), 0, 0]);
    unreachable!("exit_group(2) does not return")
}

/// A system call without errno, which is thread-local.
fn raw_call(number: core::ffi::c_long, args: [u64; 3]) -> i64 {
    let result: i64;
    // SAFETY: `write` of a live array or `exit_group`: the callers above.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") args[0], in("rsi") args[1], in("rdx") args[2],
            lateout("rcx") _, lateout("r11") _, options(nostack),
        );
    }
    result
}
