//! What the process may still do once the guest runs: [`enter`].
//!
//! Two fences, both for good: Landlock says which files (all that the user may use, or those that are named, but
//! nothing is executed, no device node is made, no TCP port is bound or connected, and no process outside is
//! reached by signal, abstract socket or ptrace, which covers /proc/PID/mem of others), as far as the host's
//! kernel knows it, which [`FileFence`] tells; seccomp says which system calls, and is a must. What each
//! promises, and what not, is told in SECURITY.md.
//!
//! | module | what it does |
//! |---|---|
//! | [`files`] | Landlock |
//! | [`qemu`] | Landlock for QEMU itself |
//! | `rules` | the system calls that remain, in each isle; `build.rs` compiles them with `compile` into the filters that are installed here, and `golden` says the same a second time, for the tests |
//! | [`limits`] | resource limits |
//! | [`descriptors`] | those that were inherited |

use crate::error::IsleError;
use crate::options::{Files, Level, Options};
use files::{FileFence, Reach, Signals};
use limits::Guest;
use rustix::io::Errno;
use std::os::fd::AsFd;

pub mod descriptors;
pub mod files;
pub mod limits;
pub mod qemu;

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

/// Which system calls remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those of the process isle, where the guest's code could make them.
    Process,
    /// The same for a program that may make code.
    ProcessThatMakesCode,
    /// The same for a program with an executable stack.
    ProcessWithExecutableStack,
    /// Those of the uhyve isle: the same, and KVM's requests.
    Uhyve,
    /// Those of the proxy beside QEMU.
    Qemu,
}

/// Confines this process, which has one thread. seccomp is a must; where Landlock does not hold, [`Level::User`] tells
/// and [`Level::Strict`] refuses.
pub fn enter(filter: Filter, options: &Options, image: &impl AsFd) -> Result<(), IsleError> {
    const CURE: &str = "allow seccomp(2) here: in a container, by its runtime's profile";
    rustix::thread::set_no_new_privs(true).map_err(IsleError::host("give up new privileges", CURE))?;
    let guest = match filter {
        Filter::Process | Filter::ProcessThatMakesCode | Filter::ProcessWithExecutableStack => {
            Guest::InProcess
        }
        Filter::Uhyve | Filter::Qemu => Guest::InMachine,
    };
    limits::limit(options, guest)?;
    let none = Files::default();
    let reach = match options.sandbox {
        Level::User => Reach::All,
        Level::Strict => Reach::Named(options.files.as_ref().unwrap_or(&none), image.as_fd()),
    };
    let signals = if filter == Filter::Qemu { Signals::Unjudged } else { Signals::Own };
    let grants = files::grants(reach)?;
    let fence = files::limit(&grants, signals).unwrap_or_else(|why| FileFence::Missing(why.to_string()));
    drop(grants);
    if options.sandbox == Level::Strict {
        fence.expect_strict()?;
    }
    let program = &mut program_of(filter, options.sandbox).to_vec();
    install(program).map_err(IsleError::host("install the system-call filter", CURE))?;
    fence.tell(options.verbose);
    Ok(())
}

fn program_of(filter: Filter, level: Level) -> &'static [Step] {
    match (level, filter) {
        (Level::User, Filter::Process) => &PROCESS_FILTER,
        (Level::User, Filter::ProcessThatMakesCode) => &MADE_CODE_FILTER,
        (Level::User, Filter::ProcessWithExecutableStack) => &EXECUTABLE_STACK_FILTER,
        (Level::User, Filter::Uhyve) => &UHYVE_FILTER,
        (Level::User, Filter::Qemu) => &QEMU_FILTER,
        (Level::Strict, Filter::Process) => &STRICT_PROCESS_FILTER,
        (Level::Strict, Filter::ProcessThatMakesCode) => &STRICT_MADE_CODE_FILTER,
        (Level::Strict, Filter::ProcessWithExecutableStack) => &STRICT_EXECUTABLE_STACK_FILTER,
        (Level::Strict, Filter::Uhyve) => &STRICT_UHYVE_FILTER,
        (Level::Strict, Filter::Qemu) => &STRICT_QEMU_FILTER,
    }
}

/// Makes a filter that of the process `pid`.
fn put_pid(filter: &mut [Step], pid: u32) {
    for step in filter.iter_mut().filter(|step| step.k == PID_PLACEHOLDER) {
        step.k = pid;
    }
}

/// For all threads, although there is only one: none that somebody starts too early is left out.
#[allow(unsafe_code, reason = "seccomp(2)")]
fn install(filter: &mut [Step]) -> Result<(), Errno> {
    put_pid(filter, rustix::process::getpid().as_raw_pid() as u32);
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    let flags = libc::SECCOMP_FILTER_FLAG_TSYNC;
    // SAFETY: the program lives through the call; seccomp(2) copies it.
    let result =
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program) };
    match result {
        0 => Ok(()),
        // A thread that has another filter; there is none.
        1.. => Err(Errno::BUSY),
        _ => Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)),
    }
}
