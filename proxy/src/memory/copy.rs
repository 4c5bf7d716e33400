//! Accesses that survive a fault: [`bytes`], [`store_u32`], [`or_u64`].
//!
//! The page behind a guest address may be unmapped, read-only or `PROT_NONE` (process isle). Each function
//! touches guest memory in one instruction only; when that faults, the signal handler finds it with
//! [`resume_address`] and lets the function return early.

use core::arch::naked_asm;

unsafe extern "C" {
    static proxy_copy_touch: u8;
    static proxy_copy_resume: u8;
    static proxy_store_touch: u8;
    static proxy_store_resume: u8;
}

/// Copies `len` bytes and returns how many were *not* copied because of a fault.
///
/// # Safety
/// What of either range is host memory must be valid for it; the ranges must not overlap. A fault is survived
/// only when the handlers of `host_signals::faults` are installed.
#[unsafe(naked)]
pub unsafe extern "C" fn bytes(to: *mut u8, from: *const u8, len: usize) -> usize {
    naked_asm!(
        "mov rcx, rdx",
        ".hidden proxy_copy_touch",
        ".globl proxy_copy_touch",
        "proxy_copy_touch:",
        "rep movsb", // on a fault RCX tells what is left
        ".hidden proxy_copy_resume",
        ".globl proxy_copy_resume",
        "proxy_copy_resume:",
        "mov rax, rcx",
        "ret",
    )
}

/// Stores `value`; false when that faulted.
///
/// # Safety
/// As for [`bytes`].
#[unsafe(naked)]
pub unsafe extern "C" fn store_u32(to: *mut u32, value: u32) -> bool {
    // A plain store has release order on x86-64, and nothing is reordered across this call.
    naked_asm!(
        ".hidden proxy_store_touch",
        ".globl proxy_store_touch",
        "proxy_store_touch:",
        "mov dword ptr [rdi], esi",
        "mov eax, 1",
        "ret",
        ".hidden proxy_store_resume",
        ".globl proxy_store_resume",
        "proxy_store_resume:",
        "xor eax, eax",
        "ret",
    )
}

/// Sets `bits` atomically; false when that faulted.
///
/// # Safety
/// As for [`bytes`]; `to` must be aligned. Safe in a signal handler.
#[unsafe(naked)]
pub unsafe extern "C" fn or_u64(to: *mut u64, bits: u64) -> bool {
    naked_asm!("lock or qword ptr [rdi], rsi", "mov eax, 1", "ret",)
}

/// Where to continue if the instruction at `rip` faulted, if it is one of ours.
pub fn resume_address(rip: u64) -> Option<u64> {
    let touch_and_resume = [
        (&raw const proxy_copy_touch, &raw const proxy_copy_resume),
        (&raw const proxy_store_touch, &raw const proxy_store_resume),
        // Its first instruction.
        (or_u64 as *const () as *const u8, &raw const proxy_store_resume),
    ];
    touch_and_resume.iter().find(|(touch, _)| *touch as u64 == rip).map(|(_, resume)| *resume as u64)
}
