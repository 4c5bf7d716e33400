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
//! | 1 | [`command_line`] | argv and environ as the kernel gave them |
//! | 0 | [`memory`], `patience`, `random` | guest addresses: checked, copied without trust, never `&mut`; for tests |
#![warn(missing_docs)]
// Each module that needs it says why at its top; those with modules below them, at the function.
#![deny(unsafe_code)]

pub mod boot;
pub mod command_line;
pub mod error;
pub mod host_signals;
pub mod image;
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

use command_line::CommandLine;
use error::Failed;

/// Runs the proxy from its command line to the exit status.
pub fn run(mut command_line: CommandLine<'_>) -> u8 {
    match start(&mut command_line) {
        Ok(status) => status,
        Err(failed) => {
            eprintln!("proxy: {failed}");
            failed.status()
        }
    }
}

fn start(command_line: &mut CommandLine<'_>) -> Result<u8, Failed> {
    isle::keep_standard_streams();
    let invocation = match options::parse(command_line)? {
        options::Parsed::Run(invocation) => invocation,
        options::Parsed::Probe => return Ok(isle::uhyve::probe::tell()),
        options::Parsed::Shown => return Ok(0),
    };
    let program = command_line.program(invocation.image_index);
    let path = program.path();
    let image =
        image::ImageFile::open(path).map_err(|reason| Failed::Image { path: path.to_owned(), reason })?;
    isle::run(&invocation.options, &image, &program)
}
