//! Which cores run; in VM isles also starting further ones, and making them forget translations.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use super::{apic, cpu, paging, percpu};
use crate::cpu_set::CpuSet;
use crate::given;
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

/// Cores that run threads.
static ONLINE: CpuSet = CpuSet::new();

/// Number of the last shootdown; each core keeps that of the last one that it has obeyed. A bit for each core that is to obey would not
/// do: a core that has just forgotten everything, and is about to take its bit away, would take one with it that came in between.
static LAST_SHOOTDOWN: AtomicU64 = AtomicU64::new(0);

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
/// answer, or has a number that no message reaches.
pub fn start(core: usize, has_entered: &AtomicBool, now_ns: impl Fn() -> u64) -> Result<(), Errno> {
    if !apic::reaches(core as u32) {
        return Err(Errno::ENODEV);
    }
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

/// Lets the calling core be one of those that run threads.
pub fn go_online() {
    let percpu = percpu::current();
    ONLINE.insert(percpu.id.get());
    // Who shot down before could not see this core, which has used page tables for a while.
    obey_shootdown();
    percpu.online.store(true, SeqCst);
}

/// Calls `each` for the cores that run threads.
pub fn for_each_online(each: impl FnMut(usize)) {
    ONLINE.for_each(given::nr_cores(), each);
}

/// Makes every other core that runs forget its translations, and waits until they have: those that have their interrupts off
/// because they wait, for this core or for a lock that it holds, look by themselves. The caller has changed the page tables, and has
/// forgotten what it changed.
pub fn shoot_down() {
    let percpu = percpu::current();
    let me = percpu.id.get();
    let number = LAST_SHOOTDOWN.fetch_add(1, SeqCst) + 1;
    // What it has not obeyed before is still to be obeyed.
    let _ = percpu.obeyed.compare_exchange(number - 1, number, SeqCst, SeqCst);
    for_each_online(|core| {
        if core != me {
            apic::send(core as u32, vector::SHOOTDOWN as u32);
        }
    });
    for_each_online(|core| {
        let Some(other) = percpu::of(core).filter(|_| core != me) else { return };
        while other.obeyed.load(SeqCst) < number {
            // Another core may wait for us in the same way.
            obey_shootdown();
            cpu::relax();
        }
    });
}

/// This core's part of [`shoot_down`].
pub fn obey_shootdown() {
    let last = LAST_SHOOTDOWN.load(SeqCst);
    if last == 0 {
        return;
    }
    let obeyed = &percpu::current().obeyed;
    if obeyed.load(SeqCst) < last {
        paging::forget_all();
        // An interrupt may have obeyed a later one meanwhile.
        obeyed.fetch_max(last, SeqCst);
    }
}
