//! One thread's part of the signals: [`State`], and two words that the scheduler looks at,
//! [`Task::interruption`]: which signals are pending, and which the thread blocks.

#![allow(unsafe_code, reason = "cells that only their thread uses")]

use alloc::boxed::Box;
use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::number::{Signal, SignalSet, UNBLOCKABLE};
use super::queue::{Backlog, Queue};
use crate::sched::{Inherited, Task};
use abi::c::signal::{AlternateStack, SigInfo};
use abi::c::{MINSIGSTKSZ, SS_DISABLE, SS_ONSTACK};
use abi::errno::Errno;

/// Pending signals, masks to come, and the alternate stack.
pub struct State {
    /// Signals for this thread.
    backlog: Backlog,
    /// Signals that sigwait is waiting for.
    pub waiting_for: AtomicU64,
    /// The mask before sigsuspend, which is in force again when a handler returns.
    saved_mask: Cell<Option<SignalSet>>,
    alternate: Cell<AlternateStack>,
    /// An exception of the CPU's that the trampoline must deliver.
    fault: Cell<Option<SigInfo>>,
}

// SAFETY: `backlog` and `waiting_for`, which other threads use, have a lock and are atomic; the cells are the
// thread's own.
unsafe impl Sync for State {}

/// What a new thread has of signals, if it blocks those of `mask`.
pub fn inherited(mask: SignalSet) -> Inherited {
    Inherited { mask, data: Box::new(State::new()) }
}

/// A thread's part of the signals.
pub fn of(task: &Task) -> &State {
    task.inherited().expect(
        "whoever takes signals was started with `inherited`: all but the idle threads, which block them",
    )
}

/// What is pending for the thread.
pub fn queue(task: &Task) -> Queue<'_> {
    Queue { summary: &task.interruption.posted, backlog: &of(task).backlog }
}

/// Signals that the thread blocks.
pub fn mask(task: &Task) -> SignalSet {
    task.interruption.mask.load(SeqCst)
}

/// Whether the thread blocks `signal`.
pub fn blocks(task: &Task, signal: Signal) -> bool {
    mask(task) & signal.bit() != 0
}

/// Whether the thread takes any signal of `set`, or waits for it.
pub fn wants(task: &Task, set: SignalSet) -> bool {
    (!mask(task) | of(task).waiting_for.load(SeqCst)) & set != 0
}

/// Replaces the thread's mask until a handler returns.
pub fn suspend_with(task: &Task, mask: SignalSet) {
    of(task).saved_mask.set(Some(task.interruption.mask.swap(mask & !UNBLOCKABLE, SeqCst)));
}

impl State {
    const fn new() -> Self {
        Self {
            backlog: Backlog::new(),
            waiting_for: AtomicU64::new(0),
            saved_mask: Cell::new(None),
            alternate: Cell::new(AlternateStack { ss_sp: 0, ss_flags: SS_DISABLE, ss_size: 0 }),
            fault: Cell::new(None),
        }
    }

    /// Takes the mask that sigsuspend saved.
    pub fn take_saved_mask(&self) -> Option<SignalSet> {
        self.saved_mask.take()
    }

    /// Remembers an exception.
    pub fn set_fault(&self, fault: SigInfo) {
        self.fault.set(Some(fault));
    }

    /// Takes the remembered exception.
    pub fn take_fault(&self) -> Option<SigInfo> {
        self.fault.take()
    }

    /// Top of the alternate stack, unless it is disabled or in use at `stack_pointer`.
    pub fn alternate_stack_top(&self, stack_pointer: u64) -> Option<u64> {
        let stack = self.alternate.get();
        let usable = stack.ss_flags & SS_DISABLE == 0 && !contains(&stack, stack_pointer);
        usable.then_some(stack.ss_sp + stack.ss_size)
    }

    /// Whether `address` lies in the alternate stack.
    pub fn is_on_alternate(&self, address: u64) -> bool {
        let stack = self.alternate.get();
        stack.ss_flags & SS_DISABLE == 0 && contains(&stack, address)
    }

    /// sigaltstack(2), called at `stack_pointer`. Errors: `EPERM` in use, `ENOMEM` too small, `EINVAL`
    /// unknown flags.
    pub fn change_alternate(
        &self,
        new: Option<AlternateStack>,
        stack_pointer: u64,
    ) -> Result<AlternateStack, Errno> {
        let mut old = self.alternate.get();
        let in_use = old.ss_flags & SS_DISABLE == 0 && contains(&old, stack_pointer);
        if in_use {
            old.ss_flags = SS_ONSTACK;
        }
        match new {
            None => {}
            Some(_) if in_use => return Err(Errno::EPERM),
            Some(new) if ![0, SS_ONSTACK, SS_DISABLE].contains(&new.ss_flags) => return Err(Errno::EINVAL),
            Some(new) if new.ss_flags == SS_DISABLE => {
                self.alternate.set(AlternateStack { ss_sp: 0, ss_flags: SS_DISABLE, ss_size: 0 });
            }
            Some(new) if new.ss_size < MINSIGSTKSZ as u64 => return Err(Errno::ENOMEM),
            Some(new) => self.alternate.set(AlternateStack { ss_flags: 0, ..new }),
        }
        Ok(old)
    }
}

fn contains(stack: &AlternateStack, address: u64) -> bool {
    (stack.ss_sp..=stack.ss_sp + stack.ss_size).contains(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternate_stack() {
        let state = State::new();
        let stack = AlternateStack { ss_sp: 0x1_0000, ss_flags: 0, ss_size: 0x4000 };
        assert_eq!(state.change_alternate(Some(stack), 0x5000).unwrap().ss_flags, SS_DISABLE);
        assert_eq!(state.alternate_stack_top(0x5000), Some(0x1_4000));
        assert_eq!(state.alternate_stack_top(0x1_2000), None, "already on it");
        assert_eq!(state.change_alternate(None, 0x1_2000).unwrap().ss_flags, SS_ONSTACK);
        assert_eq!(state.change_alternate(Some(stack), 0x1_2000), Err(Errno::EPERM));
        let both = AlternateStack { ss_flags: SS_ONSTACK | SS_DISABLE, ..stack };
        assert_eq!(state.change_alternate(Some(both), 0x5000), Err(Errno::EINVAL));
        let small = AlternateStack { ss_size: 100, ..stack };
        assert_eq!(state.change_alternate(Some(small), 0x5000), Err(Errno::ENOMEM));
    }
}
