//! epoll(7): [`Epoll`], an open file that knows which of many others are ready.
//!
//! What is inside of the isle tells by itself ([`item`]): a member that changes puts itself into the list of those that may be ready,
//! so that a look costs as much as there is in that list, whatever the number of members. Members of the host's are
//! members of an epoll instance of the host's, which comes into being with the first of them, and has the program's own
//! words for each: edges, one shots and the rest are Linux's there.
//!
//! A member leaves with its open file: then there is nothing left to tell of it.

mod item;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::file::{File, Readiness, as_kind};
use super::host::HostEpoll;
use super::poll;
use super::ready::{WaitQueue, Watcher};
use super::stream::{anonymous, no_file_system};
use crate::signal;
use crate::sync::SpinLock;
use crate::time;
use abi::c::{EPOLLET, EPOLLONESHOT, POLLERR, POLLHUP, POLLIN, POLLOUT};
use abi::errno::Errno;
use abi::file::{EpollEvent, PollHandle, Stat, StatFs};
use item::{Interest, Item};

/// How deep epolls may lie in epolls, as on Linux.
const MAX_DEPTH: usize = 5;

/// Errors and the end of the other side are told whether asked for or not.
const FOR_ALL: u32 = (POLLERR | POLLHUP) as u32;

/// A member: the descriptor by which it came, and which open file it is.
type Key = (i32, usize);

/// An open epoll.
pub struct Epoll {
    inner: Arc<Inner>,
}

struct Inner {
    items: SpinLock<BTreeMap<Key, Arc<Item>>>,
    /// Those that may be ready, each once.
    ready: SpinLock<VecDeque<Arc<Item>>>,
    changes: WaitQueue,
    host: SpinLock<Option<Arc<HostEpoll>>>,
    /// There has been an epoll among the members: it may be told of by both sides.
    has_epolls: AtomicBool,
}

impl Epoll {
    /// epoll_create1(2).
    pub fn new() -> Self {
        let inner = Inner {
            items: SpinLock::new(BTreeMap::new()),
            ready: SpinLock::new(VecDeque::new()),
            changes: WaitQueue::new(),
            host: SpinLock::new(None),
            has_epolls: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// EPOLL_CTL_ADD: the file behind `fd`. Errors: `EEXIST`, `EPERM` it is always ready, `EINVAL` it is this one, `ELOOP`.
    pub fn add(&self, fd: i32, file: &Arc<dyn File>, event: &EpollEvent) -> Result<(), Errno> {
        if let Some(other) = epoll_of(&**file) {
            if Arc::ptr_eq(&other.inner, &self.inner) {
                return Err(Errno::EINVAL);
            }
            if other.depth_above(&self.inner).is_none_or(|depth| depth >= MAX_DEPTH) {
                return Err(Errno::ELOOP);
            }
            self.inner.has_epolls.store(true, Relaxed);
            // What of the other's members is the host's tells there.
            self.inner.host()?.add(other.inner.host()?.handle(), event)?;
        } else if let Readiness::AskHost(handle) = file.readiness() {
            return self.inner.host()?.add(handle, event);
        }
        if !file.is_pollable() {
            return Err(Errno::EPERM);
        }
        self.inner.add(fd, file, event)
    }

    /// EPOLL_CTL_MOD. `ENOENT`: it is no member.
    pub fn modify(&self, fd: i32, file: &Arc<dyn File>, event: &EpollEvent) -> Result<(), Errno> {
        if let Some(other) = epoll_of(&**file) {
            self.inner.host()?.modify(other.inner.host()?.handle(), event)?;
        } else if let Readiness::AskHost(handle) = file.readiness() {
            return self.inner.host()?.modify(handle, event);
        }
        let item = self.inner.item(fd, file).ok_or(Errno::ENOENT)?;
        item.set(event);
        self.inner.look_at(&item, file);
        Ok(())
    }

    /// EPOLL_CTL_DEL. `ENOENT`: it is no member.
    pub fn delete(&self, fd: i32, file: &Arc<dyn File>) -> Result<(), Errno> {
        if let Some(other) = epoll_of(&**file) {
            self.inner.host()?.delete(other.inner.host()?.handle())?;
        } else if let Readiness::AskHost(handle) = file.readiness() {
            return self.inner.host()?.delete(handle);
        }
        let item = self.inner.items.lock().remove(&key(fd, file)).ok_or(Errno::ENOENT)?;
        self.inner.leave(&item, file);
        Ok(())
    }

    /// epoll_wait(2) until a moment on the monotonic clock: at most `most` events, none when the time is over. `EINTR`: a signal
    /// came.
    pub fn wait(self: &Arc<Self>, most: usize, deadline_ns: Option<u64>) -> Result<Vec<EpollEvent>, Errno> {
        loop {
            let mut found = self.inner.collect(most);
            let is_over = deadline_ns.is_some_and(|deadline_ns| deadline_ns <= time::monotonic_ns());
            let host = self.inner.host.lock().clone();
            if let Some(host) = host
                && found.len() < most
            {
                let more = host.collect(most - found.len())?;
                self.inner.join(&mut found, more);
            }
            if !found.is_empty() || is_over {
                return Ok(found);
            }
            signal::interrupt_if_pending()?;
            let file: Arc<dyn File> = self.clone();
            let mut set = [PollHandle { handle: 0, events: POLLIN, revents: 0 }];
            poll::poll_files(&mut set, &[Some(Ok(file))], deadline_ns)?;
        }
    }

    /// How many epolls lie on the way to `target`; `None`: it is among the members, which would be a circle.
    fn depth_above(&self, target: &Arc<Inner>) -> Option<usize> {
        let members: Vec<_> = self.inner.items.lock().values().filter_map(|item| item.file()).collect();
        let mut depth = 1;
        for member in members {
            let Some(epoll) = epoll_of(&*member) else { continue };
            if Arc::ptr_eq(&epoll.inner, target) {
                return None;
            }
            depth = depth.max(epoll.depth_above(target)? + 1);
        }
        Some(depth)
    }
}

fn key(fd: i32, file: &Arc<dyn File>) -> Key {
    (fd, Arc::as_ptr(file).cast::<()>() as usize)
}

/// The epoll that a file is, if it is one.
pub fn epoll_of(file: &dyn File) -> Option<&Epoll> {
    as_kind(file)
}

/// The same of a file that is held.
pub fn held(file: Arc<dyn File>) -> Option<Arc<Epoll>> {
    let file: Arc<dyn core::any::Any + Send + Sync> = file;
    file.downcast().ok()
}

impl Inner {
    /// The host's instance, made when it is first needed.
    fn host(&self) -> Result<Arc<HostEpoll>, Errno> {
        if let Some(host) = &*self.host.lock() {
            return Ok(host.clone());
        }
        // Asking the host is not for the lock; of two that are made at once one goes again.
        let made = Arc::new(HostEpoll::new()?);
        let host = self.host.lock().get_or_insert(made).clone();
        // Who waits has to ask the host as well from now on.
        self.changes.announce();
        Ok(host)
    }

    fn item(&self, fd: i32, file: &Arc<dyn File>) -> Option<Arc<Item>> {
        self.items.lock().get(&key(fd, file)).cloned()
    }

    fn add(self: &Arc<Self>, fd: i32, file: &Arc<dyn File>, event: &EpollEvent) -> Result<(), Errno> {
        let key = key(fd, file);
        let item = Item::new(key, file, self, event);
        // Memory is not for the locks: neither to take nor to give.
        let count = self.items.lock().len() + 1;
        let is_enough = self.ready.lock().capacity() > count;
        let room = VecDeque::with_capacity(if is_enough { 0 } else { 2 * count });
        let gone = self.take_gone();
        {
            let mut items = self.items.lock();
            if items.contains_key(&key) {
                return Err(Errno::EEXIST);
            }
            items.insert(key, item.clone());
        }
        let old = self.grow(room);
        drop((gone, old));
        let watcher: Arc<dyn Watcher> = item.clone();
        file.watch(&watcher);
        self.look_at(&item, file);
        Ok(())
    }

    /// Members whose files are gone, if there are many.
    fn take_gone(&self) -> Vec<Arc<Item>> {
        let room = self.items.lock().len();
        // Looked for each time that the number has doubled.
        if !room.is_power_of_two() {
            return Vec::new();
        }
        // Memory is not for the lock.
        let (mut gone, mut taken) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut items = self.items.lock();
        gone.extend(items.iter().take(room).filter(|(_, item)| item.is_gone()).map(|(key, _)| *key));
        taken.extend(gone.iter().filter_map(|key| items.remove(key)));
        drop(items);
        taken
    }

    /// Gives the list of ready members the room of `room`, if that is more; the other one comes back.
    fn grow(&self, mut room: VecDeque<Arc<Item>>) -> VecDeque<Arc<Item>> {
        let mut ready = self.ready.lock();
        if ready.capacity() < room.capacity() {
            room.append(&mut ready);
            core::mem::swap(&mut *ready, &mut room);
        }
        room
    }

    fn leave(&self, item: &Arc<Item>, file: &Arc<dyn File>) {
        let watcher: Arc<dyn Watcher> = item.clone();
        file.unwatch(&watcher);
        let mut ready = self.ready.lock();
        let position = ready.iter().position(|other| Arc::ptr_eq(other, item));
        let left = position.and_then(|position| ready.remove(position));
        drop(ready);
        drop(left);
    }

    /// Puts a member that is ready into the list.
    fn look_at(&self, item: &Arc<Item>, file: &Arc<dyn File>) {
        if item.events(file) != 0 {
            self.put(item);
        }
    }

    /// The member may be ready.
    fn put(&self, item: &Arc<Item>) {
        if item.queue() {
            self.ready.lock().push_back(item.clone());
        }
        self.changes.announce();
    }

    /// Adds what the host has found.
    fn join(&self, found: &mut Vec<EpollEvent>, mut more: Vec<EpollEvent>) {
        if self.has_epolls.load(Relaxed) {
            more.retain(|event| !found.contains(event));
        }
        found.append(&mut more);
    }

    /// What is ready of the isle's own members.
    fn collect(&self, most: usize) -> Vec<EpollEvent> {
        let count = self.ready.lock().len();
        let (mut found, mut again) = (Vec::new(), Vec::new());
        for _ in 0..count {
            if found.len() == most {
                break;
            }
            let Some(item) = self.ready.lock().pop_front() else { break };
            // First: what changes from now on puts it there again.
            item.dequeue();
            let Some(file) = item.file() else {
                let gone = self.items.lock().remove(&item.key);
                drop(gone);
                continue;
            };
            let (events, interest) = item.take_events(&file);
            if events == 0 {
                continue;
            }
            found.push(EpollEvent { events, data: interest.data });
            if interest.events & (EPOLLET | EPOLLONESHOT) == 0 {
                again.push(item);
            }
        }
        again.iter().for_each(|item| self.put(item));
        found
    }
}

impl Interest {
    /// Which of a file's events are told.
    const fn told(&self, events: i16) -> u32 {
        events as u16 as u32 & (self.events | FOR_ALL)
    }
}

impl Drop for Epoll {
    fn drop(&mut self) {
        let items = core::mem::take(&mut *self.inner.items.lock());
        for item in items.values() {
            if let Some(file) = item.file() {
                self.inner.leave(item, &file);
            }
        }
    }
}

impl File for Epoll {
    fn read(&self, _to: &mut crate::user::UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EINVAL)
    }

    fn write(&self, _from: &mut crate::user::UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EINVAL)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(anonymous())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(b"anon_inode:[eventpoll]".to_vec())
    }

    fn readiness(&self) -> Readiness {
        // Looked at outside of the lock: the last one to hold a file closes it, which may be told here.
        let mut some = Vec::with_capacity(self.inner.ready.lock().len());
        let room = some.capacity();
        some.extend(self.inner.ready.lock().iter().take(room).cloned());
        let is_ready =
            some.iter().any(|item: &Arc<Item>| item.file().is_some_and(|file| item.events(&file) != 0));
        let events = if is_ready { POLLIN } else { 0 };
        match &*self.inner.host.lock() {
            None => Readiness::Now(events),
            Some(host) => Readiness::Both(events, host.handle()),
        }
    }

    fn is_pollable(&self) -> bool {
        true
    }

    fn watch(&self, watcher: &Arc<dyn Watcher>) {
        self.inner.changes.watch(watcher);
    }

    fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        self.inner.changes.unwatch(watcher);
    }
}

/// For members to find their epoll.
type Home = Weak<Inner>;

const _: () = assert!(POLLIN as u32 == abi::c::EPOLLIN && POLLOUT as u32 == abi::c::EPOLLOUT);
