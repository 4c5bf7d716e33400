//! The C library, three steps: newlib's own objects ([`newlib`]), the headers ([`headers`]), and the archives with our
//! glue and malloc in them, and crt0.o ([`library`]). [`interface`] is what other libraries depend on.
//!
//! What we add lies in `newlib-port/` and `pthread-embedded/`, which are the rooms to read; docs/porting.md tells how it fits together.

mod core_math;
mod crates;
mod flags;
mod headers;
pub mod interface;
mod library;
mod math;
mod musl;
mod musl_network;
mod musl_posix;
mod newlib;
pub mod renew;
mod rooms;
mod symbols;
mod vector;

use crate::context::Context;
use crate::step::Step;

/// The steps in their order. They need the driver and the header of the system calls.
pub fn steps(context: &Context) -> Vec<Step> {
    vec![newlib::step(context), headers::step(context), library::step(context)]
}
