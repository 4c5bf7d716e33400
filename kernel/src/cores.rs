//! Further cores: started when the first thread is placed on them.
//!
//! A core needs a stack before it can run a line of Rust. The core that starts it leaves one in [`hermit_core_stacks`], where
//! the entry (process isle) or the start code (VM isles) finds it.

#![allow(unsafe_code, reason = "stacks that the assembly of the entry finds by their name")]

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::arch::{cpu, percpu};
use crate::mm::{self, Zeroing};
use crate::platform;
use abi::boot_info::MAX_CPUS;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Stacks of cores that [`start`] has started; `_start` looks here.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that entry.s uses")]
static hermit_core_stacks: [AtomicU64; MAX_CPUS] = [const { AtomicU64::new(0) }; MAX_CPUS];

/// Bytes of the boot stack of a further core, later its idle thread's.
const CORE_STACK_BYTES: u64 = 64 * 1024;

/// Makes sure that core `core` runs: cores start when the first thread is placed on them. Errors: `ENOMEM`, and what the
/// host says when it has no thread for the core.
pub fn start(core: usize) -> Result<(), Errno> {
    let percpu = percpu::of(core).ok_or(Errno::EINVAL)?;
    if percpu.online.load(Acquire) {
        return Ok(());
    }
    if hermit_core_stacks[core].load(Relaxed) == 0 {
        let stack = mm::allocate(CORE_STACK_BYTES, PAGE_SIZE, Zeroing::NotNeeded)? + CORE_STACK_BYTES;
        if hermit_core_stacks[core].compare_exchange(0, stack, AcqRel, Relaxed).is_err() {
            // Another core starts it.
            mm::release(stack - CORE_STACK_BYTES, CORE_STACK_BYTES)?;
        } else if let Err(errno) = platform::start_core(core, stack) {
            hermit_core_stacks[core].store(0, Release);
            mm::release(stack - CORE_STACK_BYTES, CORE_STACK_BYTES)?;
            return Err(errno);
        }
    }
    while !percpu.online.load(Acquire) {
        cpu::relax();
    }
    Ok(())
}
