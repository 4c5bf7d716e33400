//! Marking signals as pending, for a thread or for the isle, and taking them again.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::action::{self, Disposition};
use super::frame::{SigInfo, code};
use super::{Signal, SignalSet};
use crate::arch::percpu;
use crate::sched::{self, Task};
use crate::sync::SpinLock;
use crate::{boot, platform};
use abi::exit::signal_status;

/// Signals for whichever thread does not block them.
static PROCESS_PENDING: AtomicU64 = AtomicU64::new(0);

/// Why each signal is pending; the last sender of a number wins, as on Linux for the first 31.
static INFO: SpinLock<[Option<SigInfo>; Signal::MAX as usize]> = SpinLock::new([None; Signal::MAX as usize]);

/// Sends a signal to one thread.
pub fn post_to_task(task: &Arc<Task>, info: SigInfo) {
    let Ok(signal) = Signal::new(info.si_signo) else { return };
    if is_settled(signal, task.signals.mask.load(SeqCst)) {
        return;
    }
    remember(signal, info);
    task.signals.pending.fetch_or(signal.bit(), SeqCst);
    notify(task);
}

/// Sends a signal to the isle: to the running thread if it does not block it, else to any that does not.
pub fn post_to_process(info: SigInfo) {
    let Ok(signal) = Signal::new(info.si_signo) else { return };
    let takes = |task: &Task| task.signals.mask.load(SeqCst) & signal.bit() == 0;
    let current = sched::try_current().filter(|task| task.id != 0 && takes(task));
    if is_settled(signal, if current.is_some() { 0 } else { signal.bit() }) {
        return;
    }
    remember(signal, info);
    PROCESS_PENDING.fetch_or(signal.bit(), SeqCst);
    match current {
        // It looks when its system call ends, or in the detour that the interrupt sends it to.
        Some(_) => {}
        None => sched::find(|task| takes(task) || task.signals.waiting_for.load(SeqCst) & signal.bit() != 0)
            .iter()
            .for_each(notify),
    }
}

/// Deals with a signal that needs no thread: ignored, or deadly and not blocked.
fn is_settled(signal: Signal, mask: SignalSet) -> bool {
    let blocked = mask & signal.bit() != 0;
    match action::look(signal) {
        // A thread may wait for it with sigwait, for which it must be blocked.
        Disposition::Ignore => !blocked,
        Disposition::Terminate if !blocked => platform::exit(signal_status(signal.number())),
        _ => false,
    }
}

fn remember(signal: Signal, info: SigInfo) {
    INFO.lock()[signal.number() as usize - 1] = Some(info);
}

/// Makes `task` look at its pending signals: out of its sleep, or out of what it computes.
fn notify(task: &Arc<Task>) {
    sched::interrupt(task);
    if task.core != percpu::current().id.get() {
        platform::kick(task.core);
    }
}

/// Whether a signal that is not blocked waits for the running thread.
pub fn is_pending() -> bool {
    sched::try_current().is_some_and(|task| pending(task) & !task.signals.mask.load(SeqCst) != 0)
}

/// Everything that is pending for `task`, blocked or not.
pub fn pending(task: &Task) -> SignalSet {
    task.signals.pending.load(SeqCst) | PROCESS_PENDING.load(SeqCst)
}

/// Takes one pending signal out of `wanted`, for the running thread.
pub fn take(wanted: SignalSet) -> Option<SigInfo> {
    let task = sched::try_current()?;
    for set in [&task.signals.pending, &PROCESS_PENDING] {
        while let Some(signal) = Signal::lowest(set.load(SeqCst) & wanted) {
            // Another thread may have been faster with a signal for the isle.
            if set.fetch_and(!signal.bit(), SeqCst) & signal.bit() != 0 {
                let info = INFO.lock()[signal.number() as usize - 1].take();
                let pid = boot::info().pid;
                return Some(info.unwrap_or_else(|| SigInfo::new(signal, code::SI_USER, &[pid])));
            }
        }
    }
    None
}

/// `EINTR` if a signal waits for the running thread: for system calls that are about to sleep.
pub fn interrupt_if_pending() -> Result<(), abi::errno::Errno> {
    if is_pending() { Err(abi::errno::Errno::EINTR) } else { Ok(()) }
}
