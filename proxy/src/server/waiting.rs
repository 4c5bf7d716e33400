//! poll, locks and terminals.

use super::answer::Answer;
use super::{Server, host, sockets};
use crate::host_signals::interrupt;
use abi::errno::Errno;
use abi::file::{EpollEvent, FileLock, PollHandle, WindowSize};
use abi::hypercall::{MAX_EPOLL_EVENTS, MAX_POLL_HANDLES, Number};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

/// Size of the kernel's `struct termios` (asm-generic/termbits.h), in bytes.
const TERMIOS_BYTES: u64 = 36;

/// What a poll asks about.
#[derive(Debug)]
pub struct PollSet {
    address: u64,
    entries: Vec<PollHandle>,
    files: Vec<Option<Arc<OwnedFd>>>,
    fds: Vec<libc::pollfd>,
    /// Entries whose handle is none.
    invalid: i64,
}

impl Server {
    /// Requests on terminals and sockets; the structure's size is known, so that its address can be checked.
    pub(super) fn terminal(&self, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        let size_bytes = match args[1] {
            libc::TCGETS | libc::TCSETS | libc::TCSETSW | libc::TCSETSF => TERMIOS_BYTES,
            libc::TIOCGWINSZ => size_of::<WindowSize>() as u64,
            libc::FIONREAD | libc::TIOCGPGRP => 4,
            request if self.tells_of_sockets(request) => sockets::request_bytes(request),
            _ => return Err(Errno::ENOTTY),
        };
        let argument = self.memory.slice(args[2], size_bytes)?;
        host::retry(|| {
            host::call(libc::SYS_ioctl, &[file.as_raw_fd() as u64, args[1], argument.as_ptr() as u64])
        })
    }

    pub(super) fn lock(&self, args: &[u64; 6]) -> Answer {
        let file = self.handles.get(args[0])?;
        match args[1] as i32 {
            libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => {}
            _ => return Err(Errno::EINVAL),
        }
        let lock = self.memory.slice(args[2], size_of::<FileLock>() as u64)?;
        interrupt::blocking(libc::SYS_fcntl, &[file.as_raw_fd() as u64, args[1], lock.as_ptr() as u64])
    }

    pub(super) fn poll(&self, args: &[u64; 6]) -> Answer {
        let timeout_ms = args[2];
        let mut set = self.poll_set(args)?;
        let invalid = set.invalid;
        let timeout_ms = if invalid > 0 { 0 } else { timeout_ms as i32 };
        let ready = wait_for(&mut set.fds, timeout_ms)?;
        self.tell_of(&mut set)?;
        Ok(ready + invalid)
    }

    /// An epoll instance and its members.
    pub(super) fn epoll(&self, number: Number, args: &[u64; 6]) -> Answer {
        if number == Number::EpollCreate {
            return host::call(libc::SYS_epoll_create1, &[libc::EPOLL_CLOEXEC as u64])
                .map(|fd| self.insert_new(fd));
        }
        let (instance, member) = (self.handles.get(args[0])?, self.handles.get(args[2])?);
        let event = libc::epoll_event { events: args[3] as u32, u64: args[4] };
        let (instance, member) = (instance.as_raw_fd() as u64, member.as_raw_fd() as u64);
        host::call(libc::SYS_epoll_ctl, &[instance, args[1], member, &raw const event as u64])
    }

    /// What has come for an epoll instance.
    pub(super) fn epoll_wait(&self, args: &[u64; 6]) -> Answer {
        let instance = self.handles.get(args[0])?;
        if !(1..=MAX_EPOLL_EVENTS).contains(&args[2]) {
            return Err(Errno::EINVAL);
        }
        let events = self.memory.slice(args[1], args[2] * size_of::<EpollEvent>() as u64)?;
        let args = [instance.as_raw_fd() as u64, events.as_ptr() as u64, args[2], 0];
        host::call(libc::SYS_epoll_wait, &args)
    }

    /// What a poll asks about, copied, with its files held open.
    pub(super) fn poll_set(&self, args: &[u64; 6]) -> Result<PollSet, Errno> {
        let [address, count, ..] = *args;
        if count > MAX_POLL_HANDLES {
            return Err(Errno::EINVAL);
        }
        let entries = self.memory.read_vec::<PollHandle>(address, count)?;
        let files: Vec<_> =
            entries.iter().map(|entry| self.handles.get(entry.handle as i64 as u64).ok()).collect();
        let mut fds = Vec::with_capacity(entries.len());
        let mut invalid = 0;
        for (entry, file) in entries.iter().zip(&files) {
            let fd = file.as_ref().map_or(-1, |file| file.as_raw_fd());
            if fd < 0 && entry.handle >= 0 {
                invalid += 1;
            }
            fds.push(libc::pollfd { fd, events: entry.events, revents: 0 });
        }
        Ok(PollSet { address, entries, files, fds, invalid })
    }

    /// The answer of a poll that waits, if there is one by now; at its end there is one.
    pub(super) fn look_again(&self, set: &mut PollSet, time: Time) -> Option<Answer> {
        let ready = host::call(libc::SYS_poll, &[set.fds.as_mut_ptr() as u64, set.fds.len() as u64, 0]);
        match ready {
            Ok(0) if time == Time::Left => None,
            Ok(ready) => Some(self.tell_of(set).map(|()| ready)),
            Err(errno) => Some(Err(errno)),
        }
    }

    fn tell_of(&self, set: &mut PollSet) -> Result<(), Errno> {
        for (entry, fd) in set.entries.iter_mut().zip(&set.fds) {
            entry.revents = if fd.fd < 0 && entry.handle >= 0 { libc::POLLNVAL } else { fd.revents };
        }
        self.memory.write_slice(set.address, &set.entries)
    }
}

/// When a poll is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Before its end.
    Left,
    /// At its end.
    Over,
}

impl PollSet {
    /// Files and what is asked of each, as poll(2) and epoll_ctl(2) have it.
    pub fn asked(&self) -> impl Iterator<Item = (&Arc<OwnedFd>, u32)> {
        let files = self.files.iter().zip(&self.entries);
        files.filter_map(|(file, entry)| Some((file.as_ref()?, u32::from(entry.events as u16))))
    }
}

/// poll(2); ppoll(2) tells how much of the time is left when a signal that is not for the program interrupts
/// it, so that it goes on for the rest.
fn wait_for(fds: &mut [libc::pollfd], timeout_ms: i32) -> Answer {
    let left = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
    let mut left = left.map(|left| libc::timespec {
        tv_sec: left.as_secs() as i64,
        tv_nsec: i64::from(left.subsec_nanos()),
    });
    let time = left.as_mut().map_or(0, |left| core::ptr::from_mut(left) as u64);
    interrupt::blocking(libc::SYS_ppoll, &[fds.as_mut_ptr() as u64, fds.len() as u64, time, 0, 0])
}
