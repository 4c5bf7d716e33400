//! The library kernel: linked into every image, entered by the host, called by the C library.
//!
//! Read in this order:
//!
//! 1. [`boot`] is the table of contents: what happens between the entry and `main`.
//! 2. [`arch`] is how the CPU works (entry, traps, paging, switching); [`platform`] is how this isle talks to its host.
//!    The two are independent of one another.
//! 3. [`mm`] hands out memory, [`sched`] lets threads run, [`sync`] makes them wait, [`time`] tells them when.
//!    [`signal`] interrupts them.
//! 4. [`fs`] maps file descriptors to devices and host files; [`hypercall`] carries what the host must do.
//! 5. [`user`] is the way to the program's memory; [`syscall`] is the shell: `extern "C"` functions, the only place where errors become negative integers.
//!
//! Principles: a thread stays on the core where it starts; nothing ticks; everything inside is `Result<T, Errno>`;
//! there is one address space, but an address from the program is a claim, which [`user`] checks.
// The real kernel aborts when it panics. Compiled otherwise (tests, editors, lints on the host) it is an ordinary library
// without entry, panic handler and allocator: `cfg(panic = "abort")` tells the two apart.
#![cfg_attr(panic = "abort", no_std)]
// Each module that needs it says why at its top.
#![deny(unsafe_code)]
#![allow(
    clippy::new_without_default,
    reason = "const constructors of statics: nobody wants a default of them"
)]
#![cfg_attr(
    not(panic = "abort"),
    allow(
        dead_code,
        unused_imports,
        reason = "the entry, and what only it uses, is not compiled on the host"
    )
)]

extern crate alloc;

pub mod arch;
pub mod boot;
pub mod cores;
pub mod fatal;
pub mod fs;
pub mod hypercall;
pub mod image;
pub mod log;
pub mod mm;
pub mod platform;
pub mod random;
pub mod sched;
pub mod signal;
pub mod sync;
pub mod syscall;
pub mod time;
pub mod user;
