//! From the entry to `main`: the table of contents of the kernel.

#![allow(unsafe_code, reason = "it takes over a machine, or a process, in whatever state that is")]

mod auxiliary;

use alloc::vec::Vec;
use core::ffi::c_char;

use crate::arch::{apic, cpu, gdt, interrupts, percpu, pvh, relocate, segment, trap};
use crate::given::{self, Isle};
use crate::mm::{self, Zeroing};
use crate::platform::{self, vm};
use crate::sched::{self, Priority, Spawn};
use crate::{fatal, fs, image, interrupt, log, signal};
use abi::boot_info::{BootInfo, MAGIC, MAX_CPUS, flag};
use abi::layout::PAGE_SIZE;

/// Stack of the main thread if nobody says how large: what Linux's default limit gives it.
const MAIN_STACK_BYTES: u64 = 8 * 1024 * 1024;

/// Least stack of the main thread: what the kernel and crt0 need on it, and some.
const LEAST_MAIN_STACK_BYTES: u64 = 64 * 1024;

/// Process and uhyve isles: called by `_start` on the boot stack.
///
/// # Safety
/// The entry contract of `abi::boot_info`.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
unsafe extern "C" fn hermit_enter(boot_info: *const BootInfo, cpu: u64, doorbell_context: u64) -> ! {
    // SAFETY: the host gave us the address of a boot info.
    let info = unsafe { &*boot_info };
    if Isle::new(info.isle).is_some_and(Isle::has_ring_0) {
        // SAFETY: ring 0, nothing runs on this core yet. Before IFUNCs are resolved: they ask what is switched on.
        unsafe { cpu::init() };
    }
    if cpu == 0 {
        // SAFETY: nothing has run yet.
        unsafe { relocate::apply() };
    }
    if info.magic != MAGIC || cpu >= MAX_CPUS as u64 {
        // There is no doorbell to complain through: an illegal instruction is all that the host can see.
        // SAFETY: does not return.
        unsafe { core::arch::asm!("ud2", options(noreturn)) }
    }
    if cpu == 0 { start(*info, doorbell_context) } else { start_further(cpu as usize, doorbell_context) }
}

/// qemu isle, or no proxy at all: called by `hermit_pvh` in long mode.
///
/// # Safety
/// `start_info` is what the loader passed; the first 4 GiB are mapped.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
unsafe extern "C" fn hermit_enter_pvh(start_info: u64) -> ! {
    // SAFETY: ring 0, and nothing has run yet.
    unsafe {
        cpu::init();
        cpu::init_vector_state();
        relocate::apply();
    }
    let image_end = image::segments().map(|segment| segment.end()).max().unwrap_or(0);
    // SAFETY: the loader passed its address, and the first 4 GiB are mapped.
    start(unsafe { pvh::boot_info(start_info, image_end) }, 0)
}

/// Brings the kernel up on the boot processor and becomes its idle thread.
#[cfg(panic = "abort")]
fn start(info: BootInfo, doorbell_context: u64) -> ! {
    // SAFETY: the boot processor is alone, and this is the first that it does.
    unsafe { given::init(info) };
    let info = given::info();
    segment::choose(segment_method(info));
    if Isle::new(info.isle).is_none() {
        fatal::panic_text(b"this image does not know the kind of isle that it was started in");
    }
    sched::prepare_first_core();
    start_core_data(0, doorbell_context);
    mm::init(info);
    log!("HermitCore {} on {:?}, {} MiB", env!("CARGO_PKG_VERSION"), given::isle(), mm::statistics().0 >> 20);
    if given::has_ring_0() {
        trap::init_table();
    }
    start_traps(info);
    platform::init_devices();
    sched::init_core();
    fs::init(info);
    start_main(info);
    run()
}

/// VM isles: called by `further_core.s` in long mode, on the stack that [`crate::cores::start`] has prepared.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
extern "C" fn hermit_enter_further_core(core: u64) -> ! {
    // SAFETY: ring 0, nothing runs on this core yet.
    unsafe {
        cpu::init();
        cpu::init_vector_state();
    }
    start_further(core as usize, 0)
}

/// A further core: it has its own data, stack and traps; everything else is there already.
#[cfg(panic = "abort")]
fn start_further(core: usize, doorbell_context: u64) -> ! {
    start_core_data(core, doorbell_context);
    start_traps(given::info());
    sched::init_core();
    log!("core {core} runs");
    run()
}

/// The idle thread of a core that has booted.
#[cfg(panic = "abort")]
fn run() -> ! {
    interrupts::enable();
    sched::run_idle()
}

/// How this isle and this CPU write FS and GS base. In a virtual machine CPUID leaves to the hypervisor, which costs
/// microseconds: not asked where the host has told.
fn segment_method(info: &BootInfo) -> segment::Method {
    match given::has_ring_0() {
        false if info.flags & flag::FSGSBASE != 0 => segment::Method::Instruction,
        false => segment::Method::Host,
        true if cpu::has_fsgsbase() => segment::Method::Instruction,
        true => segment::Method::Msr,
    }
}

/// Per-core data first: every lock looks at it.
fn start_core_data(core: usize, doorbell_context: u64) {
    let percpu = percpu::init(core, doorbell_context);
    // SAFETY: the address comes from `percpu::init` on this core.
    unsafe { segment::set_percpu(percpu, doorbell_context) };
}

/// Exceptions and, in VM isles, page tables, interrupts and their devices.
#[cfg(panic = "abort")]
fn start_traps(info: &BootInfo) {
    let result = if given::has_ring_0() {
        // SAFETY: ring 0, the boot processor, interrupts off, memory up.
        unsafe {
            let core = percpu::current().id.get();
            // First: memory that was unmapped before makes a further core tell the others to forget it, by its APIC.
            apic::init();
            gdt::init(|| mm::allocate(gdt::IST_STACK_BYTES, PAGE_SIZE, Zeroing::NotNeeded))
                .map(|()| trap::load())
                .and_then(|()| match core {
                    0 => vm::init_paging(info, mm::allocate_table),
                    _ => {
                        vm::load_paging();
                        Ok(())
                    }
                })
        }
    } else {
        interrupt::register_with_host()
    };
    if let Err(errno) = result {
        panic!("the isle has too little memory to boot: {errno}");
    }
}

/// Starts the main thread.
fn start_main(info: &BootInfo) {
    let (ignored, blocked) =
        info.inheritance().map_or((0, 0), |inherited| (inherited.ignored_signals, inherited.blocked_signals));
    signal::action::inherit(ignored, blocked);
    let main = Spawn {
        entry: main_thread,
        argument: 0,
        priority: Priority::NORMAL,
        stack_bytes: main_stack_bytes(info, mm::statistics().0),
        core: Some(0),
        inherited: signal::state::inherited(blocked & !signal::UNBLOCKABLE),
    };
    if let Err(errno) = sched::spawn(main) {
        let ram_mib = info.memory_ranges().iter().map(|range| range.len_bytes).sum::<u64>() >> 20;
        panic!("no memory for the main thread in {ram_mib} MiB: {errno}; give the isle more (HERMIT_MEM)");
    }
}

/// Bytes of the main thread's stack where RAM has `ram_bytes`. Large ones are committed as they are touched, but nobody else
/// can use their addresses.
fn main_stack_bytes(info: &BootInfo, ram_bytes: u64) -> u64 {
    let wanted = info.inheritance().map_or(MAIN_STACK_BYTES, |inherited| inherited.stack_bytes);
    let most = match wanted {
        u64::MAX => ram_bytes / 4,
        ..=MAIN_STACK_BYTES => ram_bytes / 8,
        _ => ram_bytes / 2,
    };
    wanted.clamp(LEAST_MAIN_STACK_BYTES, most.max(LEAST_MAIN_STACK_BYTES))
}

#[cfg(panic = "abort")]
unsafe extern "C" {
    /// crt0's: constructors, `main`, `exit`.
    fn runtime_entry(argc: i32, argv: *mut *mut c_char, envp: *mut *mut c_char) -> !;
}

#[cfg(panic = "abort")]
extern "C" fn main_thread(_: usize) {
    let arguments = &given::info().arguments;
    let argc = arguments.argc as usize;
    let mut strings =
        split_strings(arguments.strings, arguments.strings_len_bytes, argc, arguments.envc as usize);
    name_main_thread(strings[0]);
    strings.extend(auxiliary::vector(strings[0] as u64).map(|word| word as *mut c_char));
    // The program keeps these to its end.
    let argv = strings.as_mut_ptr();
    core::mem::forget(strings);
    log!("entering main with {argc} arguments");
    // SAFETY: `split_strings` made argc + 1 + envc + 1 entries, behind which the auxiliary vector is, as on Linux; crt0 takes them
    // over.
    unsafe { runtime_entry(argc as i32, argv, argv.add(argc + 1)) }
}

#[cfg(not(panic = "abort"))]
extern "C" fn main_thread(_: usize) {}

/// As on Linux the main thread, and with it those that it starts, is called like the program's file.
#[cfg(panic = "abort")]
fn name_main_thread(path: *const c_char) {
    if path.is_null() {
        return;
    }
    // SAFETY: a string of the boot info's, which `split_strings` found to end with a NUL.
    let path = unsafe { core::ffi::CStr::from_ptr(path) }.to_bytes();
    sched::current().name.set_start_of(path.rsplit(|&byte| byte == b'/').next().unwrap_or(path));
}

/// Pointers to the flattened strings: arguments, NULL, environment, NULL. Strings that are missing are left out.
fn split_strings(start: u64, len_bytes: u64, argc: usize, envc: usize) -> Vec<*mut c_char> {
    let mut pointers = Vec::with_capacity(argc + envc + 2);
    let mut next = start;
    let end = start + len_bytes;
    for count in [argc, envc] {
        for _ in 0..count {
            if next >= end {
                break;
            }
            pointers.push(next as *mut c_char);
            // SAFETY: within the strings, the last of which ends with a NUL.
            let string = unsafe { core::ffi::CStr::from_ptr(next as *const c_char) };
            next += string.count_bytes() as u64 + 1;
        }
        pointers.push(core::ptr::null_mut());
    }
    pointers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_stack_is_as_large_as_wanted_and_sensible() {
        let bytes = |flags, stack_bytes| {
            let mut info = BootInfo::new(abi::boot_info::isle::PROCESS);
            (info.flags, info.inherited.stack_bytes) = (flags, stack_bytes);
            main_stack_bytes(&info, 1 << 30)
        };
        assert_eq!(bytes(0, 0), MAIN_STACK_BYTES);
        let stacks = [1, 8 << 20, 100 << 20, 3 << 30, u64::MAX].map(|wanted| bytes(flag::INHERITS, wanted));
        assert_eq!(stacks, [LEAST_MAIN_STACK_BYTES, 8 << 20, 100 << 20, 512 << 20, 256 << 20]);
    }

    #[test]
    fn strings_become_argv_and_envp() {
        let strings = b"prog\0a b\0\0HOME=/\0";
        let start = strings.as_ptr() as u64;
        let pointers = split_strings(start, strings.len() as u64, 3, 1);
        let offsets: Vec<_> = pointers.iter().map(|p| (!p.is_null()).then(|| *p as u64 - start)).collect();
        assert_eq!(offsets, [Some(0), Some(5), Some(9), None, Some(10), None]);
    }

    #[test]
    fn missing_strings_are_left_out() {
        let strings = b"prog\0";
        let pointers = split_strings(strings.as_ptr() as u64, 5, 2, 7);
        assert_eq!(pointers.iter().filter(|p| p.is_null()).count(), 2);
        assert_eq!(pointers.len(), 3);
    }
}
