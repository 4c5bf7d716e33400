//! Requests that wait for descriptors: one thread for all of them, in order, and nothing is left behind.

use super::pended::{BUFFER, PIPE, Pended};
use super::*;
use crate::host_signals::interrupt::MAX_PENDING;
use crate::patience::within;
use abi::file::PollHandle;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::time::{Duration, Instant};

/// Where sets for poll are.
const SET: u64 = GUEST + 14 * PAGE as u64;

/// More than there are workers.
const MANY: usize = 700;

fn eintr() -> i64 {
    Errno::EINTR.to_wire()
}

impl Pended {
    /// Posts a read of one byte into a place of its own.
    fn post_read(&self, index: usize, handle: u64) {
        self.post_any(index, Number::Read, [handle, BUFFER + index as u64, 1, 0, 0, 0]);
    }

    fn byte(&self, index: usize) -> u8 {
        self.guest.server.memory.read::<u8>(BUFFER + index as u64).unwrap()
    }

    /// Posts a poll of `handles`, whose set is the `slot`th of at most 8 entries.
    fn post_poll(&self, index: usize, slot: usize, handles: &[(u64, i16)], timeout_ms: i32) {
        let entries: Vec<_> = handles
            .iter()
            .map(|&(handle, events)| PollHandle { handle: handle as i32, events, revents: -1 })
            .collect();
        let set = SET + (slot * 8 * size_of::<PollHandle>()) as u64;
        self.guest.server.memory.write_slice(set, &entries).unwrap();
        self.post_any(index, Number::Poll, [set, handles.len() as u64, timeout_ms as u64, 0, 0, 0]);
    }

    fn revents(&self, slot: usize) -> i16 {
        let set = SET + (slot * 8 * size_of::<PollHandle>()) as u64;
        self.guest.server.memory.read::<PollHandle>(set).unwrap().revents
    }

    fn insert(&self, file: impl Into<OwnedFd>) -> u64 {
        self.guest.server.handles.insert(file.into()) as u64
    }

    fn until_calm(&self) {
        while !self.is_calm() {
            std::thread::yield_now();
        }
    }
}

/// A terminal: what is written to the first comes out of the second, a line at a time. Descriptors of terminals know no
/// RWF_NOWAIT.
fn terminal() -> (File, File) {
    let (mut master, mut slave) = (0, 0);
    // SAFETY: two numbers to fill; the rest is optional.
    let result = unsafe {
        libc::openpty(
            &raw mut master,
            &raw mut slave,
            core::ptr::null_mut(),
            core::ptr::null(),
            core::ptr::null(),
        )
    };
    assert_eq!(result, 0);
    // SAFETY: they are open, and nobody else's.
    unsafe { (File::from_raw_fd(master), File::from_raw_fd(slave)) }
}

#[test]
fn many_reads_wait_without_a_thread_for_each() {
    within("reads", || {
        let (pended, mut writer, _alone) = Pended::new();
        assert!(pended.is_calm());
        for _ in 0..3 {
            (0..MANY).for_each(|index| pended.post(index));
            assert!((0..MANY).all(|index| pended.state(index) == state::POSTED));
            writer.write_all(&[b'x'; MANY]).unwrap();
            assert!((0..MANY).all(|index| pended.result(index) == 1));
            pended.until_calm();
        }
        assert_eq!(pended.threads(), 0);
    });
}

#[test]
fn a_line_is_served_in_order() {
    const COUNT: usize = 50;
    within("reads", || {
        let (pended, mut writer, _alone) = Pended::new();
        (0..COUNT).for_each(|index| pended.post_read(index, PIPE));
        for index in 0..COUNT {
            writer.write_all(&[index as u8]).unwrap();
            assert_eq!((pended.result(index), pended.byte(index)), (1, index as u8));
            assert!((index + 1..COUNT).all(|later| pended.state(later) == state::POSTED));
        }
        pended.until_calm();
    });
}

#[test]
fn the_end_of_the_pipe_ends_all() {
    within("reads", || {
        let (pended, writer, _alone) = Pended::new();
        (0..50).for_each(|index| pended.post(index));
        pended.post_poll(50, 0, &[(PIPE, libc::POLLIN)], -1);
        drop(writer);
        assert!((0..50).all(|index| pended.result(index) == 0));
        assert_eq!((pended.result(50), pended.revents(0)), (1, libc::POLLHUP));
        pended.until_calm();
    });
}

#[test]
fn a_poll_ends_in_time_beside_many_reads() {
    within("a poll", || {
        let (pended, mut writer, _alone) = Pended::new();
        (0..MANY).for_each(|index| pended.post(index));
        for timeout_ms in [1, 20, 50] {
            let before = Instant::now();
            pended.post_poll(MANY, 0, &[(PIPE, libc::POLLIN)], timeout_ms);
            assert_eq!((pended.result(MANY), pended.revents(0)), (0, 0));
            assert!(before.elapsed() >= Duration::from_millis(timeout_ms as u64));
        }
        writer.write_all(&[b'x'; MANY]).unwrap();
        assert!((0..MANY).all(|index| pended.result(index) == 1));
        pended.until_calm();
    });
}

/// They were posted in the other order.
#[test]
fn polls_end_in_the_order_of_their_deadlines() {
    const COUNT: usize = 20;
    within("polls", || {
        let (pended, _writer, _alone) = Pended::new();
        for index in (0..COUNT).rev() {
            pended.post_poll(index, index, &[(PIPE, libc::POLLIN)], 50 + 20 * index as i32);
        }
        for index in 0..COUNT {
            assert_eq!(pended.result(index), 0);
            // Nobody can have ended who has 200 ms left.
            let later = (index + 10..COUNT).filter(|&later| pended.state(later) == state::DONE);
            assert_eq!(later.count(), 0, "after {index}");
        }
        pended.until_calm();
    });
}

#[test]
fn a_poll_waits_for_all_of_its_descriptors() {
    within("polls", || {
        let (pended, mut writer, _alone) = Pended::new();
        let (reader, mut other) = std::io::pipe().unwrap();
        let second = pended.insert(reader);
        let file = pended.insert(tempfile::tempfile().unwrap());
        // epoll knows no regular files; one handle twice.
        let set =
            [(PIPE, libc::POLLIN), (second, libc::POLLIN), (second, libc::POLLPRI), (file, libc::POLLPRI)];
        for round in 0..50 {
            pended.post_poll(0, 0, &set, if round % 2 == 0 { -1 } else { 10_000 });
            assert_eq!(pended.state(0), state::POSTED);
            let late = if round % 3 == 0 { &mut writer } else { &mut other };
            late.write_all(b"x").unwrap();
            assert_eq!(pended.result(0), 1);
            pended.until_calm();
            let handle = if round % 3 == 0 { PIPE } else { second };
            assert_eq!(pended.guest.call(Number::Read, [handle, BUFFER, 1, 0, 0, 0]), Ok(1));
        }
    });
}

/// Each has a thread, until half of them are taken; the others wait like short ones.
#[test]
fn long_polls_take_half_of_the_threads() {
    const COUNT: usize = MAX_PENDING / 2 + 44;
    within("polls", || {
        let (pended, mut writer, _alone) = Pended::new();
        let entry = PollHandle { handle: PIPE as i32, events: libc::POLLIN, revents: 0 };
        pended.guest.server.memory.write_slice(SET, &[entry; 40]).unwrap();
        for index in 0..COUNT {
            pended.post_any(index, Number::Poll, [SET, 40, u64::MAX, 0, 0, 0]);
        }
        assert_eq!(pended.threads(), MAX_PENDING / 2);
        assert!(!pended.is_calm());
        writer.write_all(b"x").unwrap();
        assert!((0..COUNT).all(|index| pended.result(index) == 40));
        pended.until_calm();
    });
}

/// The one that is ended is not told of what comes, and does not take it.
#[test]
fn cancelled_requests_leave_the_line() {
    const COUNT: usize = 40;
    within("reads", || {
        let (pended, mut writer, _alone) = Pended::new();
        (0..COUNT).for_each(|index| pended.post_read(index, PIPE));
        pended.post_poll(COUNT, 0, &[(PIPE, libc::POLLIN)], 100_000);
        assert_eq!(pended.cancel(COUNT), Ok(0));
        assert_eq!(pended.result(COUNT), eintr());
        for index in (0..COUNT).step_by(2) {
            assert_eq!(pended.cancel(index), Ok(0));
            assert_eq!(pended.result(index), eintr());
        }
        for index in (1..COUNT).step_by(2) {
            writer.write_all(&[index as u8]).unwrap();
            assert_eq!((pended.result(index), pended.byte(index)), (1, index as u8));
        }
        pended.until_calm();
    });
}

#[test]
fn a_signal_ends_all_that_wait() {
    within("reads", || {
        let (pended, mut writer, _alone) = Pended::new();
        for _ in 0..20 {
            (0..50).for_each(|index| pended.post(index));
            pended.post_poll(50, 0, &[(PIPE, libc::POLLIN)], -1);
            interrupt::end_all_pending();
            assert!((0..=50).all(|index| pended.result(index) == eintr()));
            pended.until_calm();
            pended.post(0);
            writer.write_all(b"x").unwrap();
            assert_eq!(pended.result(0), 1);
        }
    });
}

/// It came when the vCPU had read the request, and before it was in any line.
#[test]
fn a_signal_before_the_line_ends_the_request() {
    within("a read", || {
        let (pended, _writer, _alone) = Pended::new();
        pended.post(0);
        assert_eq!(pended.cancel(0), Ok(0));
        let since = interrupt::now();
        interrupt::end_all_pending();
        pended.post(1);
        pended.take(2, since);
        assert_eq!(pended.result(2), eintr());
        assert_eq!(pended.cancel(1), Ok(0));
        pended.until_calm();
    });
}

#[test]
fn a_file_that_is_closed_while_requests_wait_is_closed_afterwards() {
    within("requests that pend", || {
        let (pended, mut writer, _alone) = Pended::new();
        // Calls that do not wait are made at the first request's place.
        (10..13).for_each(|index| pended.post_read(index, PIPE));
        assert_eq!(pended.guest.close(PIPE as i64), Ok(0));
        // Its handle is another file's.
        assert_eq!(pended.insert(File::open("/dev/zero").unwrap()), PIPE);
        for index in 10..13 {
            writer.write_all(&[index as u8]).unwrap();
            assert_eq!((pended.result(index), pended.byte(index)), (1, index as u8));
        }
        // Nobody reads any more.
        while writer.write_all(b"y").is_ok() {
            std::thread::yield_now();
        }
        pended.until_calm();
    });
}

/// One worker for all of them, although each read of a terminal may block.
#[test]
fn a_line_at_a_terminal_takes_one_thread() {
    const COUNT: usize = 30;
    within("reads of a terminal", || {
        let (pended, _writer, _alone) = Pended::new();
        let (mut master, slave) = terminal();
        let terminal = pended.insert(slave);
        for _ in 0..3 {
            for index in 0..COUNT {
                let place = BUFFER + 2 * index as u64;
                pended.post_any(index, Number::Read, [terminal, place, 2, 0, 0, 0]);
            }
            pended.post_poll(COUNT, 0, &[(terminal, libc::POLLIN)], -1);
            for index in 0..COUNT {
                assert_eq!(pended.state(index), state::POSTED);
                master.write_all(b"x\n").unwrap();
                assert_eq!(pended.result(index), 2);
            }
            // It may have been told of the first line, or of none that a reader had taken before.
            if pended.state(COUNT) != state::DONE {
                pended.cancel(COUNT).unwrap();
            }
            pended.until_calm();
        }
        assert_eq!(pended.threads(), 1);
    });
}

/// A long write to a pipe goes on when there is room; what ends it leaves what has been written.
#[test]
fn long_writes_go_on() {
    within("writes", || {
        let (pended, _writer, _alone) = Pended::new();
        let (mut reader, writer) = std::io::pipe().unwrap();
        let handle = pended.insert(writer);
        // All of the guest's memory but the last page, many times.
        let part = abi::file::IoVec { base: GUEST + 4 * PAGE as u64, len_bytes: 8 * PAGE as u64 };
        let vectors = [part; 20];
        pended.guest.server.memory.write_slice(SET, &vectors).unwrap();
        let total = vectors.len() * part.len_bytes as usize;
        for _ in 0..10 {
            pended.post_any(0, Number::WriteV, [handle, SET, vectors.len() as u64, 0, 0, 0]);
            assert_eq!(pended.state(0), state::POSTED);
            let mut bytes = vec![0; total];
            reader.read_exact(&mut bytes).unwrap();
            assert_eq!(pended.result(0), total as i64);
        }
        pended.post_any(0, Number::WriteV, [handle, SET, vectors.len() as u64, 0, 0, 0]);
        pended.cancel(0).unwrap();
        let written = pended.result(0);
        assert!(written > 0 && written < total as i64, "{written}");
        reader.read_exact(&mut vec![0; written as usize]).unwrap();
        pended.until_calm();
    });
}

/// What waits for nothing is an error at once, or nothing at once.
#[test]
fn what_never_becomes_ready_does_not_wait() {
    within("requests", || {
        let (pended, writer, _alone) = Pended::new();
        let writer = pended.insert(writer);
        pended.post_any(0, Number::Read, [writer, BUFFER, 1, 0, 0, 0]);
        assert_eq!(pended.result(0), Errno::EBADF.to_wire());
        pended.post_any(0, Number::Read, [PIPE, BUFFER, 0, 0, 0, 0]);
        assert_eq!(pended.result(0), 0);
        pended.post_any(0, Number::Read, [PIPE, 8, 1, 0, 0, 0]);
        assert_eq!(pended.result(0), Errno::EFAULT.to_wire());
        assert!(pended.is_calm());
    });
}
