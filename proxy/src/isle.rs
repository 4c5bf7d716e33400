//! The isles: [`process`], [`uhyve`] and [`qemu`]; this page chooses.

pub mod process;
pub mod qemu;
mod ram;
mod streams;
pub mod uhyve;

pub use streams::{keep_standard_streams, standard_streams};

use crate::Failed;
use crate::command_line::Program;
use crate::image::ImageFile;
use crate::options::{Cpus, Debugger, IsleChoice, Options};
use abi::layout::LARGE_PAGE_SIZE;

/// Why an isle could not be set up; says what to do.
#[derive(Debug, thiserror::Error)]
pub enum IsleError {
    /// Designed, but not built yet.
    #[error("isle {0} is not there yet; use HERMIT_ISLE=process, uhyve or qemu")]
    NotThereYet(IsleChoice),
    /// No KVM that can be used.
    #[error(transparent)]
    NoKvm(uhyve::probe::NoKvm),
    /// The host refused.
    #[error("cannot {what}: {errno}; {cure}")]
    Host {
        /// What was tried.
        what: &'static str,
        /// What Linux said.
        errno: rustix::io::Errno,
        /// What the user can do.
        cure: &'static str,
    },
    /// Arguments and environment do not fit into RAM.
    #[error(
        "arguments and environment need {len_bytes} bytes, more than half of the isle's RAM; raise HERMIT_MEM"
    )]
    StringsTooLong {
        /// Their length.
        len_bytes: usize,
    },
    /// Image and RAM do not fit.
    #[error("the image needs {image_bytes} bytes and the isle has {ram_bytes}; raise HERMIT_MEM")]
    ImageTooLarge {
        /// From the first to the last byte of the image.
        image_bytes: u64,
        /// RAM.
        ram_bytes: u64,
    },
    /// No such physical addresses.
    #[error(
        "the CPU has physical addresses of {bits} bits, which do not reach to the end of the isle's RAM; lower HERMIT_MEM"
    )]
    RamTooLarge {
        /// How long they are.
        bits: u32,
    },
    /// No PVH note.
    #[error("the image has no PVH note, by which QEMU starts it; link it with x86_64-hermit-gcc")]
    NoPvhNote,
    /// QEMU is not installed.
    #[error("cannot start {program}: {error}; install it (apt install qemu-system-x86) or set HERMIT_QEMU")]
    QemuMissing {
        /// What was to be started.
        program: String,
        /// Why it did not.
        error: std::io::Error,
    },
    /// QEMU gave up.
    #[error("QEMU ended with {status} before the program did{said}")]
    QemuDied {
        /// How it ended.
        status: std::process::ExitStatus,
        /// Its last words.
        said: String,
    },
    /// The guest reset the machine.
    #[error("the virtual machine was reset, as after a triple fault; run again with HERMIT_VERBOSE=1")]
    GuestReset,
    /// The serial line broke.
    #[error("the line to QEMU broke: {0}; run again with HERMIT_VERBOSE=1")]
    LineBroke(std::io::Error),
    /// More vCPUs than somebody takes.
    #[error("HERMIT_CPUS wants {wanted} vCPUs, and {whose} takes at most {most}; {cure}")]
    TooManyCpus {
        /// What the user wants.
        wanted: usize,
        /// The bound.
        most: usize,
        /// Whose bound it is.
        whose: &'static str,
        /// What the user can do.
        cure: &'static str,
    },
    /// The user's choice of vCPUs does not work here.
    #[error("CPU {cpu} of HERMIT_CPUS is not available here: {errno}; see taskset -p $$")]
    CpuNotAvailable {
        /// Number of the host's CPU.
        cpu: usize,
        /// What Linux said.
        errno: rustix::io::Errno,
    },
}

impl IsleError {
    /// For `map_err` behind a call of the host.
    pub(crate) fn host(what: &'static str, cure: &'static str) -> impl FnOnce(rustix::io::Errno) -> Self {
        move |errno| IsleError::Host { what, errno, cure }
    }
}

/// Runs `image` in the isle that the user chose, and returns the exit status.
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, Failed> {
    let most = image.image.max_cpus();
    check_cpus(options, most, "the kernel in this image", "link it again, or lower HERMIT_CPUS")?;
    match options.isle {
        // Debuggers know the process isle.
        IsleChoice::Auto if options.debug == Debugger::None && uhyve::probe::works() => {
            Ok(uhyve::run(options, image, program)?)
        }
        IsleChoice::Auto | IsleChoice::Process => Ok(process::run(options, image, program)?),
        IsleChoice::Uhyve => Ok(uhyve::run(options, image, program)?),
        IsleChoice::Qemu => Ok(qemu::run(options, image, program)?),
        choice @ IsleChoice::Node(_) => Err(IsleError::NotThereYet(choice).into()),
    }
}

/// Refuses what the user wants if it is more than `most` vCPUs.
fn check_cpus(
    options: &Options,
    most: usize,
    whose: &'static str,
    cure: &'static str,
) -> Result<(), IsleError> {
    match options.cpus.as_ref().map(Cpus::count) {
        Some(wanted) if wanted > most => Err(IsleError::TooManyCpus { wanted, most, whose, cure }),
        _ => Ok(()),
    }
}

/// RAM of isles whose user does not say how much: three quarters of the host's; Linux backs what is touched.
fn default_ram_bytes() -> u64 {
    let info = rustix::system::sysinfo();
    let total = (info.totalram as u64).saturating_mul(u64::from(info.mem_unit.max(1)));
    let three_quarters = total / 4 * 3;
    (three_quarters - three_quarters % LARGE_PAGE_SIZE).max(crate::options::LEAST_MEMORY_BYTES)
}
