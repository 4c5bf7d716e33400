//! What a program sees of itself: `/proc/self` and its other names, `/dev/fd`, `/dev/stdin` and its like.
//!
//! The host's are those of the proxy. [`spot`] lists what there is, [`walk`] says which paths lead here, by their names; [`calls`] has a function for each file
//! call, [`file`] is what is open, [`text`] what can be read of the program, and [`maps`] its memory. The links in `fd` lead to the
//! program's own descriptors. Everything else of procfs is the host's.

pub mod calls;
pub mod file;
mod maps;
pub mod spot;
mod text;
mod walk;

pub use walk::{Found, find};
