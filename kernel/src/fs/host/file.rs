//! A file, directory, pipe or terminal of the host's, open.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::names::{self, HostPath};
use super::restartable;
use crate::fs::file::{File, Mapping, Readiness, Sync, as_kind};
use crate::hypercall;
use crate::user::{Access, UserCursor, UserPtr, UserSlice};
use abi::c::{
    FIONREAD, S_IFBLK, S_IFMT, S_IFREG, SIOCATMARK, TCGETS, TCSETS, TCSETSF, TCSETSW, TIOCGPGRP, TIOCGWINSZ,
};
use abi::errno::Errno;
use abi::file::{FileLock, IoVec, Stat, StatFs, TimeSpec, WindowSize};
use abi::hypercall::{MAX_PATH_BYTES, Number};
use abi::socket::{INTERFACE_BYTES, asks_of_interface};

/// A handle of the host's, closed when dropped.
pub struct HostFile {
    handle: i32,
}

/// The host's handle of a file, if it is the host's.
pub fn handle_of(file: &dyn File) -> Option<i32> {
    as_kind::<HostFile>(file).map(HostFile::handle)
}

impl Drop for HostFile {
    fn drop(&mut self) {
        // close(2) reports errors of earlier writes, which nobody can repair here; fsync is for those who
        // care.
        let _ = hypercall::call(Number::Close, [self.handle as u64, 0, 0, 0, 0, 0]);
    }
}

impl HostFile {
    /// The file behind a handle.
    pub const fn new(handle: i32) -> Self {
        Self { handle }
    }

    /// The handle.
    pub const fn handle(&self) -> i32 {
        self.handle
    }

    /// Itself, for calls that take a path.
    fn as_path(&self) -> HostPath<'static> {
        HostPath { directory: self.handle.into(), name: b"" }
    }

    fn call(&self, number: Number, args: [u64; 3]) -> Result<u64, Errno> {
        restartable(number, [self.handle as u64, args[0], args[1], args[2], 0, 0])
    }

    /// Moves bytes at the file's own position: in one call, so that nobody comes in between.
    fn transfer(&self, way: &Transfer, cursor: &mut UserCursor<'_>) -> Result<u64, Errno> {
        let done = match cursor.only() {
            Some(part) => {
                let (address, len_bytes) = part.for_host(way.access)?;
                self.call(way.one, [address, len_bytes, 0])?
            }
            None => {
                let vectors = vectors(cursor, way.access)?;
                self.call(way.several, [vectors.as_ptr() as u64, vectors.len() as u64, 0])?
            }
        };
        cursor.advance(done);
        Ok(done)
    }

    /// Moves bytes at `offset`: there nobody minds several calls.
    fn transfer_at(&self, way: &Transfer, cursor: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        if let Some(part) = cursor.only() {
            return self.transfer_part(way, part, offset);
        }
        if cursor.left() == 0 {
            return self.transfer_part(way, UserSlice::EMPTY, offset);
        }
        while let Some(part) = cursor.next_part() {
            let step = self.transfer_part(way, part, offset + cursor.done());
            match step {
                Ok(step) => cursor.advance(step),
                // What was moved before counts.
                Err(_) if cursor.done() > 0 => break,
                Err(errno) => return Err(errno),
            }
            if step != Ok(part.len_bytes()) {
                break;
            }
        }
        Ok(cursor.done())
    }

    fn transfer_part(&self, way: &Transfer, part: UserSlice, offset: u64) -> Result<u64, Errno> {
        let (address, len_bytes) = part.for_host(way.access)?;
        self.call(way.at, [address, len_bytes, offset])
    }
}

/// How to move bytes: the calls, and what they do with memory.
struct Transfer {
    one: Number,
    several: Number,
    at: Number,
    access: Access,
}

const READ: Transfer =
    Transfer { one: Number::Read, several: Number::ReadV, at: Number::PRead, access: Access::Write };
const WRITE: Transfer =
    Transfer { one: Number::Write, several: Number::WriteV, at: Number::PWrite, access: Access::Read };

/// What the host may use of all that is left, as far as it goes.
pub fn vectors(cursor: &UserCursor<'_>, access: Access) -> Result<Vec<IoVec>, Errno> {
    let mut vectors = Vec::new();
    for part in cursor.rest() {
        match part.for_host(access) {
            Ok((base, len_bytes)) => vectors.push(IoVec { base, len_bytes }),
            Err(errno) if vectors.iter().all(|vector| vector.len_bytes == 0) => return Err(errno),
            Err(_) => break,
        }
        if vectors.last().is_some_and(|vector| vector.len_bytes < part.len_bytes()) {
            break;
        }
    }
    Ok(vectors)
}

/// Bytes of the kernel's `struct termios`.
const TERMIOS_BYTES: usize = 36;

/// What a request of ioctl(2) is about.
enum Argument {
    /// So many bytes come from the program.
    In(usize),
    /// So many bytes go to it.
    Out(usize),
    /// So many bytes go there and come back.
    Both(usize),
}

/// The requests that the proxy serves. `ENOTTY` for all others.
fn argument_of(request: u64) -> Result<Argument, Errno> {
    match request {
        TCGETS => Ok(Argument::Out(TERMIOS_BYTES)),
        TCSETS | TCSETSW | TCSETSF => Ok(Argument::In(TERMIOS_BYTES)),
        TIOCGWINSZ => Ok(Argument::Out(size_of::<WindowSize>())),
        FIONREAD | TIOCGPGRP | SIOCATMARK => Ok(Argument::Out(size_of::<i32>())),
        _ if asks_of_interface(request) => Ok(Argument::Both(INTERFACE_BYTES)),
        _ => Err(Errno::ENOTTY),
    }
}

impl File for HostFile {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.transfer(&READ, to)
    }

    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.transfer(&WRITE, from)
    }

    fn read_at(&self, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.transfer_at(&READ, to, offset)
    }

    fn write_at(&self, from: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.transfer_at(&WRITE, from, offset)
    }

    fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        self.call(Number::Seek, [offset as u64, whence as u64, 0])
    }

    fn truncate(&self, size_bytes: i64) -> Result<(), Errno> {
        self.call(Number::Truncate, [size_bytes as u64, 0, 0]).map(drop)
    }

    fn allocate(&self, offset: i64, len_bytes: i64) -> Result<(), Errno> {
        self.call(Number::Allocate, [offset as u64, len_bytes as u64, 0]).map(drop)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        let mut stat = Stat::default();
        self.call(Number::FStat, [(&raw mut stat) as u64, 0, 0])?;
        Ok(stat)
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        let mut statfs = StatFs::default();
        self.call(Number::StatFsHandle, [(&raw mut statfs) as u64, 0, 0])?;
        Ok(statfs)
    }

    fn set_times(&self, times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
        let address = times.map_or(0, |times| times.as_ptr() as u64);
        self.call(Number::SetTimesHandle, [address, 0, 0]).map(drop)
    }

    fn chmod(&self, mode: u32) -> Result<(), Errno> {
        self.call(Number::ChModHandle, [mode.into(), 0, 0]).map(drop)
    }

    fn chown(&self, uid: u32, gid: u32) -> Result<(), Errno> {
        self.call(Number::ChOwnHandle, [uid.into(), gid.into(), 0]).map(drop)
    }

    fn sync(&self, what: Sync) -> Result<(), Errno> {
        self.call(Number::Sync, [u64::from(what == Sync::Data), 0, 0]).map(drop)
    }

    fn lock(&self, command: i32, place: UserPtr<FileLock>) -> Result<(), Errno> {
        let mut lock = place.read()?;
        self.call(Number::Lock, [command as u64, (&raw mut lock) as u64, 0])?;
        if command == abi::c::F_GETLK { place.write(lock) } else { Ok(()) }
    }

    fn read_dir(&self, to: UserSlice) -> Result<u64, Errno> {
        let (address, len_bytes) = to.for_host(Access::Write)?;
        self.call(Number::ReadDir, [address, len_bytes, 0])
    }

    fn ioctl(&self, request: u64, argument: u64) -> Result<u64, Errno> {
        let mut bytes = [0u8; INTERFACE_BYTES];
        let about = argument_of(request)?;
        if let Argument::In(len) | Argument::Both(len) = about
            && UserSlice::new(argument, len as u64)?.read(&mut bytes[..len]) < len
        {
            return Err(Errno::EFAULT);
        }
        let result = self.call(Number::IoCtl, [request, bytes.as_mut_ptr() as u64, 0])?;
        if let Argument::Out(len) | Argument::Both(len) = about {
            UserSlice::new(argument, len as u64)?.write_all(&bytes[..len])?;
        }
        Ok(result)
    }

    fn map(&self) -> Result<Mapping, Errno> {
        let kind = self.stat()?.st_mode & S_IFMT;
        if kind == S_IFREG || kind == S_IFBLK { Ok(Mapping::Contents) } else { Err(Errno::ENODEV) }
    }

    fn flags(&self) -> Result<u64, Errno> {
        self.call(Number::GetFlags, [0; 3])
    }

    fn set_flags(&self, flags: u64) -> Result<(), Errno> {
        self.call(Number::SetFlags, [flags, 0, 0]).map(drop)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        names::readlink(self.as_path(), MAX_PATH_BYTES as usize)
    }

    fn reopen(&self, flags: u64) -> Result<Arc<dyn File>, Errno> {
        Ok(Arc::new(names::open(self.as_path(), flags as i32, 0)?))
    }

    fn readiness(&self) -> Readiness {
        Readiness::AskHost(self.handle)
    }
}
