//! Everything that two sides must agree on, once.
//!
//! The kernel (inside the image) and the proxy (on Linux) are compiled apart and never name each other: they
//! meet here. The crate has no dependencies and no `unsafe`; every structure is `repr(C)` and made of
//! fixed-width integers only. Sizes and offsets are asserted at compile time, or compared with those in the C headers ([`c`]).
//!
//! | module | contract | page |
//! |---|---|---|
//! | [`boot_info`] | what the kernel finds when it is entered | docs/reference/001-boot-info.md |
//! | [`hypercall`] | how the kernel asks the host for something | docs/reference/002-hypercalls.md |
//! | [`elf`] | how an image is recognised | docs/reference/003-image.md |
//! | [`layout`] | where things are in the address space of an isle | docs/reference/004-memory-layout.md |
//! | [`start`] | how an image that Linux itself has started becomes its proxy | docs/reference/003-image.md |
//! | [`errno`] | error numbers (Linux's) | docs/reference/005-errno.md |
//! | [`exit`] | exit statuses | docs/reference/006-exit-status.md |
//! | [`trap`] | the registers of an interrupted context | docs/reference/007-traps.md |
//! | [`c`] | what programs see: structures and numbers under their C names, compared with the headers | docs/reference/009-libc.md |
//! | [`file`] | structures that file calls exchange (Linux's, x86-64) | docs/reference/002-hypercalls.md |
//! | [`socket`] | the same of sockets | docs/reference/002-hypercalls.md |
//!
//! **The rule of numbers**: wherever a program can see a number or a structure (errno, open flags, signals,
//! `struct stat`, poll events, ioctl requests, clock ids), it is that of Linux on x86-64. So the proxy passes
//! them through, and a program compares equal with its native build.
#![no_std]
#![forbid(unsafe_code)]

pub mod boot_info;
pub mod c;
pub mod elf;
pub mod errno;
pub mod exit;
pub mod file;
pub mod hypercall;
pub mod layout;
pub mod socket;
pub mod start;
pub mod trap;
