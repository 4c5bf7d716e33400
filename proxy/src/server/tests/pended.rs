//! A guest whose requests wait: [`Pended`].

use super::*;
use crate::server::workers::Workers;
use std::io::PipeWriter;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A guest with workers, whose handle 4 is the reading end of a pipe, and handle 5 a file that somebody else has locked.
#[derive(Clone, Copy)]
pub struct Pended {
    pub guest: &'static Guest,
    pub workers: &'static Workers,
    told: &'static AtomicUsize,
    locked: &'static File,
}

impl Control for Pended {
    fn control(&self, _: usize, number: Number, args: &[u64; 6]) -> Result<i64, Errno> {
        if number == Number::Cancel { self.workers.cancel(args[0]) } else { Err(Errno::ENOSYS) }
    }

    fn hand_over(&self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        self.workers.take(cpu, pending, since)
    }
}

/// Where requests pend belongs to the process, and is not for two of these tests at a time.
static PLACES: Mutex<()> = Mutex::new(());

pub const PIPE: u64 = 4;
pub const LOCKED: u64 = 5;
pub const BUFFER: u64 = GUEST + 12 * PAGE as u64;
const LOCK: u64 = GUEST + 13 * PAGE as u64;

/// Where requests pend is this test's until the end.
pub struct Alone {
    workers: &'static Workers,
    told_before: i32,
    _places: MutexGuard<'static, ()>,
}

impl Drop for Alone {
    /// The thread that a test has started must not say in the next one that it is told of signals.
    fn drop(&mut self) {
        while self.workers.readiness.has_thread() && interrupt::who_is_told_of_signals() == self.told_before {
            std::thread::yield_now();
        }
    }
}

impl Pended {
    pub fn new() -> (Self, PipeWriter, Alone) {
        let places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        let guest: &'static Guest = Box::leak(Box::new(Guest::new()));
        let (reader, writer) = std::io::pipe().unwrap();
        guest.server.handles.insert(std::fs::File::open("/dev/null").unwrap().into());
        assert_eq!(guest.server.handles.insert(reader.into()), PIPE as i64);
        let locked: &'static File = Box::leak(Box::new(tempfile::tempfile().unwrap()));
        // Not a duplicate: that would share the lock.
        let name = format!("/proc/self/fd/{}", locked.as_raw_fd());
        let again = File::options().read(true).write(true).open(name).unwrap();
        assert_eq!(guest.server.handles.insert(again.into()), LOCKED as i64);
        let lock = abi::file::FileLock { l_type: libc::F_WRLCK as i16, l_len: 1, ..Default::default() };
        guest.server.memory.write(LOCK, &lock).unwrap();
        let told: &'static AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
        let tell = |_| {
            told.fetch_add(1, Ordering::SeqCst);
        };
        let workers: &'static Workers = Box::leak(Box::new(Workers::new(&guest.server, tell)));
        let pended = Self { guest, workers, told, locked };
        pended.hold();
        let told_before = interrupt::who_is_told_of_signals();
        (pended, writer, Alone { workers, told_before, _places: places })
    }

    pub fn address(index: usize) -> u64 {
        GUEST + (index * size_of::<Request>().next_multiple_of(64)) as u64
    }

    /// Posts a read of one byte that pends.
    pub fn post(&self, index: usize) {
        self.post_any(index, Number::Read, [PIPE, BUFFER, 1, 0, 0, 0]);
    }

    /// Posts a request for the lock, which cannot be polled.
    pub fn post_lock(&self, index: usize) {
        self.post_any(index, Number::Lock, [LOCKED, libc::F_SETLKW as u64, LOCK, 0, 0, 0]);
    }

    pub fn post_any(&self, index: usize, number: Number, args: [u64; 6]) {
        let number = number as u32 | MAY_PEND;
        let request = Request { state: state::POSTED, number, args, result: i64::MIN };
        self.guest.server.memory.write(Self::address(index), &request).unwrap();
        assert_eq!(self.guest.server.serve(self, 0, Self::address(index)), None);
    }

    /// Ends the request as the guest does.
    pub fn cancel(&self, index: usize) -> Result<i64, Errno> {
        self.control(0, Number::Cancel, &[Self::address(index), 0, 0, 0, 0, 0])
    }

    /// Somebody else takes the lock.
    pub fn hold(&self) {
        self.lock(libc::F_SETLK, libc::F_UNLCK);
        self.lock(libc::F_OFD_SETLK, libc::F_WRLCK);
    }

    /// All requests for the lock get it: the proxy is one owner.
    pub fn release(&self) {
        self.lock(libc::F_OFD_SETLK, libc::F_UNLCK);
    }

    fn lock(&self, command: i32, kind: i32) {
        let mut lock = libc::flock {
            l_type: kind as i16,
            l_whence: libc::SEEK_SET as i16,
            l_start: 0,
            l_len: 1,
            l_pid: 0,
        };
        // SAFETY: the lock lives during the call.
        assert_eq!(unsafe { libc::fcntl(self.locked.as_raw_fd(), command, &raw mut lock) }, 0);
    }

    pub fn state(&self, index: usize) -> u32 {
        self.guest.server.memory.read::<Request>(Self::address(index)).unwrap().state
    }

    pub fn result(&self, index: usize) -> i64 {
        while self.state(index) != state::DONE {
            std::thread::yield_now();
        }
        self.guest.server.memory.read::<Request>(Self::address(index)).unwrap().result
    }

    /// For requests one after the other: of several, one word may tell.
    pub fn wait_until_told(&self, times: usize) {
        while self.told.load(Ordering::SeqCst) < times {
            std::thread::yield_now();
        }
    }

    /// Who holds the file: the table, this look, and each request that waits.
    pub fn wait_for_users(&self, handle: u64, count: usize) {
        let users = || std::sync::Arc::strong_count(&self.guest.server.handles.get(handle).unwrap());
        while users() < 2 + count {
            std::thread::yield_now();
        }
    }

    /// Whether nobody waits for a descriptor.
    pub fn is_calm(&self) -> bool {
        self.workers.readiness.is_calm()
    }

    /// Leaves a read that was posted at `since` to the others.
    pub fn take(&self, index: usize, since: Moment) {
        let (address, number, args) = (Self::address(index), Number::Read, [PIPE, BUFFER, 1, 0, 0, 0]);
        let pending = Pending { address, number, args, done: 0 };
        assert!(self.workers.take(0, pending, since).is_ok());
    }

    /// `Workers { threads: 3, .. }`.
    pub fn threads(&self) -> usize {
        let text = format!("{:?}", self.workers);
        text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
    }
}
