//! `cargo xtask <verb>`: the only entrance to building, testing and packaging HermitCore.
//!
//! The library beside this file holds everything; see `lib.rs` for the tour.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    match xtask::main() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
