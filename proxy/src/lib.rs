//! The Linux side of an isle, as a library; `main.rs` is its thin front.
//!
//! | module | what it does |
//! |---|---|
//! | [`command_line`] | argv and environ as the kernel gave them |
//! | [`options`] | options and environment of the proxy, one definition for both |
//! | [`image`] | checks that a file is an image and where its segments go |
//! | [`boot`] | boot info and strings in guest memory |
//! | [`host_signals`] | the host's signals: the isle's own, and those of the program |
//! | [`memory`] | guest addresses: checked, copied without trust, never `&mut` |
//! | [`server`] | answers hypercalls for every isle |
//! | [`report`] | the last words of a program: registers and backtrace |
//! | [`error`] | why there was no run |
//! | [`pinning`] | on which CPU of the host each vCPU stays |
//! | [`sandbox`] | what the proxy may still do once the guest runs |
//! | [`isle`] | the isles: process, uhyve, qemu |
#![warn(missing_docs)]

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
pub fn run(command_line: &CommandLine<'_>) -> u8 {
    match start(command_line) {
        Ok(status) => status,
        Err(failed) => {
            eprintln!("proxy: {failed}");
            failed.status()
        }
    }
}

fn start(command_line: &CommandLine<'_>) -> Result<u8, Failed> {
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
