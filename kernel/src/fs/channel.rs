//! What threads of the isle talk to each other through: pipe ends and event counters, as open
//! files.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::{File, Readiness};
use super::pipe::{self, Pipe, ReadEnd, WriteEnd};
use super::ready::{Blocking, WaitQueue, Watcher};
use super::stream::{Stream, anonymous, no_file_system};
use crate::sync::SpinLock;
use crate::user::{UserCursor, UserPtr};
use abi::c::{self, FIONREAD, POLLERR, POLLHUP, POLLIN, POLLOUT, S_IFIFO};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

/// An open file inside of the isle.
pub struct Channel {
    kind: Kind,
    stream: Stream,
}

enum Kind {
    Reader(ReadEnd),
    Writer(WriteEnd),
    /// Both ends of one pipe, as Linux opens it by its link in `/proc/self/fd` if asked for both.
    Both(ReadEnd, WriteEnd),
    Event(EventCounter),
}

/// eventfd(2).
struct EventCounter {
    value: SpinLock<u64>,
    is_semaphore: bool,
    changes: WaitQueue,
}

/// Bytes that an event counter is read and written in.
const EVENT_BYTES: u64 = 8;

/// Largest value of an event counter.
const EVENT_MAX: u64 = u64::MAX - 1;

/// pipe2(2): the reading and the writing end.
pub fn pipe(nonblocking: bool) -> (Channel, Channel) {
    let (reader, writer) = pipe::new();
    (Channel::new(Kind::Reader(reader), nonblocking), Channel::new(Kind::Writer(writer), nonblocking))
}

/// eventfd(2).
pub fn event_counter(value: u64, is_semaphore: bool, nonblocking: bool) -> Channel {
    let counter = EventCounter { value: SpinLock::new(value), is_semaphore, changes: WaitQueue::new() };
    Channel::new(Kind::Event(counter), nonblocking)
}

impl Channel {
    const fn new(kind: Kind, is_nonblocking: bool) -> Self {
        Self { kind, stream: Stream::new(is_nonblocking) }
    }

    fn queues(&self) -> impl Iterator<Item = &WaitQueue> {
        let [first, second] = match &self.kind {
            Kind::Reader(end) => [Some(end.changes()), None],
            Kind::Writer(end) => [Some(end.changes()), None],
            Kind::Both(read, write) => [Some(read.changes()), Some(write.changes())],
            Kind::Event(counter) => [Some(&counter.changes), None],
        };
        first.into_iter().chain(second)
    }

    /// Which events of poll(2) hold now.
    fn events(&self) -> i16 {
        let reading = |end: &ReadEnd| {
            let ready = if end.pipe().nr_bytes() > 0 { POLLIN } else { 0 };
            ready | if end.is_hung_up() { POLLHUP } else { 0 }
        };
        let writing = |end: &WriteEnd| {
            let ready = if end.is_ready() { POLLOUT } else { 0 };
            ready | if end.is_broken() { POLLERR } else { 0 }
        };
        match &self.kind {
            Kind::Reader(end) => reading(end),
            Kind::Writer(end) => writing(end),
            Kind::Both(read, write) => reading(read) | writing(write),
            Kind::Event(counter) => counter.events(),
        }
    }

    /// Bytes that wait to be read (FIONREAD).
    fn nr_readable_bytes(&self) -> Result<usize, Errno> {
        self.pipe().map(|pipe| pipe.nr_bytes()).ok_or(Errno::ENOTTY)
    }

    /// The pipe that it is an end of.
    fn pipe(&self) -> Option<&Arc<Pipe>> {
        match &self.kind {
            Kind::Reader(end) | Kind::Both(end, _) => Some(end.pipe()),
            Kind::Writer(end) => Some(end.pipe()),
            Kind::Event(_) => None,
        }
    }

    /// What tells it from others: its pipe's number, of an event counter none.
    fn number(&self) -> u64 {
        self.pipe().map_or(0, |pipe| pipe.number)
    }

    fn mode(&self) -> u32 {
        match &self.kind {
            Kind::Reader(_) | Kind::Writer(_) | Kind::Both(..) => S_IFIFO | 0o600,
            Kind::Event(_) => 0o600,
        }
    }
}

impl File for Channel {
    /// `EBADF` for a writing end.
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        match &self.kind {
            Kind::Reader(end) | Kind::Both(end, _) => end.read(to, self.stream.blocking()),
            Kind::Writer(_) => Err(Errno::EBADF),
            Kind::Event(_) if to.left() < EVENT_BYTES => Err(Errno::EINVAL),
            Kind::Event(counter) => {
                let value = counter.take(self.stream.blocking())?.to_ne_bytes();
                // The count is taken, whether it can be told or not (eventfd(2) does the same).
                if to.write(&value) < value.len() { Err(Errno::EFAULT) } else { Ok(EVENT_BYTES) }
            }
        }
    }

    /// `EBADF` for a reading end.
    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        match &self.kind {
            Kind::Writer(end) | Kind::Both(_, end) => end.write(from, self.stream.blocking()),
            Kind::Reader(_) => Err(Errno::EBADF),
            Kind::Event(_) if from.left() < EVENT_BYTES => Err(Errno::EINVAL),
            Kind::Event(counter) => {
                let mut value = [0; EVENT_BYTES as usize];
                if from.read(&mut value) < value.len() {
                    return Err(Errno::EFAULT);
                }
                counter.add(u64::from_ne_bytes(value), self.stream.blocking())?;
                Ok(EVENT_BYTES)
            }
        }
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Stat { st_ino: self.number(), st_mode: self.mode(), ..anonymous() })
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn ioctl(&self, request: u64, argument: u64) -> Result<u64, Errno> {
        if request != FIONREAD {
            return Err(Errno::ENOTTY);
        }
        let count = self.nr_readable_bytes()? as i32;
        UserPtr::new(argument as *const i32)?.write(count).map(|()| 0)
    }

    fn flags(&self) -> Result<u64, Errno> {
        let access = match &self.kind {
            Kind::Reader(_) => 0,
            Kind::Writer(_) => 1,
            Kind::Both(..) | Kind::Event(_) => 2,
        };
        Ok(access | self.stream.flags())
    }

    fn as_stream(&self) -> Option<&Stream> {
        Some(&self.stream)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        let number = self.number();
        Ok(match &self.kind {
            Kind::Reader(_) | Kind::Writer(_) | Kind::Both(..) => format!("pipe:[{number}]").into_bytes(),
            Kind::Event(_) => b"anon_inode:[eventfd]".to_vec(),
        })
    }

    /// Another description of the same pipe. As on Linux that waits for nobody, unlike with a FIFO.
    fn reopen(&self, flags: u64) -> Result<Arc<dyn File>, Errno> {
        let pipe = self.pipe().ok_or(Errno::ENXIO)?;
        let kind = match flags as i32 & c::O_ACCMODE {
            c::O_RDONLY => Kind::Reader(pipe.reader()),
            c::O_WRONLY => Kind::Writer(pipe.writer()),
            _ => Kind::Both(pipe.reader(), pipe.writer()),
        };
        Ok(Arc::new(Self::new(kind, flags & c::O_NONBLOCK as u64 != 0)))
    }

    fn readiness(&self) -> Readiness {
        Readiness::Now(self.events())
    }

    fn watch(&self, watcher: &Arc<dyn Watcher>) {
        self.queues().for_each(|queue| queue.watch(watcher));
    }

    fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        self.queues().for_each(|queue| queue.unwatch(watcher));
    }
}

impl EventCounter {
    fn take(&self, blocking: Blocking) -> Result<u64, Errno> {
        loop {
            let seen = self.changes.seen();
            let taken = {
                let mut value = self.value.lock();
                let taken = if self.is_semaphore { (*value).min(1) } else { *value };
                *value -= taken;
                taken
            };
            if taken != 0 {
                self.changes.announce();
                return Ok(taken);
            }
            self.changes.wait(seen, blocking)?;
        }
    }

    fn add(&self, more: u64, blocking: Blocking) -> Result<(), Errno> {
        if more > EVENT_MAX {
            return Err(Errno::EINVAL);
        }
        loop {
            let seen = self.changes.seen();
            let added = {
                let mut value = self.value.lock();
                let sum = value.checked_add(more).filter(|&sum| sum <= EVENT_MAX);
                *value = sum.unwrap_or(*value);
                sum.is_some()
            };
            if added {
                self.changes.announce();
                return Ok(());
            }
            self.changes.wait(seen, blocking)?;
        }
    }

    fn events(&self) -> i16 {
        let value = *self.value.lock();
        (if value > 0 { POLLIN } else { 0 }) | if value < EVENT_MAX { POLLOUT } else { 0 }
    }
}
