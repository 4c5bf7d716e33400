//! The multi-call driver behind x86_64-hermit-*: see the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    cc_wrapper::run(std::env::args_os().collect())
}
