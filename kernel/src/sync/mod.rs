//! Making threads wait: [`SpinLock`] for a handful of instructions, [`Turn`] for what asks the host, [`futex`] for everything
//! else. Those that lower floors need as well live there.

mod turn;

pub use crate::lock::{Guard, SpinLock};
pub use crate::sched::futex;
pub use turn::Turn;
