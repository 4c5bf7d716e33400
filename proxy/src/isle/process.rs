//! The process isle: a sandboxed Linux process, one host thread per vCPU, no virtual machine.
//!
//! | module | what it does |
//! |---|---|
//! | [`address_space`] | guest RAM and the image in the proxy's own address space |
//! | [`vcpu`] | the state of a vCPU and the way between guest and host |
//! | [`signals`] | CPU exceptions become traps of the guest's kernel |
//! | [`control`] | hypercalls that only this isle has |
//! | [`cpu_features`] | what the CPU can |
//! | [`sandbox`] | what the process may still do once the guest runs |
//! | [`vdso`] | Linux's clock without a system call |

mod address_space;
mod control;
mod cpu_features;
mod pinning;
pub mod sandbox;
pub mod signals;
mod timer;
mod vcpu;
mod vdso;

use super::IsleError;
use crate::boot::{self, Strings};
use crate::command_line::Program;
use crate::image::ImageFile;
use crate::memory::GuestMemory;
use crate::options::{Cpus, Options};
use crate::server::{KernelLog, Server};
use abi::boot_info::{BootInfo, Range, flag, isle};
use abi::layout::{PAGE_SIZE, PROCESS_RAM_BASE};
use address_space::Ram;
use std::sync::Barrier;
use vcpu::{Blocks, Isle, Vcpu};

/// Bit of AT_HWCAP2 that says that user space may use `wrfsbase` (arch/x86/include/uapi/asm/hwcap2.h).
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// Runs `image` in this process. Returns only when the set-up fails: the program's end ends the process.
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, IsleError> {
    let cpus = options.cpus.clone().unwrap_or(Cpus::Count(1));
    let ram = Ram::map(options.mem)?;
    let blocks = Blocks::map(cpus.count())?;
    let regions = address_space::load(image)?.into_iter().chain([ram.region()]).chain(blocks.signal_stacks());
    // SAFETY: RAM and image have just been mapped for the guest, at addresses of its own, and are never unmapped. On
    // the signal stacks the guest's code runs above the handler's frames; it can write there without asking, too.
    let memory = unsafe { GuestMemory::new(regions) };
    write_boot_info(options, program, &ram, cpus.count())?;
    signals::install_handlers().map_err(IsleError::host("install signal handlers", "please report this"))?;

    let log = if options.verbose { KernelLog::Shown } else { KernelLog::Hidden };
    let server = Server::new(memory, log, super::standard_streams());
    // The isle lives until the process ends.
    let isle: &'static Isle = Box::leak(Box::new(Isle::new(server, image, ram, blocks)));
    start_vcpus(isle, &cpus, image.image.entry)
}

fn write_boot_info(
    options: &Options,
    program: &Program<'_>,
    ram: &Ram,
    nr_cpus: usize,
) -> Result<(), IsleError> {
    let strings = Strings::of(program);
    if strings.len_bytes() as u64 > ram.len_bytes() / 2 {
        return Err(IsleError::StringsTooLong { len_bytes: strings.len_bytes() });
    }
    let strings_at = PROCESS_RAM_BASE + PAGE_SIZE;
    let free = (strings_at + strings.len_bytes() as u64).next_multiple_of(PAGE_SIZE);
    let mut info = BootInfo {
        nr_cpus: nr_cpus as u32,
        flags: flag::MEMORY_IS_ZERO | cpu_features::flags(),
        arguments: strings.arguments(strings_at),
        nr_memory_ranges: 1,
        clock_gettime: vdso::clock_gettime(),
        doorbell: vcpu::doorbell as *const () as u64,
        pid: rustix::process::getpid().as_raw_pid() as u64,
        ..boot::info(isle::PROCESS)
    };
    info.memory[0] = Range { start: free, len_bytes: PROCESS_RAM_BASE + ram.len_bytes() - free };
    if has_fsgsbase() {
        info.flags |= flag::FSGSBASE;
    }
    if options.verbose {
        info.flags |= flag::VERBOSE;
    }
    // SAFETY: fresh, page-aligned RAM with room for both: the boot info fits into a page (asserted by `abi`), the
    // strings into half of RAM (checked above).
    unsafe {
        (PROCESS_RAM_BASE as *mut BootInfo).write(info);
        strings.write(strings_at as *mut u8);
    }
    Ok(())
}

fn has_fsgsbase() -> bool {
    // SAFETY: reads the auxiliary vector.
    unsafe { libc::getauxval(libc::AT_HWCAP2) & HWCAP2_FSGSBASE != 0 }
}

/// vCPU 0 is this thread; the others get one each, which sleeps until the guest starts it. None enters the guest before
/// all are confined.
fn start_vcpus(isle: &'static Isle, cpus: &Cpus, entry: u64) -> Result<u8, IsleError> {
    let places = pinning::places(cpus)?;
    let all_confined: &'static Barrier = Box::leak(Box::new(Barrier::new(cpus.count())));
    for cpu in 1..cpus.count() {
        let place = places.get(cpu).copied();
        std::thread::Builder::new()
            .spawn(move || {
                let Err(error) = run_vcpu(isle, cpu, place, all_confined, entry);
                eprintln!("proxy: {error}");
                std::process::exit(i32::from(abi::exit::Failure::Proxy as u8));
            })
            .map_err(|_| IsleError::Host {
                what: "start a thread per vCPU",
                errno: rustix::io::Errno::AGAIN,
                cure: "use fewer HERMIT_CPUS or raise ulimit -u",
            })?;
    }
    run_vcpu(isle, 0, places.first().copied(), all_confined, entry).map(|never| match never {})
}

fn run_vcpu(
    isle: &'static Isle,
    cpu: usize,
    place: Option<usize>,
    all_confined: &Barrier,
    entry: u64,
) -> Result<core::convert::Infallible, IsleError> {
    if let Some(place) = place {
        pinning::pin(place)?;
    }
    let vcpu = Vcpu::create(isle, cpu)?;
    sandbox::enter()?;
    if isle.nr_cpus() > 1 {
        all_confined.wait();
    }
    if cpu > 0 {
        vcpu.wait_for_start();
    }
    vcpu.enter(entry, PROCESS_RAM_BASE)
}
