//! FS and GS base: the thread pointer and the per-core data.
//!
//! Three ways, chosen once: the FSGSBASE instructions, MSRs (ring 0 without them), or the host (process isle on a
//! Linux that does not allow them).

use core::arch::asm;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::percpu;

const IA32_FS_BASE: u32 = 0xc000_0100;
const IA32_GS_BASE: u32 = 0xc000_0101;

/// How the bases are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// `wrfsbase`, `wrgsbase`.
    Instruction = 0,
    /// Model-specific registers.
    Msr = 1,
    /// The host's.
    Host = 2,
}

unsafe extern "C" {
    /// [`Method::Host`], filled by the platform: lets the host write the base of FS (`which` 0) or GS (1). `context` is the
    /// core's doorbell context.
    safe fn hermit_set_segment_base(context: u64, which: u64, base: u64);
}

static METHOD: AtomicU8 = AtomicU8::new(Method::Instruction as u8);

/// Chooses the method for all cores.
pub fn choose(method: Method) {
    METHOD.store(method as u8, Relaxed);
}

/// Whether programs may use the instructions, too.
pub fn is_by_instruction() -> bool {
    METHOD.load(Relaxed) == Method::Instruction as u8
}

/// Sets FS base, the thread pointer.
///
/// # Safety
/// `base` is the thread control block of the thread that this core runs or is about to run.
#[inline]
pub unsafe fn set_thread_pointer(base: u64) {
    let method = METHOD.load(Relaxed);
    if method == Method::Instruction as u8 {
        // SAFETY: `choose` was told that the instruction may be executed.
        unsafe { asm!("wrfsbase {}", in(reg) base, options(nostack, preserves_flags)) };
    } else if method == Method::Msr as u8 {
        // SAFETY: ring 0; IA32_FS_BASE exists on every x86-64 CPU.
        unsafe { super::cpu::write_msr(IA32_FS_BASE, base) };
    } else {
        hermit_set_segment_base(percpu::current().doorbell_context.get(), 0, base);
    }
}

/// Sets GS base to this core's [`super::percpu::PerCpu`]. `doorbell_context` is passed because nobody can look it up yet.
///
/// # Safety
/// `base` came from `percpu::init` on this core.
pub unsafe fn set_percpu(base: u64, doorbell_context: u64) {
    let method = METHOD.load(Relaxed);
    if method == Method::Instruction as u8 {
        // SAFETY: the address of this core's data, and GS serves nothing else.
        unsafe { asm!("wrgsbase {}", in(reg) base, options(nostack, preserves_flags)) };
    } else if method == Method::Msr as u8 {
        // SAFETY: ring 0; the address of this core's data, and GS serves nothing else.
        unsafe { super::cpu::write_msr(IA32_GS_BASE, base) };
    } else {
        hermit_set_segment_base(doorbell_context, 1, base);
    }
}

/// Selectors of the running code and stack segments: what IRETQ needs to stay where it is.
pub fn selectors() -> (u64, u64) {
    let (cs, ss): (u64, u64);
    // SAFETY: reads two segment registers.
    unsafe {
        asm!("mov {:r}, cs", "mov {:r}, ss", out(reg) cs, out(reg) ss, options(nomem, nostack, preserves_flags))
    };
    (cs & 0xffff, ss & 0xffff)
}
