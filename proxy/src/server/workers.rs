//! Threads that wait for the host in the place of a vCPU: [`Workers`].
//!
//! What can be polled waits in one thread ([`super::readiness`]); what cannot (locks, FIFOs that are opened) has a thread of
//! its own while it waits. All are started when they are first needed, by a thread that is confined already
//! (they inherit its sandbox and its CPU), and kept. They take no signal but the CPU's exceptions, the filter's, and the one that ends a call.

#![allow(unsafe_code, reason = "the mask of signals that a new thread inherits")]

use super::kinds::is_transfer;
use super::places::Job;
use super::readiness::Readiness;
use super::{Pending, Server};
use crate::host_signals::OWN_SIGNALS;
use crate::host_signals::interrupt::{self, MAX_PENDING, Moment};
use abi::errno::Errno;
use abi::hypercall::Number;
use core::mem::MaybeUninit;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Stack of a worker, in bytes; touched as far as it is needed.
const STACK_BYTES: usize = 256 * 1024;

/// From more descriptors on a poll has a thread of its own.
const LONG_POLL: u64 = 32;

/// The pool of one server.
pub struct Workers {
    server: &'static Server,
    tell: Box<dyn Fn(usize) + Send + Sync>,
    queue: Mutex<Queue>,
    posted: Condvar,
    pub(super) readiness: Readiness,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Threads that have no job: they wait for one, or are on their way to look for one.
    idle: usize,
}

impl core::fmt::Debug for Workers {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Workers").field("threads", &self.lock().threads).finish_non_exhaustive()
    }
}

impl Workers {
    /// A pool without threads. `tell` lets a vCPU know that one of its requests is done.
    pub fn new(server: &'static Server, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        let readiness = Readiness::new(server);
        Self { server, tell: Box::new(tell), queue: Mutex::default(), posted: Condvar::new(), readiness }
    }

    /// Takes over a request of vCPU `cpu`, made at `since`. Gives it back if Linux lets no thread start.
    pub fn take(&'static self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        let file =
            is_transfer(pending.number).then(|| self.server.handles.get(pending.args[0]).ok()).flatten();
        let job = Job { cpu, pending, since, file, is_lent: false };
        if self.is_better_alone(&pending) {
            return self.queue_up(job).map_err(|job| job.pending);
        }
        match self.readiness.park(job, || start(|| self.watch())) {
            Ok(()) => Ok(()),
            Err(job) => self.queue_up(job).map_err(|job| job.pending),
        }
    }

    /// A poll of many descriptors is cheaper in a call of its own than with epoll, which is told of each and told to forget
    /// it. Half of the threads stay for what cannot be polled.
    fn is_better_alone(&self, pending: &Pending) -> bool {
        if pending.number != Number::Poll || pending.args[1] <= LONG_POLL {
            return false;
        }
        let queue = self.lock();
        queue.threads - queue.idle + queue.jobs.len() < MAX_PENDING / 2
    }

    /// Leaves a request to a thread of its own. Gives it back if there is none and none starts.
    fn queue_up(&'static self, job: Job) -> Result<(), Job> {
        let mut queue = self.lock();
        let need = queue.jobs.len() >= queue.idle && queue.threads < MAX_PENDING;
        let number = queue.threads;
        if need && start(move || self.work(number)).is_ok() {
            queue.threads += 1;
            queue.idle += 1;
        }
        if queue.threads == 0 {
            return Err(job);
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.posted.notify_one();
        Ok(())
    }

    /// Ends the request at this address with EINTR, if it has done nothing yet. `ESRCH` if it is none of
    /// those here.
    pub fn cancel(&self, address: u64) -> Result<i64, Errno> {
        if let Some(cpu) = self.readiness.cancel(address) {
            (self.tell)(cpu);
            return Ok(0);
        }
        let mut queue = self.lock();
        let Some(position) = queue.jobs.iter().position(|job| job.pending.address == address) else {
            return if interrupt::cancel(address) { Ok(0) } else { Err(Errno::ESRCH) };
        };
        if let Some(job) = queue.jobs.remove(position) {
            drop(queue);
            self.server.reply(address, job.pending.interrupted());
            self.done(&job);
        }
        Ok(0)
    }

    /// Its answer is there.
    fn done(&self, job: &Job) {
        if job.is_lent {
            self.readiness.give_back(job);
        }
        (self.tell)(job.cpu);
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread in which all wait that wait for descriptors.
    fn watch(&'static self) -> ! {
        interrupt::be_told_of_signals();
        let mut seen = None;
        loop {
            let answered = self.readiness.turn(&mut seen, &|job| self.queue_up(job));
            answered.into_iter().for_each(&self.tell);
        }
    }

    fn work(&self, number: usize) -> ! {
        loop {
            let job = self.next(number);
            let finish = || self.server.finish(&job.pending, job.file.as_deref());
            interrupt::while_pending(number, job.since, finish);
            // Before a vCPU knows that it can make its next request.
            self.lock().idle += 1;
            self.done(&job);
        }
    }

    fn next(&self, number: usize) -> Job {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                // Under the lock: a request is always in the queue or with a worker.
                interrupt::claim(number, job.pending.address);
                queue.idle -= 1;
                return job;
            }
            queue = self.posted.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Starts a thread. It has no name: that would be one more system call to allow.
fn start(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let before = block_signals();
    let started = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    // SAFETY: a valid set, the caller's own.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, core::ptr::null_mut()) };
    started.map(drop)
}

/// Blocks all signals but [`OWN_SIGNALS`] and returns what was blocked before: a new thread inherits the
/// mask.
fn block_signals() -> libc::sigset_t {
    let (mut set, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    // SAFETY: sigfillset initialises the set, pthread_sigmask the other one; both fail for bad numbers only.
    unsafe {
        libc::sigfillset(set.as_mut_ptr());
        for signal in OWN_SIGNALS {
            libc::sigdelset(set.as_mut_ptr(), signal);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, set.as_ptr(), before.as_mut_ptr());
        before.assume_init()
    }
}
