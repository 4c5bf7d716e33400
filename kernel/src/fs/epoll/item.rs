//! One member of an epoll: [`Item`].

use alloc::sync::{Arc, Weak};
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::{Home, Inner, Key};
use crate::fs::file::{File, Readiness};
use crate::fs::ready::Watcher;
use crate::sync::SpinLock;
use abi::c::EPOLLONESHOT;
use abi::file::EpollEvent;

/// What the program wants to know of a member.
#[derive(Clone, Copy)]
pub struct Interest {
    /// `EPOLL*`; 0: nothing, until it says something else (EPOLLONESHOT).
    pub events: u32,
    /// The program's own words.
    pub data: [u32; 2],
    /// A one shot that has been fired.
    is_over: bool,
}

/// A member. It is told of changes of its file.
pub struct Item {
    pub key: Key,
    file: Weak<dyn File>,
    epoll: Home,
    me: Weak<Item>,
    interest: SpinLock<Interest>,
    is_queued: AtomicBool,
}

impl Item {
    pub fn new(key: Key, file: &Arc<dyn File>, epoll: &Arc<Inner>, event: &EpollEvent) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            key,
            file: Arc::downgrade(file),
            epoll: Arc::downgrade(epoll),
            me: me.clone(),
            interest: SpinLock::new(Interest::of(event)),
            is_queued: AtomicBool::new(false),
        })
    }

    /// Its file, if that is still open.
    pub fn file(&self) -> Option<Arc<dyn File>> {
        self.file.upgrade()
    }

    /// Whether its file is closed.
    pub fn is_gone(&self) -> bool {
        self.file.strong_count() == 0
    }

    /// EPOLL_CTL_MOD.
    pub fn set(&self, event: &EpollEvent) {
        *self.interest.lock() = Interest::of(event);
    }

    /// Which events hold that the program wants to know of.
    pub fn events(&self, file: &Arc<dyn File>) -> u32 {
        let interest = *self.interest.lock();
        if interest.is_over { 0 } else { interest.told(now(file)) }
    }

    /// The same when they are told: a one shot is over then.
    pub fn take_events(&self, file: &Arc<dyn File>) -> (u32, Interest) {
        let events = now(file);
        let mut interest = self.interest.lock();
        let told = if interest.is_over { 0 } else { interest.told(events) };
        interest.is_over |= told != 0 && interest.events & EPOLLONESHOT != 0;
        (told, *interest)
    }

    /// False: it is in the list already.
    pub fn queue(&self) -> bool {
        !self.is_queued.swap(true, SeqCst)
    }

    /// It has been taken out of the list.
    pub fn dequeue(&self) {
        self.is_queued.store(false, SeqCst);
    }
}

/// What holds of the isle's part of a file; of another epoll's members of the host's that host tells.
fn now(file: &Arc<dyn File>) -> i16 {
    match file.readiness() {
        Readiness::Now(events) | Readiness::Both(events, _) => events,
        Readiness::AskHost(_) => 0,
    }
}

impl Interest {
    const fn of(event: &EpollEvent) -> Self {
        Self { events: event.events, data: event.data, is_over: false }
    }
}

impl Watcher for Item {
    fn changed(&self) {
        if let (Some(epoll), Some(me)) = (self.epoll.upgrade(), self.me.upgrade()) {
            epoll.put(&me);
        }
    }
}
