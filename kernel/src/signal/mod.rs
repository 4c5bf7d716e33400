//! Signals: POSIX's, with Linux's numbers and structures.
//!
//! [`Signal`] is a number; [`action`] says what each signal does, [`post`] sends it, [`queue`] holds it while it is pending, [`deliver`] calls the
//! program's handlers, [`state`] is one thread's part, [`frame`] fills in the structures that handlers see, [`timer`] sends signals when time has passed.
//!
//! A handler runs in one of two places. When a system call ends, it is simply called, on the thread's stack. When the
//! program is interrupted elsewhere, the interrupt sends the thread to a trampoline (`crate::interrupt`), and the handler runs there
//! with the registers of the interrupted code in its `ucontext`. It never runs inside of the kernel.

pub mod action;
pub mod deliver;
pub mod frame;
mod number;
mod post;
pub mod queue;
pub mod state;
pub mod timer;

pub use action::catch;
pub use number::{Default, Signal, SignalSet, UNBLOCKABLE};
pub use post::{
    discard_ignored, interrupt_if_pending, is_pending, next, pass_on, post_to_isle, post_to_task, take,
    when_posted,
};
