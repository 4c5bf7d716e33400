//! Which requests are left to workers, so that the vCPU goes on: those that would wait.

use super::*;
use abi::file::{FileLock, PollHandle};
use std::os::fd::AsRawFd;

/// Where a request's structure or path lies.
const PLACE: u64 = GUEST + PAGE as u64;

impl Guest {
    /// What is foreseen: `None` if the request may wait, else whether it is answered already, and how.
    fn foreseen(&self, number: Number, args: [u64; 6]) -> Option<Option<Answer>> {
        match self.server.outlook(number, &args) {
            Outlook::MayBlock => None,
            Outlook::AtOnce => Some(None),
            Outlook::Answered(answer) => Some(Some(answer)),
        }
    }

    fn insert(&self, file: impl Into<OwnedFd>) -> u64 {
        self.server.handles.insert(file.into()) as u64
    }
}

/// An empty pipe takes PIPE_BUF bytes at once; for more it may be too full (pipe(7)).
#[test]
fn writes_to_a_pipe_wait_beyond_what_is_atomic() {
    let guest = Guest::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let (reader, writer) = (guest.insert(reader), guest.insert(writer));
    for (len, foreseen) in [(1, Some(None)), (4096, Some(None)), (4097, None), (65536, None)] {
        assert_eq!(guest.foreseen(Number::Write, [writer, PLACE, len, 0, 0, 0]), foreseen, "{len} bytes");
        guest.server.memory.write_slice(PLACE, &[PLACE, len - 1, PLACE, 1]).unwrap();
        assert_eq!(guest.foreseen(Number::WriteV, [writer, PLACE, 2, 0, 0, 0]), foreseen, "{len} bytes");
    }
    assert_eq!(guest.foreseen(Number::Read, [reader, PLACE, 1, 0, 0, 0]), None);
}

/// Storage takes everything.
#[test]
fn writes_to_files_do_not_wait() {
    let guest = Guest::new();
    let path = std::env::temp_dir().join(format!("hermit-outlook-{}", std::process::id()));
    let file = guest.insert(File::create_new(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    assert_eq!(guest.foreseen(Number::Write, [file, PLACE, 1 << 20, 0, 0, 0]), Some(None));
}

#[test]
fn a_poll_waits_if_nothing_is_ready() {
    let guest = Guest::new();
    let (reader, mut writer) = std::io::pipe().unwrap();
    let handle = guest.insert(reader) as i32;
    let set = PollHandle { handle, events: libc::POLLIN, revents: 0 };
    guest.server.memory.write(PLACE, &set).unwrap();
    for timeout_ms in [1, 1000, u64::MAX] {
        assert_eq!(guest.foreseen(Number::Poll, [PLACE, 1, timeout_ms, 0, 0, 0]), None, "{timeout_ms} ms");
    }
    assert_eq!(guest.foreseen(Number::Poll, [PLACE, 1, 0, 0, 0, 0]), Some(None));
    std::io::Write::write_all(&mut writer, b"x").unwrap();
    assert_eq!(guest.foreseen(Number::Poll, [PLACE, 1, 1000, 0, 0, 0]), Some(Some(Ok(1))));
}

/// A lock of an open file description is in the way of a process's, also of the same process (fcntl(2)).
#[test]
fn a_lock_waits_if_another_is_in_the_way() {
    let guest = Guest::new();
    let path = std::env::temp_dir().join(format!("hermit-lock-{}", std::process::id()));
    let file = File::create_new(&path).unwrap();
    let other = File::options().write(true).open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let lock = FileLock { l_type: libc::F_WRLCK as i16, l_len: 1, ..FileLock::default() };
    guest.server.memory.write(PLACE, &lock).unwrap();
    let handle = guest.insert(file);
    let waiting = [handle, libc::F_SETLKW as u64, PLACE, 0, 0, 0];
    assert_eq!(guest.foreseen(Number::Lock, waiting), Some(Some(Ok(0))));
    let unlock = FileLock { l_type: libc::F_UNLCK as i16, ..lock };
    guest.server.memory.write(PLACE, &unlock).unwrap();
    assert_eq!(guest.foreseen(Number::Lock, waiting), Some(Some(Ok(0))));
    // SAFETY: the structure is Linux's, and lives through the call.
    let taken = unsafe { libc::fcntl(other.as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) };
    assert_eq!(taken, 0);
    guest.server.memory.write(PLACE, &lock).unwrap();
    assert_eq!(guest.foreseen(Number::Lock, waiting), None);
    assert_eq!(guest.foreseen(Number::Lock, [handle, libc::F_SETLK as u64, PLACE, 0, 0, 0]), Some(None));
}

#[test]
fn the_opening_of_a_fifo_waits() {
    let guest = Guest::new();
    let path = std::env::temp_dir().join(format!("hermit-fifo-{}", std::process::id()));
    let name = path.display().to_string();
    let directory = AT_FDCWD as u64;
    let open = |flags: i32| {
        let (address, len) = (guest.put(PAGE, name.as_bytes()), name.len() as u64);
        guest.foreseen(Number::Open, [directory, address, len, flags as u64, 0, 0])
    };
    assert_eq!(open(libc::O_RDONLY), Some(None), "nothing is there");
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    assert_eq!(open(libc::O_RDONLY), None);
    assert_eq!(open(libc::O_WRONLY), None);
    assert_eq!(open(libc::O_RDONLY | libc::O_NONBLOCK), Some(None));
    std::fs::remove_file(&path).unwrap();
    File::create_new(&path).unwrap();
    assert_eq!(open(libc::O_RDONLY), Some(None), "a regular file");
    std::fs::remove_file(&path).unwrap();
}
