//! Making threads wait: [`SpinLock`] for a handful of instructions, [`Turn`] for what asks the host, [`futex`] for everything
//! else.

pub mod futex;
mod turn;

pub use crate::lock::{Guard, SpinLock};
pub use turn::Turn;
