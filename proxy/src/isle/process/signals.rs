//! CPU exceptions become traps of the guest's kernel: [`install_handlers`]; and the host's signals
//! its interrupts: [`catch`].
//!
//! The handlers run on the vCPU's signal stack with the FS base of whatever they interrupted: nothing here may touch
//! thread-local storage (no errno, no std, no allocation), so system calls are made by hand and texts are formatted by
//! `core` into an array.

use super::vcpu::{KICK_SIGNAL, SIGNAL_STACK_BYTES, Vcpu};
use crate::memory::copy;
use crate::server::interrupt::{self, CAUGHT_SIGNALS, OWN_SIGNALS, raw_call};
use abi::errno::Errno;
use abi::exit::{Failure, signal_status};
use abi::trap::{TrapFrame, vector};
use core::ffi::{c_int, c_void};
use core::fmt::Write;
use core::sync::atomic::Ordering;
use rustix::io::Errno as HostErrno;

/// Signals that the CPU's exceptions become.
const EXCEPTIONS: [c_int; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP];

/// Traps inside traps inside ...: the guest's kernel has lost its way.
const MAX_TRAP_DEPTH: u32 = 8;

/// Bit of vector `TIMER` among interrupts.
const TIMER_BIT: u64 = 1 << (vector::TIMER - vector::NR_EXCEPTIONS);

/// Hypercall `CatchSignal`: what the host's `signal` does. Those that the isle itself lives on cannot be had.
pub fn catch(signal: u64, action: u64) -> Result<i64, Errno> {
    let signal = c_int::try_from(signal).map_err(|_| Errno::EINVAL)?;
    if OWN_SIGNALS.contains(&signal) {
        return Err(Errno::EINVAL);
    }
    let result = match action {
        0 => set_action(signal, libc::SIG_DFL, 0),
        1 => set_action(signal, libc::SIG_IGN, 0),
        // Without SA_RESTART: what waits in the host shall end with EINTR.
        2 => install(signal, on_host_signal, 0),
        _ => return Err(Errno::EINVAL),
    };
    result.map(|()| 0).map_err(|_| Errno::EINVAL)
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
    // NODEFER here too: so that it can end the process by itself.
    install(libc::SIGSYS, on_forbidden_call, libc::SA_NODEFER)?;
    install(KICK_SIGNAL, on_kick, libc::SA_RESTART)
}

type Handler = extern "C" fn(c_int, &libc::siginfo_t, &mut libc::ucontext_t);

fn install(signal: c_int, handler: Handler, flags: c_int) -> Result<(), HostErrno> {
    set_action(signal, handler as *const c_void as usize, libc::SA_SIGINFO | libc::SA_ONSTACK | flags)
}

/// `handler` must be SIG_DFL, SIG_IGN or a [`Handler`]. While a handler runs, nothing but exceptions interrupts it: before and
/// after the guest's trap entry it is on the guest's side and on the signal stack, where the guest's kernel must switch
/// nothing.
fn set_action(signal: c_int, handler: usize, flags: c_int) -> Result<(), HostErrno> {
    // SAFETY: all-zero is a valid `sigaction`; the handler has the signature that SA_SIGINFO asks for.
    check(unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        libc::sigfillset(&mut action.sa_mask);
        for exception in EXCEPTIONS.into_iter().chain([libc::SIGSYS]) {
            libc::sigdelset(&mut action.sa_mask, exception);
        }
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
    if was_sent(info) {
        die(signal);
    }
    let rip = register(context, libc::REG_RIP);
    if let Some(resume) = copy::resume_address(rip) {
        context.uc_mcontext.gregs[libc::REG_RIP as usize] = resume as i64;
        return;
    }
    let vcpu = vcpu_of(context).filter(|vcpu| !vcpu.is_in_host());
    let Some(vcpu) = vcpu else {
        say(format_args!("the proxy itself faulted (signal {signal}, rip {rip:#x}); please report this"));
        exit(Failure::Proxy as u8);
    };
    let trap =
        Trap { vector: register(context, libc::REG_TRAPNO), error_code: register(context, libc::REG_ERR) };
    deliver(vcpu, context, trap, signal);
}

/// A kick, a timer, or a signal that waited for the host's code to end.
extern "C" fn on_kick(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    let Some(vcpu) = vcpu_of(context) else { return interrupt::leave(context) };
    let timer = if info.si_code == libc::SI_TIMER { TIMER_BIT } else { 0 };
    let interrupts = vcpu.kicks.swap(0, Ordering::SeqCst) | timer;
    if vcpu.is_in_host() {
        note_interrupts(vcpu, interrupts);
        return interrupt::leave(context);
    }
    for bit in bits(interrupts) {
        deliver(vcpu, context, Trap { vector: vector::NR_EXCEPTIONS + bit, error_code: 0 }, signal);
    }
    let caught = CAUGHT_SIGNALS.swap(0, Ordering::SeqCst);
    for bit in bits(caught) {
        deliver(vcpu, context, Trap { vector: vector::HOST_SIGNAL, error_code: bit + 1 }, signal);
    }
    if caught != 0 {
        interrupt::end_all_pending();
    }
}

/// A signal that the program catches.
extern "C" fn on_host_signal(signal: c_int, _info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    match vcpu_of(context).filter(|vcpu| !vcpu.is_in_host()) {
        Some(vcpu) => {
            deliver(vcpu, context, Trap { vector: vector::HOST_SIGNAL, error_code: signal as u64 }, signal);
            // After the guest's kernel knows for which of its threads the signal is.
            interrupt::end_all_pending();
        }
        // The doorbell lets it come again on its way out.
        None => {
            CAUGHT_SIGNALS.fetch_or(1 << (signal - 1), Ordering::SeqCst);
            if let Some(vcpu) = vcpu_of(context) {
                vcpu.attention.store(1, Ordering::SeqCst);
            }
            interrupt::leave(context);
        }
    }
}

/// Leaves interrupts where the guest looks when the doorbell returns, and ends its sleep.
pub fn note_interrupts(vcpu: &Vcpu, interrupts: u64) {
    let pending = vcpu.guest_pending.load(Ordering::Acquire);
    if pending != 0 && interrupts != 0 {
        // SAFETY: `SetTrapEntry` checked that it is an aligned word of guest memory. If the guest has made it
        // inaccessible since, it loses its interrupts.
        let _ = unsafe { copy::or_u64(pending as *mut u64, interrupts) };
        // Without such a word nobody looks after the doorbell.
        vcpu.attention.store(1, Ordering::SeqCst);
    }
    vcpu.kicked.store(1, Ordering::SeqCst);
}

fn bits(mask: u64) -> impl Iterator<Item = u64> {
    (0..u64::from(u64::BITS)).filter(move |bit| mask & (1 << bit) != 0)
}

/// What the guest's kernel is told.
#[derive(Clone, Copy)]
struct Trap {
    vector: u64,
    error_code: u64,
}

/// Calls the guest's trap entry with the interrupted registers, and lets it change them.
fn deliver(vcpu: &Vcpu, context: &mut libc::ucontext_t, trap: Trap, signal: c_int) {
    let rip = register(context, libc::REG_RIP);
    let entry = vcpu.trap_entry.load(Ordering::Acquire);
    if entry == 0 {
        say(format_args!("the program faulted before its kernel was up (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    if vcpu.trap_depth.fetch_add(1, Ordering::Relaxed) >= MAX_TRAP_DEPTH {
        say(format_args!("the program's kernel faults in its fault handler (signal {signal}, rip {rip:#x})"));
        exit(signal_status(signal as u8));
    }
    let mut frame = frame_of(context, trap);
    let outer = vcpu.trap_frame.swap(&raw const frame as u64, Ordering::Relaxed);
    // SAFETY: the guest has named this function, in its own code, for the purpose (`SetTrapEntry`). If it lied, it harms
    // itself: what it runs is confined by the sandbox as its other code is.
    unsafe {
        let entry: extern "C" fn(*mut TrapFrame) = core::mem::transmute(entry);
        entry(&mut frame);
    }
    continue_with(context, &frame);
    vcpu.trap_frame.store(outer, Ordering::Relaxed);
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

fn frame_of(context: &libc::ucontext_t, trap: Trap) -> TrapFrame {
    // CS, GS, FS and SS share one element, 16 bits each.
    let segments = register(context, libc::REG_CSGSFS);
    let mut frame = TrapFrame {
        xsave: context.uc_mcontext.fpregs as u64,
        vector: trap.vector,
        error_code: trap.error_code,
        cs: segments & 0xffff,
        ss: segments >> 48,
        fault_address: if trap.vector == vector::PAGE_FAULT { register(context, libc::REG_CR2) } else { 0 },
        ..TrapFrame::default()
    };
    general_registers!(take, frame, context);
    frame
}

fn continue_with(context: &mut libc::ucontext_t, frame: &TrapFrame) {
    general_registers!(give, frame, context);
}

/// Whether somebody sent the signal, as kill(1) does (SI_USER, SI_QUEUE, SI_TKILL, ...): nothing faulted.
fn was_sent(info: &libc::siginfo_t) -> bool {
    info.si_code <= 0
}

extern "C" fn on_forbidden_call(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if was_sent(info) {
        die(signal);
    }
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

/// Ends the process by `signal`, as it would end a Linux program. Its handler must be one that does not block it.
fn die(signal: c_int) -> ! {
    // The kernel's `struct sigaction` (asm/signal.h): SIG_DFL, no flags, no restorer, an empty mask.
    let default = [0_u64; 4];
    raw_call(libc::SYS_rt_sigaction, [signal as u64, default.as_ptr() as u64, 0, size_of::<u64>() as u64]);
    let (pid, tid) = (raw_call(libc::SYS_getpid, []), raw_call(libc::SYS_gettid, []));
    raw_call(libc::SYS_tgkill, [pid as u64, tid as u64, signal as u64]);
    // Still here: Linux ends no first process of a container by a signal without a handler.
    exit(signal_status(signal as u8))
}

fn exit(status: u8) -> ! {
    raw_call(libc::SYS_exit_group, [u64::from(status), 0, 0]);
    unreachable!("exit_group(2) does not return")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handler_of(signal: c_int) -> usize {
        // SAFETY: asks only; all-zero is a valid `sigaction`.
        unsafe {
            let mut action: libc::sigaction = core::mem::zeroed();
            assert_eq!(libc::sigaction(signal, core::ptr::null(), &raw mut action), 0);
            action.sa_sigaction
        }
    }

    /// Signals that no other test of this process uses.
    #[test]
    fn a_signal_is_given_back_as_it_was() {
        for signal in [libc::SIGUSR2, libc::SIGWINCH, libc::SIGRTMAX()] {
            for _ in 0..3 {
                assert_eq!(handler_of(signal), libc::SIG_DFL);
                assert_eq!(catch(signal as u64, 2), Ok(0));
                assert_eq!(handler_of(signal), on_host_signal as *const c_void as usize);
                assert_eq!(catch(signal as u64, 1), Ok(0));
                assert_eq!(handler_of(signal), libc::SIG_IGN);
                assert_eq!(catch(signal as u64, 0), Ok(0));
            }
        }
    }

    /// How a child ends in which `on_exception` is told of a SIGSEGV with this code, met at an instruction that copies
    /// guest memory: by itself with status 0 if the handler returns.
    fn end_of_child(si_code: c_int) -> c_int {
        let at = (0..64).map(|offset| copy::bytes as *const () as u64 + offset);
        let at = at.into_iter().find(|&rip| copy::resume_address(rip).is_some()).unwrap();
        // SAFETY: all zero are valid; the child makes system calls only, and ends.
        unsafe {
            let (mut info, mut context): (libc::siginfo_t, libc::ucontext_t) = core::mem::zeroed();
            info.si_code = si_code;
            context.uc_mcontext.gregs[libc::REG_RIP as usize] = at as i64;
            let child = libc::fork();
            if child == 0 {
                on_exception(libc::SIGSEGV, &info, &mut context);
                libc::_exit(0);
            }
            let mut status = -1;
            assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
            status
        }
    }

    /// Also while guest memory is copied, where a fault would only end the copy.
    #[test]
    fn what_was_sent_is_no_fault_wherever_it_comes() {
        // SEGV_MAPERR, SEGV_ACCERR, SI_KERNEL (general protection).
        for fault in [1, 2, 0x80] {
            assert_eq!(end_of_child(fault), 0, "code {fault}");
        }
        // SI_USER, SI_QUEUE, SI_TKILL.
        for sent in [0, -1, -6] {
            let status = end_of_child(sent);
            assert!(libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGSEGV, "{status:#x}");
        }
    }

    #[test]
    fn signals_that_the_isle_lives_on_cannot_be_had() {
        install_handlers().unwrap();
        for signal in EXCEPTIONS.into_iter().chain([libc::SIGSYS, KICK_SIGNAL]) {
            let before = handler_of(signal);
            assert_ne!(before, libc::SIG_DFL, "signal {signal}");
            for action in 0..4 {
                assert_eq!(catch(signal as u64, action), Err(Errno::EINVAL), "signal {signal}");
            }
            assert_eq!(handler_of(signal), before, "signal {signal}");
        }
        for nonsense in [0, 65, u64::MAX, 1 << 32 | 10, libc::SIGKILL as u64, libc::SIGSTOP as u64] {
            assert_eq!(catch(nonsense, 2), Err(Errno::EINVAL), "signal {nonsense:#x}");
        }
        assert_eq!(catch(libc::SIGUSR2 as u64, 3), Err(Errno::EINVAL));
    }
}
