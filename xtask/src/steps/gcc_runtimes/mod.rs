//! gcc's runtime libraries for C++ and Fortran: gcc's source ([`source`]), and what is built of it ([`libraries`]).
//!
//! The room to read is `gcc-runtimes/`: patches, and a Makefile that says how everything is built.

mod libraries;
pub mod source;

use crate::context::Context;
use crate::step::Step;

/// The steps in their order. They need everything else of the tree: the configure scripts link programs.
pub fn steps(context: &Context) -> Vec<Step> {
    vec![source::step(context), libraries::step(context)]
}
