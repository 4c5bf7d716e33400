//! Which requests may block, as the server judges them.

use super::*;
use crate::server::answer::Outlook;

/// What serving a request at once would come to, in a word.
fn outlook(guest: &Guest, number: Number, args: [u64; 6]) -> &'static str {
    match guest.server.outlook(&Pending { address: GUEST, number, args, done: 0 }) {
        Outlook::AtOnce => "at once",
        Outlook::Answered(_) => "answered",
        Outlook::MayBlock { .. } => "may block",
    }
}

#[test]
fn transfers_that_may_block() {
    let guest = Guest::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let reader = guest.server.handles.insert(reader.into()) as u64;
    let writer = guest.server.handles.insert(writer.into()) as u64;
    let file = guest.server.handles.insert(tempfile::tempfile().unwrap().into()) as u64;
    let bytes = GUEST + PAGE as u64;
    let len_bytes = libc::PIPE_BUF as u64;
    let of = |number, handle, len_bytes| outlook(&guest, number, [handle, bytes, len_bytes, 0, 0, 0]);
    assert_eq!(of(Number::Read, reader, 1), "may block");
    assert_eq!(of(Number::Read, file, 1), "at once");
    assert_eq!(of(Number::Write, writer, len_bytes), "at once");
    // It might block, but has room.
    assert_eq!(of(Number::Write, writer, len_bytes + 1), "answered");
    assert_eq!(of(Number::Write, file, len_bytes + 1), "at once");
    let vectors = guest.put(2 * PAGE, &[bytes, len_bytes, bytes, 1].map(u64::to_le_bytes).concat());
    let of = |handle, count| outlook(&guest, Number::WriteV, [handle, vectors, count, 0, 0, 0]);
    assert_eq!((of(writer, 1), of(writer, 2), of(file, 2)), ("at once", "answered", "at once"));
    let too_much = [bytes, len_bytes].map(u64::to_le_bytes).concat().repeat(20);
    guest.put(2 * PAGE, &too_much);
    assert_eq!((of(writer, 20), of(file, 20)), ("may block", "at once"));
    // With something to read.
    assert_eq!(outlook(&guest, Number::Read, [reader, bytes, 1, 0, 0, 0]), "at once");
}

#[test]
fn polls_that_may_block() {
    let guest = Guest::new();
    let (reader, _writer) = std::io::pipe().unwrap();
    let reader = guest.server.handles.insert(reader.into()) as i32;
    let of = |handle: i32, events, timeout_ms| {
        let entry = abi::file::PollHandle { handle, events, revents: 0 };
        guest.server.memory.write(GUEST + PAGE as u64, &entry).unwrap();
        outlook(&guest, Number::Poll, [GUEST + PAGE as u64, 1, timeout_ms, 0, 0, 0])
    };
    assert_eq!(of(reader, libc::POLLIN, u64::MAX), "may block");
    assert_eq!(of(reader, libc::POLLIN, 10), "may block");
    assert_eq!(of(reader, libc::POLLIN, 0), "at once");
    assert_eq!(of(0, libc::POLLOUT, u64::MAX), "answered");
}

#[test]
fn locks_that_may_block() {
    let guest = Guest::new();
    let file = tempfile::tempfile().unwrap();
    // Not a duplicate: that would share the lock below.
    let again = File::options().write(true).open(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap();
    let handle = guest.server.handles.insert(again.into()) as u64;
    let lock = abi::file::FileLock { l_type: libc::F_WRLCK as i16, l_len: 1, ..Default::default() };
    let at = GUEST + PAGE as u64;
    guest.server.memory.write(at, &lock).unwrap();
    let of = |how: i32| outlook(&guest, Number::Lock, [handle, how as u64, at, 0, 0, 0]);
    assert_eq!((of(libc::F_SETLK), of(libc::F_SETLKW)), ("at once", "answered"));
    // A lock of this kind is in the way although it is the same process's.
    let mut other = libc::flock { l_type: libc::F_WRLCK as i16, l_whence: 0, l_start: 5, l_len: 1, l_pid: 0 };
    // SAFETY: the lock lives during the call.
    assert_eq!(unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &raw mut other) }, 0);
    guest.server.memory.write(at, &abi::file::FileLock { l_start: 5, ..lock }).unwrap();
    assert_eq!((of(libc::F_SETLK), of(libc::F_SETLKW)), ("at once", "may block"));
}

#[test]
fn opens_that_may_block() {
    let guest = Guest::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo").into_os_string().into_string().unwrap();
    let as_c = std::ffi::CString::new(path.as_str()).unwrap();
    // SAFETY: the path is a string.
    assert_eq!(unsafe { libc::mkfifo(as_c.as_ptr(), 0o600) }, 0);
    let of = |path: &str, flags: i32| {
        let address = guest.put(PAGE, path.as_bytes());
        let len = path.len() as u64;
        outlook(&guest, Number::Open, [AT_FDCWD as u64, address, len, flags as u64, 0, 0])
    };
    assert_eq!(of(&path, libc::O_RDONLY), "may block");
    assert_eq!(of(&path, libc::O_RDONLY | libc::O_NONBLOCK), "at once");
    assert_eq!(of("/dev/null", libc::O_RDONLY), "at once");
}
