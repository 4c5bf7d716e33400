//! One file per verb, each with its options and a `run`.

pub mod clean;
pub mod sysroot;
