//! One core's scheduler: who runs, who waits, who sleeps until when.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::run_queue::RunQueue;
use super::task::{Priority, Task};
use crate::arch::{interrupts, percpu, segment, switch};
use crate::sync::SpinLock;
use crate::{platform, time};

/// The scheduler's data of one core. Other cores use `ready` and `idle_waits`; the rest belongs to the core.
pub struct Core {
    ready: SpinLock<RunQueue<Arc<Task>>>,
    /// The core has found nothing to do and sleeps, or is about to.
    idle_waits: AtomicBool,
    /// The running thread, as `Arc::into_raw` gave it: the core owns one reference.
    running: Cell<*const Task>,
    /// The idle thread, likewise, from `init_core` on.
    idle: Cell<*const Task>,
    /// A thread that has ended: whoever runs next frees it, since nobody can free the stack it stands on.
    ended: Cell<Option<Arc<Task>>>,
    /// Threads with a deadline, by (deadline in ns, a number that makes the key unique).
    sleepers: SpinLock<BTreeMap<(u64, u64), Arc<Task>>>,
    next_sleeper: Cell<u64>,
}

/// What the running thread wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// To go on after others of at least its priority.
    Yield,
    /// To stop until it is runnable again.
    Block,
    /// To stop for good.
    End,
}

impl Core {
    /// A core that has not booted.
    pub const fn new() -> Self {
        Self {
            ready: SpinLock::new(RunQueue::new()),
            idle_waits: AtomicBool::new(false),
            running: Cell::new(ptr::null()),
            idle: Cell::new(ptr::null()),
            ended: Cell::new(None),
            sleepers: SpinLock::new(BTreeMap::new()),
            next_sleeper: Cell::new(0),
        }
    }

    /// The idle thread.
    fn idle_thread(&self) -> Arc<Task> {
        share(self.idle.get())
    }
}

/// Another reference to a task that a core owns one of.
fn share(task: *const Task) -> Arc<Task> {
    // SAFETY: `running` and `idle` hold pointers from `Arc::into_raw` whose reference the core still owns.
    unsafe {
        Arc::increment_strong_count(task);
        Arc::from_raw(task)
    }
}

/// Makes the caller the idle thread of this core, which from now on takes threads.
pub fn init_core() {
    let percpu = percpu::current();
    let idle = Task::idle(percpu.id.get());
    percpu.sched.idle.set(Arc::into_raw(idle.clone()));
    percpu.sched.running.set(Arc::into_raw(idle));
    percpu.online.store(true, SeqCst);
}

/// The running thread. The reference is good as long as this thread runs: do not hand it to another one.
pub fn current() -> &'static Task {
    try_current().expect("every core has an idle thread from init_core on")
}

/// The running thread, or `None` before [`init_core`].
pub fn try_current() -> Option<&'static Task> {
    // SAFETY: null, or a task of which the core owns a reference while it runs.
    unsafe { percpu::current().sched.running.get().as_ref() }
}

/// A reference to the running thread that others may keep.
pub fn share_current() -> Arc<Task> {
    share(current())
}

/// Puts a new thread into its core's queue.
pub(super) fn start(task: &Arc<Task>) {
    enqueue(task);
}

/// Makes a blocked thread runnable. Does nothing if it is not blocked (any more).
pub fn wake(task: &Arc<Task>) {
    if task.unblock() {
        enqueue(task);
    }
}

fn enqueue(task: &Arc<Task>) {
    let target = percpu::of(task.core).expect("spawn checked the core");
    target.sched.ready.lock().push(task.priority, task.clone());
    // A core that works looks at its queue by itself; only one that sleeps needs to be told.
    if task.core != percpu::current().id.get() && target.sched.idle_waits.load(SeqCst) {
        platform::kick(task.core);
    }
}

/// Lets other threads of this core with at least the caller's priority run first.
pub fn yield_now() {
    expire_sleepers();
    schedule(Wish::Yield);
}

/// Stops the running thread, which has called `Task::prepare_to_block`, until somebody wakes it or the monotonic
/// clock reaches `deadline_ns`. Returns whether it was woken, as opposed to timed out.
pub fn block(deadline_ns: Option<u64>) -> bool {
    let task = current();
    let core = &percpu::current().sched;
    let key = deadline_ns.map(|deadline| {
        let number = core.next_sleeper.replace(core.next_sleeper.get() + 1);
        let key = (deadline, number);
        core.sleepers.lock().insert(key, share(task));
        key
    });
    schedule(Wish::Block);
    if let Some(key) = key {
        core.sleepers.lock().remove(&key);
    }
    !task.has_timed_out()
}

/// Ends the running thread; whoever runs next frees it.
pub(super) fn leave_forever() -> ! {
    schedule(Wish::End);
    unreachable!("nobody switches to a thread that has ended")
}

/// The timer of this core is due.
pub fn timer_interrupt() {
    expire_sleepers();
}

/// Wakes every thread of this core whose deadline has come.
fn expire_sleepers() {
    let core = &percpu::current().sched;
    loop {
        let task = {
            let mut sleepers = core.sleepers.lock();
            match sleepers.first_entry() {
                Some(first) if first.key().0 <= time::monotonic_ns() => first.remove(),
                _ => return,
            }
        };
        if task.time_out() {
            enqueue(&task);
        }
    }
}

/// Chooses who runs next on this core, and switches.
fn schedule(wish: Wish) {
    let before = interrupts::disable();
    let core = &percpu::current().sched;
    let running = current();
    let next = {
        let mut ready = core.ready.lock();
        match wish {
            Wish::Yield => match ready.pop(running.priority) {
                Some(next) => {
                    if running.priority != Priority::IDLE {
                        ready.push(running.priority, share(running));
                    }
                    next
                }
                None => {
                    drop(ready);
                    interrupts::restore(before);
                    return;
                }
            },
            // If the caller was woken by a core that has not put it into the queue yet, the idle thread waits for that.
            Wish::Block | Wish::End => ready.pop(Priority::IDLE).unwrap_or_else(|| core.idle_thread()),
        }
    };
    if !ptr::eq(Arc::as_ptr(&next), running) {
        switch_to(core, next, wish);
    }
    interrupts::restore(before);
}

/// Switches to `next`; returns when somebody switches back to the caller.
fn switch_to(core: &'static Core, next: Arc<Task>, wish: Wish) {
    let previous = core.running.get();
    let next = Arc::into_raw(next);
    core.running.set(next);
    // SAFETY: both came from `Arc::into_raw`, and the references are owned by `running` and, until below, by us.
    let (from, to) = unsafe { (&*previous, &*next) };
    // SAFETY: the reference that `running` owned.
    let owned = unsafe { Arc::from_raw(previous) };
    if wish == Wish::End {
        core.ended.set(Some(owned));
    } else {
        // Whoever will wake it holds another reference (queue, futex, sleepers); the idle thread is in `idle`.
        drop(owned);
    }
    // SAFETY: `next` runs from here on, and with the switch nothing of the previous thread uses its TLS.
    unsafe { segment::set_thread_pointer(to.thread_pointer()) };
    // SAFETY: interrupts are off; `from` is the running context, `to` one that waits on this core.
    unsafe { switch::switch(&from.context, &to.context) };
    bury();
}

/// Frees the thread that ended before this one was switched to.
fn bury() {
    drop(percpu::current().sched.ended.take());
}

/// Where every new thread begins, with interrupts off.
pub(super) extern "C" fn thread_start() -> ! {
    bury();
    interrupts::enable();
    let task = current();
    (task.entry)(task.argument);
    super::exit_thread()
}

/// The idle thread's life: run what is ready, sleep when nothing is.
pub fn run_idle() -> ! {
    let core = &percpu::current().sched;
    loop {
        yield_now();
        let before = interrupts::disable();
        core.idle_waits.store(true, SeqCst);
        if core.ready.lock().is_empty() {
            let deadline = core.sleepers.lock().first_key_value().map(|(key, _)| key.0);
            platform::idle(deadline);
        }
        core.idle_waits.store(false, SeqCst);
        interrupts::restore(before);
    }
}
