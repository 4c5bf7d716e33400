//! An open file or directory of /tmp.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::contents::Contents;
use super::node::{Body, FIRST_COOKIE, Node, NodeState, now};
use crate::fs::file::{File, Mapping, Sync, as_kind, sought};
use crate::fs::listing::{self, Entry};
use crate::sync::Mutex;
use crate::user::{UserCursor, UserPtr, UserSlice};
use abi::c::{self, F_GETLK, F_UNLCK, UTIME_NOW, UTIME_OMIT};
use abi::errno::Errno;
use abi::file::{FileLock, Stat, StatFs, TimeSpec};

const O_ACCMODE: u64 = c::O_ACCMODE as u64;
const O_WRONLY: u64 = c::O_WRONLY as u64;
const O_RDWR: u64 = c::O_RDWR as u64;
const O_APPEND: u64 = c::O_APPEND as u64;
/// What F_SETFL changes: O_APPEND, O_NONBLOCK.
const CHANGEABLE_FLAGS: u64 = O_APPEND | c::O_NONBLOCK as u64;

/// A node, and the place in it of whoever has opened it.
pub struct OpenNode {
    node: Arc<Node>,
    /// Where a transfer without an offset begins; of a directory, the cookie of what was told last.
    position: Mutex<u64>,
    flags: AtomicU64,
}

impl OpenNode {
    /// Opened with these flags of open(2).
    pub const fn new(node: Arc<Node>, flags: u64) -> Self {
        let flags = AtomicU64::new(flags & (O_ACCMODE | CHANGEABLE_FLAGS));
        Self { node, position: Mutex::new(0), flags }
    }

    fn may_read(&self) -> Result<(), Errno> {
        if self.access() == O_WRONLY { Err(Errno::EBADF) } else { Ok(()) }
    }

    fn may_write(&self) -> Result<(), Errno> {
        if may_write(self.flags.load(Relaxed)) { Ok(()) } else { Err(Errno::EBADF) }
    }

    fn access(&self) -> u64 {
        self.flags.load(Relaxed) & O_ACCMODE
    }

    fn read_contents(&self, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.with_contents(|contents| contents.read(to, offset))
    }

    /// Writes to `offset`, or to the end if the file is open for that (pwrite(2) too: see its BUGS). Returns
    /// where that was, and how many bytes.
    fn write_contents(&self, from: &mut UserCursor<'_>, offset: u64) -> Result<(u64, u64), Errno> {
        let appends = self.flags.load(Relaxed) & O_APPEND != 0;
        self.node.with(|state| {
            let Body::File(contents) = &mut state.body else { return Err(Errno::EISDIR) };
            let offset = if appends { contents.size_bytes() } else { offset };
            let count = contents.write(from, offset)?;
            [state.times[1], state.times[2]] = [now(); 2];
            Ok((offset, count))
        })
    }

    fn with_contents<R>(&self, work: impl FnOnce(&mut Contents) -> Result<R, Errno>) -> Result<R, Errno> {
        self.node.with(|state| match &mut state.body {
            Body::File(contents) => work(contents),
            _ => Err(Errno::EISDIR),
        })
    }

    /// Entries of the directory that come after `seen`, `.` and `..` included.
    fn entries_after(&self, seen: u64) -> Result<Vec<Entry>, Errno> {
        let mut entries = self.node.with_directory(|directory| {
            let later = directory.entries.iter().filter(|(_, (cookie, _))| *cookie > seen);
            later.map(|(name, (cookie, node))| entry(*cookie, name, node)).collect::<Vec<_>>()
        })?;
        let parent = self.node.with_directory(|directory| directory.parent.upgrade())?;
        let parent = parent.unwrap_or(self.node.clone());
        let dots = [entry(1, b".", &self.node), entry(FIRST_COOKIE, b"..", &parent)];
        entries.extend(dots.into_iter().filter(|entry| entry.cookie > seen));
        entries.sort_unstable_by_key(|entry| entry.cookie);
        Ok(entries)
    }
}

fn entry(cookie: u64, name: &[u8], node: &Node) -> Entry {
    Entry { cookie, name: name.to_vec(), number: node.number(), kind: node.kind() }
}

/// The node of a file, if it is one of /tmp in memory.
pub fn node_of(file: &dyn File) -> Option<Arc<Node>> {
    as_kind::<OpenNode>(file).map(|file| file.node.clone())
}

impl File for OpenNode {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.may_read()?;
        let mut position = self.position.lock();
        let count = self.read_contents(to, *position)?;
        *position += count;
        Ok(count)
    }

    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.may_write()?;
        let mut position = self.position.lock();
        let (offset, count) = self.write_contents(from, *position)?;
        *position = offset + count;
        Ok(count)
    }

    fn read_at(&self, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.may_read()?;
        self.read_contents(to, offset)
    }

    fn write_at(&self, from: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.may_write()?;
        self.write_contents(from, offset).map(|(_, count)| count)
    }

    /// `EINVAL` before the beginning or for an unknown `whence`.
    fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        let mut position = self.position.lock();
        *position = sought(*position, || Some(self.node.stat().st_size), offset, whence)?;
        Ok(*position)
    }

    fn truncate(&self, size_bytes: i64) -> Result<(), Errno> {
        let size_bytes = u64::try_from(size_bytes).map_err(|_| Errno::EINVAL)?;
        self.may_write().map_err(|_| Errno::EINVAL)?;
        self.with_contents(|contents| contents.resize(size_bytes))
    }

    fn allocate(&self, offset: i64, len_bytes: i64) -> Result<(), Errno> {
        if offset < 0 || len_bytes <= 0 {
            return Err(Errno::EINVAL);
        }
        let end = offset.checked_add(len_bytes).ok_or(Errno::EFBIG)? as u64;
        self.may_write()?;
        self.with_contents(|contents| contents.resize(end.max(contents.size_bytes())))
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(self.node.stat())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(super::statfs())
    }

    fn set_times(&self, times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
        self.node.with(|state| state.set_times(times))
    }

    fn chmod(&self, mode: u32) -> Result<(), Errno> {
        self.node.with(|state| state.change_mode(mode));
        Ok(())
    }

    fn chown(&self, uid: u32, gid: u32) -> Result<(), Errno> {
        self.node.with(|state| state.change_owner(uid, gid));
        Ok(())
    }

    fn sync(&self, _what: Sync) -> Result<(), Errno> {
        Ok(())
    }

    /// Nobody else could hold a lock: locks are a process's.
    fn lock(&self, command: i32, place: UserPtr<FileLock>) -> Result<(), Errno> {
        let lock = place.read()?;
        if command == F_GETLK { place.write(FileLock { l_type: F_UNLCK as i16, ..lock }) } else { Ok(()) }
    }

    /// `EINVAL`: no entry fits in.
    fn read_dir(&self, to: UserSlice) -> Result<u64, Errno> {
        let mut position = self.position.lock();
        let entries = self.entries_after(*position)?;
        listing::tell(entries, to, &mut position)
    }

    fn map(&self) -> Result<Mapping, Errno> {
        if self.node.is_directory() { Err(Errno::ENODEV) } else { Ok(Mapping::Contents) }
    }

    fn flags(&self) -> Result<u64, Errno> {
        Ok(self.flags.load(Relaxed))
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(super::path_of(&self.node))
    }

    fn reopen(&self, flags: u64) -> Result<Arc<dyn File>, Errno> {
        Ok(Arc::new(super::names::open_node(self.node.clone(), flags)?))
    }

    fn set_flags(&self, flags: u64) -> Result<(), Errno> {
        let kept = self.flags.load(Relaxed) & !CHANGEABLE_FLAGS;
        self.flags.store(kept | flags & CHANGEABLE_FLAGS, Relaxed);
        Ok(())
    }
}

impl NodeState {
    /// chmod(2).
    pub fn change_mode(&mut self, mode: u32) {
        self.mode = mode & 0o7777;
        self.times[2] = now();
    }

    /// chown(2): -1 leaves as it is.
    pub fn change_owner(&mut self, uid: u32, gid: u32) {
        let or = |new: u32, old: u32| if new == u32::MAX { old } else { new };
        self.owner = (or(uid, self.owner.0), or(gid, self.owner.1));
        self.times[2] = now();
    }

    /// utimensat(2): access and contents; `None`: now. `EINVAL` for nanoseconds that are none.
    pub fn set_times(&mut self, times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
        let present = now();
        let mut changed = [self.times[0], self.times[1]];
        for (to, from) in changed.iter_mut().zip(times.unwrap_or(&[present; 2])) {
            match from.tv_nsec {
                UTIME_OMIT => {}
                UTIME_NOW => *to = present,
                0..1_000_000_000 => *to = *from,
                _ => return Err(Errno::EINVAL),
            }
        }
        self.times = [changed[0], changed[1], present];
        Ok(())
    }
}

/// Whether these flags let a file be written.
pub const fn may_write(flags: u64) -> bool {
    flags & O_ACCMODE == O_WRONLY || flags & O_ACCMODE == O_RDWR
}
