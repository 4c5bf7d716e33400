//! The qemu isle: a QEMU microvm, booted through the image's PVH note, with the proxy beside it.
//!
//! Guest RAM is a memory file that QEMU and the proxy both map, so requests and buffers are served in place;
//! the first serial line rings in both directions. No disk, no network, no display, no firmware image of
//! ours, no file on disk.
//!
//! | module | what it does |
//! |---|---|
//! | [`machine`] | QEMU's command line and its process |
//! | [`monitor`] | starts the machine at a moment that the proxy knows, and ends it |
//! | [`line`] | the serial line: requests in, answers out |
//! | [`signals`] | the host's signals for the program |
//! | [`output`] | what QEMU and the kernel have to say |

mod line;
mod machine;
mod monitor;
mod output;
mod signals;

use super::backing::{self, GuestPages, Owner};
use super::ram::{self, Ram};
use crate::boot::{self, Strings};
use crate::clocks::Moment;
use crate::command_line::Program;
use crate::error::IsleError;
use crate::image::{ImageFile, Original, Pvh};
use crate::inheritance;
use crate::options::{Cpus, DebuggerChoice, MemorySize, Options};
use crate::pinning;
use crate::report;
use crate::sandbox::{self, Filter};
use crate::server::sockets::Access;
use crate::server::{Ending, KernelLog, Server};
use abi::boot_info::{BootInfo, flag, isle};
use abi::exit::signal_status;
use line::Line;
use machine::Machine;
use output::Output;

/// QEMU's loader counts in `int`.
const MOST_IMAGE_BYTES: u64 = i32::MAX as u64;

/// Runs `image` in QEMU and returns its exit status.
#[allow(unsafe_code, reason = "says what memory is the guest's")]
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, IsleError> {
    if image.image.pvh == Pvh::Missing {
        return Err(IsleError::NoPvhNote);
    }
    if image.image.end() > MOST_IMAGE_BYTES {
        return Err(IsleError::ImageBeyond { image_bytes: image.image.end(), most_bytes: MOST_IMAGE_BYTES });
    }
    let most = machine::max_cpus(options);
    pinning::check_count(options, most, "QEMU's microvm", "lower HERMIT_CPUS, or use HERMIT_ISLE=process")?;
    let original = image.original().ok();
    let start = Moment::now();
    let (ram, ram_file) =
        Ram::shared(options.mem.map_or_else(ram::default_bytes_beside_qemu, MemorySize::bytes))?;
    let cpus = options.cpus.as_ref().map_or(&[][..], Cpus::list);
    let pages = GuestPages { ram: ram.host_range(), image: &[], owner: Owner::File };
    backing::prepare(options, cpus, &pages)?;
    let mut info = prepare(options, image, program, &ram)?;
    let (mut machine, ends) = Machine::start(options, image, &ram, &ram_file)?;

    let log = if options.verbose { KernelLog::Shown } else { KernelLog::Hidden };
    // It holds the standard streams, which the proxy needs for its own last words: never dropped. SAFETY: RAM
    // is the guest's, mapped for the life of the process; of the boot info below only a copy is kept.
    let server: &'static Server = Box::leak(Box::new(
        Server::new(unsafe { ram.guest_memory() }, log, inheritance::files())
            .of_image(&image.fd)
            .with_sockets(Access::of(&image.image, options)),
    ));
    signals::tell_on(&ends.line).map_err(IsleError::host("install signal handlers", "please report this"))?;
    // Before the program's first instruction, and before there is a second thread.
    sandbox::enter(Filter::Qemu, options, server.access(), &image.fd)?;
    let output = Output::follow(ends.output, log);
    let now = Moment::now();
    info.wall_clock_ns = now.wall_clock_ns;
    info.monotonic_ns = now.monotonic_ns;
    info.tsc_hz = start.hz_until(&now);
    ram.write_boot_info(&info);
    if let DebuggerChoice::AtPort(port) = options.debug {
        eprintln!("proxy: the isle waits for a debugger: x86_64-hermit-gdb IMAGE, target remote :{port}");
    } else if machine.monitor.run().is_err() {
        return Err(machine.died(output));
    }
    let ending = Line::new(ends.line, &ram).serve(server);
    match ending {
        Ok(Ending::Exit(status)) => {
            machine.stop();
            Ok(status)
        }
        Ok(Ending::Fatal(fatal)) => {
            report::print(
                &fatal,
                &image.path.display().to_string(),
                original.and_then(Original::contents),
                &server.memory,
            );
            machine.stop();
            Ok(signal_status(fatal.signal))
        }
        Err(line::Closed) => Err(machine.died(output)),
    }
}

/// Puts the strings into RAM and makes the boot info; the clocks are set when the machine starts, at which
/// the guest's time-stamp counter is 0.
#[allow(unsafe_code, reason = "writes to guest RAM, which nobody else uses yet")]
fn prepare(
    options: &Options,
    image: &ImageFile,
    program: &Program<'_>,
    ram: &Ram,
) -> Result<BootInfo, IsleError> {
    let strings = Strings::of(program);
    let layout = ram.lay_out(image.image.end(), strings.len_bytes())?;
    // SAFETY: `lay_out` found room for the strings in fresh RAM.
    unsafe { strings.write(ram.host_address(layout.strings)) };
    let nr_cpus = machine::nr_cpus(options);
    let mut info = BootInfo {
        nr_cpus: nr_cpus as u32,
        nr_host_cpus: pinning::nr_host_cpus(options.cpus.as_ref(), nr_cpus)? as u32,
        flags: flag::MEMORY_IS_ZERO,
        arguments: strings.arguments(layout.strings),
        nr_memory_ranges: layout.free.len() as u32,
        doorbell: u64::from(abi::layout::SERIAL_PORT),
        doorbell_slots: ram::DOORBELL_SLOTS,
        pid: rustix::process::getpid().as_raw_pid() as u64,
        tsc_at_boot: 0,
        // Also lets the C library find the vDSO, for which it has no system call later.
        ..boot::info(isle::QEMU)
    };
    for (range, free) in info.memory.iter_mut().zip(layout.free) {
        *range = free;
    }
    info.flags |= boot::flags(options);
    info.inherited = boot::inherited(options);
    Ok(info)
}
