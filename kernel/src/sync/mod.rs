//! Making threads wait: [`SpinLock`] for a handful of instructions, [`Mutex`] for what asks the host or
//! touches a program's memory, [`futex`] for everything else. Those that lower floors need as well live there.

mod mutex;

pub use crate::lock::{Guard, SpinLock};
pub use crate::sched::futex;
pub use mutex::{Mutex, MutexGuard};
