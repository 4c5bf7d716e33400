//! An open file or directory of /tmp.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::contents::Contents;
use super::node::{Body, FIRST_COOKIE, Inside, Node, now};
use crate::fs::file::Buffer;
use crate::sync::SpinLock;
use abi::c::{self, F_GETLK, F_UNLCK, SEEK_CUR, SEEK_END, SEEK_SET, UTIME_NOW, UTIME_OMIT};
use abi::errno::Errno;
use abi::file::{DirEntry, FileLock, TimeSpec};
use abi::hypercall::Number;

const O_ACCMODE: u64 = c::O_ACCMODE as u64;
const O_WRONLY: u64 = c::O_WRONLY as u64;
const O_RDWR: u64 = c::O_RDWR as u64;
const O_APPEND: u64 = c::O_APPEND as u64;
/// What F_SETFL changes: O_APPEND, O_NONBLOCK.
const CHANGEABLE_FLAGS: u64 = O_APPEND | c::O_NONBLOCK as u64;

/// A node, and the place in it of whoever has opened it.
pub struct OpenNode {
    /// What is open.
    pub node: Arc<Node>,
    offset: SpinLock<u64>,
    flags: AtomicU64,
}

impl OpenNode {
    /// Opened with these flags of open(2).
    pub const fn new(node: Arc<Node>, flags: u64) -> Self {
        Self { node, offset: SpinLock::new(0), flags: AtomicU64::new(flags & (O_ACCMODE | CHANGEABLE_FLAGS)) }
    }

    /// fcntl(2) F_GETFL.
    pub fn flags(&self) -> u64 {
        self.flags.load(Relaxed)
    }

    /// fcntl(2) F_SETFL.
    pub fn set_flags(&self, flags: u64) {
        let kept = self.flags() & !CHANGEABLE_FLAGS;
        self.flags.store(kept | flags & CHANGEABLE_FLAGS, Relaxed);
    }

    /// read(2), or pread(2) at `offset`.
    ///
    /// # Safety
    /// The buffer is writable and nobody else's.
    pub unsafe fn read(&self, buffer: Buffer, offset: Option<u64>) -> Result<u64, Errno> {
        if self.flags() & O_ACCMODE == O_WRONLY {
            return Err(Errno::EBADF);
        }
        self.transfer(buffer, offset, |contents, buffer, at| {
            // SAFETY: as the caller says.
            Ok(unsafe { contents.read(buffer, at) })
        })
    }

    /// write(2), or pwrite(2) at `offset`.
    ///
    /// # Safety
    /// The buffer is readable.
    pub unsafe fn write(&self, buffer: Buffer, offset: Option<u64>) -> Result<u64, Errno> {
        if self.flags() & O_ACCMODE == 0 {
            return Err(Errno::EBADF);
        }
        let mut offset = offset;
        if self.flags() & O_APPEND != 0 {
            let end = self.node.stat().st_size as u64;
            match &mut offset {
                // Linux's pwrite appends, too (pwrite(2), BUGS).
                Some(offset) => *offset = end,
                None => *self.offset.lock() = end,
            }
        }
        let done = self.transfer(buffer, offset, |contents, buffer, at| {
            // SAFETY: as the caller says.
            unsafe { contents.write(buffer, at) }
        })?;
        self.node.with(|inside| [inside.times[1], inside.times[2]] = [now(); 2]);
        Ok(done)
    }

    /// Moves bytes chunk by chunk: the file's lock is never held for long. What was moved before an error counts.
    fn transfer(
        &self,
        buffer: Buffer,
        offset: Option<u64>,
        step: impl Fn(&mut Contents, Buffer, u64) -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        let start = offset.unwrap_or_else(|| *self.offset.lock());
        let mut done = 0;
        while done < buffer.len_bytes {
            let rest = Buffer { address: buffer.address + done, len_bytes: buffer.len_bytes - done };
            match self.with_contents(|contents| step(contents, rest, start + done)) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(_) if done > 0 => break,
                Err(errno) => return Err(errno),
            }
        }
        if offset.is_none() {
            *self.offset.lock() = start + done;
        }
        Ok(done)
    }

    fn with_contents<R>(&self, work: impl FnOnce(&mut Contents) -> Result<R, Errno>) -> Result<R, Errno> {
        self.node.with(|inside| match &mut inside.body {
            Body::File(contents) => work(contents),
            _ => Err(Errno::EISDIR),
        })
    }

    /// lseek(2). `EINVAL` before the beginning or for an unknown `whence`.
    pub fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        let size = self.node.stat().st_size;
        let mut current = self.offset.lock();
        let base = match whence {
            SEEK_SET => 0,
            SEEK_CUR => *current as i64,
            SEEK_END => size,
            _ => return Err(Errno::EINVAL),
        };
        let new = base.checked_add(offset).and_then(|new| u64::try_from(new).ok()).ok_or(Errno::EINVAL)?;
        *current = new;
        Ok(new)
    }

    /// What the host does for its own files.
    pub fn call(&self, number: Number, args: [u64; 2], otherwise: Errno) -> Result<u64, Errno> {
        match number {
            Number::Truncate if self.flags() & O_ACCMODE == 0 => Err(Errno::EINVAL),
            Number::Truncate => self.with_contents(|contents| contents.resize(args[0])).map(|()| 0),
            Number::Allocate => self
                .with_contents(|contents| {
                    let end = args[0].checked_add(args[1]).ok_or(Errno::EFBIG)?;
                    contents.resize(end.max(contents.size_bytes()))
                })
                .map(|()| 0),
            Number::ReadDir => self.read_directory(args[0], args[1]),
            Number::Sync => Ok(0),
            Number::ChModHandle => {
                self.node.with(|inside| inside.change_mode(args[0] as u32));
                Ok(0)
            }
            Number::ChOwnHandle => {
                self.node.with(|inside| inside.change_owner(args[0] as u32, args[1] as u32));
                Ok(0)
            }
            Number::SetTimesHandle => {
                // SAFETY: null or the caller's own two structures.
                let times = unsafe { (args[0] as *const [TimeSpec; 2]).as_ref() };
                self.node.with(|inside| inside.set_times(times)).map(|()| 0)
            }
            Number::Lock => {
                // Nobody else could hold a lock: locks are a process's.
                // SAFETY: null or the caller's own structure.
                let lock = unsafe { (args[1] as *mut FileLock).as_mut() }.ok_or(Errno::EFAULT)?;
                if args[0] == F_GETLK as u64 {
                    lock.l_type = F_UNLCK as i16;
                }
                Ok(0)
            }
            _ => Err(otherwise),
        }
    }

    /// getdents64(2). `EINVAL`: no entry fits in.
    fn read_directory(&self, address: u64, len_bytes: u64) -> Result<u64, Errno> {
        let seen = *self.offset.lock();
        let mut entries = self.node.with_directory(|directory| {
            let later = directory.entries.iter().filter(|(_, (cookie, _))| *cookie > seen);
            later.map(|(name, (cookie, node))| (*cookie, name.to_vec(), node.clone())).collect::<Vec<_>>()
        })?;
        entries.sort_unstable_by_key(|(cookie, ..)| *cookie);
        let parent = self.node.with_directory(|directory| directory.parent.upgrade())?;
        let dots =
            [(1, &b"."[..], self.node.clone()), (FIRST_COOKIE, b"..", parent.unwrap_or(self.node.clone()))];
        let dots = dots.into_iter().filter(|(cookie, ..)| *cookie > seen);
        let all = dots.map(|(cookie, name, node)| (cookie, name.to_vec(), node)).chain(entries);
        let mut used = 0;
        for (cookie, name, node) in all {
            // With the name's NUL.
            let end = offset_of!(DirEntry, d_name) + name.len() + 1;
            let record_bytes = end.next_multiple_of(align_of::<DirEntry>()) as u64;
            if used + record_bytes > len_bytes {
                return if used == 0 { Err(Errno::EINVAL) } else { Ok(used) };
            }
            let mut record = vec![0; record_bytes as usize];
            let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
            put(offset_of!(DirEntry, d_ino), &node.number().to_le_bytes());
            put(offset_of!(DirEntry, d_off), &cookie.to_le_bytes());
            put(offset_of!(DirEntry, d_reclen), &(record_bytes as u16).to_le_bytes());
            put(offset_of!(DirEntry, d_type), &[(node.kind() >> 12) as u8]);
            put(offset_of!(DirEntry, d_name), &name);
            let to = (address + used) as *mut u8;
            // SAFETY: within the caller's buffer of `len_bytes`.
            unsafe { core::ptr::copy_nonoverlapping(record.as_ptr(), to, record.len()) };
            used += record_bytes;
            *self.offset.lock() = cookie;
        }
        Ok(used)
    }
}

impl Inside {
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
