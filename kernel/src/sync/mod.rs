//! Making threads wait: [`SpinLock`] for a handful of instructions, [`Mutex`] for what asks the host or
//! touches a program's memory, [`futex`] for everything else.

pub mod futex;
mod mutex;
mod spin;

pub use mutex::{Mutex, MutexGuard};
pub use spin::{Guard, SpinLock};
