//! How a thread competes for its core: policy and priority, and changing them.

use alloc::sync::Arc;

use super::core;
use super::run_queue::Position;
use super::task::{Policy, Priority, Task};
use crate::arch::percpu;
use crate::platform;

/// pthread_setschedparam(3): the thread goes behind its new equals.
pub fn set_schedule(task: &Arc<Task>, policy: Policy, priority: Priority) {
    task.set_policy(policy);
    let lowered = core::change_priority(task, priority, Position::Last) > priority;
    if is_running(task) && lowered {
        core::yield_now();
    } else {
        look_again(task);
    }
}

/// pthread_setschedprio(3): a thread whose priority falls goes before its new equals, one whose priority rises behind them.
pub fn set_priority(task: &Arc<Task>, priority: Priority) {
    let position = if priority < task.priority() { Position::First } else { Position::Last };
    if priority != task.priority() {
        core::change_priority(task, priority, position);
    }
    look_again(task);
}

fn is_running(task: &Task) -> bool {
    ::core::ptr::eq(core::current(), task)
}

/// Lets the core of `task` find out whether another thread should run now.
fn look_again(task: &Task) {
    if task.core == percpu::current().id.get() {
        core::preempt();
    } else {
        platform::kick(task.core);
    }
}
