//! Further cores: started when the first thread is placed on them.
//!
//! A core needs a stack before it can run a line of Rust. The core that starts it leaves one in its data, where the entry (process
//! isle, uhyve) finds it, or in the start code (qemu isle).

use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::arch::{cpu, percpu};
use crate::mm::{self, Zeroing};
use crate::platform;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Bytes of the boot stack of a further core, later its idle thread's.
const CORE_STACK_BYTES: u64 = 64 * 1024;

/// Makes sure that core `core`, which has been prepared, runs: cores start when the first thread is placed on them. Errors: `ENOMEM`, and what the
/// host says when it has no thread for the core.
pub fn start(core: usize) -> Result<(), Errno> {
    let percpu = percpu::of(core).ok_or(Errno::EINVAL)?;
    if percpu.online.load(Acquire) {
        return Ok(());
    }
    if percpu.boot_stack.load(Relaxed) == 0 {
        let stack = mm::allocate(CORE_STACK_BYTES, PAGE_SIZE, Zeroing::NotNeeded)? + CORE_STACK_BYTES;
        if percpu.boot_stack.compare_exchange(0, stack, AcqRel, Relaxed).is_err() {
            // Another core starts it.
            mm::release(stack - CORE_STACK_BYTES, CORE_STACK_BYTES)?;
        } else if let Err(errno) = platform::start_core(core, stack) {
            percpu.boot_stack.store(0, Release);
            mm::release(stack - CORE_STACK_BYTES, CORE_STACK_BYTES)?;
            return Err(errno);
        }
    }
    while !percpu.online.load(Acquire) {
        cpu::relax();
        // It may have to wait for this one's CPU.
        platform::yield_cpu();
    }
    Ok(())
}
