//! The command `hermit`: see the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    hermit::run(std::env::args_os().collect())
}
