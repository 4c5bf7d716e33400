//! FS and GS base: the thread pointer and the per-core data.
//!
//! Three ways, chosen once: the FSGSBASE instructions, MSRs (ring 0 without them), or the host (process isle on a
//! Linux that does not allow them).

use core::arch::asm;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use crate::hypercall;
use abi::hypercall::Number;

const IA32_FS_BASE: u32 = 0xc000_0100;
const IA32_GS_BASE: u32 = 0xc000_0101;

/// How the bases are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Way {
    /// `wrfsbase`, `wrgsbase`.
    Instruction = 0,
    /// Model-specific registers.
    Msr = 1,
    /// Hypercall `SetSegmentBase`.
    Host = 2,
}

static WAY: AtomicU8 = AtomicU8::new(Way::Instruction as u8);

/// Chooses the way for all cores.
pub fn choose(way: Way) {
    WAY.store(way as u8, Relaxed);
}

/// Sets FS base, the thread pointer.
///
/// # Safety
/// `base` is the thread control block of the thread that this core runs or is about to run.
#[inline]
pub unsafe fn set_thread_pointer(base: u64) {
    let way = WAY.load(Relaxed);
    if way == Way::Instruction as u8 {
        // SAFETY: `choose` was told that the instruction may be executed.
        unsafe { asm!("wrfsbase {}", in(reg) base, options(nostack, preserves_flags)) };
    } else if way == Way::Msr as u8 {
        // SAFETY: ring 0; IA32_FS_BASE exists on every x86-64 CPU.
        unsafe { super::cpu::write_msr(IA32_FS_BASE, base) };
    } else {
        // The host refuses no canonical address, and it was given one.
        let _ = hypercall::call(Number::SetSegmentBase, [0, base, 0, 0, 0, 0]);
    }
}

/// Sets GS base to this core's [`super::percpu::PerCpu`]. `doorbell_context` is passed because nobody can look it up yet.
///
/// # Safety
/// `base` came from `percpu::init` on this core.
pub unsafe fn set_percpu(base: u64, doorbell_context: u64) {
    let way = WAY.load(Relaxed);
    if way == Way::Instruction as u8 {
        // SAFETY: the address of this core's data, and GS serves nothing else.
        unsafe { asm!("wrgsbase {}", in(reg) base, options(nostack, preserves_flags)) };
    } else if way == Way::Msr as u8 {
        // SAFETY: ring 0; the address of this core's data, and GS serves nothing else.
        unsafe { super::cpu::write_msr(IA32_GS_BASE, base) };
    } else {
        hypercall::call_early(doorbell_context, Number::SetSegmentBase, [1, base, 0, 0, 0, 0]);
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
