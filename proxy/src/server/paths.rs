//! Calls that name a file by its path.

#![allow(
    unsafe_code,
    reason = "takes over descriptors that Linux has made, and copies paths out of the guest"
)]

use super::Server;
use super::answer::Answer;
use super::host::{self, Kind};
use super::own_file::OWN_FILE;
use crate::host_signals::interrupt;
use crate::memory::copy;
use abi::errno::Errno;
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES, Number};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A path, copied out of the guest and ended with a NUL.
pub(super) struct GuestPath {
    bytes: [u8; MAX_PATH_BYTES as usize + 1],
}

impl GuestPath {
    pub(super) fn as_arg(&self) -> u64 {
        self.bytes.as_ptr() as u64
    }
}

/// The file with this name, held without being opened (O_PATH).
fn named(dirfd: u64, name: u64, flags: i32) -> Result<OwnedFd, Errno> {
    let flags = (libc::O_PATH | libc::O_CLOEXEC | flags) as u64;
    let fd = host::call(libc::SYS_openat, &[dirfd, name, flags])?;
    // SAFETY: Linux has just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

/// fchmodat(2) with AT_SYMLINK_NOFOLLOW, as glibc does it before Linux 6.6: nobody can put a link in the
/// file's place.
fn change_mode_of_no_link(dirfd: u64, name: u64, mode: u64) -> Answer {
    let file = named(dirfd, name, libc::O_NOFOLLOW)?;
    // SAFETY: all-zero is a valid `stat`.
    let mut stat: libc::stat = unsafe { core::mem::zeroed() };
    host::call(libc::SYS_fstat, &[file.as_raw_fd() as u64, &raw mut stat as u64])?;
    if stat.st_mode & libc::S_IFMT == libc::S_IFLNK {
        return Err(Errno::EOPNOTSUPP);
    }
    let own = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    host::call(libc::SYS_fchmodat, &[AT_FDCWD as u64, own.as_ptr() as u64, mode])
}

impl Server {
    pub(super) fn by_path(&self, number: Number, args: &[u64; 6]) -> Answer {
        match number {
            Number::Rename => self.two_paths(libc::SYS_renameat, args),
            Number::Link => self.two_paths(libc::SYS_linkat, args),
            Number::SymLink => {
                let target = self.path(args[0], args[1])?;
                let (directory, path) = (self.handles.directory(args[2])?, self.path(args[3], args[4])?);
                host::call(libc::SYS_symlinkat, &[target.as_arg(), directory.as_arg(), path.as_arg()])
            }
            Number::ChDir => host::call(libc::SYS_chdir, &[self.path(args[0], args[1])?.as_arg()]),
            _ => self.directory_and_path(number, args),
        }
    }

    /// The calls that start with `dirfd`, `path`, `path_len`.
    fn directory_and_path(&self, number: Number, args: &[u64; 6]) -> Answer {
        let (directory, path) = (self.handles.directory(args[0])?, self.path(args[1], args[2])?);
        let (dirfd, name, [a, b]) = (directory.as_arg(), path.as_arg(), [args[3], args[4]]);
        match number {
            Number::Open => self.open(dirfd, name, a, b),
            Number::Stat => {
                let stat = self.memory.slice(b, size_of::<abi::file::Stat>() as u64)?;
                let flags = a & libc::AT_SYMLINK_NOFOLLOW as u64;
                host::call(libc::SYS_newfstatat, &[dirfd, name, stat.as_ptr() as u64, flags])
            }
            Number::Unlink => host::call(libc::SYS_unlinkat, &[dirfd, name, a]),
            Number::MkDir => host::call(libc::SYS_mkdirat, &[dirfd, name, a]),
            Number::ReadLink => {
                let buffer = self.memory.slice(a, b)?;
                // The system call's length is an `int`.
                let len = buffer.len().min(MAX_PATH_BYTES as usize) as u64;
                host::call(libc::SYS_readlinkat, &[dirfd, name, buffer.as_ptr() as u64, len])
            }
            Number::Access => host::call(libc::SYS_faccessat, &[dirfd, name, a]),
            Number::ChMod if b & libc::AT_SYMLINK_NOFOLLOW as u64 != 0 => {
                change_mode_of_no_link(dirfd, name, a)
            }
            Number::ChMod => host::call(libc::SYS_fchmodat, &[dirfd, name, a]),
            Number::StatFs => {
                let statfs = self.memory.slice(a, size_of::<abi::file::StatFs>() as u64)?;
                let file = named(dirfd, name, 0)?;
                let args = [file.as_raw_fd() as u64, statfs.as_ptr() as u64];
                host::retry(|| host::call(libc::SYS_fstatfs, &args))
            }
            Number::ChOwn => {
                let flags = args[5] & libc::AT_SYMLINK_NOFOLLOW as u64;
                host::call(libc::SYS_fchownat, &[dirfd, name, a, b, flags])
            }
            Number::SetTimes => {
                let times = self.times(a)?;
                host::call(libc::SYS_utimensat, &[dirfd, name, times, b])
            }
            _ => Err(Errno::ENOSYS),
        }
    }

    fn open(&self, dirfd: u64, path: u64, flags: u64, mode: u64) -> Answer {
        let flags = flags as u32 as u64 | libc::O_CLOEXEC as u64;
        let args = [dirfd, path, flags, mode];
        let fd = match interrupt::blocking(libc::SYS_openat, &args) {
            // What is not there yet will be a file.
            Err(Errno::EINTR) if host::kind(libc::SYS_newfstatat, &[dirfd, path]) != Some(Kind::MayBlock) => {
                host::call(libc::SYS_openat, &args)?
            }
            answer => answer?,
        };
        // SAFETY: Linux has just made this descriptor for us.
        Ok(self.handles.insert(unsafe { OwnedFd::from_raw_fd(fd as i32) }))
    }

    fn two_paths(&self, system_call: core::ffi::c_long, args: &[u64; 6]) -> Answer {
        let (from_directory, from) = (self.handles.directory(args[0])?, self.path(args[1], args[2])?);
        let (to_directory, to) = (self.handles.directory(args[3])?, self.path(args[4], args[5])?);
        host::call(
            system_call,
            &[from_directory.as_arg(), from.as_arg(), to_directory.as_arg(), to.as_arg(), 0],
        )
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
        let mut path = GuestPath { bytes: [0; MAX_PATH_BYTES as usize + 1] };
        let from = self.memory.slice(address, len_bytes)?;
        // SAFETY: `path` has room for the longest path, and `from` is no longer than that.
        if unsafe { copy::bytes(path.bytes.as_mut_ptr(), from.as_ptr().cast(), from.len()) } != 0 {
            return Err(Errno::EFAULT);
        }
        if path.bytes[..from.len()].contains(&0) {
            return Err(Errno::EINVAL);
        }
        if let Some(own) = self.program.as_ref().filter(|_| &path.bytes[..from.len()] == OWN_FILE) {
            let own = own.path();
            path.bytes[..own.len()].copy_from_slice(own.as_bytes());
            path.bytes[own.len()] = 0;
        }
        Ok(path)
    }
}
