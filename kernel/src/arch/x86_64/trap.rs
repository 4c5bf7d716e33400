//! Exceptions and interrupts: from the CPU (VM isles) or from the host's signals (process isle) to one function.
//!
//! [`hermit_trap`] sees the same [`TrapFrame`] in every isle. What it changes there is what the interrupted code finds.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::gdt::{CODE_SELECTOR, IST_EMERGENCY, IST_EXCEPTION, IST_INTERRUPT, TablePointer};
use super::interrupts::{Before, INTERRUPT_FLAG};
use super::{apic, cpu, interrupts, percpu, segment, smp, user_copy};
use crate::signal::frame;
use crate::signal::queue::Sent;
use crate::signal::{self, Signal};
use crate::{fatal, hypercall, platform, sched};
use abi::c;
use abi::errno::Errno;
use abi::hypercall::Number;
use abi::trap::{TrapFrame, vector};

#[cfg(panic = "abort")]
core::arch::global_asm!(include_str!("trap.s"), options(att_syntax, raw));

// What trap.s uses of a core's data, through GS.
#[cfg(panic = "abort")]
core::arch::global_asm!(
    ".global hermit_percpu_interrupts_on, hermit_percpu_pending",
    ".set hermit_percpu_interrupts_on, {}",
    ".set hermit_percpu_pending, {}",
    const percpu::INTERRUPTS_ON_OFFSET,
    const percpu::PENDING_OFFSET,
);

#[cfg(panic = "abort")]
unsafe extern "C" {
    static hermit_trap_stubs: [u64; 256];
}

/// Bytes that the stubs reserve for the vector state, 0: FXSAVE.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that trap.s uses")]
static hermit_trap_xsave_bytes: AtomicU32 = AtomicU32::new(0);

/// Components of the vector state that are saved.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that trap.s uses")]
static hermit_trap_xsave_mask: AtomicU32 = AtomicU32::new(0);

/// An interrupt gate (SDM vol. 3, figure 6-8).
#[derive(Clone, Copy)]
#[repr(C)]
struct Gate {
    low: u64,
    high: u64,
}

#[repr(C, align(16))]
struct Idt(UnsafeCell<[Gate; 256]>);

// SAFETY: written once by the boot processor before it is loaded anywhere, then read by CPUs only.
unsafe impl Sync for Idt {}

static IDT: Idt = Idt(UnsafeCell::new([Gate { low: 0, high: 0 }; 256]));

impl Gate {
    /// A present 64-bit interrupt gate to `handler` on stack `ist`.
    const fn new(handler: u64, ist: u8) -> Self {
        let low = (handler & 0xffff)
            | (CODE_SELECTOR as u64) << 16
            | (ist as u64) << 32
            | 0x8e << 40
            | (handler >> 16 & 0xffff) << 48;
        Self { low, high: handler >> 32 }
    }
}

/// Measures the vector state, once, before it is first saved.
fn measure_vector_state() {
    if hermit_trap_xsave_mask.load(Relaxed) == 0 {
        let (mask, bytes) = cpu::vector_state();
        hermit_trap_xsave_bytes.store(bytes, Relaxed);
        hermit_trap_xsave_mask.store(mask, Relaxed);
    }
}

/// VM isles: fills the table, on the boot processor; every core then calls [`load`].
#[cfg(panic = "abort")]
pub fn init_table() {
    measure_vector_state();
    // SAFETY: the assembly defines 256 addresses.
    for (number, &stub) in unsafe { hermit_trap_stubs }.iter().enumerate() {
        let ist = match number as u64 {
            vector::NMI | vector::DOUBLE_FAULT | vector::MACHINE_CHECK => IST_EMERGENCY,
            0..vector::NR_EXCEPTIONS => IST_EXCEPTION,
            _ => IST_INTERRUPT,
        };
        // SAFETY: the table is not loaded yet.
        unsafe { (*IDT.0.get())[number] = Gate::new(stub, ist) };
    }
}

/// VM isles: loads the table on this core.
///
/// # Safety
/// Ring 0, after `init_table` and `gdt::init`.
pub unsafe fn load() {
    let pointer = TablePointer { limit: size_of::<[Gate; 256]>() as u16 - 1, base: IDT.0.get() as u64 };
    // SAFETY: the table is complete and static.
    unsafe { core::arch::asm!("lidt [{}]", in(reg) &raw const pointer, options(nostack, preserves_flags)) };
}

/// Process isle: asks the host to call [`hermit_trap`] on this core for CPU exceptions and interrupts.
pub fn register_with_host() -> Result<(), Errno> {
    let entry: extern "C" fn(&mut TrapFrame) = hermit_trap;
    let pending = core::ptr::from_ref(&percpu::current().pending) as u64;
    hypercall::call(Number::SetTrapEntry, [entry as usize as u64, pending, 0, 0, 0, 0]).map(|_| ())
}

/// Where the stubs and the host's signal handlers arrive.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_trap(frame: &mut TrapFrame) {
    if frame.vector == vector::PAGE_FAULT && !platform::is_process() {
        frame.fault_address = read_cr2();
    }
    if frame.vector < vector::NR_EXCEPTIONS {
        return exception(frame);
    }
    let nr_interrupts = &percpu::current().nr_interrupts;
    nr_interrupts.set(nr_interrupts.get() + 1);
    if frame.vector == vector::HOST_SIGNAL
        && let Ok(signal) = Signal::new(frame.error_code as i32)
    {
        percpu::current().host_signals.fetch_or(signal.bit(), Relaxed);
    }
    if platform::is_process() {
        return host_interrupt(frame);
    }
    if frame.rip == assembly::address(assembly::Label::Halts) {
        // It is what this core was about to wait for.
        frame.rip = assembly::address(assembly::Label::Halted);
    }
    interrupt(frame.vector);
    take_consequences(frame);
}

/// Process isle: the CPU's flag is not ours, so "off" is a flag of the core.
fn host_interrupt(frame: &mut TrapFrame) {
    let percpu = percpu::current();
    let detour_ends = detour_ends(frame.rip);
    if !interrupts::are_on() || detour_ends {
        // The kernel is busy; it looks when it switches interrupts on.
        percpu.pending.fetch_or(1 << (frame.vector - vector::NR_EXCEPTIONS), Relaxed);
        if detour_ends {
            // It has looked already. Nothing that it saved has been overwritten.
            frame.rbp = sched::current().detour.get();
            frame.rip = assembly::address(assembly::Label::DetourAgain);
            percpu.interrupts_on.store(false, Relaxed);
        }
        return;
    }
    // As in VM isles: nothing that is called here serves other interrupts, and above all nothing switches, on this stack.
    percpu.interrupts_on.store(false, Relaxed);
    interrupt(frame.vector);
    if !take_consequences(frame) {
        percpu.interrupts_on.store(true, Relaxed);
    }
}

/// After an interrupt: whether the interrupted thread has to do something first, which it does on a [`detour`].
fn take_consequences(frame: &mut TrapFrame) -> bool {
    let signal = signal::is_pending() && !in_kernel(frame.rip);
    if (signal || sched::wants_core()) && detour(frame, None) {
        return true;
    }
    if sched::wants_core() {
        // There was no room on the stack.
        sched::look_again_soon();
    }
    look_for_signals();
    false
}

/// Whether code at `address` is not the program's, so that no handler must run: the kernel's own, what it calls of the C
/// library, or outside of the image, where in the process isle the doorbell is.
#[cfg(panic = "abort")]
fn in_kernel(address: u64) -> bool {
    unsafe extern "C" {
        static __ehdr_start: u8;
        static __kernel_text_start: u8;
        static __kernel_text_end: u8;
        static etext: u8;
    }
    let image = &raw const __ehdr_start as u64..&raw const etext as u64;
    let kernel = &raw const __kernel_text_start as u64..&raw const __kernel_text_end as u64;
    !image.contains(&address) || kernel.contains(&address)
}

#[cfg(not(panic = "abort"))]
fn in_kernel(_: u64) -> bool {
    false
}

/// An exception of the CPU's: for the program's handler, if it has one and can take it now.
fn exception(frame: &mut TrapFrame) {
    if frame.vector == vector::NMI {
        return;
    }
    if let Some(resume) = user_copy::resume_address(frame.rip) {
        // An address of the program's was none: the system call says so.
        frame.rip = resume;
        return;
    }
    let Some((info, on_alternate)) = fatal::signal_for(frame) else { fatal::exception(frame) };
    let Some(task) = sched::try_current().filter(|task| task.id != 0) else { fatal::exception(frame) };
    let alternate = if on_alternate { task.signals.alternate_stack_top(frame.rsp) } else { None };
    task.signals.set_fault(info);
    if !detour(frame, alternate) {
        fatal::exception(frame);
    }
}

/// Serves one interrupt, with interrupts off (VM isles) or on the core's signal stack (process isle).
fn interrupt(number: u64) {
    match number {
        vector::SPURIOUS => return,
        vector::ANSWER => platform::answer_interrupt(),
        vector::TIMER => sched::timer_interrupt(),
        vector::SHOOTDOWN => smp::obey_shootdown(),
        // Being interrupted is the message: `sched::wants_core` finds the reason.
        vector::WAKEUP => {}
        vector::HOST_SIGNAL => post_host_signals(),
        other => crate::log!("unexpected interrupt vector {other}"),
    }
    apic::end_of_interrupt();
}

/// Process isle: serves interrupts that came while they were off or while the core was in the host: bit `vector` - 32. Called
/// with interrupts off, on a thread's stack.
pub fn serve(mut interrupts: u64) {
    while interrupts != 0 {
        interrupt(vector::NR_EXCEPTIONS + interrupts.trailing_zeros() as u64);
        interrupts &= interrupts - 1;
    }
    sched::give_way_without_interrupts();
}

/// Inside of the kernel, which delivers signals when a system call ends, in case that the running thread was past that already.
pub fn look_for_signals() {
    if signal::is_pending() {
        sched::look_again_soon();
    }
}

/// Bytes below the stack pointer that belong to the interrupted function (psABI 3.2.2).
const RED_ZONE_BYTES: u64 = 128;

/// What a detour needs on the thread's stack: frame, vector state, scheduler.
const DETOUR_STACK_BYTES: u64 = 8192;

/// Makes the interrupted thread continue in `hermit_detour` with interrupts off, on its own stack or on the one that ends at
/// `stack_top`, and then where it was. False if there is no room on its stack.
///
/// On a detour interrupts are on only while handlers of the program's run, so that detours do not pile up on a stack however
/// fast interrupts come.
fn detour(frame: &mut TrapFrame, stack_top: Option<u64>) -> bool {
    measure_vector_state();
    let (cs, ss) = segment::selectors();
    let mut rflags = frame.rflags & !INTERRUPT_FLAG;
    if !platform::is_process() {
        rflags = frame.rflags;
    } else if frame.vector >= vector::NR_EXCEPTIONS || interrupts::are_on() {
        // The interrupt's handler has switched them off itself.
        rflags |= INTERRUPT_FLAG;
    }
    let end_of_frame =
        [frame.vector, frame.error_code, frame.rip, cs, rflags, frame.rsp, ss, frame.fault_address];
    let top = stack_top.unwrap_or(frame.rsp - RED_ZONE_BYTES);
    let stack = top - size_of_val(&end_of_frame) as u64;
    if !sched::has_stack(stack, DETOUR_STACK_BYTES) {
        return false;
    }
    // SAFETY: below the red zone the stack belongs to whoever interrupts, and there is room as was just checked.
    unsafe { (stack as *mut [u64; 8]).write_unaligned(end_of_frame) };
    frame.rsp = stack;
    frame.rip = assembly::address(assembly::Label::Detour);
    if platform::is_process() {
        percpu::current().interrupts_on.store(false, Relaxed);
    } else {
        frame.rflags &= !INTERRUPT_FLAG;
    }
    true
}

/// The rest of the detour, on the thread's stack with interrupts off: deliver what is pending, give way if need be. The assembly
/// switches interrupts on as it leaves.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_detour(frame: &mut TrapFrame) {
    let before = match frame.rflags & INTERRUPT_FLAG {
        0 => Before::Off,
        _ => Before::On,
    };
    if let Some(fault) = sched::current().signals.take_fault() {
        // SAFETY: `detour` has put the address behind the frame.
        frame.fault_address = unsafe { core::ptr::from_ref(frame).add(1).cast::<u64>().read_unaligned() };
        interrupts::restore(before);
        signal::deliver::one(fault, Some(frame));
        interrupts::disable();
    }
    hermit_on_detour_again(frame);
}

/// The same without what the CPU found wrong.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
extern "C" fn hermit_on_detour_again(frame: &mut TrapFrame) {
    loop {
        serve(percpu::current().pending.swap(0, Relaxed));
        if !signal::is_pending() {
            break;
        }
        if in_kernel(frame.rip) {
            look_for_signals();
            break;
        }
        // The program's own code was interrupted: it had them on.
        interrupts::enable();
        signal::deliver::pending(Some(frame));
        interrupts::disable();
    }
    sched::current().detour.set(core::ptr::from_ref(frame) as u64);
}

/// The host's user has sent signals, for instance with Ctrl-C.
fn post_host_signals() {
    let mut signals = percpu::current().host_signals.swap(0, Relaxed) | platform::host_signals();
    while let Some(signal) = Signal::lowest(signals) {
        signals &= !signal.bit();
        signal::post_to_isle(Sent::once(frame::info(signal, c::SI_USER, &[])));
    }
}

/// Whether code at `address` is the end of a detour, which is about to leave with interrupts on.
fn detour_ends(address: u64) -> bool {
    use assembly::{Label, address as of};
    (of(Label::DetourEnds)..of(Label::DetourEnded)).contains(&address)
}

/// Places in `trap.s`.
mod assembly {
    /// Their names.
    #[derive(Clone, Copy)]
    pub enum Label {
        Detour,
        DetourAgain,
        DetourEnds,
        DetourEnded,
        Halts,
        Halted,
    }

    #[cfg(panic = "abort")]
    pub fn address(label: Label) -> u64 {
        unsafe extern "C" {
            fn hermit_detour();
            fn hermit_detour_again();
            fn hermit_detour_ends();
            fn hermit_detour_ended();
            fn hermit_halts();
            fn hermit_halted();
        }
        let label: unsafe extern "C" fn() = match label {
            Label::Detour => hermit_detour,
            Label::DetourAgain => hermit_detour_again,
            Label::DetourEnds => hermit_detour_ends,
            Label::DetourEnded => hermit_detour_ended,
            Label::Halts => hermit_halts,
            Label::Halted => hermit_halted,
        };
        label as *const () as u64
    }

    #[cfg(not(panic = "abort"))]
    pub fn address(_: Label) -> u64 {
        0
    }
}

/// The address whose access faulted.
fn read_cr2() -> u64 {
    let address;
    // SAFETY: ring 0, reading.
    unsafe { core::arch::asm!("mov {}, cr2", out(reg) address, options(nomem, nostack, preserves_flags)) };
    address
}

const _: () = assert!(
    core::mem::offset_of!(TrapFrame, vector) == 17 * 8
        && core::mem::offset_of!(TrapFrame, r15) == 16
        && core::mem::offset_of!(TrapFrame, rflags) == 168
);

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn gate_holds_handler_and_stack() {
        let gate = Gate::new(0x1122_3344_5566_7788, 2);
        assert_eq!(gate.low, 0x5566_8e02_0008_7788);
        assert_eq!(gate.high, 0x1122_3344);
    }
}
