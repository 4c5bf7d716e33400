//! The data of one core, reached through GS.
//!
//! GS base holds the address of the core's [`PerCpu`], whose first word is that address again, so that one load finds
//! it. Everything in it belongs to its core: other cores touch only the fields that are atomic. It is the beginning of something
//! larger, which the scheduler adds to it.

use core::arch::asm;
use core::cell::Cell;
use core::mem::offset_of;
use core::sync::atomic::{AtomicBool, AtomicU64};

unsafe extern "Rust" {
    /// The data of core `id`, for those parts that other cores may use. Filled by the scheduler, which has all of it.
    safe fn hermit_percpu_of(id: usize) -> Option<&'static PerCpu>;
}

/// What the CPU's half of the kernel keeps for one core.
#[repr(C)]
pub struct PerCpu {
    /// Address of this structure: what `mov rax, gs:0` reads.
    this: Cell<usize>,
    /// Number of this core.
    pub id: Cell<usize>,
    /// Where the stack ends that it boots on, once somebody starts it; `_start` looks here. Nothing for core 0.
    pub boot_stack: AtomicU64,
    /// Process isle: whether interrupts are on (a flag, not a system call). VM isles use the CPU's.
    pub interrupts_on: AtomicBool,
    /// Process isle: interrupts that came while they were off or while the core was in the host: bit `vector` - 32.
    pub pending: AtomicU64,
    /// Process isle: signals of the host's user that have come to this core: bit number - 1.
    pub host_signals: AtomicU64,
    /// The core has booted and runs threads.
    pub online: AtomicBool,
    /// Number of the last shootdown that this core has obeyed.
    pub obeyed: AtomicU64,
    /// Interrupts that this core has taken since it booted, exceptions left out.
    pub nr_interrupts: Cell<u64>,
    /// What the process isle's doorbell wants as its first argument.
    pub doorbell_context: Cell<u64>,
}

impl PerCpu {
    /// Of a core that has not booted.
    pub const fn new() -> Self {
        Self {
            this: Cell::new(0),
            id: Cell::new(0),
            boot_stack: AtomicU64::new(0),
            interrupts_on: AtomicBool::new(false),
            pending: AtomicU64::new(0),
            host_signals: AtomicU64::new(0),
            online: AtomicBool::new(false),
            obeyed: AtomicU64::new(0),
            nr_interrupts: Cell::new(0),
            doorbell_context: Cell::new(0),
        }
    }
}

/// For debuggers: where things are in a [`PerCpu`].
pub const ONLINE_OFFSET: u64 = offset_of!(PerCpu, online) as u64;
/// As above.
pub const DOORBELL_CONTEXT_OFFSET: u64 = offset_of!(PerCpu, doorbell_context) as u64;

/// For the assembly that leaves the trampoline.
pub const INTERRUPTS_ON_OFFSET: usize = offset_of!(PerCpu, interrupts_on);
/// As above.
pub const PENDING_OFFSET: usize = offset_of!(PerCpu, pending);

/// For the assembly that further cores enter by.
pub const BOOT_STACK_OFFSET: usize = offset_of!(PerCpu, boot_stack);

/// The data of core `id`, if it has been prepared.
pub fn of(id: usize) -> Option<&'static PerCpu> {
    hermit_percpu_of(id)
}

/// Prepares the data of core `id` and returns its address, which GS base must then hold.
///
/// Call once on that core, before anything calls [`current`].
pub fn init(id: usize, doorbell_context: u64) -> u64 {
    let percpu = of(id).expect("a core is prepared before it starts");
    percpu.this.set(core::ptr::from_ref(percpu) as usize);
    percpu.id.set(id);
    percpu.doorbell_context.set(doorbell_context);
    core::ptr::from_ref(percpu) as u64
}

/// The data of the core that executes this. Threads never migrate, so the reference stays right.
#[inline]
pub fn current() -> &'static PerCpu {
    // SAFETY: see `current_address`; the data stays for ever, and only shared references to it are made.
    unsafe { &*current_address() }
}

/// Its address, for the scheduler, whose own data follows.
#[inline]
pub fn current_address() -> *const PerCpu {
    const { assert!(offset_of!(PerCpu, this) == 0) };
    let this: *const PerCpu;
    // SAFETY: `init` stored the address at offset 0 and GS base points there from the entry of the core on.
    unsafe { asm!("mov {}, gs:0", out(reg) this, options(nostack, preserves_flags, readonly, pure)) };
    this
}
