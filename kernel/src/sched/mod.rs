//! Threads: placed on a core when they start, never moved.
//!
//! [`task`] is one thread, [`thread_list`] all of them, [`run_queue`] what waits for a core, [`core`] one core's scheduler,
//! [`per_core`] where its data lies, [`alarm`] its timer, [`schedule`] how threads compete for it, [`cpu_time`] how long they have
//! had it, [`sleepers`] what waits for a moment, [`futex`] what waits for a word to change, [`interruption`] what ends a wait
//! before its time, [`idle`] what a core does without threads. This module is what the rest of the kernel calls: spawn, block,
//! wake, yield, end.
//!
//! Signals and timers stand above: to them the scheduler offers [`Expire`], [`Inherited`] and the words of
//! [`interruption::Interruption`].
//!
//! A blocked thread is woken by changing its state and putting it into its core's queue; since threads never move,
//! only its own core ever switches to or from it, and no other core can see a half-saved context.

mod alarm;
pub mod core;
mod cpu_time;
pub mod futex;
mod idle;
pub mod interruption;
mod name;
mod per_core;
mod run_queue;
mod schedule;
mod sleepers;
mod stack;
mod task;
mod thread_list;
mod tls;

use ::core::ops::Range;
use ::core::sync::atomic::{AtomicI32, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::lock::SpinLock;
use crate::sorted::Sorted;
use crate::{cores, given};
use abi::errno::Errno;

pub use self::core::{
    block, block_uninterrupted, cancel_block, current, has_crowded_cpus, has_other_threads, init_core,
    interrupt, is_interrupted, is_preemption_due, preempt, preempt_without_interrupts, share_current,
    try_current, wake, yield_now,
};
pub use alarm::{call_at, look_again_soon, timer_interrupt};
pub use cpu_time::CpuClock;
pub use idle::run_idle;
pub use name::NAME_BYTES;
pub use per_core::prepare_first as prepare_first_core;
pub use schedule::{set_priority, set_schedule};
pub use sleepers::Expire;
pub use stack::{DEFAULT_STACK_BYTES, StackPlace};
pub use task::{Inherited, Policy, Priority, Spawn, Task, TaskId, Wakeup};

/// All threads that have not been joined or forgotten.
static TASKS: SpinLock<Sorted<TaskId, Arc<Task>>> = SpinLock::new(Sorted::new());
static NEXT_ID: AtomicI32 = AtomicI32::new(1);
/// The main thread is on core 0, so the first one that it starts goes to core 1.
static NEXT_CORE: AtomicUsize = AtomicUsize::new(1);

/// Starts a thread. Errors: `EAGAIN` no memory for its stack, `EINVAL` no such core.
pub fn spawn(spawn: Spawn) -> Result<TaskId, Errno> {
    let nr_cores = given::nr_cores();
    let core = match spawn.core {
        Some(core) if core < nr_cores => core,
        Some(_) => return Err(Errno::EINVAL),
        None => NEXT_CORE.fetch_add(1, Relaxed) % nr_cores,
    };
    per_core::prepare(core)?;
    cores::start(core)?;
    let id = NEXT_ID.fetch_add(1, Relaxed);
    let name = try_current().map_or(name::Name::none(), |creator| creator.name.clone());
    let task = Task::new(id, core, spawn, name, thread_start).map_err(|_| Errno::EAGAIN)?;
    let task = thread_list::enter(task);
    TASKS.lock().insert(id, task.clone());
    self::core::start(&task);
    Ok(id)
}

/// Where every new thread begins.
extern "C" fn thread_start() -> ! {
    let task = self::core::arrive();
    (task.entry)(task.argument);
    exit_thread()
}

/// Waits until thread `id` has ended, and forgets it. What interrupts the wait does not end it: `when_interrupted` deals with it.
/// Errors: `ESRCH` no such thread, `EDEADLK` the caller itself.
pub fn join(id: TaskId, when_interrupted: impl Fn()) -> Result<(), Errno> {
    let task = TASKS.lock().get(id).cloned().ok_or(Errno::ESRCH)?;
    if ::core::ptr::eq(&*task, current()) {
        return Err(Errno::EDEADLK);
    }
    while task.alive.load(SeqCst) != 0 {
        // EAGAIN means that it has just ended.
        if futex::wait(&task.alive, 1, None) == Err(Errno::EINTR) {
            when_interrupted();
        }
    }
    TASKS.lock().remove(id);
    Ok(())
}

/// Forgets thread `id`: nobody will join it. Errors: `ESRCH` no such thread.
pub fn detach(id: TaskId) -> Result<(), Errno> {
    TASKS.lock().remove(id).map(|_| ()).ok_or(Errno::ESRCH)
}

/// Ends the calling thread.
pub fn exit_thread() -> ! {
    let task = current();
    task.alive.store(0, SeqCst);
    futex::wake(::core::ptr::from_ref(&task.alive) as usize, usize::MAX);
    self::core::leave_forever()
}

/// Lets the calling thread sleep until `deadline_ns` on the monotonic clock. `EINTR`: it was interrupted before.
pub fn sleep_until(deadline_ns: u64) -> Result<(), Errno> {
    current().prepare_to_block();
    match block(Some(deadline_ns)) {
        Wakeup::Interrupted => Err(Errno::EINTR),
        Wakeup::Woken | Wakeup::TimedOut => Ok(()),
    }
}

/// Thread `id`, if it has not been forgotten.
pub fn get(id: TaskId) -> Option<Arc<Task>> {
    TASKS.lock().get(id).cloned()
}

/// Those that have not ended, ascending by their numbers.
fn living(tasks: &Sorted<TaskId, Arc<Task>>) -> impl Iterator<Item = &Arc<Task>> {
    tasks.values().filter(|task| task.alive.load(SeqCst) != 0)
}

/// The first living thread for which `condition` holds.
pub fn find(condition: impl Fn(&Task) -> bool) -> Option<Arc<Task>> {
    living(&TASKS.lock()).find(|task| condition(task)).cloned()
}

/// Does something with every living thread.
pub fn for_each(each: impl Fn(&Task)) {
    living(&TASKS.lock()).for_each(|task| each(task));
}

/// What `each` makes of every living thread that it takes, ascending by their numbers. It must not need memory.
fn collect<T>(each: impl Fn(&Task) -> Option<T>) -> Vec<T> {
    loop {
        let count = TASKS.lock().len();
        // Memory is not for the lock.
        let mut all = Vec::with_capacity(count);
        let tasks = TASKS.lock();
        if tasks.len() <= all.capacity() {
            all.extend(living(&tasks).filter_map(|task| each(task)));
            return all;
        }
    }
}

/// The numbers of all living threads.
pub fn ids() -> Vec<TaskId> {
    collect(|task| Some(task.id))
}

/// Where their stacks are.
pub fn stacks() -> Vec<(TaskId, StackPlace)> {
    collect(|task| task.stack_place().map(|place| (task.id, place)))
}

/// Whether an access to `address` with this stack pointer overflows the running thread's stack.
pub fn is_stack_overflow(address: u64, stack_pointer: u64) -> bool {
    self::core::try_current().is_some_and(|task| task.overflows(address, stack_pointer))
}

/// The stack on which the running thread does what an interrupt wants of it; `None` for the idle thread.
pub fn trampoline_stack() -> Option<Range<u64>> {
    self::core::try_current()?.trampoline_stack()
}

/// Whether `len_bytes` below `stack_pointer` are still the running thread's stack. True for stacks that the kernel does not
/// know.
pub fn has_stack(stack_pointer: u64, len_bytes: u64) -> bool {
    self::core::try_current().is_none_or(|task| task.has_stack(stack_pointer, len_bytes))
}
