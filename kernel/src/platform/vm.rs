//! What virtual machines have in common: ring 0, and a local APIC for each core.

use core::arch::asm;

use crate::arch::{apic, interrupts, paging, percpu, smp};
use crate::image::Protection;
use crate::time;
use abi::errno::Errno;
use abi::trap::vector;

/// Sleeps until an interrupt; the timer is one if there is a deadline.
pub fn idle(deadline_ns: Option<u64>) {
    if let Some(deadline) = deadline_ns {
        let now = time::monotonic_ns();
        if deadline <= now {
            return;
        }
        apic::set_timer(deadline - now);
    }
    interrupts::wait();
}

/// Lets the local APIC's timer interrupt.
pub fn set_timer(deadline_ns: u64) {
    apic::set_timer(deadline_ns.saturating_sub(time::monotonic_ns()));
}

/// Starts a further core as a PC does.
pub fn start_core(core: usize, stack_top: u64) -> Result<(), Errno> {
    let percpu = percpu::of(core).ok_or(Errno::EINVAL)?;
    smp::start(core, stack_top, &percpu.online)
}

/// Interrupts another core.
pub fn kick(core: usize) {
    apic::send(core as u32, vector::WAKEUP as u32);
}

/// Changes the page tables.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    paging::protect(start, len_bytes, protection)
}

/// Stops the machine by a triple fault: virtual machines end (or, without `-no-reboot`, start again).
pub fn stop() -> ! {
    let nowhere = [0u8; 10];
    // SAFETY: an empty interrupt table makes the breakpoint a triple fault, which is the aim.
    unsafe {
        asm!("cli", "lidt [{}]", "int3", "2: hlt", "jmp 2b", in(reg) &raw const nowhere, options(noreturn))
    }
}
