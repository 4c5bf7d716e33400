//! What the proxy holds for a guest comes back: descriptors, threads, places, handlers. A job may run for
//! weeks.
//!
//! Tests of the same process run beside these: counts of descriptors are compared with some room for theirs.

use super::pended::{BUFFER, LOCKED, PIPE, Pended};
use super::*;
use crate::host_signals::interrupt::MAX_PENDING;
use crate::patience::within;
use std::io::Write;

/// More than the tests beside these open at a time, and far less than a leak.
const ROOM: usize = 200;

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

impl Guest {
    fn open(&self, path: &str, flags: i32) -> Result<i64, Errno> {
        let address = self.put(PAGE, path.as_bytes());
        self.call(Number::Open, [AT_FDCWD as u64, address, path.len() as u64, flags as u64, 0o600, 0])
    }

    pub fn close(&self, handle: i64) -> Result<i64, Errno> {
        self.call(Number::Close, [handle as u64, 0, 0, 0, 0, 0])
    }
}

/// `action` many times, and the descriptors stay as many as they were.
fn leaves_no_descriptor(what: &str, times: usize, mut action: impl FnMut(&Guest)) {
    let guest = Guest::new();
    let before = open_descriptors();
    for _ in 0..times {
        action(&guest);
    }
    let after = open_descriptors();
    assert!(after < before + ROOM, "{what}: {before} descriptors became {after}");
}

#[test]
fn closed_files_are_closed() {
    leaves_no_descriptor("open and close", 100_000, |guest| {
        // The lowest handle, each time: the table does not grow either.
        assert_eq!(guest.open("/dev/null", libc::O_RDWR), Ok(1));
        assert_eq!(guest.close(1), Ok(0));
    });
    leaves_no_descriptor("a hundred files at a time", 100, |guest| {
        let handles: Vec<i64> = (0..100).map(|_| guest.open("/dev/null", libc::O_RDWR).unwrap()).collect();
        assert_eq!(handles.iter().max(), Some(&102));
        assert!(handles.into_iter().all(|handle| guest.close(handle) == Ok(0)));
    });
}

#[test]
fn closed_folders_are_closed() {
    leaves_no_descriptor("open, read and close a folder", 10_000, |guest| {
        let entries = GUEST + 2 * PAGE as u64;
        let handle = guest.open("/proc/sys/kernel/random", libc::O_RDONLY | libc::O_DIRECTORY).unwrap();
        assert!(guest.call(Number::ReadDir, [handle as u64, entries, 4096, 0, 0, 0]).unwrap() > 0);
        let (path, stat) = (guest.put(PAGE, b"uuid"), GUEST + 3 * PAGE as u64);
        assert_eq!(guest.call(Number::Stat, [handle as u64, path, 4, 0, stat, 0]), Ok(0));
        assert_eq!(guest.close(handle), Ok(0));
    });
}

/// Those that open something for themselves, and those that fail.
#[test]
fn calls_by_path_keep_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file").display().to_string();
    std::fs::write(&file, "").unwrap();
    let directory = AT_FDCWD as u64;
    leaves_no_descriptor("calls by path", 10_000, |guest| {
        let len = file.len() as u64;
        let (path, buffer) = (guest.put(PAGE, file.as_bytes()), GUEST + 2 * PAGE as u64);
        assert_eq!(guest.call(Number::StatFs, [directory, path, len, buffer, 0, 0]), Ok(0));
        let no_link = libc::AT_SYMLINK_NOFOLLOW as u64;
        assert_eq!(guest.call(Number::ChMod, [directory, path, len, 0o644, no_link, 0]), Ok(0));
        assert_eq!(guest.open(&file, libc::O_RDONLY | libc::O_DIRECTORY), Err(Errno::ENOTDIR));
        assert_eq!(guest.open(&file, libc::O_CREAT | libc::O_EXCL | libc::O_RDWR), Err(Errno::EEXIST));
        assert_eq!(guest.open("/no/such", libc::O_RDONLY), Err(Errno::ENOENT));
    });
}

/// A server ends with its program; a new one has nothing of the last.
#[test]
fn a_server_takes_its_files_along() {
    let before = open_descriptors();
    for _ in 0..100 {
        let guest = Guest::new();
        assert!((0..50).all(|_| guest.open("/dev/null", libc::O_RDWR).is_ok()));
    }
    let after = open_descriptors();
    assert!(after < before + ROOM, "{before} descriptors became {after}");
}

#[test]
fn one_request_after_another_takes_one_thread() {
    within("requests that pend", || {
        let (pended, _writer, _alone) = Pended::new();
        for round in 1..=5000 {
            pended.post_lock(0);
            assert_eq!(pended.state(0), state::POSTED, "it waits");
            pended.release();
            assert_eq!(pended.result(0), 0);
            pended.wait_until_told(round);
            pended.hold();
        }
        assert_eq!(pended.threads(), 1);
    });
}

/// Who waits is not idle: the next request gets a thread of its own at once, again and again.
#[test]
fn as_many_threads_as_requests_that_wait() {
    const COUNT: usize = 5;
    within("requests that pend", || {
        let (pended, _writer, _alone) = Pended::new();
        for round in 1..=3 {
            for index in 0..COUNT {
                pended.post_lock(index);
                assert_eq!(pended.threads(), if round == 1 { index + 1 } else { COUNT });
                pended.wait_for_users(LOCKED, index + 1);
            }
            pended.release();
            assert!((0..COUNT).all(|index| pended.result(index) == 0));
            pended.wait_until_told(round * COUNT);
            pended.hold();
        }
    });
}

#[test]
fn a_busy_thread_is_no_idle_one() {
    within("requests that pend", || {
        let (pended, _writer, _alone) = Pended::new();
        for round in 1..=5 {
            pended.post_lock(0);
            pended.release();
            assert_eq!(pended.result(0), 0);
            pended.wait_until_told(round);
            pended.hold();
        }
        (0..3).for_each(|index| pended.post_lock(index));
        assert_eq!(pended.threads(), 3);
        pended.release();
        assert!((0..3).all(|index| pended.result(index) == 0));
    });
}

/// Reads a byte of an empty pipe, which lasts until somebody ends it.
fn read_for_ever() -> Answer {
    use std::os::fd::AsRawFd;
    let (reader, _writer) = std::io::pipe().unwrap();
    let mut byte = 0_u8;
    interrupt::blocking(libc::SYS_read, &[reader.as_raw_fd() as u64, &raw mut byte as u64, 1])
}

#[test]
fn what_is_over_before_the_call_is_not_waited_for() {
    static OVER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    within("a read that is over", || {
        interrupt::watch(&OVER, 0);
        assert_eq!(read_for_ever(), Err(Errno::EINTR));
    });
}

#[test]
fn a_signal_before_the_worker_begins_ends_the_request() {
    within("a request that a signal ends", || {
        let (_pended, _writer, _alone) = Pended::new();
        let since = interrupt::now();
        interrupt::end_all_pending();
        assert_eq!(interrupt::while_pending(0, since, read_for_ever), Err(Errno::EINTR));
    });
}

/// A place that has answered still has its last address, which may be another one's by now.
#[test]
fn cancelling_finds_every_place_that_has_the_address() {
    const ADDRESS: u64 = 0x7777_0000;
    within("a request that is cancelled", || {
        let (_pended, _writer, _alone) = Pended::new();
        interrupt::claim(0, ADDRESS);
        interrupt::claim(1, ADDRESS);
        let waits = std::thread::spawn(|| interrupt::while_pending(1, interrupt::now(), read_for_ever));
        while !waits.is_finished() {
            assert!(interrupt::cancel(ADDRESS));
            std::thread::yield_now();
        }
        assert_eq!(waits.join().unwrap(), Err(Errno::EINTR));
        interrupt::claim(0, 0);
        interrupt::claim(1, 0);
    });
}

#[test]
fn more_requests_than_places_are_all_answered() {
    const COUNT: usize = MAX_PENDING + 44;
    within("requests that pend", || {
        let (pended, _writer, _alone) = Pended::new();
        for round in 1..=3 {
            (0..COUNT).for_each(|index| pended.post_lock(index));
            assert!((0..COUNT).all(|index| pended.state(index) == state::POSTED));
            assert_eq!(pended.threads(), MAX_PENDING);
            pended.release();
            assert!((0..COUNT).all(|index| pended.result(index) == 0));
            pended.wait_until_told(round * COUNT);
            pended.hold();
        }
    });
}

#[test]
fn cancelled_requests_give_their_places_back() {
    within("requests that pend", || {
        let (pended, _writer, _alone) = Pended::new();
        for round in 1..=2000 {
            pended.post_lock(0);
            assert_eq!(pended.cancel(0), Ok(0));
            assert_eq!(pended.result(0), Errno::EINTR.to_wire());
            pended.wait_until_told(round);
        }
        assert_eq!(pended.threads(), 1);
        pended.post_lock(0);
        pended.release();
        assert_eq!(pended.result(0), 0);
    });
}

/// A read by worker `number` of a pipe in which there is something: only a reason to end keeps it from that. On
/// a thread of its own, since a worker's thread stays one.
fn read_as_worker(number: usize, since: Moment, pended: Pended) -> Result<i64, Errno> {
    let server = &pended.guest.server;
    let read = || server.stream(Number::Read, &[PIPE, BUFFER, 1, 0, 0, 0]);
    within("a worker", move || interrupt::while_pending(number, since, read))
}

/// Worker 0 had a request at this address and has answered it; the one that is there now is another worker's.
#[test]
fn whoever_had_the_address_before_does_not_hide_a_request() {
    const ADDRESS: u64 = 0x1000;
    let (pended, mut writer, _alone) = Pended::new();
    writer.write_all(b"x").unwrap();
    (0..2).for_each(|number| interrupt::claim(number, ADDRESS));
    assert!(interrupt::cancel(ADDRESS));
    assert_eq!(read_as_worker(1, interrupt::now(), pended), Err(Errno::EINTR));
    (0..2).for_each(|number| interrupt::claim(number, 0));
    assert!(!interrupt::cancel(ADDRESS));
}

/// The signal came when the vCPU had handed the request over, and no worker had taken it.
#[test]
fn a_signal_ends_a_request_that_no_worker_has_yet() {
    let (pended, mut writer, _alone) = Pended::new();
    writer.write_all(b"x").unwrap();
    let since = interrupt::now();
    interrupt::end_all_pending();
    interrupt::claim(0, 0);
    assert_eq!(read_as_worker(0, since, pended), Err(Errno::EINTR));
    interrupt::claim(0, 0);
    assert_eq!(read_as_worker(0, interrupt::now(), pended), Ok(1));
}
