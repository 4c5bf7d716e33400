//! Making threads wait: [`SpinLock`] for a handful of instructions, [`futex`] for everything else.

pub mod futex;
mod spin;

pub use spin::{Guard, SpinLock};
