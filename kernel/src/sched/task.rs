//! One thread.
//!
//! Debuggers find all of them through [`super::thread_list`].

#![allow(unsafe_code, reason = "cells that one core uses, and a new stack")]

use alloc::boxed::Box;
use core::any::Any;
use core::cell::Cell;
use core::mem::offset_of;
use core::ops::Range;
use core::ptr;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed, Ordering::SeqCst,
};

use super::interruption::Interruption;
use super::name::Name;
use super::stack::{Stack, StackPlace};
use super::tls::ThreadLocalBlock;
use crate::arch::percpu::{self, PerCpu};
use crate::arch::switch::Context;
use abi::c;
use abi::errno::Errno;

/// Number of a thread, from 1 on; 0 is the idle thread of every core.
pub type TaskId = i32;

/// 0 (idle) to 31 (highest).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Priority(u8);

impl Priority {
    /// Runs when nothing else does.
    pub const IDLE: Priority = Priority(0);
    /// What programs get if they do not ask: hermit-abi's `NORMAL_PRIO`.
    pub const NORMAL: Priority = Priority(2);
    /// Number of priorities.
    pub const COUNT: usize = 32;

    /// A thread's priority, 1..=31.
    pub fn new(value: u8) -> Result<Self, Errno> {
        if (1..Self::COUNT as u8).contains(&value) { Ok(Self(value)) } else { Err(Errno::EINVAL) }
    }

    /// As an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Linux's numbers (sched(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Policy {
    /// SCHED_OTHER: takes turns with its equals.
    Other = 0,
    /// SCHED_FIFO: runs until it blocks, yields, or a thread of higher priority is ready.
    Fifo = 1,
    /// SCHED_RR: takes turns with its equals.
    RoundRobin = 2,
}

impl Policy {
    /// `EINVAL` for a number that is none.
    pub fn new(number: i32) -> Result<Self, Errno> {
        match number {
            c::SCHED_OTHER => Ok(Self::Other),
            c::SCHED_FIFO => Ok(Self::Fifo),
            c::SCHED_RR => Ok(Self::RoundRobin),
            _ => Err(Errno::EINVAL),
        }
    }
}

/// What to start.
pub struct Spawn {
    /// The thread's function and argument.
    pub entry: extern "C" fn(usize),
    /// Passed to `entry`.
    pub argument: usize,
    /// Higher runs first.
    pub priority: Priority,
    /// Usable bytes of stack.
    pub stack_bytes: u64,
    /// The core to run on, or the next in turn.
    pub core: Option<usize>,
    /// What it gets from the thread that starts it.
    pub inherited: Inherited,
}

/// What a thread has from the beginning that the scheduler keeps and does not know.
pub struct Inherited {
    /// Causes that do not interrupt it: [`Interruption::mask`].
    pub mask: u64,
    /// What else there is to a thread: [`Task::inherited`].
    pub data: Box<dyn Any + Send + Sync>,
}

/// A thread's neighbours in the list of all threads. The next one comes first.
#[repr(C)]
pub(super) struct Links {
    pub next: AtomicPtr<Task>,
    pub previous: AtomicPtr<Task>,
}

impl Links {
    const fn none() -> Self {
        Self { next: AtomicPtr::new(ptr::null_mut()), previous: AtomicPtr::new(ptr::null_mut()) }
    }
}

/// Where a thread is in its life.
mod state {
    pub const RUNNABLE: u8 = 0;
    pub const BLOCKED: u8 = 1;
}

/// Why a block ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Wakeup {
    /// Somebody woke the thread.
    Woken = 0,
    /// Its deadline came.
    TimedOut = 1,
    /// It has been interrupted.
    Interrupted = 2,
}

// SAFETY: `context` and `trampoline_frame` are cells of the thread's own core and the thread itself; everything that others use is
// atomic or never changes.
unsafe impl Sync for Task {}
// SAFETY: only its core and the thread itself use the cells, whichever thread holds or drops a reference.
unsafe impl Send for Task {}

/// A thread: what a core needs to run it, and what others need to wake and join it.
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// The core it belongs to for life.
    pub core: usize,
    /// The data of that core.
    pub(super) home: &'static PerCpu,
    priority: AtomicU8,
    policy: AtomicU8,
    /// Ticks that it has run in stretches that have ended; its core writes.
    pub(super) cpu_ticks: AtomicU64,
    /// The latest that its clock has said.
    pub(super) cpu_latest_ns: AtomicU64,
    /// 1 until the thread has ended; joiners wait on it as a futex.
    pub alive: AtomicU32,
    /// While it polls: a file inside of the isle has changed, so that what it waits for the host to say may not matter.
    pub poll_is_stale: AtomicBool,
    /// What the program calls it.
    pub name: Name,
    /// What ends its waits before their time.
    pub interruption: Interruption,
    /// [`Inherited::data`]; none of the idle thread's.
    inherited: Option<Box<dyn Any + Send + Sync>>,
    pub(super) context: Context,
    /// Address of the [`abi::trap::TrapFrame`] with which it left the trampoline last, or is leaving it.
    pub trampoline_frame: Cell<u64>,
    pub(super) entry: extern "C" fn(usize),
    pub(super) argument: usize,
    state: AtomicU8,
    /// Why the last block ended: a value of `reason`.
    reason: AtomicU8,
    stack: Option<Stack>,
    tls: Option<ThreadLocalBlock>,
    pub(super) links: Links,
}

/// Where a debugger finds things in a [`Task`], in the order of docs/reference/010-debugger.md.
pub(super) const DEBUGGER_OFFSETS: [u64; 9] = [
    offset_of!(Task, links) as u64,
    offset_of!(Task, id) as u64,
    offset_of!(Task, core) as u64,
    offset_of!(Task, priority) as u64,
    offset_of!(Task, state) as u64,
    offset_of!(Task, alive) as u64,
    offset_of!(Task, name) as u64,
    offset_of!(Task, context) as u64,
    offset_of!(Task, entry) as u64,
];

extern "C" fn never(_: usize) {
    unreachable!("the idle thread has no entry: it is the context that booted the core");
}

impl Task {
    /// A thread that has not run yet, with its stack and thread-local storage. Its life begins in `start`.
    pub(super) fn new(
        id: TaskId,
        core: usize,
        spawn: Spawn,
        name: Name,
        start: extern "C" fn() -> !,
    ) -> Result<Self, Errno> {
        let stack = Stack::new(spawn.stack_bytes)?;
        let tls = ThreadLocalBlock::new()?;
        let context = Context::empty();
        // SAFETY: the stack is larger than a page and belongs to this task alone.
        unsafe { context.prepare(stack.top(), start) };
        Ok(Self {
            id,
            core,
            home: percpu::of(core).ok_or(Errno::EINVAL)?,
            priority: AtomicU8::new(spawn.priority.0),
            policy: AtomicU8::new(Policy::Other as u8),
            cpu_ticks: AtomicU64::new(0),
            cpu_latest_ns: AtomicU64::new(0),
            alive: AtomicU32::new(1),
            poll_is_stale: AtomicBool::new(false),
            name,
            interruption: Interruption::new(spawn.inherited.mask),
            inherited: Some(spawn.inherited.data),
            context,
            trampoline_frame: Cell::new(0),
            entry: spawn.entry,
            argument: spawn.argument,
            state: AtomicU8::new(state::RUNNABLE),
            reason: AtomicU8::new(Wakeup::Woken as u8),
            stack: Some(stack),
            tls: Some(tls),
            links: Links::none(),
        })
    }

    /// The context that booted `core`, the calling one, as the thread that runs when nothing else does.
    pub(super) fn idle(core: usize) -> Self {
        Self {
            id: 0,
            core,
            home: percpu::current(),
            priority: AtomicU8::new(Priority::IDLE.0),
            policy: AtomicU8::new(Policy::Other as u8),
            cpu_ticks: AtomicU64::new(0),
            cpu_latest_ns: AtomicU64::new(0),
            alive: AtomicU32::new(1),
            poll_is_stale: AtomicBool::new(false),
            name: Name::none(),
            interruption: Interruption::new(!0),
            inherited: None,
            context: Context::empty(),
            trampoline_frame: Cell::new(0),
            entry: never,
            argument: 0,
            state: AtomicU8::new(state::RUNNABLE),
            reason: AtomicU8::new(Wakeup::Woken as u8),
            stack: None,
            tls: None,
            links: Links::none(),
        }
    }

    /// What a higher floor has given it, if it is a `T`.
    pub fn inherited<T: 'static>(&self) -> Option<&T> {
        self.inherited.as_deref()?.downcast_ref()
    }

    /// Its priority.
    #[inline]
    pub fn priority(&self) -> Priority {
        Priority(self.priority.load(Relaxed))
    }

    /// Only under the lock of its core's queue, where the priority says in which line it stands.
    pub(super) fn set_priority(&self, priority: Priority) {
        self.priority.store(priority.0, Relaxed);
    }

    /// Whether it takes turns with its equals.
    pub(super) fn takes_turns(&self) -> bool {
        self.policy.load(Relaxed) != Policy::Fifo as u8
    }

    /// Changes whether it takes turns.
    pub(super) fn set_policy(&self, policy: Policy) {
        self.policy.store(policy as u8, Relaxed);
    }

    /// Thread pointer (FS base); 0 for the idle thread, which has no thread-local storage.
    pub(super) fn thread_pointer(&self) -> u64 {
        self.tls.as_ref().map_or(0, ThreadLocalBlock::thread_pointer)
    }

    /// Announces that the running thread is about to call [`super::block`]: from here on a wake-up counts.
    pub fn prepare_to_block(&self) {
        self.reason.store(Wakeup::Woken as u8, SeqCst);
        self.state.store(state::BLOCKED, SeqCst);
    }

    /// Takes [`Self::prepare_to_block`] back. False if somebody has woken the thread meanwhile: then it is in the queue, or will
    /// be, and must block to be taken out.
    pub(super) fn cancel_block(&self) -> bool {
        self.unblock(Wakeup::Woken)
    }

    /// Makes a blocked thread runnable; false if somebody else did or it was not blocked.
    pub(super) fn unblock(&self, reason: Wakeup) -> bool {
        let unblocked = self.state.compare_exchange(state::BLOCKED, state::RUNNABLE, SeqCst, SeqCst).is_ok();
        if unblocked {
            self.reason.store(reason as u8, SeqCst);
        }
        unblocked
    }

    /// Why the last block ended.
    pub(super) fn wakeup(&self) -> Wakeup {
        match self.reason.load(SeqCst) {
            reason if reason == Wakeup::TimedOut as u8 => Wakeup::TimedOut,
            reason if reason == Wakeup::Interrupted as u8 => Wakeup::Interrupted,
            _ => Wakeup::Woken,
        }
    }

    /// Where its stack is; the idle thread's is nobody's business.
    pub(super) fn stack_place(&self) -> Option<StackPlace> {
        self.stack.as_ref().map(Stack::place)
    }

    /// Whether an access to `address` with this stack pointer overflows its stack.
    pub(super) fn overflows(&self, address: u64, stack_pointer: u64) -> bool {
        self.stack.as_ref().is_some_and(|stack| stack.overflows(address, stack_pointer))
    }

    /// Where it does what an interrupt wants of it.
    pub(super) fn trampoline_stack(&self) -> Option<Range<u64>> {
        self.stack.as_ref().map(Stack::for_trampoline)
    }

    /// Whether `len_bytes` below `stack_pointer` are still its stack.
    pub(super) fn has_stack(&self, stack_pointer: u64, len_bytes: u64) -> bool {
        self.stack.as_ref().is_none_or(|stack| stack.has_room(stack_pointer, len_bytes))
    }
}
