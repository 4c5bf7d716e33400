//! Memory of a guest between two pages of canaries: [`Guest`].

use abi::layout::PAGE_SIZE;
use proxy::host_signals::faults;
use proxy::memory::{GuestMemory, Region};
use std::ffi::c_int;
use std::sync::OnceLock;

/// Where guest memory begins, for the guest.
pub const BASE: u64 = 0x40_0000;
/// Its pages.
pub const PAGES: u64 = 16;
/// The address of one in the middle that cannot be accessed.
pub const HOLE: u64 = BASE + HOLE_PAGE as u64 * PAGE_SIZE;
/// Its length.
pub const LEN_BYTES: u64 = PAGES * PAGE_SIZE;

/// What the pages before and behind it hold.
const CANARY: u8 = 0xa5;
const PAGE: usize = PAGE_SIZE as usize;
const HOLE_PAGE: usize = 8;

/// Who handled SIGSEGV before: libFuzzer or AddressSanitizer.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// The memory of a guest. It is never unmapped: there is one in a process.
#[derive(Debug)]
pub struct Guest {
    /// Its first byte, for the host.
    host: *mut u8,
}

impl Guest {
    /// Maps it, and survives its faults from now on.
    pub fn new() -> Self {
        survive_faults();
        let (len, access) = ((PAGES as usize + 2) * PAGE, libc::PROT_READ | libc::PROT_WRITE);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping, written inside of it; one guest page becomes inaccessible, which only copies that survive
        // that meet.
        let host = unsafe {
            let start = libc::mmap(std::ptr::null_mut(), len, access, flags, -1, 0);
            assert_ne!(start, libc::MAP_FAILED, "no memory for a guest");
            let start = start.cast::<u8>();
            start.write_bytes(CANARY, PAGE);
            start.add(len - PAGE).write_bytes(CANARY, PAGE);
            let hole = start.add((1 + HOLE_PAGE) * PAGE).cast();
            assert_eq!(libc::mprotect(hole, PAGE, libc::PROT_NONE), 0);
            start.add(PAGE)
        };
        Self { host }
    }

    /// What the server sees of it, all zero.
    pub fn memory(&self) -> GuestMemory {
        // SAFETY: all pages but the hole are writable, and hold no Rust object.
        unsafe {
            self.host.write_bytes(0, HOLE_PAGE * PAGE);
            self.host.add((HOLE_PAGE + 1) * PAGE).write_bytes(0, (PAGES as usize - HOLE_PAGE - 1) * PAGE);
        }
        let region = Region { guest: BASE, len_bytes: LEN_BYTES, host: self.host as u64 };
        // SAFETY: the mapping is never unmapped and holds no Rust object.
        unsafe { GuestMemory::new([region]) }
    }

    /// Panics if something was written before or behind it.
    pub fn check_canaries(&self) {
        for page in [self.host.wrapping_sub(PAGE), self.host.wrapping_add(PAGES as usize * PAGE)] {
            // SAFETY: the two pages around guest memory, mapped by `new`.
            let page = unsafe { std::slice::from_raw_parts(page, PAGE) };
            assert!(page.iter().all(|&byte| byte == CANARY), "written outside of guest memory");
        }
    }
}

impl Default for Guest {
    fn default() -> Self {
        Self::new()
    }
}

/// Lets copies of guest memory end at a page that cannot be accessed, as the isles do; what is no such copy is for whoever
/// handled faults before.
fn survive_faults() {
    BEFORE.get_or_init(|| {
        // SAFETY: both are plain structures of C, for which zeroes are values.
        let (mut action, mut before): (libc::sigaction, libc::sigaction) = unsafe { std::mem::zeroed() };
        action.sa_sigaction = on_fault as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_ONSTACK;
        // SAFETY: `on_fault` has the signature that SA_SIGINFO asks for, and calls only what is safe in a handler.
        assert_eq!(unsafe { libc::sigaction(libc::SIGSEGV, &raw const action, &raw mut before) }, 0);
        before
    });
}

extern "C" fn on_fault(signal: c_int, info: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    if faults::is_survived(signal, info, context) {
        return;
    }
    if let Some(before) = BEFORE.get() {
        // SAFETY: what was in force before; the same instruction faults again, and meets it.
        unsafe { libc::sigaction(signal, before, std::ptr::null_mut()) };
    }
}
