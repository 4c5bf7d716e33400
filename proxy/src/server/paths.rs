//! Calls that name a file by its path.
//!
//! [`Walk`](super::walk::Walk) follows the path, [`Fence`](super::fence::Fence) judges where it ends, and then the call is made
//! with what was judged: nobody can put another file in its place meanwhile.

#![allow(
    unsafe_code,
    reason = "takes over descriptors that Linux has made, and copies paths out of the guest"
)]

use super::Server;
use super::answer::Answer;
use super::fence::{self, Facts};
use super::handles::Directory;
use super::host::{self, Kind};
use super::own_file::OWN_FILE;
use super::walk::{LastLink, owned};
use crate::host_signals::interrupt;
use crate::memory::copy;
use abi::errno::Errno;
use abi::file::Stat;
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES, Number};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};

/// A path, copied out of the guest and ended with a NUL.
pub(super) struct GuestPath {
    bytes: [u8; MAX_PATH_BYTES as usize + 1],
    len: usize,
}

impl GuestPath {
    pub(super) fn as_arg(&self) -> u64 {
        self.bytes.as_ptr() as u64
    }

    fn as_c(&self) -> &CStr {
        CStr::from_bytes_with_nul(&self.bytes[..=self.len]).expect("`path` refuses other NULs")
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Flags that say what to do with a link at the end.
fn last_link(flags: u64) -> LastLink {
    if flags & libc::AT_SYMLINK_NOFOLLOW as u64 != 0 { LastLink::Keep } else { LastLink::Follow }
}

/// Whether open(2) with these flags may change a file.
fn writes(flags: i32) -> bool {
    flags & libc::O_PATH == 0 && (flags & libc::O_ACCMODE != libc::O_RDONLY || flags & libc::O_TRUNC != 0)
}

impl Server {
    pub(super) fn by_path(&self, number: Number, args: &[u64; 6]) -> Answer {
        match number {
            Number::Rename | Number::Link => self.two_paths(number, args),
            Number::SymLink => {
                let target = self.path(args[0], args[1])?;
                let (directory, path) = (self.handles.directory(args[2])?, self.path(args[3], args[4])?);
                let place = self.fence.walk().place(directory.as_arg(), path.as_c())?;
                self.fence.may_name(&place)?;
                let [dirfd, name] = place.args();
                host::call(libc::SYS_symlinkat, &[target.as_arg(), dirfd, name])
            }
            Number::ChDir => {
                let directory =
                    self.fence.walk().directory(AT_FDCWD as u64, self.path(args[0], args[1])?.as_c())?;
                self.fence.may_see(&directory, Facts::of(&directory)?)?;
                host::call(libc::SYS_fchdir, &[directory.as_raw_fd() as u64])
            }
            _ => self.directory_and_path(number, args),
        }
    }

    /// The calls that start with `dirfd`, `path`, `path_len`.
    fn directory_and_path(&self, number: Number, args: &[u64; 6]) -> Answer {
        let (directory, path) = (self.handles.directory(args[0])?, self.path(args[1], args[2])?);
        if let Some(own) = self.program.as_ref().filter(|_| path.as_bytes() == OWN_FILE) {
            return self.by_link(number, own.path(), args);
        }
        if let (Directory::Open(file), true) = (&directory, path.as_bytes().is_empty()) {
            return self.once_more(number, file, args);
        }
        let (dirfd, name, [a, b]) = (directory.as_arg(), path.as_c(), [args[3], args[4]]);
        let walk = self.fence.walk();
        match number {
            Number::Open => self.open(dirfd, name, a as i32, b as u32),
            Number::Stat => {
                self.memory.slice(b, size_of::<Stat>() as u64)?;
                let stat = self.look(dirfd, name, last_link(a))?;
                self.memory.write(b, &stat).map(|()| 0)
            }
            Number::Unlink => {
                let place = walk.place(dirfd, name)?;
                self.fence.may_unname(&place)?;
                let [dirfd, name] = place.args();
                host::call(libc::SYS_unlinkat, &[dirfd, name, a])
            }
            Number::MkDir => {
                let place = walk.place(dirfd, name)?;
                self.fence.may_name(&place)?;
                let [dirfd, name] = place.args();
                host::call(libc::SYS_mkdirat, &[dirfd, name, a])
            }
            Number::ReadLink => self.readlink(dirfd, name, [a, b]),
            Number::Access => {
                self.look(dirfd, name, LastLink::Follow)?;
                host::call(libc::SYS_faccessat, &[dirfd, path.as_arg(), a])
            }
            Number::ChMod => self.change_mode(dirfd, name, a, last_link(b)),
            Number::StatFs => {
                let statfs = self.memory.slice(a, size_of::<abi::file::StatFs>() as u64)?;
                let file = walk.hold(dirfd, name, LastLink::Follow)?;
                self.fence.may_see(&file, Facts::of(&file)?)?;
                let args = [file.as_raw_fd() as u64, statfs.as_ptr() as u64];
                host::retry(|| host::call(libc::SYS_fstatfs, &args))
            }
            Number::ChOwn => {
                let file = walk.hold(dirfd, name, last_link(args[5]))?;
                self.fence.may_change(&file)?;
                let (fd, flags) = (file.as_raw_fd() as u64, libc::AT_EMPTY_PATH as u64);
                host::call(libc::SYS_fchownat, &[fd, c"".as_ptr() as u64, a, b, flags])
            }
            Number::SetTimes if b & !(libc::AT_SYMLINK_NOFOLLOW as u64) != 0 => Err(Errno::EINVAL),
            Number::SetTimes => {
                let times = self.times(a)?;
                let file = walk.hold(dirfd, name, last_link(b))?;
                self.fence.may_change(&file)?;
                by_own_link(&file, |dirfd, name| host::call(libc::SYS_utimensat, &[dirfd, name, times, 0]))
                    .unwrap_or_else(|| host::call(libc::SYS_utimensat, &[dirfd, path.as_arg(), times, b]))
            }
            _ => Err(Errno::ENOSYS),
        }
    }

    fn open(&self, dirfd: u64, path: &CStr, flags: i32, mode: u32) -> Answer {
        let walk = self.fence.walk();
        let file = match walk.open_by(interrupt::blocking, dirfd, path, flags, mode) {
            // What is not there yet will be a file.
            Err(Errno::EINTR)
                if host::kind(libc::SYS_newfstatat, &[dirfd, path.as_ptr() as u64])
                    != Some(Kind::MayBlock) =>
            {
                walk.open_by(host::call, dirfd, path, flags, mode)
            }
            file => file,
        };
        let file = file.map_err(|errno| self.hidden(dirfd, path).unwrap_or(errno))?;
        let facts = Facts::of(&file)?;
        if writes(flags) {
            self.fence.may_write(&file, facts)?;
        } else {
            self.fence.may_see(&file, facts)?;
        }
        Ok(self.handles.insert(file))
    }

    /// Why the guest may not know of a file that could not be opened: Linux's reason would tell that it is there.
    fn hidden(&self, dirfd: u64, path: &CStr) -> Option<Errno> {
        let file = self.fence.walk().hold(dirfd, path, LastLink::Follow).ok()?;
        self.fence.may_see(&file, Facts::of(&file).ok()?).err()
    }

    /// stat(2), if the guest may know. What is no link and of the user's files is looked at once, as a name.
    fn look(&self, dirfd: u64, path: &CStr, last: LastLink) -> Result<Stat, Errno> {
        let mut stat = Stat::default();
        let (place, flags) = (&raw mut stat as u64, libc::AT_SYMLINK_NOFOLLOW as u64);
        host::call(libc::SYS_newfstatat, &[dirfd, path.as_ptr() as u64, place, flags])?;
        let facts = Facts::from_stat(&stat);
        if self.fence.is_plain(facts) && (last == LastLink::Keep || !facts.is_link()) {
            return Ok(stat);
        }
        let file = self.fence.walk().hold(dirfd, path, last)?;
        host::call(libc::SYS_fstat, &[file.as_raw_fd() as u64, place])?;
        self.fence.may_see(&file, Facts::from_stat(&stat))?;
        Ok(stat)
    }

    fn readlink(&self, dirfd: u64, path: &CStr, [buffer, len_bytes]: [u64; 2]) -> Answer {
        let buffer = self.memory.slice(buffer, len_bytes)?;
        // The system call's length is an `int`.
        let len = buffer.len().min(MAX_PATH_BYTES as usize) as u64;
        // Most names are no links, which takes one look.
        let mut first = 0_u8;
        host::call(libc::SYS_readlinkat, &[dirfd, path.as_ptr() as u64, &raw mut first as u64, len.min(1)])?;
        let link = self.fence.walk().hold(dirfd, path, LastLink::Keep)?;
        self.fence.may_see(&link, Facts::of(&link)?)?;
        let args = [link.as_raw_fd() as u64, c"".as_ptr() as u64, buffer.as_ptr() as u64, len];
        host::call(libc::SYS_readlinkat, &args)
    }

    /// fchmodat(2). A link has no mode: `EOPNOTSUPP`, as glibc has it before Linux 6.6.
    fn change_mode(&self, dirfd: u64, path: &CStr, mode: u64, last: LastLink) -> Answer {
        let file = self.fence.walk().hold(dirfd, path, last)?;
        if Facts::of(&file)?.is_link() {
            return Err(Errno::EOPNOTSUPP);
        }
        self.fence.may_change(&file)?;
        by_own_link(&file, |dirfd, name| host::call(libc::SYS_fchmodat, &[dirfd, name, mode]))
            .unwrap_or_else(|| host::call(libc::SYS_fchmodat, &[dirfd, path.as_ptr() as u64, mode]))
    }

    /// A call on the file behind a handle, which needs no name: what `/proc/self/fd/N` is for on Linux.
    fn once_more(&self, number: Number, file: &OwnedFd, args: &[u64; 6]) -> Answer {
        match number {
            Number::Open if writes(args[3] as i32) => self.fence.may_write(file, Facts::of(file)?)?,
            Number::Open | Number::ReadLink | Number::Access => {}
            _ => return Err(Errno::ENOENT),
        }
        self.linked(number, &fence::own_link(file.as_raw_fd()), args)
    }

    /// A call on the guest's own image. It cannot be written while it runs.
    fn by_link(&self, number: Number, link: &CStr, args: &[u64; 6]) -> Answer {
        match number {
            Number::Open if writes(args[3] as i32) => Err(Errno::ETXTBSY),
            Number::Unlink | Number::MkDir => Err(Errno::EACCES),
            _ => self.linked(number, link, args),
        }
    }

    /// A call by one of Linux's links to what the proxy has open.
    fn linked(&self, number: Number, link: &CStr, args: &[u64; 6]) -> Answer {
        let (dirfd, name, [a, b]) = (AT_FDCWD as u64, link.as_ptr() as u64, [args[3], args[4]]);
        let nofollow = libc::AT_SYMLINK_NOFOLLOW as u64;
        match number {
            Number::Open => {
                let flags = a as i32 & !(libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW) | libc::O_CLOEXEC;
                let args = [dirfd, name, flags as u64];
                owned(interrupt::blocking(libc::SYS_openat, &args)).map(|file| self.handles.insert(file))
            }
            Number::Stat => {
                let stat = self.memory.slice(b, size_of::<Stat>() as u64)?;
                host::call(libc::SYS_newfstatat, &[dirfd, name, stat.as_ptr() as u64, a & nofollow])
            }
            Number::ReadLink => {
                let buffer = self.memory.slice(a, b)?;
                let len = buffer.len().min(MAX_PATH_BYTES as usize) as u64;
                host::call(libc::SYS_readlinkat, &[dirfd, name, buffer.as_ptr() as u64, len])
            }
            Number::Access => host::call(libc::SYS_faccessat, &[dirfd, name, a]),
            Number::StatFs => {
                let statfs = self.memory.slice(a, size_of::<abi::file::StatFs>() as u64)?;
                let flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
                let file = owned(host::call(libc::SYS_openat, &[dirfd, name, flags]))?;
                let args = [file.as_raw_fd() as u64, statfs.as_ptr() as u64];
                host::retry(|| host::call(libc::SYS_fstatfs, &args))
            }
            Number::ChMod => host::call(libc::SYS_fchmodat, &[dirfd, name, a]),
            Number::ChOwn => host::call(libc::SYS_fchownat, &[dirfd, name, a, b, args[5] & nofollow]),
            Number::SetTimes => host::call(libc::SYS_utimensat, &[dirfd, name, self.times(a)?, b & nofollow]),
            _ => Err(Errno::ENOSYS),
        }
    }

    fn two_paths(&self, number: Number, args: &[u64; 6]) -> Answer {
        let (from_directory, from) = (self.handles.directory(args[0])?, self.path(args[1], args[2])?);
        let (to_directory, to) = (self.handles.directory(args[3])?, self.path(args[4], args[5])?);
        let walk = self.fence.walk();
        let from = walk.place(from_directory.as_arg(), from.as_c())?;
        let to = walk.place(to_directory.as_arg(), to.as_c())?;
        self.fence.may_unname(&from)?;
        self.fence.may_name(&to)?;
        let ([from_dirfd, from], [to_dirfd, to_name]) = (from.args(), to.args());
        if number == Number::Link {
            return host::call(libc::SYS_linkat, &[from_dirfd, from, to_dirfd, to_name, 0]);
        }
        match self.fence.may_unname(&to) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => return Err(errno),
        }
        host::call(libc::SYS_renameat, &[from_dirfd, from, to_dirfd, to_name])
    }

    /// Address of two `TimeSpec`s on the host, or 0 for "now".
    pub(super) fn times(&self, address: u64) -> Result<u64, Errno> {
        match address {
            0 => Ok(0),
            address => {
                Ok(self.memory.slice(address, 2 * size_of::<abi::file::TimeSpec>() as u64)?.as_ptr() as u64)
            }
        }
    }

    pub(super) fn path(&self, address: u64, len_bytes: u64) -> Result<GuestPath, Errno> {
        if len_bytes > MAX_PATH_BYTES {
            return Err(Errno::ENAMETOOLONG);
        }
        let mut path = GuestPath { bytes: [0; MAX_PATH_BYTES as usize + 1], len: len_bytes as usize };
        let from = self.memory.slice(address, len_bytes)?;
        // SAFETY: `path` has room for the longest path, and `from` is no longer than that.
        if unsafe { copy::bytes(path.bytes.as_mut_ptr(), from.as_ptr().cast(), from.len()) } != 0 {
            return Err(Errno::EFAULT);
        }
        if path.bytes[..from.len()].contains(&0) {
            return Err(Errno::EINVAL);
        }
        Ok(path)
    }
}

/// Makes a call with Linux's link to a held file in place of its name; `None` where no procfs is mounted.
fn by_own_link(file: &OwnedFd, call: impl FnOnce(u64, u64) -> Answer) -> Option<Answer> {
    let link = fence::own_link(file.as_raw_fd());
    match call(AT_FDCWD as u64, link.as_ptr() as u64) {
        Err(Errno::ENOENT) => None,
        answer => Some(answer),
    }
}
