//! One core's scheduler: who runs and who waits. [`super::alarm`] says when the core's timer interrupts it.

#![allow(unsafe_code, reason = "a core owns threads by raw pointers, and switches stacks")]

use alloc::sync::Arc;
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};

use super::alarm::NEVER;
use super::cpu_time::Meter;
use super::idle::Patience;
use super::run_queue::{Position, RunQueue};
use super::sleepers::{Sleeper, Sleepers};
use super::task::{Priority, Task, Wakeup};
use super::thread_list;
use crate::arch::{interrupts, percpu, segment, smp, switch};
use crate::given;
use crate::lock::SpinLock;
use crate::platform;

/// The scheduler's data of one core, which [`super::per_core`] places. Other cores use `ready` and `idle_waits`; the rest belongs to the core.
pub struct Core {
    ready: SpinLock<RunQueue<Arc<Task>>>,
    /// Which priorities `ready` holds, for looks without the lock.
    ready_priorities: AtomicU32,
    /// The core has found nothing to do and sleeps, or is about to.
    pub(super) idle_waits: AtomicBool,
    /// The core runs a thread other than the idle one.
    works: AtomicBool,
    /// How long it looks for threads before it sleeps.
    pub(super) patience: Patience,
    meter: Meter,
    /// Threads placed here that have not ended, without the idle one. Other cores count up.
    living: AtomicU32,
    /// The running thread, as `Arc::into_raw` gave it: the core owns one reference.
    running: Cell<*const Task>,
    /// The idle thread, likewise, from `init_core` on.
    idle: Cell<*const Task>,
    /// A thread that has ended: whoever runs next frees it, since nobody can free the stack it stands on.
    ended: Cell<Option<Arc<Task>>>,
    pub(super) sleepers: Sleepers,
    /// When the timer of this core will interrupt, `NEVER` if it will not.
    pub(super) timer_ns: Cell<u64>,
    /// When the time slice ends, `NEVER` if no equal waited when the timer was programmed.
    pub(super) slice_ns: Cell<u64>,
    /// The running thread has had its time slice, and an equal waits.
    pub(super) slice_over: Cell<bool>,
}

/// For debuggers: where `running` is.
pub(super) const RUNNING_OFFSET: u64 = core::mem::offset_of!(Core, running) as u64;

/// Cores that have called [`init_core`].
static RUNNING_CORES: AtomicUsize = AtomicUsize::new(0);

/// Why the scheduler is called: what the running thread is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// To go on after others of at least its priority.
    Yield,
    /// To let another thread run if [`is_preemption_due`].
    Preempt,
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
            ready_priorities: AtomicU32::new(0),
            idle_waits: AtomicBool::new(false),
            works: AtomicBool::new(false),
            patience: Patience::new(),
            meter: Meter::new(),
            living: AtomicU32::new(0),
            running: Cell::new(ptr::null()),
            idle: Cell::new(ptr::null()),
            ended: Cell::new(None),
            sleepers: Sleepers::new(),
            timer_ns: Cell::new(NEVER),
            slice_ns: Cell::new(NEVER),
            slice_over: Cell::new(false),
        }
    }

    /// Changes the queue and keeps its summary.
    fn with_ready<R>(&self, change: impl FnOnce(&mut RunQueue<Arc<Task>>) -> R) -> R {
        let mut ready = self.ready.lock();
        let result = change(&mut ready);
        self.ready_priorities.store(ready.occupied(), SeqCst);
        result
    }

    /// Takes the thread out of the queue that preempts `running`, if [`is_preemption_due`] says so. A thread whose time slice is not
    /// over goes before its equals.
    fn take_preemptor(&self, ready: &mut RunQueue<Arc<Task>>, running: &Task) -> Option<Arc<Task>> {
        let mine = running.priority();
        let had_its_slice = self.slice_over.get() && running.takes_turns();
        if ready.highest()? < mine.index() + if had_its_slice { 0 } else { 1 } {
            return None;
        }
        let next = ready.pop(mine)?;
        if had_its_slice {
            ready.push(mine, share(running));
        } else {
            ready.push_first(mine, share(running));
        }
        Some(next)
    }

    /// The highest priority that waits.
    pub(super) fn highest_waiting(&self) -> Option<u32> {
        self.ready_priorities.load(SeqCst).checked_ilog2()
    }

    /// Its stopwatch.
    pub(super) const fn meter(&self) -> &Meter {
        &self.meter
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

/// Cores that run threads; the others have not been needed yet.
pub(super) fn nr_running_cores() -> usize {
    RUNNING_CORES.load(Relaxed)
}

/// Whether cores that run threads outnumber the host's CPUs for them: one that waits in a loop keeps another one from running.
pub fn has_crowded_cpus() -> bool {
    nr_running_cores() > given::nr_host_cpus()
}

/// Makes the caller the idle thread of this core, which from now on takes threads.
pub fn init_core() {
    let idle = thread_list::enter(Task::idle(percpu::current().id.get()));
    Core::here().idle.set(Arc::into_raw(idle.clone()));
    Core::here().running.set(Arc::into_raw(idle));
    RUNNING_CORES.fetch_add(1, Relaxed);
    smp::go_online();
}

/// The running thread. The reference is good as long as this thread runs: do not hand it to another one.
pub fn current() -> &'static Task {
    try_current().expect("every core has an idle thread from init_core on")
}

/// The running thread, or `None` before [`init_core`].
pub fn try_current() -> Option<&'static Task> {
    // SAFETY: null, or a task of which the core owns a reference while it runs.
    unsafe { Core::here().running.get().as_ref() }
}

/// Whether the running thread has a cause to stop waiting.
#[inline]
pub fn is_interrupted() -> bool {
    try_current().is_some_and(|task| task.interruption.is_due())
}

/// A reference to the running thread that others may keep.
pub fn share_current() -> Arc<Task> {
    share(current())
}

/// Whether this core has threads that could run while the caller waits.
#[inline]
pub fn has_other_threads() -> bool {
    Core::here().living.load(SeqCst) > 1
}

/// Puts a new thread into its core's queue.
pub(super) fn start(task: &Arc<Task>) {
    Core::beside(task.home).living.fetch_add(1, SeqCst);
    enqueue(task);
}

/// Makes a blocked thread runnable. Does nothing if it is not blocked (any more).
pub fn wake(task: &Arc<Task>) {
    if task.unblock(Wakeup::Woken) {
        enqueue(task);
    }
}

/// Ends the block of a thread to which a cause has been posted: see [`super::interruption`].
pub fn interrupt(task: &Arc<Task>) {
    if task.unblock(Wakeup::Interrupted) {
        enqueue(task);
    }
}

pub(super) fn enqueue(task: &Arc<Task>) {
    let target = Core::beside(task.home);
    let first_of_its_kind = target.with_ready(|ready| {
        let first = ready.highest().is_none_or(|highest| highest < task.priority().index());
        ready.push(task.priority(), task.clone());
        first
    });
    if task.core == percpu::current().id.get() {
        if let Some(running) = try_current().filter(|running| running.priority() != Priority::IDLE) {
            target.arm(running);
        }
        return;
    }
    // A core that spins finds the thread by itself. One that sleeps must be woken, and one that works must start its timer
    // or be preempted, unless another thread that waits has told it already.
    if target.idle_waits.load(SeqCst) || (first_of_its_kind && target.works.load(SeqCst)) {
        platform::kick(task.core);
    }
}

/// Changes the priority of a thread, which goes to `position` among its new equals if it waits for its core. Returns the old one.
pub(super) fn change_priority(task: &Arc<Task>, priority: Priority, position: Position) -> Priority {
    let target = Core::beside(task.home);
    target.with_ready(|ready| {
        let before = task.priority();
        let waiting = ready.remove(before, |other| Arc::ptr_eq(other, task));
        task.set_priority(priority);
        match (waiting, position) {
            (None, _) => {}
            (Some(task), Position::First) => ready.push_first(priority, task),
            (Some(task), Position::Last) => ready.push(priority, task),
        }
        before
    })
}

/// Lets another thread of this core run if it should: see [`is_preemption_due`].
#[inline]
pub fn preempt() {
    if Core::here().highest_waiting().is_some() && is_preemption_due() {
        schedule(Reason::Preempt);
    }
}

/// [`preempt`] where interrupts are off, and stay so.
pub fn preempt_without_interrupts() {
    if Core::here().highest_waiting().is_some() && is_preemption_due() {
        reschedule(Reason::Preempt);
    }
}

/// Lets other threads of this core with at least the caller's priority run first.
pub fn yield_now() {
    if Core::here().highest_waiting().is_some() {
        schedule(Reason::Yield);
    }
}

/// Whether another thread should run: one of higher priority waits, or an equal and the slice is over. Called
/// by interrupts; the idle thread looks by itself.
pub fn is_preemption_due() -> bool {
    let core = Core::here();
    let Some(running) = try_current().filter(|running| running.priority() != Priority::IDLE) else {
        return false;
    };
    let Some(highest) = core.highest_waiting() else { return false };
    let mine = running.priority().index() as u32;
    if highest == mine && !core.slice_over.get() {
        core.arm(running);
    }
    highest > mine || (highest == mine && core.slice_over.get() && running.takes_turns())
}

/// Stops the running thread, which has called `Task::prepare_to_block`, until somebody wakes it, something interrupts it, or the
/// monotonic clock reaches `deadline_ns`.
pub fn block(deadline_ns: Option<u64>) -> Wakeup {
    let task = current();
    let core = Core::here();
    if task.interruption.is_due() && task.unblock(Wakeup::Interrupted) {
        return Wakeup::Interrupted;
    }
    let key = deadline_ns.map(|deadline| core.sleepers.add(deadline, Sleeper::Task(share(task))));
    schedule(Reason::Block);
    if let Some(key) = key {
        core.sleepers.remove(&key);
    }
    task.wakeup()
}

/// Takes `Task::prepare_to_block` of the running thread back, because there is no need to block.
pub fn cancel_block() {
    if !current().cancel_block() {
        schedule(Reason::Block);
    }
}

/// [`block`] without a deadline that nothing interrupts: for waits that cannot be given up.
pub fn block_uninterrupted() {
    schedule(Reason::Block);
}

/// Ends the running thread; whoever runs next frees it.
pub(super) fn leave_forever() -> ! {
    Core::here().living.fetch_sub(1, SeqCst);
    schedule(Reason::End);
    unreachable!("nobody switches to a thread that has ended")
}

/// Chooses who runs next on this core, and switches.
fn schedule(reason: Reason) {
    let before = interrupts::disable();
    reschedule(reason);
    interrupts::restore(before);
}

/// [`schedule`] with interrupts off. Threads that come back find them off as well.
fn reschedule(reason: Reason) {
    let core = Core::here();
    let running = current();
    let next = core.with_ready(|ready| match reason {
        Reason::Yield => {
            let next = ready.pop(running.priority())?;
            if running.priority() != Priority::IDLE {
                ready.push(running.priority(), share(running));
            }
            Some(next)
        }
        Reason::Preempt => core.take_preemptor(ready, running),
        // If the caller was woken by a core that has not put it into the queue yet, the idle thread waits for that.
        Reason::Block | Reason::End => Some(ready.pop(Priority::IDLE).unwrap_or_else(|| core.idle_thread())),
    });
    if let Some(next) = next
        && !ptr::eq(Arc::as_ptr(&next), running)
    {
        core.slice_over.set(false);
        core.works.store(next.priority() != Priority::IDLE, SeqCst);
        if next.priority() != Priority::IDLE {
            core.arm(&next);
        }
        switch_to(core, next, reason);
    }
}

/// Switches to `next`; returns when somebody switches back to the caller.
fn switch_to(core: &'static Core, next: Arc<Task>, reason: Reason) {
    let previous = core.running.get();
    let next = Arc::into_raw(next);
    core.running.set(next);
    // SAFETY: both came from `Arc::into_raw`, and the references are owned by `running` and, until below, by us.
    let (from, to) = unsafe { (&*previous, &*next) };
    core.meter.switch(from, to);
    // SAFETY: the reference that `running` owned.
    let owned = unsafe { Arc::from_raw(previous) };
    if reason == Reason::End {
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
    drop(Core::here().ended.take());
}

/// What a new thread does first, having been switched to with interrupts off.
#[inline]
pub(super) fn arrive() -> &'static Task {
    bury();
    interrupts::enable();
    current()
}
