//! What threads of the isle talk to each other through: pipe ends, socket pairs and event counters, as open files.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use super::file::Buffer;
use super::pipe::{self, Blocking, ReadEnd, WriteEnd};
use crate::sync::SpinLock;
use abi::c::{self, POLLERR, POLLHUP, POLLIN, POLLOUT, S_IFIFO, S_IFSOCK};
use abi::errno::Errno;

/// O_NONBLOCK.
const O_NONBLOCK: u64 = c::O_NONBLOCK as u64;

/// An open file inside of the isle.
pub struct Channel {
    kind: Kind,
    nonblocking: AtomicBool,
}

enum Kind {
    Reader(ReadEnd),
    Writer(WriteEnd),
    /// A stream socket of socketpair(2).
    Pair(ReadEnd, WriteEnd),
    Event(EventCounter),
}

/// eventfd(2).
struct EventCounter {
    value: SpinLock<u64>,
    is_semaphore: bool,
    changes: AtomicU32,
}

/// Largest value of an event counter.
const EVENT_MAX: u64 = u64::MAX - 1;

/// pipe2(2): the reading and the writing end.
pub fn pipe(nonblocking: bool) -> (Channel, Channel) {
    let (reader, writer) = pipe::new();
    (Channel::new(Kind::Reader(reader), nonblocking), Channel::new(Kind::Writer(writer), nonblocking))
}

/// socketpair(2) for streams.
pub fn socket_pair(nonblocking: bool) -> (Channel, Channel) {
    let (here_in, there_out) = pipe::new();
    let (there_in, here_out) = pipe::new();
    (
        Channel::new(Kind::Pair(here_in, here_out), nonblocking),
        Channel::new(Kind::Pair(there_in, there_out), nonblocking),
    )
}

/// eventfd(2).
pub fn event_counter(value: u64, is_semaphore: bool, nonblocking: bool) -> Channel {
    let counter = EventCounter { value: SpinLock::new(value), is_semaphore, changes: AtomicU32::new(0) };
    Channel::new(Kind::Event(counter), nonblocking)
}

impl Channel {
    fn new(kind: Kind, nonblocking: bool) -> Self {
        Self { kind, nonblocking: AtomicBool::new(nonblocking) }
    }

    fn blocking(&self) -> Blocking {
        if self.nonblocking.load(SeqCst) { Blocking::Refuse } else { Blocking::Wait }
    }

    /// read(2). `EBADF` for a writing end.
    ///
    /// # Safety
    /// The buffer is writable and nobody else's.
    pub unsafe fn read(&self, buffer: Buffer) -> Result<u64, Errno> {
        match &self.kind {
            // SAFETY: as the caller says.
            Kind::Reader(end) | Kind::Pair(end, _) => unsafe { end.read(buffer, self.blocking()) },
            Kind::Writer(_) => Err(Errno::EBADF),
            Kind::Event(_) if buffer.len_bytes < 8 => Err(Errno::EINVAL),
            Kind::Event(counter) => {
                let value = counter.take(self.blocking())?;
                // SAFETY: as the caller says; at least 8 bytes.
                unsafe { (buffer.address as *mut u64).write_unaligned(value) };
                Ok(8)
            }
        }
    }

    /// write(2). `EBADF` for a reading end.
    ///
    /// # Safety
    /// The buffer is readable.
    pub unsafe fn write(&self, buffer: Buffer) -> Result<u64, Errno> {
        match &self.kind {
            // SAFETY: as the caller says.
            Kind::Writer(end) | Kind::Pair(_, end) => unsafe { end.write(buffer, self.blocking()) },
            Kind::Reader(_) => Err(Errno::EBADF),
            Kind::Event(_) if buffer.len_bytes < 8 => Err(Errno::EINVAL),
            Kind::Event(counter) => {
                // SAFETY: as the caller says; at least 8 bytes.
                let value = unsafe { (buffer.address as *const u64).read_unaligned() };
                counter.add(value, self.blocking())?;
                Ok(8)
            }
        }
    }

    /// Which events of poll(2) hold now.
    pub fn events(&self) -> i16 {
        let reading = |end: &ReadEnd| {
            let ready = if end.is_ready() && end.nr_bytes() > 0 { POLLIN } else { 0 };
            ready | if end.is_hung_up() { POLLHUP } else { 0 }
        };
        let writing = |end: &WriteEnd| {
            let ready = if end.is_ready() { POLLOUT } else { 0 };
            ready | if end.is_broken() { POLLERR } else { 0 }
        };
        match &self.kind {
            Kind::Reader(end) => reading(end),
            Kind::Writer(end) => writing(end),
            // The other side of a pair that has gone: an end to read, nobody to write to.
            Kind::Pair(read, write) => {
                let hung_up = if read.is_hung_up() { POLLIN } else { 0 };
                reading(read) | writing(write) & POLLOUT | hung_up
            }
            Kind::Event(counter) => counter.events(),
        }
    }

    /// fcntl(2) F_GETFL.
    pub fn flags(&self) -> u64 {
        let access = match &self.kind {
            Kind::Reader(_) => 0,
            Kind::Writer(_) => 1,
            Kind::Pair(..) | Kind::Event(_) => 2,
        };
        access | if self.nonblocking.load(SeqCst) { O_NONBLOCK } else { 0 }
    }

    /// fcntl(2) F_SETFL.
    pub fn set_flags(&self, flags: u64) {
        self.nonblocking.store(flags & O_NONBLOCK != 0, SeqCst);
    }

    /// Bytes that wait to be read (FIONREAD).
    pub fn nr_readable_bytes(&self) -> Option<usize> {
        match &self.kind {
            Kind::Reader(end) | Kind::Pair(end, _) => Some(end.nr_bytes()),
            Kind::Writer(_) | Kind::Event(_) => None,
        }
    }

    /// `st_mode`.
    pub fn mode(&self) -> u32 {
        match &self.kind {
            Kind::Reader(_) | Kind::Writer(_) => S_IFIFO | 0o600,
            Kind::Pair(..) => S_IFSOCK | 0o777,
            Kind::Event(_) => 0o600,
        }
    }
}

impl EventCounter {
    fn take(&self, blocking: Blocking) -> Result<u64, Errno> {
        loop {
            let seen = self.changes.load(SeqCst);
            let taken = {
                let mut value = self.value.lock();
                let taken = if self.is_semaphore { (*value).min(1) } else { *value };
                *value -= taken;
                taken
            };
            if taken != 0 {
                pipe::announce(&self.changes);
                return Ok(taken);
            }
            pipe::wait(&self.changes, seen, blocking)?;
        }
    }

    fn add(&self, more: u64, blocking: Blocking) -> Result<(), Errno> {
        if more > EVENT_MAX {
            return Err(Errno::EINVAL);
        }
        loop {
            let seen = self.changes.load(SeqCst);
            let added = {
                let mut value = self.value.lock();
                let sum = value.checked_add(more).filter(|&sum| sum <= EVENT_MAX);
                *value = sum.unwrap_or(*value);
                sum.is_some()
            };
            if added {
                pipe::announce(&self.changes);
                return Ok(());
            }
            pipe::wait(&self.changes, seen, blocking)?;
        }
    }

    fn events(&self) -> i16 {
        let value = *self.value.lock();
        (if value > 0 { POLLIN } else { 0 }) | if value < EVENT_MAX { POLLOUT } else { 0 }
    }
}
