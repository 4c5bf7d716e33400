//! Sending signals, to a thread or to the isle, and taking them again.

use alloc::sync::Arc;
use core::sync::atomic::Ordering::SeqCst;

use super::action::{self, Disposition};
use super::number::{Signal, SignalSet};
use super::queue::{Backlog, Queue, Sent};
use super::state::{self, blocks, mask, wants};
use crate::arch::percpu;
use crate::lock::SpinLock;
use crate::platform;
use crate::sched::interruption::POSTED_TO_ANY;
use crate::sched::{self, Task};
use abi::c::signal::SigInfo;
use abi::exit::signal_status;

/// Signals for whichever thread does not block them.
static ISLE: Queue<'static> = Queue { summary: &POSTED_TO_ANY, backlog: &ISLE_BACKLOG };
static ISLE_BACKLOG: Backlog = Backlog::new();

/// Sends a signal to one thread.
pub fn post_to_task(task: &Arc<Task>, sent: Sent) {
    let Ok(signal) = sent.signal() else { return };
    if is_settled(signal, blocks(task, signal)) {
        return;
    }
    state::queue(task).insert(signal, sent);
    tell();
    // Looked at again: it may have been unblocked meanwhile.
    if wants(task, signal.bit()) {
        notify(task);
    }
}

/// Sends a signal to the isle: to the running thread if it does not block it, else to any that does not.
pub fn post_to_isle(sent: Sent) {
    let Ok(signal) = sent.signal() else { return };
    let takes = |task: &Task| task.id != 0 && !blocks(task, signal);
    let runs = sched::try_current().filter(|task| takes(task)).map(|_| sched::share_current());
    let taker = runs.or_else(|| sched::find(takes));
    if is_settled(signal, taker.is_none()) {
        return;
    }
    ISLE.insert(signal, sent);
    tell();
    match taker {
        Some(task) => notify(&task),
        None => notify_one(signal.bit()),
    }
}

/// Calls `told` whenever a signal waits for a thread or the isle from now on, with interrupts on or off.
pub fn when_posted(told: fn()) {
    *WHEN_POSTED.lock() = Some(told);
}

/// What [`when_posted`] is given, if anything.
static WHEN_POSTED: SpinLock<Option<fn()>> = SpinLock::new(None);

fn tell() {
    let told = *WHEN_POSTED.lock();
    if let Some(told) = told {
        told();
    }
}

/// Deals with a signal that needs no thread: ignored, or deadly and not blocked.
fn is_settled(signal: Signal, blocked: bool) -> bool {
    match action::look(signal) {
        // A thread may wait for it with sigwait, for which it must be blocked.
        Disposition::Ignore => !blocked,
        Disposition::Terminate if !blocked => platform::exit(signal_status(signal.number())),
        _ => false,
    }
}

/// Makes `task` look at its pending signals: out of its sleep, or out of what it computes.
fn notify(task: &Arc<Task>) {
    sched::interrupt(task);
    if task.core != percpu::current().id.get() {
        platform::kick(task.core);
    }
}

/// Makes one thread look that takes signals of `set` or waits for them.
fn notify_one(set: SignalSet) {
    sched::find(|task| wants(task, set)).iter().for_each(notify);
}

/// Lets other threads take what waits for the isle and the running thread has just blocked, or left for others.
pub fn pass_on() {
    let Some(task) = sched::try_current() else { return };
    let mut rest = POSTED_TO_ANY.load(SeqCst) & mask(task);
    while let Some(signal) = Signal::lowest(rest) {
        rest &= !signal.bit();
        notify_one(signal.bit());
    }
}

/// Whether a signal that is not blocked waits for the running thread.
#[inline]
pub fn is_pending() -> bool {
    sched::is_interrupted()
}

/// Takes the lowest pending signal of `wanted` for the running thread; its own before the isle's.
pub fn take(wanted: SignalSet) -> Option<SigInfo> {
    let task = sched::try_current()?;
    // The idle thread has no queue, and nothing is posted to it.
    let own = if task.interruption.posted.load(SeqCst) & wanted != 0 {
        state::queue(task).take(wanted)
    } else {
        None
    };
    own.or_else(|| ISLE.take(wanted))
}

/// What [`take`] would take.
pub fn next(wanted: SignalSet) -> Option<Signal> {
    let pending = sched::try_current()?.interruption.pending() & wanted;
    let own = sched::current().interruption.posted.load(SeqCst) & wanted;
    Signal::lowest(if own == 0 { pending } else { own })
}

/// Forgets every `signal` that is pending anywhere: it is ignored from now on.
pub fn discard(signal: Signal) {
    ISLE.discard(signal.bit());
    sched::for_each(|task| state::queue(task).discard(signal.bit()));
}

/// Forgets what is pending for the running thread, not blocked, and ignored: it must not end a sleep.
pub fn discard_ignored() {
    let Some(task) = sched::try_current() else { return };
    let mut rest = task.interruption.pending() & !mask(task);
    while let Some(signal) = Signal::lowest(rest) {
        rest &= !signal.bit();
        if action::look(signal) == Disposition::Ignore {
            state::queue(task).discard(signal.bit());
            ISLE.discard(signal.bit());
        }
    }
}

/// `EINTR` if a signal waits for the running thread: for system calls that are about to sleep.
pub fn interrupt_if_pending() -> Result<(), abi::errno::Errno> {
    if is_pending() { Err(abi::errno::Errno::EINTR) } else { Ok(()) }
}
