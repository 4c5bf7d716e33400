//! What the process may still do once the guest runs: [`enter`].
//!
//! Two fences, both for good: Landlock says which files (all that the user may use, but nothing is executed, no device
//! node is made, no TCP port is bound or connected, and no process outside is reached by signal, abstract socket or
//! ptrace, which covers /proc/PID/mem of others), as far as the host's kernel knows it; seccomp says which system
//! calls, and is a must. /proc/self/mem stays open to a program that goes for it: it could change the proxy's code, and
//! would still be behind both fences.

use crate::isle::IsleError;
use landlock::{ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, PathFdError};
use landlock::{Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, Scope};
use rustix::io::Errno;

#[cfg(test)]
mod compile;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tests;

/// One step of a BPF program; `filter.rs` is written by `build.rs`.
type Step = libc::sock_filter;

include!(concat!(env!("OUT_DIR"), "/filter.rs"));

/// The newest Landlock whose rights are handled here; an older kernel enforces those that it knows.
const LANDLOCK_ABI: ABI = ABI::V6;

/// Whose system calls remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isle {
    /// The process isle's, where the guest's code could make them.
    Process,
    /// The same for a program with an executable stack.
    ProcessWithExecutableStack,
    /// Those, and KVM's requests.
    Uhyve,
}

/// Confines the calling thread.
pub fn enter(isle: Isle) -> Result<(), IsleError> {
    const CURE: &str = "use HERMIT_ISLE=qemu where Linux forbids this";
    rustix::thread::set_no_new_privs(true).map_err(IsleError::host("give up new privileges", CURE))?;
    // Landlock may be missing or switched off: seccomp holds without it.
    let _: Result<(), NoLandlock> = limit_files();
    limit_system_calls(isle).map_err(IsleError::host("install the system-call filter", CURE))
}

/// Why Landlock does not hold.
#[derive(Debug, thiserror::Error)]
enum NoLandlock {
    #[error(transparent)]
    Path(#[from] PathFdError),
    #[error(transparent)]
    Rules(#[from] RulesetError),
}

fn limit_files() -> Result<(), NoLandlock> {
    let all = AccessFs::from_all(LANDLOCK_ABI);
    let root = PathFd::new("/")?;
    Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(LANDLOCK_ABI))?
        .scope(Scope::from_all(LANDLOCK_ABI))?
        .create()?
        .add_rule(PathBeneath::new(
            root,
            all & !(AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock),
        ))?
        .restrict_self()?;
    Ok(())
}

fn limit_system_calls(isle: Isle) -> Result<(), Errno> {
    match isle {
        Isle::Process => install(&mut FILTER.clone()),
        Isle::ProcessWithExecutableStack => install(&mut EXECUTABLE_STACK_FILTER.clone()),
        Isle::Uhyve => install(&mut UHYVE_FILTER.clone()),
    }
}

fn install(filter: &mut [Step]) -> Result<(), Errno> {
    for step in filter.iter_mut() {
        if step.k == PID_PLACEHOLDER {
            step.k = rustix::process::getpid().as_raw_pid() as u32;
        }
    }
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
