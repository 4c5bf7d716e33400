//! The uhyve isle: our own hypervisor on Linux's KVM. No firmware, no devices; the image starts in 64-bit
//! mode.
//!
//! Guest RAM is memory of the proxy, so requests and buffers are served in place; one port write rings. Every
//! vCPU is a thread. What needs interrupts (timers, other vCPUs, answers that took long) comes through the
//! local APICs that KVM emulates.
//!
//! | module | what it does |
//! |---|---|
//! | [`probe`] | whether KVM really works here |
//! | [`machine`] | the virtual machine as KVM sees it |
//! | [`cpuid`] | what the CPU tells of itself |
//! | [`image`] | the image over guest RAM |
//! | [`lease`] | what if its file changes |
//! | [`start`] | page tables and registers at the entry |
//! | [`isle`] | what all vCPUs share |
//! | [`vcpu`] | the threads: into the guest, and why they come back |
//! | [`observer`] | what vCPUs tell a debugger |
//! | [`control`] | hypercalls that concern the machine |
//! | [`signals`] | the host's signals for the program |
//! | [`debug_registers`] | the CPU's debug registers |
//! | [`debugger`] | gdb's remote protocol |
//! | [`idle`] | where a vCPU waits that has nothing to do |
//! | [`device_lock`] | what isles agree on |
//! | [`statistics`] | exits, counted |
//! | [`halts`] | those that KVM counts |
//! | [`footprint`] | memory beside RAM |
//! | [`kvm_error`] | what KVM refuses |
//! | [`release`] | the end without a wait |

mod control;
mod cpuid;
mod debug_registers;
mod debugger;
mod device_lock;
mod footprint;
mod halts;
mod idle;
mod image;
mod isle;
mod kvm_error;
mod lease;
mod machine;
mod observer;
pub mod probe;
mod release;
mod signals;
mod start;
mod statistics;
mod vcpu;

use super::backing::{self, GuestPages, Owner};
use super::ram::{self, DOORBELL_SLOTS, Layout, Ram};
use crate::boot::{self, Strings};
use crate::command_line::Program;
use crate::error::IsleError;
use crate::host_signals::{faults, interrupt};
use crate::image::ImageFile;
use crate::inheritance;
use crate::options::{DebuggerChoice, Options};
use crate::pinning;
use crate::sandbox::{self, Filter};
use crate::server::sockets::Access;
use crate::server::{KernelLog, Server};
use abi::boot_info::{BootInfo, flag};
use abi::layout::LARGE_PAGE_SIZE;
use debugger::{Debugger, session};
use isle::{Isle, Parts};
use machine::{Clock, Machine};
use observer::Observer;
use statistics::Statistics;

/// Free RAM that a program has from the beginning, in bytes.
const FIRST_FREE_BYTES: u64 = 256 << 20;

/// Runs `image` in a virtual machine. Returns only when the set-up fails: the program's end ends the process.
#[allow(
    unsafe_code,
    reason = "writes to guest RAM, which nobody else uses yet, and says what is the guest's"
)]
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, IsleError> {
    let kvm = probe::open()?;
    let most = kvm.get_max_vcpus();
    pinning::check_count(options, most, "KVM of this host", "lower HERMIT_CPUS, or use HERMIT_ISLE=process")?;
    let (nr_cpus, host_cpus) = pinning::host_cpus(options.cpus.as_ref(), image.image.max_cpus().min(most))?;
    let ram = make_ram(options)?;
    let strings = Strings::of(program);
    let layout = ram.lay_out(image.image.end(), strings.len_bytes())?;
    image::load(image, &ram)?;
    let pages = GuestPages { ram: ram.host_range(), image: &[], owner: Owner::Proxy };
    backing::prepare(options, &host_cpus, &pages)?;
    start::write_tables(&ram);
    // SAFETY: `lay_out` found room for the strings in fresh RAM.
    unsafe { strings.write(ram.host_address(layout.strings)) };

    let usable_end = usable_end(&layout, ram.end());

    let idle = idle::of(options, &kvm);
    let machine = Machine::create(kvm, &ram, usable_end, nr_cpus, idle)?;
    let first = machine.create_vcpu(0, image.image.entry)?;
    let clock = machine::set_clock(&first)?;
    ram.write_boot_info(&BootInfo { usable_end, ..boot_info(options, &layout, &strings, nr_cpus, clock)? });

    faults::install(faults::on_exception, interrupt::on_interrupt)
        .map_err(IsleError::host("install signal handlers", "please report this"))?;
    let log = if options.verbose { KernelLog::Shown } else { KernelLog::Hidden };
    // SAFETY: RAM is the guest's, mapped for the life of the process, and holds no Rust object.
    let server = Server::new(unsafe { ram.guest_memory() }, log, inheritance::files())
        .of_image(&image.fd)
        .with_sockets(Access::of(&image.image, options));
    let statistics = options.stats.then(|| Statistics::new(nr_cpus));
    let debugger = wait_for_debugger(options, &machine, nr_cpus)?;
    let observer = debugger.map(|debugger| debugger as &dyn Observer);
    let parts = Parts { server, machine, ram, host_cpus, statistics, observer };
    // The isle lives until the process ends.
    let isle: &'static Isle = Box::leak(Box::new(Isle::new(parts, image, nr_cpus)));
    signals::tell_to(isle);
    isle.pin(0)?;
    sandbox::enter(Filter::Uhyve, options, isle.server.access(), &image.fd)?;
    if let Some(debugger) = debugger {
        session::start(isle, debugger)?;
    }
    isle.run(0, first).map(|never| match never {})
}

/// The debugger that the user wants, who has connected.
fn wait_for_debugger(
    options: &Options,
    machine: &Machine,
    nr_cpus: usize,
) -> Result<Option<&'static Debugger>, IsleError> {
    let DebuggerChoice::AtPort(port) = options.debug else { return Ok(None) };
    // Before somebody has connected, who expects answers.
    let hardware = probe::debug_registers(&machine.kvm);
    let debugger = Debugger::wait_at(port, machine, nr_cpus, hardware)?;
    // It lives until the process ends.
    Ok(Some(Box::leak(Box::new(debugger))))
}

fn make_ram(options: &Options) -> Result<Ram, IsleError> {
    let len_bytes = options.mem.map_or_else(|| ram::default_bytes(0), |size| size.bytes());
    let ram = if options.huge_pages { Ram::reserved(len_bytes)? } else { Ram::private(len_bytes)? };
    if options.ksm {
        ram.merge_equal_pages()?;
    }
    Ok(ram)
}

/// Where RAM ends that the program has from the beginning. The rest comes when it wants it: KVM makes tables
/// for all RAM that it is told of, which takes longer than a short program where RAM is large.
fn usable_end(layout: &Layout, ram_end: u64) -> u64 {
    let first_free = layout.free.first().map_or(0, |range| range.start);
    (first_free + FIRST_FREE_BYTES).next_multiple_of(LARGE_PAGE_SIZE).min(ram_end)
}

fn boot_info(
    options: &Options,
    layout: &Layout,
    strings: &Strings<'_>,
    nr_cpus: usize,
    clock: Clock,
) -> Result<BootInfo, IsleError> {
    let now = boot::info(abi::boot_info::isle::UHYVE);
    let mut info = BootInfo {
        nr_cpus: nr_cpus as u32,
        nr_host_cpus: pinning::nr_host_cpus(options.cpus.as_ref(), nr_cpus)? as u32,
        flags: flag::MEMORY_IS_ZERO | boot::flags(options),
        inherited: boot::inherited(options),
        arguments: strings.arguments(layout.strings),
        nr_memory_ranges: layout.free.len() as u32,
        tsc_hz: clock.hz,
        tsc_at_boot: now.tsc_at_boot.wrapping_add(clock.offset),
        doorbell: u64::from(abi::layout::UHYVE_PORT),
        doorbell_slots: DOORBELL_SLOTS,
        pid: rustix::process::getpid().as_raw_pid() as u64,
        ..now
    };
    for (range, free) in info.memory.iter_mut().zip(&layout.free) {
        *range = *free;
    }
    Ok(info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use abi::boot_info::Range;

    #[test]
    fn a_program_begins_with_as_much_as_there_is_and_no_more_than_short_ones_need() {
        let layout = Layout { strings: 0, free: vec![Range { start: 0x30_1000, len_bytes: 0 }] };
        assert_eq!(usable_end(&layout, 1 << 40), 0x60_0000 - LARGE_PAGE_SIZE + FIRST_FREE_BYTES);
        assert_eq!(usable_end(&layout, 16 << 20), 16 << 20);
    }
}
