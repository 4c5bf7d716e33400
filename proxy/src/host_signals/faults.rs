//! The CPU's exceptions and the filter's SIGSYS, as far as every isle meets them alike: [`install`].
//!
//! A handler may run with the guest's FS base: nothing here touches thread-local storage (no errno, no std,
//! no allocation), so system calls are made by hand and texts are formatted by `core` into an array.

use super::raw::raw_call;
use super::{EXCEPTIONS, Handler, INTERRUPT_SIGNAL, OWN_SIGNALS, install as install_one};
use crate::inheritance;
use crate::memory::copy;
use abi::exit::{Failure, signal_status};
use core::ffi::c_int;
use core::fmt::Write;
use rustix::io::Errno;

/// Installs the handlers that every isle lives on, for all threads. `on_exception` must begin with
/// [`is_survived`], and `on_interrupt` end with [`super::interrupt::leave`].
pub fn install(on_exception: Handler, on_interrupt: Handler) -> Result<(), Errno> {
    for signal in EXCEPTIONS {
        // NODEFER: a fault inside the guest's trap handler shall reach it too, and not kill without a word.
        install_one(signal, on_exception, libc::SA_NODEFER)?;
    }
    // NODEFER here too: so that it can end the process by itself.
    install_one(libc::SIGSYS, on_forbidden_call, libc::SA_NODEFER)?;
    install_one(INTERRUPT_SIGNAL, on_interrupt, libc::SA_RESTART)?;
    OWN_SIGNALS.into_iter().for_each(inheritance::let_through);
    Ok(())
}

/// The handler of exceptions where all code in this process is the proxy's.
pub extern "C" fn on_exception(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if !is_survived(signal, info, context) {
        give_up(signal, context);
    }
}

/// Lets a copy of guest memory end that met a page which has gone: true if it was that. Ends the process by a
/// signal that somebody has sent.
pub fn is_survived(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) -> bool {
    if was_sent(info) {
        die(signal);
    }
    let Some(resume) = copy::resume_address(register(context, libc::REG_RIP)) else { return false };
    context.uc_mcontext.gregs[libc::REG_RIP as usize] = resume as i64;
    true
}

/// Ends the process after a fault in the proxy's own code.
pub fn give_up(signal: c_int, context: &libc::ucontext_t) -> ! {
    let rip = register(context, libc::REG_RIP);
    say(format_args!("the proxy itself faulted (signal {signal}, rip {rip:#x}); please report this"));
    exit(Failure::Proxy as u8)
}

/// A general register of what was interrupted, by its index in `gregs`.
pub fn register(context: &libc::ucontext_t, index: c_int) -> u64 {
    context.uc_mcontext.gregs[index as usize] as u64
}

/// Whether somebody sent the signal, as kill(1) does (SI_USER, SI_QUEUE, SI_TKILL, ...): nothing faulted.
fn was_sent(info: &libc::siginfo_t) -> bool {
    info.si_code <= 0
}

/// The handler of SIGSYS.
extern "C" fn on_forbidden_call(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if was_sent(info) {
        die(signal);
    }
    let number = register(context, libc::REG_RAX);
    // SYS_SECCOMP: the filter, with RAX still being the number of the call (seccomp(2)).
    if info.si_code == 1 {
        say(format_args!(
            "the program was stopped: Linux system call {number} is not allowed in an isle (rip {:#x})",
            register(context, libc::REG_RIP)
        ));
    }
    exit(signal_status(libc::SIGSYS as u8));
}

/// One line on stderr, without the standard library: safe in a handler.
pub fn say(text: core::fmt::Arguments<'_>) {
    let mut line = Text { bytes: [0; 256], len: 0 };
    // A line that is too long is cut off.
    let _ = writeln!(line, "proxy: {text}");
    raw_call(libc::SYS_write, [2, line.bytes.as_ptr() as u64, line.len as u64]);
}

/// A text that is being written.
struct Text {
    bytes: [u8; 256],
    len: usize,
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Ends the process by `signal`, as it would end a Linux program. Its handler must be one that does not block
/// it.
pub fn die(signal: c_int) -> ! {
    // The kernel's `struct sigaction` (asm/signal.h): SIG_DFL, no flags, no restorer, an empty mask.
    let default = [0_u64; 4];
    raw_call(libc::SYS_rt_sigaction, [signal as u64, default.as_ptr() as u64, 0, size_of::<u64>() as u64]);
    let (pid, tid) = (raw_call(libc::SYS_getpid, []), raw_call(libc::SYS_gettid, []));
    raw_call(libc::SYS_tgkill, [pid as u64, tid as u64, signal as u64]);
    // Still here: Linux ends no first process of a container by a signal without a handler.
    exit(signal_status(signal as u8))
}

/// Ends the process at once.
pub fn exit(status: u8) -> ! {
    raw_call(libc::SYS_exit_group, [u64::from(status), 0, 0]);
    unreachable!("exit_group(2) does not return")
}

#[cfg(test)]
#[allow(unsafe_code, reason = "signals in a child, and pages that go away")]
mod tests {
    use super::*;
    use crate::host_signals::interrupt;
    use crate::memory::{GuestMemory, Region};
    use abi::errno::Errno;
    use rustix::mm::{MapFlags, ProtFlags};

    const PAGE: usize = abi::layout::PAGE_SIZE as usize;

    /// How a child ends in which `on_exception` is told of a SIGSEGV with this code, met at an instruction
    /// that copies guest memory: by itself with status 0 if the handler returns.
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
    fn a_vanished_page_is_an_error_and_no_crash() {
        super::install(on_exception, interrupt::on_interrupt).unwrap();
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new anonymous mapping, used for nothing else.
        let host =
            unsafe { rustix::mm::mmap_anonymous(core::ptr::null_mut(), 2 * PAGE, access, MapFlags::PRIVATE) }
                .unwrap();
        let region = Region { guest: 0x10000, len_bytes: 2 * PAGE as u64, host: host as u64 };
        // SAFETY: the mapping is never unmapped and holds no Rust object.
        let memory = unsafe { GuestMemory::new([region]) };
        // SAFETY: the second page of the mapping made above; only guest copies touch it.
        unsafe { rustix::mm::mprotect(host.byte_add(PAGE), PAGE, rustix::mm::MprotectFlags::empty()) }
            .unwrap();
        assert_eq!(memory.read::<u64>(0x11000), Err(Errno::EFAULT));
        assert_eq!(memory.read::<u64>(0x10ffc), Err(Errno::EFAULT));
        assert_eq!(memory.write(0x11ff8, &1_u64), Err(Errno::EFAULT));
        assert_eq!(memory.store_release(0x11000, 1), Err(Errno::EFAULT));
        assert_eq!(memory.read::<u64>(0x10ff8), Ok(0));
        // SAFETY: as above; now read-only.
        unsafe { rustix::mm::mprotect(host.byte_add(PAGE), PAGE, rustix::mm::MprotectFlags::READ) }.unwrap();
        assert_eq!(memory.read::<u64>(0x11000), Ok(0));
        assert_eq!(memory.write(0x11000, &1_u64), Err(Errno::EFAULT));
    }
}
