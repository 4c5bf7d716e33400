//! What an open file can do: [`File`], which everything behind a descriptor implements.
//!
//! A method that a kind of file does not have keeps the answer that Linux gives for devices. Neighbours:
//! [`super::host`], [`super::memory`], [`super::channel`] and [`super::device`] implement it;
//! [`super::fd_table`] holds it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use super::ready::Watcher;
use super::socket::Socket;
use super::stream::Stream;
use crate::user::{UserCursor, UserPtr, UserSlice};
use abi::c::{self, POLLIN, POLLOUT};
use abi::errno::Errno;
use abi::file::{FileLock, Stat, StatFs, TimeSpec};

/// Access for reading and writing, the flags of what has no others.
pub const O_RDWR: u64 = c::O_RDWR as u64;

/// `f_type` of a file system in memory (Linux's).
pub const TMPFS_MAGIC: i64 = 0x0102_1994;

/// The file as what it is, if it is a `T`.
pub fn as_kind<T: File>(file: &dyn File) -> Option<&T> {
    let file: &dyn Any = file;
    file.downcast_ref()
}

/// What fsync(2) writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Contents and all that is known of the file.
    All,
    /// Contents, and what finding them takes.
    Data,
}

/// What a mapping of a file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// Its contents.
    Contents,
    /// Zeroes that belong to nobody else.
    Zeroes,
}

/// lseek(2) in a file at `position`, with `size_bytes` where somebody knows that: the new position. `EINVAL`: before the
/// beginning, from an end that nobody knows, or an unknown `whence`.
pub fn sought(
    position: u64,
    size_bytes: impl FnOnce() -> Option<i64>,
    offset: i64,
    whence: i32,
) -> Result<u64, Errno> {
    let base = match whence {
        c::SEEK_SET => Some(0),
        c::SEEK_CUR => Some(position as i64),
        c::SEEK_END => size_bytes(),
        _ => None,
    };
    let new = base.and_then(|base| base.checked_add(offset));
    new.and_then(|new| u64::try_from(new).ok()).ok_or(Errno::EINVAL)
}

/// An open file. Several threads may use it at once.
pub trait File: Any + Send + core::marker::Sync {
    /// read(2) at the file's own position. Returns bytes.
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno>;

    /// write(2).
    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno>;

    /// pread(2). Devices have no position: as [`Self::read`].
    fn read_at(&self, to: &mut UserCursor<'_>, _offset: u64) -> Result<u64, Errno> {
        if self.as_stream().is_some() { Err(Errno::ESPIPE) } else { self.read(to) }
    }

    /// pwrite(2).
    fn write_at(&self, from: &mut UserCursor<'_>, _offset: u64) -> Result<u64, Errno> {
        if self.as_stream().is_some() { Err(Errno::ESPIPE) } else { self.write(from) }
    }

    /// lseek(2). Returns the new position.
    fn seek(&self, _offset: i64, _whence: i32) -> Result<u64, Errno> {
        if self.as_stream().is_some() { Err(Errno::ESPIPE) } else { Ok(0) }
    }

    /// ftruncate(2).
    fn truncate(&self, _size_bytes: i64) -> Result<(), Errno> {
        Err(Errno::EINVAL)
    }

    /// posix_fallocate(3).
    fn allocate(&self, _offset: i64, _len_bytes: i64) -> Result<(), Errno> {
        Err(Errno::ENODEV)
    }

    /// fstat(2).
    fn stat(&self) -> Result<Stat, Errno>;

    /// fstatfs(2).
    fn statfs(&self) -> Result<StatFs, Errno>;

    /// futimens(3): access and change of contents; `None`: now.
    fn set_times(&self, _times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
        Err(Errno::EPERM)
    }

    /// fchmod(2).
    fn chmod(&self, _mode: u32) -> Result<(), Errno> {
        Err(Errno::EPERM)
    }

    /// fchown(2): -1 leaves as it is.
    fn chown(&self, _uid: u32, _gid: u32) -> Result<(), Errno> {
        Err(Errno::EPERM)
    }

    /// fsync(2), fdatasync(2).
    fn sync(&self, _what: Sync) -> Result<(), Errno> {
        Err(Errno::EINVAL)
    }

    /// fcntl(2) F_GETLK, F_SETLK, F_SETLKW.
    fn lock(&self, _command: i32, _lock: UserPtr<FileLock>) -> Result<(), Errno> {
        Err(Errno::EINVAL)
    }

    /// getdents64(2). Returns bytes.
    fn read_dir(&self, _to: UserSlice) -> Result<u64, Errno> {
        Err(Errno::ENOTDIR)
    }

    /// ioctl(2).
    fn ioctl(&self, _request: u64, _argument: u64) -> Result<u64, Errno> {
        Err(Errno::ENOTTY)
    }

    /// What mmap(2) of it shows.
    fn map(&self) -> Result<Mapping, Errno> {
        Err(Errno::ENODEV)
    }

    /// fcntl(2) F_GETFL.
    fn flags(&self) -> Result<u64, Errno> {
        Ok(O_RDWR | self.as_stream().map_or(0, Stream::flags))
    }

    /// fcntl(2) F_SETFL. Devices have no flags to set.
    fn set_flags(&self, flags: u64) -> Result<(), Errno> {
        if let Some(stream) = self.as_stream() {
            stream.set_flags(flags);
        }
        Ok(())
    }

    /// What its link in `/proc/self/fd` says: a path, or what Linux has in place of one.
    fn name(&self) -> Result<Vec<u8>, Errno>;

    /// open(2) by that link: the same file, opened once more. Nothing is created. `ENXIO` for what has no names.
    fn reopen(&self, _flags: u64) -> Result<Arc<dyn File>, Errno> {
        Err(Errno::ENXIO)
    }

    /// Whether it can be read and written without waiting.
    fn readiness(&self) -> Readiness {
        Readiness::Now(POLLIN | POLLOUT)
    }

    /// Whether its readiness can change, so that epoll(7) takes it; files of the host's are asked there.
    fn is_pollable(&self) -> bool {
        self.as_stream().is_some()
    }

    /// The stream that it is, if it is one: then it has no positions, and O_NONBLOCK is kept here.
    fn as_stream(&self) -> Option<&Stream> {
        None
    }

    /// The socket that it is, if it is one.
    fn as_socket(&self) -> Option<&dyn Socket> {
        None
    }

    /// Tells `watcher` of everything that may change the readiness, from now on.
    fn watch(&self, _watcher: &Arc<dyn Watcher>) {}

    /// Ends [`Self::watch`].
    fn unwatch(&self, _watcher: &Arc<dyn Watcher>) {}
}

/// Whether a file can be read and written without waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// These events of poll(2) hold.
    Now(i16),
    /// The host knows, by this handle.
    AskHost(i32),
    /// These hold, and more if the host says so.
    Both(i16, i32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_sought_from_three_ends() {
        let seek = |offset, whence| sought(10, || Some(100), offset, whence);
        let from_all = |offset| [c::SEEK_SET, c::SEEK_CUR, c::SEEK_END].map(|whence| seek(offset, whence));
        assert_eq!(from_all(7), [Ok(7), Ok(17), Ok(107)]);
        assert_eq!(from_all(-10), [Err(Errno::EINVAL), Ok(0), Ok(90)]);
        assert_eq!(from_all(i64::MAX), [Ok(i64::MAX as u64), Err(Errno::EINVAL), Err(Errno::EINVAL)]);
        assert_eq!(seek(0, 3), Err(Errno::EINVAL));
        assert_eq!(sought(10, || None, 0, c::SEEK_END), Err(Errno::EINVAL));
    }
}
