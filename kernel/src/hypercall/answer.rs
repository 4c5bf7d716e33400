//! Threads that wait for the host's answer.
//!
//! A request lies on its thread's stack, and the host writes to it whenever it is done. Until then the thread is blocked like
//! any other, and its core is free. A signal for the thread makes it ask the host to end the request (`Cancel`), which then
//! answers with EINTR, or with what it has done.

#![allow(unsafe_code, reason = "the host writes to a request that lies on a stack")]

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::arch::{cpu, interrupts};
use crate::lock::SpinLock;
use crate::platform;
use crate::sched::{self, Priority, Task};
use abi::hypercall::{MAY_PEND, Number, Request, state};

struct Waiting {
    /// Address of the request's state.
    state: usize,
    task: Arc<Task>,
}

static WAITING: SpinLock<Vec<Waiting>> = SpinLock::new(Vec::new());

/// Turns of the spin before the thread blocks: most answers come within some tens of microseconds.
const SPINS: u32 = 2000;

/// Waits until the request is done. Kept out of the way of requests that are answered at once.
#[inline(never)]
pub fn wait_for(request: &mut Request) {
    let mut may_cancel = can_be_cancelled(request.number);
    // SAFETY: the reference keeps the request in place; both sides access its state atomically.
    let request_state = unsafe { AtomicU32::from_ptr(&raw mut request.state) };
    let is_done = || request_state.load(SeqCst) == state::DONE;
    for _ in 0..SPINS {
        if is_done() {
            return;
        }
        cpu::relax();
    }
    // Neither the idle thread nor a core that takes no interrupts can block.
    let can_block =
        sched::try_current().is_some_and(|task| task.priority() != Priority::IDLE) && interrupts::are_on();
    if !can_block {
        while !is_done() {
            cpu::relax();
        }
        return;
    }
    while !is_done() {
        if may_cancel && gives_up() {
            may_cancel = false;
            // ESRCH: the answer is on its way.
            let address = core::ptr::from_ref(request_state) as u64;
            let _ = platform::ask(Number::Cancel, [address, 0, 0, 0, 0, 0]);
        }
        block_until(request_state, may_cancel);
    }
}

/// Whether the running thread wants an end rather than an answer.
fn gives_up() -> bool {
    sched::is_interrupted() || sched::current().poll_is_stale.load(SeqCst)
}

/// Whether the request is one of those that may block.
fn can_be_cancelled(number: u32) -> bool {
    matches!(
        Number::from_u32(number & !MAY_PEND),
        Some(
            Number::Open
                | Number::Read
                | Number::ReadV
                | Number::Write
                | Number::WriteV
                | Number::Poll
                | Number::Lock
                | Number::Accept
                | Number::Connect
                | Number::Send
                | Number::Receive
                | Number::SendMessage
                | Number::ReceiveMessage
        )
    )
}

/// Blocks until the request may be done, or, if it can still be cancelled, until the thread may want to.
fn block_until(request_state: &AtomicU32, may_cancel: bool) {
    let address = core::ptr::from_ref(request_state) as usize;
    let task = sched::current();
    task.prepare_to_block();
    WAITING.lock().push(Waiting { state: address, task: sched::share_current() });
    // The answer may have come, with its interrupt, before the thread was in the list; a signal likewise.
    if request_state.load(SeqCst) == state::DONE || (may_cancel && gives_up()) {
        sched::cancel_block();
    } else {
        sched::block_uninterrupted();
    }
    WAITING.lock().retain(|waiting| waiting.state != address);
}

/// Wakes every thread whose request is done.
pub fn wake_answered() {
    for waiting in WAITING.lock().iter() {
        // SAFETY: the entry is removed, under the lock, before the request goes out of scope.
        let request_state = unsafe { AtomicU32::from_ptr(waiting.state as *mut u32) };
        if request_state.load(SeqCst) == state::DONE {
            sched::wake(&waiting.task);
        }
    }
}
