//! What the process may still do once the guest runs: [`enter`].
//!
//! Two fences, both for good: Landlock says which files (all that the user may use, but nothing is executed,
//! no device node is made, no TCP port is bound or connected, and no process outside is reached by signal,
//! abstract socket or ptrace, which covers /proc/PID/mem of others), as far as the host's kernel knows it,
//! which [`FileFence`] tells; seccomp says which system calls, and is a must. /proc/self/mem stays open to a
//! program that goes for it: it could change the proxy's code, and would still be behind both fences.
//!
//! `rules` says which system calls remain, in each isle; `build.rs` compiles that with `compile` into the
//! filters that are installed here, and `golden` says the same a second time, for the tests.

use crate::error::IsleError;
use core::fmt;
use landlock::{ABI, Access, AccessFs, AccessNet, LandlockStatus, PathBeneath, PathFd, PathFdError};
use landlock::{
    RestrictionStatus, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::io::Errno;

#[cfg(test)]
mod compile;
#[cfg(test)]
mod files_tests;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tests;

/// One step of a BPF program; `filter.rs` is written by `build.rs`.
type Step = libc::sock_filter;

include!(concat!(env!("OUT_DIR"), "/filter.rs"));

/// The newest Landlock whose rights are handled here; an older kernel enforces those that it knows.
const LANDLOCK_ABI: ABI = ABI::V6;

/// Which system calls remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those of the process isle, where the guest's code could make them.
    Process,
    /// The same for a program with an executable stack.
    ProcessWithExecutableStack,
    /// Those of the uhyve isle: the same, and KVM's requests.
    Uhyve,
}

/// How far the fence around files holds.
#[derive(Debug)]
#[must_use = "a fence that is missing must be told"]
pub enum FileFence {
    /// All of it.
    Whole,
    /// Linux knows this older version of Landlock, which has fewer rights to take away.
    Part(ABI),
    /// There is no Landlock, or it failed.
    Missing(String),
}

/// Confines the calling thread. seccomp is a must; how far Landlock holds is for the caller to tell.
pub fn enter(filter: Filter) -> Result<FileFence, IsleError> {
    const CURE: &str = "use HERMIT_ISLE=qemu where Linux forbids this";
    rustix::thread::set_no_new_privs(true).map_err(IsleError::host("give up new privileges", CURE))?;
    let files = limit_files().unwrap_or_else(|why| FileFence::Missing(why.to_string()));
    limit_system_calls(filter).map_err(IsleError::host("install the system-call filter", CURE))?;
    Ok(files)
}

impl FileFence {
    /// Says on stderr what is missing.
    pub fn tell(&self) {
        if !matches!(self, Self::Whole) {
            eprintln!("proxy: {self}");
        }
    }

    fn of(status: &RestrictionStatus) -> Self {
        match (&status.ruleset, status.landlock) {
            (RulesetStatus::FullyEnforced, _) => Self::Whole,
            (RulesetStatus::PartiallyEnforced, LandlockStatus::Available { effective_abi, .. }) => {
                Self::Part(effective_abi)
            }
            (_, LandlockStatus::NotEnabled) => Self::Missing("it is switched off".into()),
            (_, LandlockStatus::NotImplemented) => Self::Missing("this Linux has none".into()),
            (_, LandlockStatus::Available { .. }) => Self::Missing("Linux enforces nothing of it".into()),
        }
    }
}

impl fmt::Display for FileFence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => write!(f, "Landlock holds"),
            Self::Part(version) => write!(
                f,
                "the sandbox has gaps: this Linux knows version {version} of Landlock, the sandbox uses {LANDLOCK_ABI}; \
                 Linux 6.12 has it"
            ),
            Self::Missing(why) => write!(
                f,
                "the sandbox is without Landlock ({why}): the program can reach the memory of the user's other \
                 processes; boot with lsm=landlock,... (Linux 5.13 or newer)"
            ),
        }
    }
}

/// Why Landlock does not hold.
#[derive(Debug, thiserror::Error)]
enum NoLandlock {
    #[error(transparent)]
    Path(#[from] PathFdError),
    #[error(transparent)]
    Rules(#[from] RulesetError),
}

fn limit_files() -> Result<FileFence, NoLandlock> {
    let all = AccessFs::from_all(LANDLOCK_ABI);
    let root = PathFd::new("/")?;
    let status = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(LANDLOCK_ABI))?
        .scope(Scope::from_all(LANDLOCK_ABI))?
        .create()?
        .add_rule(PathBeneath::new(
            root,
            all & !(AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock),
        ))?
        .restrict_self()?;
    Ok(FileFence::of(&status))
}

fn limit_system_calls(filter: Filter) -> Result<(), Errno> {
    match filter {
        Filter::Process => install(&mut PROCESS_FILTER.clone()),
        Filter::ProcessWithExecutableStack => install(&mut EXECUTABLE_STACK_FILTER.clone()),
        Filter::Uhyve => install(&mut UHYVE_FILTER.clone()),
    }
}

/// Makes a filter that of the process `pid`.
fn put_pid(filter: &mut [Step], pid: u32) {
    for step in filter.iter_mut().filter(|step| step.k == PID_PLACEHOLDER) {
        step.k = pid;
    }
}

#[allow(unsafe_code, reason = "seccomp(2)")]
fn install(filter: &mut [Step]) -> Result<(), Errno> {
    put_pid(filter, rustix::process::getpid().as_raw_pid() as u32);
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the program lives through the call; seccomp(2) copies it.
    let result =
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) };
    if result == 0 {
        return Ok(());
    }
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Err(Errno::from_raw_os_error(errno))
}
