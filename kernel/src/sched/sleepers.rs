//! What waits on a core for a moment on the monotonic clock.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::cell::Cell;

use super::task::Task;
use crate::lock::SpinLock;
use crate::time;

/// What is to happen at a moment on the monotonic clock.
pub trait Expire: Send + Sync {
    /// Called on the core where it sleeps, with interrupts off, when the moment of this `arming` may have come. Returns when to call
    /// again.
    fn expire(self: Arc<Self>, arming: u64) -> Option<u64>;
}

/// What waits for a moment.
pub enum Sleeper {
    /// A thread that is blocked with a deadline.
    Task(Arc<Task>),
    /// Whoever wants to be called, and which arming of it.
    Call(Arc<dyn Expire>, u64),
}

/// Deadline in ns, and a number that makes it unique.
pub type Key = (u64, u64);

/// The sleepers of one core, which alone uses them.
pub struct Sleepers {
    by_deadline: SpinLock<BTreeMap<Key, Sleeper>>,
    next_number: Cell<u64>,
}

impl Sleepers {
    /// Nobody sleeps.
    pub const fn new() -> Self {
        Self { by_deadline: SpinLock::new(BTreeMap::new()), next_number: Cell::new(0) }
    }

    /// Adds one; the key takes it out again.
    pub fn add(&self, deadline_ns: u64, sleeper: Sleeper) -> Key {
        let key = (deadline_ns, self.next_number.replace(self.next_number.get() + 1));
        self.by_deadline.lock().insert(key, sleeper);
        key
    }

    /// Takes one out, if it is still there.
    pub fn remove(&self, key: &Key) {
        let entry = self.by_deadline.lock().remove(key);
        // Freeing is not for the lock.
        drop(entry);
    }

    /// The moment that is next.
    pub fn first_deadline(&self) -> Option<u64> {
        self.by_deadline.lock().first_key_value().map(|(key, _)| key.0)
    }

    /// Takes one out whose moment has come.
    pub fn take_due(&self) -> Option<Sleeper> {
        let mut sleepers = self.by_deadline.lock();
        let first = sleepers.first_entry()?;
        (first.key().0 <= time::monotonic_ns()).then(|| first.remove())
    }
}
