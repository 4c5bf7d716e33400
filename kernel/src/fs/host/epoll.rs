//! An epoll instance of the host's: [`HostEpoll`].

use alloc::vec;
use alloc::vec::Vec;

use super::HostFile;
use crate::hypercall::call;
use abi::c::{EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD};
use abi::errno::Errno;
use abi::file::EpollEvent;
use abi::hypercall::Number;

/// Most events of one look.
const MOST: usize = 512;

/// An instance, closed when dropped.
pub struct HostEpoll(HostFile);

impl HostEpoll {
    /// A new one.
    pub fn new() -> Result<Self, Errno> {
        Ok(Self(HostFile::new(call(Number::EpollCreate, [0; 6])? as i32)))
    }

    /// Its handle.
    pub const fn handle(&self) -> i32 {
        self.0.handle()
    }

    /// Tells of a handle from now on.
    pub fn add(&self, member: i32, event: &EpollEvent) -> Result<(), Errno> {
        self.control(EPOLL_CTL_ADD, member, event)
    }

    /// Tells of it in another way.
    pub fn modify(&self, member: i32, event: &EpollEvent) -> Result<(), Errno> {
        self.control(EPOLL_CTL_MOD, member, event)
    }

    /// Tells of it no more.
    pub fn delete(&self, member: i32) -> Result<(), Errno> {
        self.control(EPOLL_CTL_DEL, member, &EpollEvent::default())
    }

    fn control(&self, operation: i32, member: i32, event: &EpollEvent) -> Result<(), Errno> {
        let [low, high] = event.data.map(u64::from);
        let (handle, data) = (self.handle() as u64, low | high << 32);
        call(Number::EpollControl, [handle, operation as u64, member as u64, event.events.into(), data, 0])
            .map(drop)
    }

    /// What is there by now: at most `most` events.
    pub fn collect(&self, most: usize) -> Result<Vec<EpollEvent>, Errno> {
        let mut events = vec![EpollEvent::default(); most.min(MOST)];
        let (place, room) = (events.as_mut_ptr() as u64, events.len() as u64);
        let count = call(Number::EpollWait, [self.handle() as u64, place, room, 0, 0, 0])?;
        events.truncate(count as usize);
        Ok(events)
    }
}
