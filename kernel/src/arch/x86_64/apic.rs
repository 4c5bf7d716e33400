//! The local APIC of this core (VM isles): end of interrupt and the one-shot timer.
//!
//! x2APIC where the CPU has it, else the memory-mapped registers. The timer is given a deadline of the TSC where the CPU has
//! that; else it counts down from a value in ticks of the APIC's own clock, whose frequency nobody tells.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::look::Look;
use super::{cpu, interrupts};
use abi::trap::vector;

const IA32_APIC_BASE: u32 = 0x1b;
const APIC_BASE_ENABLE: u64 = 1 << 11;
const APIC_BASE_X2APIC: u64 = 1 << 10;
/// Interrupts when the TSC reaches the value.
const IA32_TSC_DEADLINE: u32 = 0x6e0;
/// CPUID.1:ECX.x2APIC.
const CPUID1_ECX_X2APIC: u32 = 1 << 21;
/// CPUID.1:ECX.TSC_DEADLINE.
const CPUID1_ECX_TSC_DEADLINE: u32 = 1 << 24;

/// Address of the memory-mapped registers after reset; nobody moves them.
const MMIO_BASE: u64 = 0xfee0_0000;
/// First MSR of the x2APIC; register offset / 16 is added.
const X2APIC_BASE: u32 = 0x800;

/// Registers (SDM vol. 3, table 11-1).
#[derive(Clone, Copy)]
#[repr(u32)]
enum Register {
    Id = 0x20,
    TaskPriority = 0x80,
    EndOfInterrupt = 0xb0,
    Spurious = 0xf0,
    Command = 0x300,
    CommandHigh = 0x310,
    TimerVector = 0x320,
    Lint0 = 0x350,
    Lint1 = 0x360,
    TimerInitial = 0x380,
    TimerCurrent = 0x390,
    TimerDivide = 0x3e0,
}

const SPURIOUS_ENABLE: u32 = 1 << 8;
const MASKED: u32 = 1 << 16;
/// Timer mode in the timer's vector register (SDM vol. 3, figure 10-8).
const TIMER_BY_DEADLINE: u32 = 0b10 << 17;
/// Timer divider 1 (SDM vol. 3, figure 11-10).
const DIVIDE_BY_1: u32 = 0b1011;

static X2APIC: AtomicBool = AtomicBool::new(false);
static BY_DEADLINE: AtomicBool = AtomicBool::new(false);
/// Whether this isle has an APIC at all: false in the process isle.
static PRESENT: AtomicBool = AtomicBool::new(false);

/// Switches this core's APIC on, with timer and pins masked.
///
/// # Safety
/// Ring 0, once per core; the APIC's page is mapped (boot tables map it, too).
pub unsafe fn init() {
    // SAFETY: every x86-64 CPU has the register.
    let mut base = unsafe { cpu::read_msr(IA32_APIC_BASE) } | APIC_BASE_ENABLE;
    let features = cpu::leaf_1_ecx();
    if features & CPUID1_ECX_X2APIC != 0 {
        base |= APIC_BASE_X2APIC;
        X2APIC.store(true, Relaxed);
    }
    // SAFETY: enabling is the transition that SDM vol. 3, 11.12.5 allows from here.
    unsafe { cpu::write_msr(IA32_APIC_BASE, base) };
    PRESENT.store(true, Relaxed);
    write(Register::TaskPriority, 0);
    write(Register::Lint0, MASKED);
    write(Register::Lint1, MASKED);
    write(Register::Spurious, SPURIOUS_ENABLE | vector::SPURIOUS as u32);
    // After that: an APIC that is off masks what is written to its vectors (SDM vol. 3, 10.4.7.2).
    //
    // Without x2APIC the writes to vector and deadline would have to be fenced from each other (SDM vol. 3, 10.5.4.1).
    if features & CPUID1_ECX_TSC_DEADLINE != 0 && X2APIC.load(Relaxed) {
        BY_DEADLINE.store(true, Relaxed);
        write(Register::TimerVector, TIMER_BY_DEADLINE | vector::TIMER as u32);
    } else {
        write(Register::TimerVector, MASKED | vector::TIMER as u32);
        write(Register::TimerDivide, DIVIDE_BY_1);
    }
}

/// Identity of this core's APIC, as the I/O APIC addresses it.
pub fn id() -> u32 {
    let id = read(Register::Id);
    if X2APIC.load(Relaxed) { id } else { id >> 24 }
}

/// Tells the APIC that the interrupt was handled.
pub fn end_of_interrupt() {
    if PRESENT.load(Relaxed) {
        write(Register::EndOfInterrupt, 0);
    }
}

/// Whether there can be a core whose APIC is `target`: without x2APIC an identity has eight bits, and all of them set means everybody.
pub fn reaches(target: u32) -> bool {
    X2APIC.load(Relaxed) || target < 0xff
}

/// Interrupts the core whose APIC is `target`.
pub fn send(target: u32, vector: u32) {
    command(target, vector);
}

/// Resets another core: INIT, edge-triggered.
pub fn send_init(target: u32) {
    command(target, COMMAND_INIT | COMMAND_ASSERT);
}

/// Starts another core in real mode at `page` * 4096.
pub fn send_startup(target: u32, page: u32) {
    command(target, COMMAND_STARTUP | COMMAND_ASSERT | page);
}

/// Delivery modes and level of the interrupt command register (SDM vol. 3, figure 11-12).
const COMMAND_INIT: u32 = 0b101 << 8;
const COMMAND_STARTUP: u32 = 0b110 << 8;
const COMMAND_ASSERT: u32 = 1 << 14;
const COMMAND_BUSY: u32 = 1 << 12;

fn command(target: u32, low: u32) {
    if X2APIC.load(Relaxed) {
        write_x2apic(Register::Command, (target as u64) << 32 | low as u64);
        return;
    }
    // The two halves belong together: no interrupt of this core's may send another one between them.
    let before = interrupts::disable();
    write(Register::CommandHigh, target << 24);
    write(Register::Command, low);
    while read(Register::Command) & COMMAND_BUSY != 0 {
        core::hint::spin_loop();
    }
    interrupts::restore(before);
}

/// Whether the timer is given a deadline of the time-stamp counter, by [`set_deadline`], rather than a time to [`count_down`].
pub fn takes_deadlines() -> bool {
    BY_DEADLINE.load(Relaxed)
}

/// Lets the timer of this core interrupt once, when the time-stamp counter reaches `deadline`.
pub fn set_deadline(deadline: u64) {
    // 0 would switch it off.
    let deadline = deadline.max(1);
    // SAFETY: CPUID reports the register, the timer is in this mode, and its vector has a handler.
    unsafe { cpu::write_msr(IA32_TSC_DEADLINE, deadline) };
}

/// Lets the timer of this core interrupt once, in so many ticks of its own.
pub fn count_down(ticks: u32) {
    write(Register::TimerVector, vector::TIMER as u32);
    write(Register::TimerInitial, ticks);
}

/// Ticks of the timer of this core per second: what it counts in `len_ns` of the clock `now_ns`.
///
/// The host may stop this core at any point, for longer than the measurement itself: a look at the counter that was interrupted
/// is taken again.
pub fn measure_timer_hz(len_ns: u64, now_ns: impl Fn() -> u64) -> u64 {
    write(Register::TimerVector, MASKED | vector::TIMER as u32);
    write(Register::TimerInitial, u32::MAX);
    let look = || Look::take(&now_ns, || (u32::MAX - read(Register::TimerCurrent)).into(), len_ns / 100);
    let first = look();
    while now_ns() - first.at < len_ns {
        core::hint::spin_loop();
    }
    let (ticks, elapsed_ns) = look().since(&first);
    (ticks as u128 * 1_000_000_000 / elapsed_ns as u128).max(1) as u64
}

fn read(register: Register) -> u32 {
    if X2APIC.load(Relaxed) {
        // SAFETY: x2APIC is on, and the register exists in it.
        return unsafe { cpu::read_msr(X2APIC_BASE + register as u32 / 16) } as u32;
    }
    // SAFETY: the page is mapped uncached by `paging`, and the registers are 32 bits wide.
    unsafe { ((MMIO_BASE + register as u64) as *const u32).read_volatile() }
}

/// Where x2APIC is on.
fn write_x2apic(register: Register, value: u64) {
    // SAFETY: the register exists there, and none of them affects memory; what interrupts has a handler on every core.
    unsafe { cpu::write_msr(X2APIC_BASE + register as u32 / 16, value) };
}

fn write(register: Register, value: u32) {
    if X2APIC.load(Relaxed) {
        write_x2apic(register, value as u64);
        return;
    }
    // SAFETY: the page is mapped uncached by `paging`, the registers are 32 bits wide, and none of them affects memory.
    unsafe { ((MMIO_BASE + register as u64) as *mut u32).write_volatile(value) };
}
