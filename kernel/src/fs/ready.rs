//! Those who wait for a file to change, file by file: [`WaitQueue`].
//!
//! A file that threads can wait for has one queue for each reason to wait, and announces there what has
//! changed. Threads in read(2) and write(2) sleep on the queue itself; a [`Watcher`], such as a call of
//! poll(2), stands in the queues of several files. A queue in which nobody is costs an announcer one atomic
//! instruction.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::signal;
use crate::sync::{SpinLock, futex};
use abi::errno::Errno;

/// Who wants to know of changes, without sleeping on one queue.
pub trait Watcher: Send + Sync {
    /// A watched file has changed. Called under the queue's lock: no waiting, and not for long.
    fn changed(&self);
}

/// Those who wait for one thing.
pub struct WaitQueue {
    /// Number of changes so far: what sleepers wait on.
    changes: AtomicU32,
    nr_sleepers: AtomicU32,
    nr_watchers: AtomicU32,
    watchers: SpinLock<Vec<Arc<dyn Watcher>>>,
}

/// The changes that somebody has seen.
#[derive(Clone, Copy, Debug)]
pub struct ChangeCount(u32);

/// What to do when nothing can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocking {
    /// Wait.
    Wait,
    /// `EAGAIN` (O_NONBLOCK).
    Refuse,
}

// No change is missed: whoever waits says so first (`nr_sleepers`, `nr_watchers`) and looks at the file then;
// whoever changes the file does that first and looks for those who wait then. All of it is SeqCst, so one of
// the two sees the other.
impl WaitQueue {
    /// Nobody waits.
    pub const fn new() -> Self {
        Self {
            changes: AtomicU32::new(0),
            nr_sleepers: AtomicU32::new(0),
            nr_watchers: AtomicU32::new(0),
            watchers: SpinLock::new(Vec::new()),
        }
    }

    /// Everything until now: to be asked before the file is looked at.
    pub fn seen(&self) -> ChangeCount {
        ChangeCount(self.changes.load(SeqCst))
    }

    /// Sleeps until something has changed that is not in `seen`. Errors: `EAGAIN` for who refuses to,
    /// `EINTR`.
    pub fn wait(&self, seen: ChangeCount, blocking: Blocking) -> Result<(), Errno> {
        if blocking == Blocking::Refuse {
            return Err(Errno::EAGAIN);
        }
        match self.wait_until(seen, None) {
            Err(Errno::EINTR) => signal::deliver::restart(),
            result => result,
        }
    }

    /// Sleeps until something has changed that is not in `seen`, or a moment on the monotonic clock. Errors: `EAGAIN` the
    /// time is over, `EINTR`.
    pub fn wait_until(&self, seen: ChangeCount, deadline_ns: Option<u64>) -> Result<(), Errno> {
        self.nr_sleepers.fetch_add(1, SeqCst);
        let woken = futex::wait(&self.changes, seen.0, deadline_ns);
        self.nr_sleepers.fetch_sub(1, SeqCst);
        match woken {
            // It has changed already.
            Err(Errno::EAGAIN) => Ok(()),
            Err(Errno::ETIMEDOUT) => Err(Errno::EAGAIN),
            result => result,
        }
    }

    /// Tells everybody in the queue that the file has changed.
    #[inline]
    pub fn announce(&self) {
        self.changes.fetch_add(1, SeqCst);
        if self.nr_sleepers.load(SeqCst) != 0 {
            futex::wake(core::ptr::from_ref(&self.changes) as usize, usize::MAX);
        }
        if self.nr_watchers.load(SeqCst) != 0 {
            self.watchers.lock().iter().for_each(|watcher| watcher.changed());
        }
    }

    /// Puts `watcher` into the queue.
    pub fn watch(&self, watcher: &Arc<dyn Watcher>) {
        let mut watchers = self.watchers.lock();
        watchers.push(watcher.clone());
        self.nr_watchers.store(watchers.len() as u32, SeqCst);
    }

    /// Takes it out, once.
    pub fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        let mut watchers = self.watchers.lock();
        if let Some(at) = watchers.iter().position(|other| Arc::ptr_eq(other, watcher)) {
            watchers.swap_remove(at);
        }
        self.nr_watchers.store(watchers.len() as u32, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(AtomicU32);

    impl Watcher for Counter {
        fn changed(&self) {
            self.0.fetch_add(1, SeqCst);
        }
    }

    #[test]
    fn who_watches_one_queue_hears_nothing_of_another() {
        let (here, there) = (WaitQueue::new(), WaitQueue::new());
        let counter = Arc::new(Counter(AtomicU32::new(0)));
        let watcher: Arc<dyn Watcher> = counter.clone();
        let told = || counter.0.load(SeqCst);
        here.watch(&watcher);
        (0..1000).for_each(|_| there.announce());
        assert_eq!(told(), 0);
        here.announce();
        assert_eq!(told(), 1);
        here.watch(&watcher);
        here.unwatch(&watcher);
        here.announce();
        assert_eq!(told(), 2, "as often as it is in the queue");
        here.unwatch(&watcher);
        here.unwatch(&watcher);
        here.announce();
        assert_eq!((told(), Arc::strong_count(&counter)), (2, 2));
    }

    #[test]
    fn nobody_waits_who_refuses_to() {
        let queue = WaitQueue::new();
        assert_eq!(queue.wait(queue.seen(), Blocking::Refuse), Err(Errno::EAGAIN));
    }
}
