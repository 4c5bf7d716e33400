//! What virtual machines have in common: ring 0, and a local APIC for each core.

#![allow(unsafe_code, reason = "page tables, other cores, and the end of the machine")]

use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::arch::paging::{self, PageSource, Tables};
use crate::arch::{apic, interrupts, percpu, smp, tsc};
use crate::image::Protection;
use crate::lock::SpinLock;
use crate::time;
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::layout::{AP_START, PAGE_SIZE};
use abi::trap::vector;

/// The page tables, from [`init_paging`] on.
static TABLES: SpinLock<Option<Tables>> = SpinLock::new(None);

/// One core is started at a time: they share the code page and its words.
static STARTING: SpinLock<()> = SpinLock::new(());

/// Frequency of local APICs' timers in Hz; 0 until measured, the first time that somebody wants to sleep.
static TIMER_HZ: AtomicU64 = AtomicU64::new(0);

/// How long the timer's frequency is measured, in nanoseconds.
const CALIBRATION_NS: u64 = 500_000;

/// Builds the final page tables, of pages from `new_page`, and loads them on this core.
///
/// # Safety
/// Ring 0, on the boot processor, while everything used so far is identity-mapped; `boot` describes this
/// machine.
pub unsafe fn init_paging(boot: &BootInfo, new_page: PageSource) -> Result<(), Errno> {
    let tables = Tables::of(boot, new_page)?;
    let root = tables.root();
    *TABLES.lock() = Some(tables);
    // SAFETY: everything that is in use (image, stacks within it, RAM, devices) is mapped at the same
    // addresses.
    unsafe { paging::load(root) };
    Ok(())
}

/// Loads the final page tables on a further core.
///
/// # Safety
/// Ring 0; the core uses nothing but what the tables map.
pub unsafe fn load_paging() {
    // SAFETY: as the caller says.
    unsafe { paging::load(root()) };
}

/// Address of the final page tables; 0 before [`init_paging`].
fn root() -> u64 {
    TABLES.lock().as_ref().map_or(0, Tables::root)
}

/// Sleeps until an interrupt; if there is a deadline, the timer is one, by [`set_timer`].
pub fn idle(deadline_ns: Option<u64>) {
    if deadline_ns.is_none_or(|deadline| deadline > time::monotonic_ns()) {
        interrupts::wait();
    }
}

/// Lets the local APIC's timer interrupt then, or (if that is later than its counter can hold) earlier.
pub fn set_timer(deadline_ns: u64) {
    let delay_ns = deadline_ns.saturating_sub(time::monotonic_ns());
    if apic::takes_deadlines() {
        return apic::set_deadline(tsc::now().saturating_add(time::ticks(delay_ns)));
    }
    let ticks = delay_ns as u128 * timer_hz() as u128 / 1_000_000_000;
    apic::count_down(ticks.clamp(1, u32::MAX as u128) as u32);
}

fn timer_hz() -> u64 {
    let known = TIMER_HZ.load(Relaxed);
    if known != 0 {
        return known;
    }
    let hz = apic::measure_timer_hz(CALIBRATION_NS, time::monotonic_ns);
    TIMER_HZ.store(hz, Relaxed);
    hz
}

/// Starts a further core as a PC does.
pub fn start_core(core: usize, stack_top: u64) -> Result<(), Errno> {
    let has_entered = &percpu::of(core).ok_or(Errno::EINVAL)?.online;
    let _alone = STARTING.lock();
    protect_here(AP_START, PAGE_SIZE, Protection::ReadWrite)?;
    // SAFETY: the page is RAM below 1 MiB that the kernel reserves for this; it is mapped, and the lock is
    // held.
    unsafe { smp::write_start_code(root(), stack_top, core) };
    protect_here(AP_START, PAGE_SIZE, Protection::ReadExecute)?;
    let started = smp::start(core, has_entered, time::monotonic_ns);
    protect_here(AP_START, PAGE_SIZE, Protection::None)?;
    started
}

/// Interrupts another core.
pub fn kick(core: usize) {
    apic::send(core as u32, vector::WAKEUP as u32);
}

/// Changes the page tables, and makes every core forget old translations.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    protect_here(start, len_bytes, protection)?;
    smp::shoot_down();
    Ok(())
}

/// Looks at the page tables.
pub fn accessible_bytes(start: u64, len_bytes: u64, for_writing: bool) -> u64 {
    TABLES.lock().as_ref().map_or(len_bytes, |tables| tables.accessible_bytes(start, len_bytes, for_writing))
}

/// [`protect`] for pages that no other core uses.
fn protect_here(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    TABLES.lock().as_mut().ok_or(Errno::EINVAL)?.protect(start, len_bytes, protection)
}

/// Stops the machine by a triple fault: virtual machines end (or, without `-no-reboot`, start again).
pub fn stop() -> ! {
    let nowhere = [0u8; 10];
    // SAFETY: an empty interrupt table makes the breakpoint a triple fault, which is the aim.
    unsafe {
        asm!("cli", "lidt [{}]", "int3", "2: hlt", "jmp 2b", in(reg) &raw const nowhere, options(noreturn))
    }
}
