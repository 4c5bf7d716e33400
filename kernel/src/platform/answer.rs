//! Threads that wait for the host's answer.
//!
//! A request lies on its thread's stack, and the host writes to it whenever it is done. Until then the thread is blocked like
//! any other, and its core is free.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::arch::{cpu, interrupts};
use crate::sched::{self, Priority, Task};
use crate::sync::SpinLock;
use abi::hypercall::state;

struct Waiting {
    /// Address of the request's state.
    state: usize,
    task: Arc<Task>,
}

static WAITING: SpinLock<Vec<Waiting>> = SpinLock::new(Vec::new());

/// Turns of the spin before the thread blocks: most answers come within some tens of microseconds.
const SPINS: u32 = 2000;

/// Waits until the request with this state is done.
pub fn wait_for(request_state: &AtomicU32) {
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
    while !is_done() {
        if can_block {
            block_until(request_state);
        } else {
            cpu::relax();
        }
    }
}

fn block_until(request_state: &AtomicU32) {
    let address = core::ptr::from_ref(request_state) as usize;
    let task = sched::current();
    task.prepare_to_block();
    WAITING.lock().push(Waiting { state: address, task: sched::share_current() });
    // The answer may have come, with its interrupt, before the thread was in the list.
    if request_state.load(SeqCst) == state::DONE {
        sched::cancel_block();
    } else {
        sched::block_regardless_of_signals();
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
