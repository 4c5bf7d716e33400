//! Threads that wait for the host in the place of a vCPU: [`Workers`].
//!
//! Started when they are first needed, by a thread that is confined already (they inherit its sandbox and its
//! CPU), and kept. They take no signal but the CPU's exceptions, the filter's, and the one that ends a call.

#![allow(unsafe_code, reason = "the mask of signals that a new thread inherits")]

use super::{Pending, Server};
use crate::host_signals::OWN_SIGNALS;
use crate::host_signals::interrupt::{self, MAX_PENDING, Moment};
use abi::errno::Errno;
use core::mem::MaybeUninit;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Stack of a worker, in bytes; touched as far as it is needed.
const STACK_BYTES: usize = 256 * 1024;

/// The pool of one server.
pub struct Workers {
    server: &'static Server,
    tell: Box<dyn Fn(usize) + Send + Sync>,
    queue: Mutex<Queue>,
    posted: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Threads that have no job: they wait for one, or are on their way to look for one.
    idle: usize,
}

struct Job {
    cpu: usize,
    pending: Pending,
    since: Moment,
}

impl core::fmt::Debug for Workers {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Workers").field("threads", &self.lock().threads).finish_non_exhaustive()
    }
}

impl Workers {
    /// A pool without threads. `tell` lets a vCPU know that one of its requests is done.
    pub fn new(server: &'static Server, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        Self { server, tell: Box::new(tell), queue: Mutex::default(), posted: Condvar::new() }
    }

    /// Takes over a request of vCPU `cpu`, made at `since`. Gives it back if Linux lets no thread start.
    pub fn take(&'static self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        let mut queue = self.lock();
        let need = queue.jobs.len() >= queue.idle && queue.threads < MAX_PENDING;
        if need && self.start(queue.threads).is_ok() {
            queue.threads += 1;
            queue.idle += 1;
        }
        if queue.threads == 0 {
            return Err(pending);
        }
        queue.jobs.push_back(Job { cpu, pending, since });
        drop(queue);
        self.posted.notify_one();
        Ok(())
    }

    /// Ends the request at this address with EINTR, if it has done nothing yet. `ESRCH` if it is none of
    /// those here.
    pub fn cancel(&self, address: u64) -> Result<i64, Errno> {
        let mut queue = self.lock();
        let Some(position) = queue.jobs.iter().position(|job| job.pending.address == address) else {
            return if interrupt::cancel(address) { Ok(0) } else { Err(Errno::ESRCH) };
        };
        if let Some(job) = queue.jobs.remove(position) {
            self.server.reply(address, Err(Errno::EINTR));
            (self.tell)(job.cpu);
        }
        Ok(0)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts worker `number`. It has no name: that would be one more system call to allow.
    fn start(&'static self, number: usize) -> std::io::Result<()> {
        let before = block_signals();
        let started = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || self.work(number));
        // SAFETY: a valid set, the caller's own.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, core::ptr::null_mut()) };
        started.map(drop)
    }

    fn work(&self, number: usize) -> ! {
        loop {
            let job = self.next(number);
            interrupt::while_pending(number, job.since, || self.server.finish(&job.pending));
            // Before a vCPU knows that it can make its next request.
            self.lock().idle += 1;
            (self.tell)(job.cpu);
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
