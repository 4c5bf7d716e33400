//! What the process may still do once the guest runs: [`enter`].
//!
//! Two fences, both for good: Landlock says which files (all that the user may use, or those that are named, but
//! nothing is executed, no device node is made, no TCP port is bound or connected but by images that can make sockets, and no process outside is
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
use crate::server::sockets::Access;
use files::{FileFence, Reach, Signals, Tcp};
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

/// Whether calls on sockets are among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sockets {
    /// None.
    None,
    /// The image can make sockets, and the user allows some network.
    Some,
}

/// Confines this process, which has one thread. `access` is the network that the program may use. seccomp is a must; where Landlock does not hold, [`Level::User`] tells
/// and [`Level::Strict`] refuses.
pub fn enter(
    filter: Filter,
    options: &Options,
    access: Option<&Access>,
    image: &impl AsFd,
) -> Result<(), IsleError> {
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
    let (sockets, tcp) = match access {
        None => (Sockets::None, Tcp::Ports(&[])),
        Some(access) => (Sockets::Some, access.tcp_ports().map_or(Tcp::Any, Tcp::Connect)),
    };
    let fence = files::limit(&grants, tcp, signals).unwrap_or_else(|why| FileFence::Missing(why.to_string()));
    drop(grants);
    if options.sandbox == Level::Strict {
        fence.expect_strict()?;
    }
    let program = &mut program_of(filter, options.sandbox, sockets).to_vec();
    install(program).map_err(IsleError::host("install the system-call filter", CURE))?;
    fence.tell(options.verbose);
    Ok(())
}

fn program_of(filter: Filter, level: Level, sockets: Sockets) -> &'static [Step] {
    let [user, strict]: [&[Step]; 2] = match (filter, sockets) {
        (Filter::Process, Sockets::None) => [&PROCESS_FILTER, &STRICT_PROCESS_FILTER],
        (Filter::Process, Sockets::Some) => [&SOCKETS_PROCESS_FILTER, &STRICT_SOCKETS_PROCESS_FILTER],
        (Filter::ProcessThatMakesCode, Sockets::None) => [&MADE_CODE_FILTER, &STRICT_MADE_CODE_FILTER],
        (Filter::ProcessThatMakesCode, Sockets::Some) => {
            [&SOCKETS_MADE_CODE_FILTER, &STRICT_SOCKETS_MADE_CODE_FILTER]
        }
        (Filter::ProcessWithExecutableStack, Sockets::None) => {
            [&EXECUTABLE_STACK_FILTER, &STRICT_EXECUTABLE_STACK_FILTER]
        }
        (Filter::ProcessWithExecutableStack, Sockets::Some) => {
            [&SOCKETS_EXECUTABLE_STACK_FILTER, &STRICT_SOCKETS_EXECUTABLE_STACK_FILTER]
        }
        (Filter::Uhyve, Sockets::None) => [&UHYVE_FILTER, &STRICT_UHYVE_FILTER],
        (Filter::Uhyve, Sockets::Some) => [&SOCKETS_UHYVE_FILTER, &STRICT_SOCKETS_UHYVE_FILTER],
        (Filter::Qemu, Sockets::None) => [&QEMU_FILTER, &STRICT_QEMU_FILTER],
        (Filter::Qemu, Sockets::Some) => [&SOCKETS_QEMU_FILTER, &STRICT_SOCKETS_QEMU_FILTER],
    };
    match level {
        Level::User => user,
        Level::Strict => strict,
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
