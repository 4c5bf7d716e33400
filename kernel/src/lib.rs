//! The library kernel: linked into every image, entered by the host, called by the C library.
//!
//! It stands on floors: a room uses what lies below it, and `cargo xtask tidy` reads this table and proves it. What a lower
//! floor needs from a higher one it declares, as a trait or as a function that is linked in, and the higher one fills it.
//!
//! | floor | rooms | what |
//! |---|---|---|
//! | 11 | [`boot`] | the table of contents: what happens between the entry and `main` |
//! | 10 | [`syscall`], [`interrupt`] | the two ways in: programs call, hosts and CPUs interrupt |
//! | 9 | [`net`] | sockets |
//! | 8 | [`fs`] | what is behind descriptors |
//! | 7 | [`signal`], [`sync`], [`hypercall`], [`fatal`] | what interrupts threads; what makes them wait; asking the host and waiting for it; the end of an isle that went wrong |
//! | 6 | [`sched`] | lets threads run |
//! | 5 | [`cores`], [`random`] | further cores; random bytes |
//! | 4 | [`mm`], [`log`], [`user`] | memory, the kernel's log, the way to a program's memory |
//! | 3 | [`platform`] | how this isle talks to its host |
//! | 2 | [`lock`], [`time`] | the spin lock, what time it is |
//! | 1 | [`arch`] | how the CPU works: entry, traps, paging, switching |
//! | 0 | [`given`], [`image`], [`cpu_set`], [`sorted`] | what the host gave, the image that the kernel is part of, sets of cores, small maps |
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
pub mod cpu_set;
pub mod fatal;
pub mod fs;
pub mod given;
pub mod hypercall;
pub mod image;
pub mod interrupt;
pub mod lock;
pub mod log;
pub mod mm;
pub mod net;
pub mod platform;
pub mod random;
pub mod sched;
pub mod signal;
pub mod sorted;
pub mod sync;
pub mod syscall;
pub mod time;
pub mod user;
