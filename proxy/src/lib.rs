//! The Linux side of an isle, as a library; `main.rs` is its thin front.
//!
//! It stands on floors: a room uses what lies below it, and `cargo xtask tidy` reads this table and proves
//! it.
//!
//! | floor | rooms | what |
//! |---|---|---|
//! | 5 | [`isle`] | the isles: process, uhyve, qemu |
//! | 4 | [`pinning`], [`sandbox`], [`report`] | on which CPUs of the host vCPUs stay; what the proxy may still do once the guest runs; the last words of a program: registers and backtrace |
//! | 3 | [`error`], [`server`], [`boot`] | why there was no run; answers hypercalls for every isle; boot info and strings in guest memory |
//! | 2 | [`options`], [`image`], [`host_signals`] | options and environment, one definition for both; checks that a file is an image and where its segments go; the host's signals: the isle's own, and those of the program |
//! | 1 | [`command_line`], [`inheritance`] | argv and environ as the kernel gave them; what else the program has of the proxy's parent |
//! | 0 | [`memory`], [`clocks`], `patience`, `random` | guest addresses: checked, copied without trust, never `&mut`; the host's clocks, read together; for tests |
#![warn(missing_docs)]
// Each module that needs it says why at its top; those with modules below them, at the function.
#![deny(unsafe_code)]

pub mod boot;
pub mod clocks;
pub mod command_line;
pub mod error;
pub mod host_signals;
pub mod image;
pub mod inheritance;
pub mod isle;
pub mod memory;
pub mod options;
#[cfg(test)]
mod patience;
pub mod pinning;
#[cfg(test)]
mod random;
pub mod report;
pub mod sandbox;
pub mod server;

use command_line::{CommandLine, Program};
use core::ffi::CStr;
use error::{Failed, IsleError};
use options::{IsleChoice, Level, Options};
use sandbox::descriptors::{self, Fate};
use std::os::unix::ffi::OsStrExt;

/// Longest name of a Linux thread (TASK_COMM_LEN), without its NUL.
const MAX_NAME_BYTES: usize = 15;

/// Runs the proxy from its command line to the exit status.
pub fn run(command_line: &mut CommandLine<'_>) -> u8 {
    match start(command_line) {
        Ok(status) => status,
        Err(failed) => {
            eprintln!("proxy: {failed}");
            failed.status()
        }
    }
}

fn start(command_line: &mut CommandLine<'_>) -> Result<u8, Failed> {
    inheritance::take();
    let invocation = match options::parse(command_line)? {
        options::Parsed::Run(invocation) => invocation,
        options::Parsed::Probe => return Ok(isle::uhyve::probe::tell()),
        options::Parsed::Shown => return Ok(0),
    };
    let options = &invocation.options;
    if options.sandbox == Level::Strict {
        leave_what_is_named(options, command_line)?;
    }
    let program = command_line.program(invocation.image_index);
    let path = program.path();
    let image =
        image::ImageFile::open(path).map_err(|reason| Failed::Image { path: path.to_owned(), reason })?;
    set_name(&program);
    isle::run(options, &image, &program)
}

/// Gives up the descriptors and variables that nobody named, before anything else is opened.
#[allow(unsafe_code, reason = "closes descriptors and overwrites variables that nobody knows of yet")]
fn leave_what_is_named(options: &Options, command_line: &mut CommandLine<'_>) -> Result<(), IsleError> {
    let fds = options.fds.clone().unwrap_or_default();
    inheritance::leave_descriptors(&fds.0);
    // SAFETY: the proxy owns no descriptor yet but the standard streams.
    unsafe { descriptors::for_all_but(&fds.0, Fate::Closed) }
        .map_err(IsleError::host("close descriptors", "use HERMIT_SANDBOX=user"))?;
    let names = options.env.clone().unwrap_or_default();
    if options.isle == IsleChoice::Qemu {
        // The program does not see the proxy's memory, and QEMU is found by PATH.
        command_line.environment.retain(|entry| names.name(entry.to_bytes()));
    } else {
        // SAFETY: no thread has been started, and what has read the environment made copies.
        unsafe { command_line.forget_variables(|entry| names.name(entry)) };
    }
    Ok(())
}

/// As after execve(2), the process is called like the program's file. Who cannot be renamed keeps the proxy's name.
fn set_name(program: &Program<'_>) {
    let name = program.path().file_name().unwrap_or_default().as_bytes();
    let name: Vec<u8> = name.iter().copied().take(MAX_NAME_BYTES).chain([0]).collect();
    if let Ok(name) = CStr::from_bytes_until_nul(&name) {
        let _ = rustix::thread::set_name(name);
    }
}
