//! One file per verb, each with its options and a `run`.

pub mod bench;
pub mod check;
pub mod clean;
pub mod demo;
pub mod dist;
pub mod mpi;
pub mod run;
pub mod sysroot;
pub mod test;
pub mod tidy;
