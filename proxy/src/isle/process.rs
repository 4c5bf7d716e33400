//! The process isle: a sandboxed Linux process, one host thread per vCPU, no virtual machine.
//!
//! | module | what it does |
//! |---|---|
//! | [`address_space`] | guest RAM and the image in the proxy's own address space |
//! | [`vcpu`] | the state of a vCPU and the way between guest and host |
//! | [`enter`] | from a thread to a vCPU |
//! | [`signal_stack`] | where signals are taken |
//! | [`signals`] | CPU exceptions become traps of the guest's kernel |
//! | [`control`] | hypercalls that only this isle has |
//! | [`cpu_features`] | what the CPU can |
//! | [`debugger`] | stopping for gdb before the guest runs |
//! | [`vdso`] | Linux's clock without a system call |

mod address_space;
mod control;
mod cpu_features;
mod debugger;
mod enter;
mod signal_stack;
mod signals;
mod timer;
mod vcpu;
mod vdso;

use crate::boot::{self, Strings};
use crate::command_line::Program;
use crate::error::IsleError;
use crate::host_signals::{self, faults};
use crate::image::ImageFile;
use crate::inheritance;
use crate::isle::backing::{self, GuestPages, Owner};
use crate::memory::{GuestMemory, Region};
use crate::options::Options;
use crate::pinning;
use crate::sandbox::{self, Filter};
use crate::server::sockets::Access;
use crate::server::{KernelLog, Server};
use abi::boot_info::{BootInfo, Range, flag, isle};
use abi::layout::{IMAGE_BASE, PAGE_SIZE, PROCESS_RAM_BASE};
use address_space::{Content, Ram};
use vcpu::{Blocks, Isle};

/// Runs `image` in this process. Returns only when the set-up fails: the program's end ends the process.
#[allow(unsafe_code, reason = "says what memory is the guest's")]
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, IsleError> {
    let (nr_cpus, host_cpus) = pinning::host_cpus(options.cpus.as_ref(), image.image.max_cpus())?;
    let content = match (image.image.has_executable_stack, options.jit) {
        (true, _) => Content::DataAndCode,
        (false, true) => Content::MadeCode,
        (false, false) => Content::Data,
    };
    let ram = Ram::map(options.mem, image.image.end() - IMAGE_BASE, content)?;
    let blocks = Blocks::map(nr_cpus)?;
    let segments = address_space::load(image)?;
    let pages_of = |region: &Region| region.host..region.host + region.len_bytes;
    let outside: Vec<_> = segments.iter().map(pages_of).collect();
    let pages = GuestPages { ram: pages_of(&ram.region()), image: &outside, owner: Owner::Proxy };
    backing::prepare(options, &host_cpus, &pages)?;
    let regions =
        segments.into_iter().chain([ram.region(), ram.reservable_region()]).chain(blocks.signal_stacks());
    // SAFETY: RAM and image have just been mapped for the guest, at addresses of its own; nothing of the proxy's
    // comes there, nor to what can be reserved. On the signal stacks the guest's code runs above the handler's frames; it can write there
    // without asking, too.
    let memory = unsafe { GuestMemory::new(regions) };
    write_boot_info(options, program, &ram, nr_cpus, pinning::are_shared(&host_cpus))?;
    host_signals::let_endings_interrupt();
    faults::install(signals::on_exception, signals::on_kick)
        .and_then(|()| host_signals::at_quit(signals::on_quit))
        .map_err(IsleError::host("install signal handlers", "please report this"))?;

    let log = if options.verbose { KernelLog::Shown } else { KernelLog::Hidden };
    let server = Server::new(memory, log, inheritance::files())
        .of_image(&image.fd)
        .with_sockets(Access::of(&image.image, options));
    // The isle lives until the process ends.
    let isle: &'static Isle = Box::leak(Box::new(Isle::new(server, image, ram, blocks, host_cpus)));
    debugger::await_if_asked(options.debug)?;
    let filter = match content {
        Content::Data => Filter::Process,
        Content::MadeCode => Filter::ProcessThatMakesCode,
        Content::DataAndCode => Filter::ProcessWithExecutableStack,
    };
    sandbox::enter(filter, options, isle.server.access(), &image.fd)?;
    enter::enter(isle, 0).map(|never| match never {})
}

#[allow(unsafe_code, reason = "writes to guest RAM, which nobody else uses yet")]
fn write_boot_info(
    options: &Options,
    program: &Program<'_>,
    ram: &Ram,
    nr_cpus: usize,
    are_shared: bool,
) -> Result<(), IsleError> {
    let strings = Strings::of(program);
    if strings.len_bytes() as u64 > ram.len_bytes() / 2 {
        return Err(IsleError::StringsTooLong { len_bytes: strings.len_bytes() });
    }
    let strings_at = PROCESS_RAM_BASE + PAGE_SIZE;
    let free = (strings_at + strings.len_bytes() as u64).next_multiple_of(PAGE_SIZE);
    let mut info = BootInfo {
        nr_cpus: nr_cpus as u32,
        nr_host_cpus: pinning::nr_host_cpus(options.cpus.as_ref(), nr_cpus)? as u32,
        flags: flag::MEMORY_IS_ZERO | cpu_features::flags(),
        arguments: strings.arguments(strings_at),
        nr_memory_ranges: 1,
        clock_gettime: vdso::clock_gettime(),
        doorbell: vcpu::doorbell as *const () as u64,
        pid: rustix::process::getpid().as_raw_pid() as u64,
        ..boot::info(isle::PROCESS)
    };
    info.reservable = ram.reservable();
    info.memory[0] = Range { start: free, len_bytes: PROCESS_RAM_BASE + ram.len_bytes() - free };
    if cpu_features::has_fsgsbase() {
        info.flags |= flag::FSGSBASE;
    }
    if are_shared {
        info.flags |= flag::SHARED_CPUS;
    }
    info.flags |= boot::flags(options);
    info.inherited = boot::inherited(options);
    // SAFETY: fresh, page-aligned RAM with room for both: the boot info fits into a page (asserted by `abi`),
    // the strings into half of RAM (checked above).
    unsafe {
        (PROCESS_RAM_BASE as *mut BootInfo).write(info);
        strings.write(strings_at as *mut u8);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
