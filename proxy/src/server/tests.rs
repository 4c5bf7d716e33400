//! Requests by the hundred thousand: random ones, and ones that are nearly right.

#![allow(unsafe_code, reason = "maps memory for a guest")]

mod answers;
mod fence;
mod outlook;
mod pended;
mod readiness;
mod resources;
mod sockets;

use super::*;
use crate::host_signals::faults;
use crate::memory::Region;
use crate::random::Random;
use abi::hypercall::AT_FDCWD;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

const PAGE: usize = abi::layout::PAGE_SIZE as usize;
/// Guest pages; the first is where requests are, the last cannot be accessed.
const PAGES: usize = 16;
const GUEST: u64 = 0x40_0000;
/// What lies before and behind guest memory, and must stay as it is.
const CANARY: u8 = 0xa5;

/// Guest memory between two pages of canaries.
struct Guest {
    host: *mut u8,
    server: Server,
}

/// An isle that can do nothing.
struct Nothing;

impl Control for Nothing {
    fn control(&self, _: usize, _: Number, _: &[u64; 6]) -> Result<i64, Errno> {
        Err(Errno::ENOSYS)
    }
}

impl Guest {
    fn new() -> Self {
        faults::install(faults::on_exception, interrupt::on_interrupt).unwrap();
        let (len, access) = ((PAGES + 2) * PAGE, ProtFlags::READ | ProtFlags::WRITE);
        // SAFETY: a new mapping; its last guest page becomes inaccessible, which only guest copies meet.
        let host = unsafe {
            let start =
                rustix::mm::mmap_anonymous(core::ptr::null_mut(), len, access, MapFlags::PRIVATE).unwrap();
            let start = start.cast::<u8>();
            start.write_bytes(CANARY, PAGE);
            start.add((PAGES + 1) * PAGE).write_bytes(CANARY, PAGE);
            rustix::mm::mprotect(start.add(PAGES * PAGE).cast(), PAGE, MprotectFlags::empty()).unwrap();
            start.add(PAGE)
        };
        let region = Region { guest: GUEST, len_bytes: (PAGES * PAGE) as u64, host: host as u64 };
        // SAFETY: the mapping is never unmapped and holds no Rust object.
        let memory = unsafe { GuestMemory::new([region]) };
        let null = || {
            Some(OwnedFd::from(std::fs::File::options().read(true).write(true).open("/dev/null").unwrap()))
        };
        let directory = Some(OwnedFd::from(std::fs::File::open("/proc/self").unwrap()));
        let server = Server::new(memory, KernelLog::Hidden, vec![null(), None, null(), directory]);
        Self { host, server }
    }

    fn call(&self, number: Number, args: [u64; 6]) -> Result<i64, Errno> {
        self.raw(number as u32, args)
    }

    fn raw(&self, number: u32, args: [u64; 6]) -> Result<i64, Errno> {
        let request = Request { state: state::POSTED, number, args, result: i64::MIN };
        self.server.memory.write(GUEST, &request).unwrap();
        assert_eq!(self.server.serve(&Nothing, 0, GUEST), None);
        let request: Request = self.server.memory.read(GUEST).unwrap();
        assert_eq!(request.state, state::DONE);
        Errno::from_wire(request.result).map(|value| value as i64)
    }

    /// Puts `bytes` at an offset in guest memory, and tells its guest address.
    fn put(&self, offset: usize, bytes: &[u8]) -> u64 {
        let address = GUEST + offset as u64;
        self.server.memory.write_slice(address, bytes).unwrap();
        address
    }

    fn canaries_live(&self) -> bool {
        // SAFETY: the two pages around guest memory, mapped by `new`.
        let page = |start: *const u8| unsafe { core::slice::from_raw_parts(start, PAGE) };
        let before = page(self.host.wrapping_sub(PAGE));
        let behind = page(self.host.wrapping_add(PAGES * PAGE));
        before.iter().chain(behind).all(|&byte| byte == CANARY)
    }
}

impl Random {
    /// A number that a careless or hostile guest might pass.
    fn argument(&mut self) -> u64 {
        match self.next() % 8 {
            0 => self.next(),
            1 => self.next() % 8,
            2 => GUEST + PAGE as u64 + self.next() % (PAGES * PAGE) as u64,
            3 => self.next() % 5000,
            4 => u64::MAX - self.next() % 200,
            5 => [0, 1, AT_FDCWD as u64, u64::from(u32::MAX), i64::MAX as u64, 1 << 63]
                [self.next() as usize % 6],
            6 => GUEST + ((PAGES as u64 - 1) * PAGE as u64).wrapping_add(self.next() % 32).wrapping_sub(16),
            _ => 1 << (self.next() % 64),
        }
    }
}

/// Calls that would end the test, wait for ever, or change the machine that runs it; they are tested by
/// themselves.
fn is_dangerous(number: u32) -> bool {
    use Number as N;
    let spared = [
        N::Exit,
        N::Fatal,
        N::Open,
        N::Unlink,
        N::Rename,
        N::MkDir,
        N::Link,
        N::SymLink,
        N::ChMod,
        N::ChOwn,
        N::SetTimes,
        // Handles 0 and 2 are the machine's /dev/null, which root could change if nothing refused it.
        N::ChModHandle,
        N::ChOwnHandle,
        N::SetTimesHandle,
        N::ChDir,
        N::ChDirHandle,
        N::Poll,
        N::Close,
        N::Lock,
    ];
    Number::from_u32(number).is_some_and(|number| spared.contains(&number))
}

#[test]
fn random_requests_harm_nobody() {
    let (guest, mut random) = (Guest::new(), Random(0x2545_f491_4f6c_dd1d));
    // What vectors, paths and structures are read from.
    for offset in (PAGE..(PAGES - 1) * PAGE).step_by(8) {
        guest.put(offset, &random.argument().to_le_bytes());
    }
    let null = || {
        let now = std::fs::metadata("/dev/null").unwrap();
        (now.mode(), now.uid(), now.gid())
    };
    let (before, mut answered) = (null(), 0);
    for round in 0..300_000_u32 {
        let number = if random.next() % 16 == 0 { random.next() as u32 } else { (random.next() % 70) as u32 };
        if is_dangerous(number) {
            continue;
        }
        let args = core::array::from_fn(|_| random.argument());
        answered += u32::from(guest.raw(number, args).is_ok());
        if round % 1000 == 0 {
            assert!(guest.canaries_live(), "after request {number} {args:x?}");
        }
    }
    assert!(guest.canaries_live());
    assert!(answered > 1000, "only {answered} requests made sense");
    assert_eq!(null(), before, "the machine stays as it was");
}

/// Calls that change what a file is said to be, on one of the test's own.
#[test]
fn random_attributes_are_set_or_refused() {
    let (guest, mut random) = (Guest::new(), Random(0x1234_5678_9abc_def1));
    let file = tempfile::tempfile().unwrap();
    let handle = guest.server.handles.insert(file.try_clone().unwrap().into()) as u64;
    for _ in 0..3000 {
        for number in [Number::ChModHandle, Number::ChOwnHandle, Number::SetTimesHandle] {
            let mut args: [u64; 6] = core::array::from_fn(|_| random.argument());
            args[0] = handle;
            // Linux decides; the server only hands on what lies in guest memory.
            let _ = guest.call(number, args);
        }
    }
    assert!(guest.canaries_live());
    assert_eq!(guest.call(Number::ChModHandle, [handle, 0o640, 0, 0, 0, 0]), Ok(0));
    assert_eq!(file.metadata().unwrap().mode() & 0o7777, 0o640);
    let times = guest.put(PAGE, &[1_u64, 0, 1_000_000_000, 0].map(u64::to_le_bytes).concat());
    assert_eq!(guest.call(Number::SetTimesHandle, [handle, times, 0, 0, 0, 0]), Ok(0));
    assert_eq!(file.metadata().unwrap().mtime(), 1_000_000_000);
}

#[test]
fn requests_that_are_not_there_are_ignored() {
    let guest = Guest::new();
    for address in [0, 1, GUEST - 8, GUEST + 4, GUEST + 1, u64::MAX, GUEST + ((PAGES - 1) * PAGE) as u64 - 8]
    {
        assert_eq!(guest.server.serve(&Nothing, 0, address), None);
    }
    let idle = Request { state: state::IDLE, number: Number::Exit as u32, ..Request::default() };
    guest.server.memory.write(GUEST, &idle).unwrap();
    assert_eq!(guest.server.serve(&Nothing, 0, GUEST), None);
    assert!(guest.canaries_live());
}

#[test]
fn hostile_addresses_get_efault() {
    let guest = Guest::new();
    let outside = [0, 8, GUEST - 1, GUEST + (PAGES * PAGE) as u64, guest.host as u64, u64::MAX - 7];
    let directory = AT_FDCWD as u64;
    for address in outside {
        for (number, args) in [
            (Number::Write, [0, address, 64, 0, 0, 0]),
            (Number::Read, [0, address, 64, 0, 0, 0]),
            (Number::WriteV, [0, address, 4, 0, 0, 0]),
            (Number::FStat, [0, address, 0, 0, 0, 0]),
            (Number::Stat, [directory, address, 5, 0, GUEST + 64, 0]),
            (Number::Open, [directory, address, 5, 0, 0, 0]),
            (Number::ReadDir, [3, address, 4096, 0, 0, 0]),
            (Number::GetCwd, [address, 4096, 0, 0, 0, 0]),
            (Number::Poll, [address, 2, 0, 0, 0, 0]),
            (Number::Entropy, [address, 16, 0, 0, 0, 0]),
            (Number::IoCtl, [0, libc::TCGETS, address, 0, 0, 0]),
        ] {
            assert_eq!(guest.call(number, args), Err(Errno::EFAULT), "{number:?} {address:#x}");
        }
    }
    // Structures that end behind the guest's memory.
    let last_word = GUEST + (PAGES * PAGE) as u64 - 4;
    for request in [libc::TCGETS, libc::TCSETS, libc::TIOCGWINSZ] {
        assert_eq!(guest.call(Number::IoCtl, [0, request, last_word, 0, 0, 0]), Err(Errno::EFAULT));
    }
    // A vector whose second part is not the guest's.
    let vector = [GUEST + 128, 4, guest.host as u64, 4].map(u64::to_le_bytes).concat();
    let vector = guest.put(PAGE, &vector);
    assert_eq!(guest.call(Number::WriteV, [0, vector, 2, 0, 0, 0]), Err(Errno::EFAULT));
    // The page that cannot be accessed: Linux answers.
    let locked = GUEST + ((PAGES - 1) * PAGE) as u64;
    assert_eq!(guest.call(Number::Read, [3, locked, 64, 0, 0, 0]).err(), Some(Errno::EISDIR));
    assert_eq!(guest.call(Number::FStat, [0, locked, 0, 0, 0, 0]), Err(Errno::EFAULT));
    assert_eq!(guest.call(Number::Poll, [locked, 1, 0, 0, 0, 0]), Err(Errno::EFAULT));
    assert_eq!(guest.call(Number::Open, [directory, locked, 8, 0, 0, 0]), Err(Errno::EFAULT));
}

#[test]
fn handles_are_not_descriptors() {
    let guest = Guest::new();
    // 1 is closed; 100 is nobody's, although the test runner may have such a descriptor.
    for handle in [1, 4, 100, u64::MAX] {
        assert_eq!(guest.call(Number::Write, [handle, GUEST + 64, 1, 0, 0, 0]), Err(Errno::EBADF));
        assert_eq!(guest.call(Number::Close, [handle, 0, 0, 0, 0, 0]), Err(Errno::EBADF));
    }
    let path = guest.put(PAGE, b"/dev/null");
    let open = [AT_FDCWD as u64, path, 9, libc::O_RDWR as u64, 0, 0];
    assert_eq!(guest.call(Number::Open, open), Ok(1), "the lowest free handle");
    assert_eq!(guest.call(Number::Open, open), Ok(4));
    assert_eq!(guest.call(Number::Write, [1, path, 9, 0, 0, 0]), Ok(9));
    assert_eq!(guest.call(Number::Close, [1, 0, 0, 0, 0, 0]), Ok(0));
    assert_eq!(guest.call(Number::Close, [1, 0, 0, 0, 0, 0]), Err(Errno::EBADF));
}

#[test]
fn limits() {
    let guest = Guest::new();
    let path = guest.put(PAGE, &[b'a'; 5000]);
    let directory = AT_FDCWD as u64;
    assert_eq!(guest.call(Number::Open, [directory, path, 4097, 0, 0, 0]), Err(Errno::ENAMETOOLONG));
    assert_eq!(guest.call(Number::Open, [directory, path, 4096, 0, 0, 0]), Err(Errno::ENAMETOOLONG));
    assert_eq!(guest.call(Number::Open, [directory, path, 0, 0, 0, 0]), Err(Errno::ENOENT));
    let path = guest.put(PAGE, b"/dev\0null");
    assert_eq!(guest.call(Number::Open, [directory, path, 9, 0, 0, 0]), Err(Errno::EINVAL));
    assert_eq!(guest.call(Number::WriteV, [0, path, 1025, 0, 0, 0]), Err(Errno::EINVAL));
    assert_eq!(guest.call(Number::Poll, [path, 65537, 0, 0, 0, 0]), Err(Errno::EINVAL));
    assert_eq!(guest.call(Number::Entropy, [path, 4097, 0, 0, 0, 0]), Err(Errno::EINVAL));
    assert_eq!(guest.call(Number::IoCtl, [0, 0x5412, path, 0, 0, 0]), Err(Errno::ENOTTY), "TIOCSTI");
    assert_eq!(guest.call(Number::Lock, [0, libc::F_SETFL as u64, path, 0, 0, 0]), Err(Errno::EINVAL));
    assert_eq!(guest.raw(9999, [0; 6]), Err(Errno::ENOSYS));
}

#[test]
fn what_may_not_be_asked_for() {
    let guest = Guest::new();
    let (reader, _writer) = std::io::pipe().unwrap();
    let pipe = guest.server.handles.insert(reader.into()) as u64;
    let flags = (libc::O_NONBLOCK | libc::O_ASYNC) as u64;
    assert_eq!(guest.call(Number::SetFlags, [pipe, flags, 0, 0, 0, 0]), Ok(0));
    let set = guest.call(Number::GetFlags, [pipe, 0, 0, 0, 0, 0]).unwrap() as i32;
    assert_eq!(set & (libc::O_NONBLOCK | libc::O_ASYNC), libc::O_NONBLOCK);
    // Locks are all that the request for locks does.
    let lock = guest.put(PAGE, &[0; size_of::<abi::file::FileLock>()]);
    for request in [libc::F_SETFL, libc::F_DUPFD, libc::F_SETOWN, libc::F_OFD_SETLK] {
        assert_eq!(guest.call(Number::Lock, [pipe, request as u64, lock, 0, 0, 0]), Err(Errno::EINVAL));
    }
}

#[test]
fn lengths_and_times_are_those_that_were_said() {
    let guest = Guest::new();
    let file = tempfile::tempfile().unwrap();
    let handle = guest.server.handles.insert(file.try_clone().unwrap().into()) as u64;
    for len_bytes in [7, 4097, 2] {
        assert_eq!(guest.call(Number::Truncate, [handle, len_bytes, 0, 0, 0, 0]), Ok(0));
        assert_eq!(file.metadata().unwrap().len(), len_bytes);
    }
    let (reader, _writer) = std::io::pipe().unwrap();
    let handle = guest.server.handles.insert(reader.into()) as i32;
    let entry = abi::file::PollHandle { handle, events: libc::POLLIN, revents: 0 };
    guest.server.memory.write(GUEST + PAGE as u64, &entry).unwrap();
    let began = std::time::Instant::now();
    assert_eq!(guest.call(Number::Poll, [GUEST + PAGE as u64, 1, 250, 0, 0, 0]), Ok(0));
    assert!(began.elapsed() >= std::time::Duration::from_millis(250), "{:?}", began.elapsed());
}

/// Another vCPU looks at a request all the time: whenever it is done its result is there.
#[test]
fn the_result_comes_before_the_end() {
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
    const ROUNDS: u64 = 3_000;
    let guest = Guest::new();
    let host = guest.host as usize;
    let (posted, seen) = (AtomicU64::new(0), AtomicU64::new(0));
    let look = || {
        // SAFETY: the first page of the guest, which lives as long as the process; both sides access the words atomically.
        let (state, result) = unsafe {
            let result = host + core::mem::offset_of!(Request, result);
            (AtomicU32::from_ptr(host as *mut u32), AtomicU64::from_ptr(result as *mut u64))
        };
        let mut early = 0;
        for round in 1..=ROUNDS {
            while posted.load(Ordering::SeqCst) < round {
                std::thread::yield_now();
            }
            while state.load(Ordering::SeqCst) != state::DONE {
                core::hint::spin_loop();
            }
            early += u64::from(result.load(Ordering::SeqCst) == i64::MIN as u64);
            seen.store(round, Ordering::SeqCst);
        }
        early
    };
    let early = std::thread::scope(|scope| {
        let looks = scope.spawn(look);
        for round in 1..=ROUNDS {
            let request = Request { state: state::POSTED, number: 9999, args: [0; 6], result: i64::MIN };
            guest.server.memory.write(GUEST, &request).unwrap();
            posted.store(round, Ordering::SeqCst);
            assert_eq!(guest.server.serve(&Nothing, 0, GUEST), None);
            while seen.load(Ordering::SeqCst) < round {
                std::thread::yield_now();
            }
        }
        looks.join().unwrap()
    });
    assert_eq!(early, 0);
}

#[test]
fn poll_tells_of_handles_that_are_not_there() {
    let guest = Guest::new();
    let entry = |handle: i32| abi::file::PollHandle { handle, events: libc::POLLOUT, revents: 0 };
    let set = GUEST + PAGE as u64;
    guest.server.memory.write_slice(set, &[entry(0), entry(77), entry(-1)]).unwrap();
    assert_eq!(guest.call(Number::Poll, [set, 3, u64::MAX, 0, 0, 0]), Ok(2));
    let set = guest.server.memory.read_vec::<abi::file::PollHandle>(set, 3).unwrap();
    assert_eq!(set.iter().map(|entry| entry.revents).collect::<Vec<_>>(), [libc::POLLOUT, libc::POLLNVAL, 0]);
    // There is nothing else to wait for.
    let set = guest.put(PAGE, &[77_u8, 0, 0, 0, 4, 0, 0, 0]);
    assert_eq!(guest.call(Number::Poll, [set, 1, u64::MAX, 0, 0, 0]), Ok(1));
}

#[test]
fn endings() {
    let guest = Guest::new();
    let end = |number, args| {
        let request = Request { state: state::POSTED, number: number as u32, args, result: 0 };
        guest.server.memory.write(GUEST, &request).unwrap();
        guest.server.serve(&Nothing, 0, GUEST)
    };
    assert_eq!(end(Number::Exit, [0x1_2a, 0, 0, 0, 0, 0]), Some(Ending::Exit(0x2a)));
    let text = guest.put(PAGE, b"went wrong");
    let Some(Ending::Fatal(fatal)) = end(Number::Fatal, [11, 0, text, 10, 0, 0]) else { panic!("not fatal") };
    assert_eq!((fatal.signal, fatal.text.as_slice(), fatal.frame), (11, b"went wrong".as_slice(), None));
    // Nothing of it can be read: there is a report all the same.
    let Some(Ending::Fatal(fatal)) = end(Number::Fatal, [u64::MAX, 8, 8, u64::MAX, 0, 0]) else {
        panic!("not fatal")
    };
    assert_eq!((fatal.signal, fatal.text.len(), fatal.frame), (64, 0, None));
}
