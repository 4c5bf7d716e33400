//! When an answer is there, how long a poll takes, and which flags a file may get.

use super::*;
use crate::patience::within;
use abi::file::PollHandle;
use std::time::{Duration, Instant};

/// Whoever sees DONE may read the result: a request whose result cannot be written is never called done.
#[test]
fn nothing_is_done_before_its_result_is_there() {
    let guest = Guest::new();
    // The request's last word, the result, lies in a page of its own.
    let page = (PAGES - 2) * PAGE;
    let address = GUEST + (page - core::mem::offset_of!(Request, result)) as u64;
    let number = Number::Close as u32;
    let request = Request { state: state::POSTED, number, args: [77, 0, 0, 0, 0, 0], result: 12 };
    let protect = |access| {
        // SAFETY: a page of the guest; only copies that survive a fault go there.
        unsafe { rustix::mm::mprotect(guest.host.add(page).cast(), PAGE, access).unwrap() }
    };
    let answered = |access| {
        guest.server.memory.write(address, &request).unwrap();
        protect(access);
        assert_eq!(guest.server.serve(&Nothing, 0, address), None);
        protect(MprotectFlags::READ | MprotectFlags::WRITE);
        let request: Request = guest.server.memory.read(address).unwrap();
        (request.state, request.result)
    };
    let no_such_handle = Errno::EBADF.to_wire();
    assert_eq!(answered(MprotectFlags::READ | MprotectFlags::WRITE), (state::DONE, no_such_handle));
    assert_eq!(answered(MprotectFlags::READ), (state::POSTED, 12));
}

impl Guest {
    /// Polls these handles for nothing but what poll(2) always tells; the answer, and what it tells.
    fn poll(&self, handles: &[i32], timeout_ms: i32) -> (Result<i64, Errno>, Vec<i16>) {
        let set: Vec<_> =
            handles.iter().map(|&handle| PollHandle { handle, events: 0, revents: 0 }).collect();
        let (address, count) = (GUEST + PAGE as u64, set.len() as u64);
        self.server.memory.write_slice(address, &set).unwrap();
        let answer = self.call(Number::Poll, [address, count, timeout_ms as u64, 0, 0, 0]);
        let set = self.server.memory.read_vec::<PollHandle>(address, count).unwrap();
        (answer, set.iter().map(|entry| entry.revents).collect())
    }
}

/// Without an end to its time, and with nothing else to tell.
#[test]
fn poll_does_not_wait_beside_a_handle_that_is_not_there() {
    let told = within("polls of a handle that is not there", || {
        let guest = Guest::new();
        [guest.poll(&[77], -1), guest.poll(&[0, 77], -1)]
    });
    assert_eq!(told, [(Ok(1), vec![libc::POLLNVAL]), (Ok(1), vec![0, libc::POLLNVAL])]);
}

#[test]
fn poll_waits_for_milliseconds() {
    let guest = Guest::new();
    for (timeout_ms, least) in [(40, Duration::from_millis(40)), (1040, Duration::from_millis(1040))] {
        let started = Instant::now();
        assert_eq!(guest.poll(&[0, -1], timeout_ms), (Ok(0), vec![0, 0]));
        assert!(started.elapsed() >= least, "{timeout_ms} ms took {:?}", started.elapsed());
    }
}

/// With O_ASYNC Linux would send the proxy signals; a pipe would take it.
#[test]
fn only_some_flags_can_be_changed() {
    let guest = Guest::new();
    let (_reader, writer) = std::io::pipe().unwrap();
    let handle = guest.server.handles.insert(writer.into()) as u64;
    let flags = || guest.call(Number::GetFlags, [handle, 0, 0, 0, 0, 0]).unwrap() as i32;
    for flag in [libc::O_NONBLOCK, 0] {
        let wanted = (libc::O_ASYNC | flag) as u64;
        assert_eq!(guest.call(Number::SetFlags, [handle, wanted, 0, 0, 0, 0]), Ok(0));
        assert_eq!(flags() & (libc::O_ASYNC | libc::O_NONBLOCK), flag);
    }
}
