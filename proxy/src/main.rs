//! `proxy [options] image [args...]`: stands in for a HermitCore image on Linux.
//!
//! The C `main` and not Rust's: the runtime's own set-up (polling the standard streams, an alternate stack,
//! ignoring SIGPIPE) costs a fifth of a hello's life, and the program in the isle wants SIGPIPE's default
//! action.
#![no_main]

use core::ffi::{c_char, c_int};

/// Called by the C runtime.
#[unsafe(no_mangle)]
extern "C" fn main(argc: c_int, argv: *const *const c_char, envp: *const *const c_char) -> c_int {
    // SAFETY: the C runtime passes `argc` strings and two null-terminated arrays that live as long as the
    // process (System V ABI, "Initial Stack and Register State"); nobody has changed the environment.
    let command_line = unsafe { proxy::command_line::CommandLine::from_c(argc, argv, envp) };
    c_int::from(proxy::run(command_line))
}
