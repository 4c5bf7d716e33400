//! Why an isle could not be set up: [`IsleError`].

use super::kvm::NoKvm;
use crate::options::IsleChoice;

/// Why an isle could not be set up; says what to do.
#[derive(Debug, thiserror::Error)]
pub enum IsleError {
    /// Designed, but not built yet.
    #[error("isle {0} is not there yet; use HERMIT_ISLE=process, uhyve or qemu")]
    NotThereYet(IsleChoice),
    /// No KVM that can be used.
    #[error(transparent)]
    NoKvm(NoKvm),
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
    /// More RAM would not help.
    #[error(
        "the image needs {image_bytes} bytes, and a virtual machine takes at most {most_bytes}; put large arrays on the heap, or \
         use HERMIT_ISLE=process"
    )]
    ImageBeyond {
        /// From the first to the last byte of the image.
        image_bytes: u64,
        /// How long it may be.
        most_bytes: u64,
    },
    /// The host lets this user lock less.
    #[error("{}", not_locked(*errno, *wanted_kib, *limit))]
    NotLocked {
        /// What Linux said.
        errno: rustix::io::Errno,
        /// What was to be locked.
        wanted_kib: u64,
        /// RLIMIT_MEMLOCK in KiB; `None`: there is no limit.
        limit: Option<u64>,
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
    /// The level strict promises more than can be kept here.
    #[error("HERMIT_SANDBOX=strict cannot be kept: {why}; {cure}")]
    NotStrict {
        /// What is not there.
        why: String,
        /// What the user can do.
        cure: &'static str,
    },
    /// A file that the program was to reach, or that confines it.
    #[error("cannot confine the program to {}: {errno}; HERMIT_FILES names what is there", path.display())]
    NoSuchFile {
        /// As the user named it.
        path: std::path::PathBuf,
        /// What Linux said.
        errno: rustix::io::Errno,
    },
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

/// Linux says ENOMEM or EPERM where the limit is too low, and counts what may be touched, not what has been.
fn not_locked(errno: rustix::io::Errno, wanted_kib: u64, limit: Option<u64>) -> String {
    match limit {
        Some(limit) if limit < wanted_kib => format!(
            "cannot lock {wanted_kib} KiB of memory (HERMIT_MEMORY=lock): a process of yours may lock {limit} KiB \
             (RLIMIT_MEMLOCK); raise that (ulimit -l, \"memlock\" in /etc/security/limits.conf, LimitMEMLOCK= in a systemd unit), or \
             lower HERMIT_MEM"
        ),
        _ => {
            format!("cannot lock {wanted_kib} KiB of memory (HERMIT_MEMORY=lock): {errno}; lower HERMIT_MEM")
        }
    }
}

impl IsleError {
    /// For `map_err` behind a call of the host.
    pub(crate) fn host(what: &'static str, cure: &'static str) -> impl FnOnce(rustix::io::Errno) -> Self {
        move |errno| IsleError::Host { what, errno, cure }
    }
}
