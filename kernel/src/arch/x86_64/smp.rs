//! VM isles: starting further cores, interrupting them, and making them forget translations.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use super::{apic, cpu, paging, percpu};
use crate::given;
use abi::boot_info::MAX_CPUS;
use abi::errno::Errno;
use abi::layout::{AP_START, PAGE_SIZE};
use abi::trap::vector;

#[cfg(panic = "abort")]
core::arch::global_asm!(include_str!("further_core.s"), options(att_syntax, raw));

const _: () = assert!(AP_START == 0x8000, "further_core.s spells it out");

/// How long a core may take from its start to its first line of Rust.
const START_TIMEOUT_NS: u64 = 1_000_000_000;
/// Between INIT and the start-up interrupt, and before that is repeated (SDM vol. 3, 9.4.4).
const INIT_DELAY_NS: u64 = 100_000;

/// Bit n: core n must forget its translations.
static SHOOTDOWN: AtomicU64 = AtomicU64::new(0);
const _: () = assert!(MAX_CPUS <= u64::BITS as usize);

/// Writes the code that core `core` starts with, on the stack that ends at `stack_top`, with the page tables at `root`.
///
/// # Safety
/// The page at `AP_START` is RAM that the kernel reserves for this; it is mapped, and no other core is being started.
#[cfg(panic = "abort")]
pub unsafe fn write_start_code(root: u64, stack_top: u64, core: usize) {
    unsafe extern "C" {
        static hermit_further_core_code: u8;
        static hermit_further_core_words: u8;
        static hermit_further_core_end: u8;
    }
    let code = &raw const hermit_further_core_code;
    let len = &raw const hermit_further_core_end as usize - code as usize;
    let words_at = &raw const hermit_further_core_words as u64 - code as u64;
    // SAFETY: the code is shorter than the page, which is as the caller says.
    unsafe {
        core::ptr::copy_nonoverlapping(code, AP_START as *mut u8, len);
        ((AP_START + words_at) as *mut [u64; 3]).write([root, stack_top, core as u64]);
    }
}

/// There is no such code under test.
///
/// # Safety
/// Nothing to heed.
#[cfg(not(panic = "abort"))]
pub unsafe fn write_start_code(_: u64, _: u64, _: usize) {}

/// Starts core `core` (its APIC has the same number) in the code at `AP_START`. `now_ns` is a clock. `ENODEV` if the core does not
/// answer.
pub fn start(core: usize, has_entered: &AtomicBool, now_ns: impl Fn() -> u64) -> Result<(), Errno> {
    apic::send_init(core as u32);
    let wait = |ns: u64| {
        let deadline = now_ns() + ns;
        while !has_entered.load(SeqCst) && now_ns() < deadline {
            // Its first allocation may have to change page tables, and our caller holds a lock, with interrupts off.
            obey_shootdown();
            cpu::relax();
        }
        has_entered.load(SeqCst)
    };
    wait(INIT_DELAY_NS);
    let started = (0..2).any(|_| {
        apic::send_startup(core as u32, (AP_START / PAGE_SIZE) as u32);
        wait(START_TIMEOUT_NS / 2)
    });
    if started {
        return Ok(());
    }
    // Should it come after all, it must not find the code gone.
    apic::send_init(core as u32);
    Err(Errno::ENODEV)
}

/// Makes every other core that runs forget its translations, and waits until they have: those that have their interrupts off
/// because they wait, for this core or for a lock that it holds, look by themselves.
pub fn shoot_down() {
    let me = percpu::current().id.get();
    let others = (0..given::nr_cores())
        .filter(|&core| core != me && percpu::of(core).is_some_and(|percpu| percpu.online.load(SeqCst)))
        .fold(0u64, |set, core| set | 1 << core);
    if others == 0 {
        return;
    }
    SHOOTDOWN.fetch_or(others, SeqCst);
    for core in (0..MAX_CPUS).filter(|core| others & 1 << core != 0) {
        apic::send(core as u32, vector::SHOOTDOWN as u32);
    }
    while SHOOTDOWN.load(SeqCst) & others != 0 {
        // Another core may wait for us in the same way.
        obey_shootdown();
        cpu::relax();
    }
}

/// This core's part of [`shoot_down`].
pub fn obey_shootdown() {
    if SHOOTDOWN.load(SeqCst) == 0 {
        return;
    }
    let me = 1 << percpu::current().id.get();
    if SHOOTDOWN.load(SeqCst) & me != 0 {
        paging::forget_all();
        SHOOTDOWN.fetch_and(!me, SeqCst);
    }
}
