//! Calls on names of the host's: one function for each, named after its C twin.

use super::{HostFile, restartable};
use crate::hypercall::{call, slice};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES, Number};
use alloc::vec;
use alloc::vec::Vec;

/// A name and the directory that it starts from, as the host's `*at` calls take them.
#[derive(Clone, Copy, Debug)]
pub struct HostPath<'a> {
    /// A handle, or `AT_FDCWD`.
    pub directory: i64,
    /// Without NUL, not empty.
    pub name: &'a [u8],
}

impl<'a> HostPath<'a> {
    /// From the working directory, or absolute.
    pub const fn new(name: &'a [u8]) -> Self {
        Self { directory: AT_FDCWD, name }
    }

    /// The arguments of a hypercall that begin with `dirfd, path, path_len`, and three more.
    fn and(&self, more: [u64; 3]) -> [u64; 6] {
        let (address, len) = slice(self.name);
        [self.directory as u64, address, len, more[0], more[1], more[2]]
    }
}

/// openat(2).
pub fn open(path: HostPath<'_>, flags: i32, mode: i32) -> Result<HostFile, Errno> {
    let handle = restartable(Number::Open, path.and([flags as u64, mode as u64, 0]))?;
    Ok(HostFile::new(handle as i32))
}

/// fstatat(2).
pub fn stat(path: HostPath<'_>, flags: i32) -> Result<Stat, Errno> {
    let mut stat = Stat::default();
    call(Number::Stat, path.and([flags as u64, (&raw mut stat) as u64, 0]))?;
    Ok(stat)
}

/// statfs(2).
pub fn statfs(path: HostPath<'_>) -> Result<StatFs, Errno> {
    let mut statfs = StatFs::default();
    call(Number::StatFs, path.and([(&raw mut statfs) as u64, 0, 0]))?;
    Ok(statfs)
}

/// faccessat(2).
pub fn access(path: HostPath<'_>, mode: i32) -> Result<(), Errno> {
    call(Number::Access, path.and([mode as u64, 0, 0])).map(drop)
}

/// unlinkat(2).
pub fn unlink(path: HostPath<'_>, flags: i32) -> Result<(), Errno> {
    call(Number::Unlink, path.and([flags as u64, 0, 0])).map(drop)
}

/// mkdirat(2).
pub fn mkdir(path: HostPath<'_>, mode: u32) -> Result<(), Errno> {
    call(Number::MkDir, path.and([mode.into(), 0, 0])).map(drop)
}

/// fchmodat(2).
pub fn chmod(path: HostPath<'_>, mode: u32, flags: i32) -> Result<(), Errno> {
    call(Number::ChMod, path.and([mode.into(), flags as u64, 0])).map(drop)
}

/// fchownat(2).
pub fn chown(path: HostPath<'_>, uid: u32, gid: u32, flags: i32) -> Result<(), Errno> {
    call(Number::ChOwn, path.and([uid.into(), gid.into(), flags as u64])).map(drop)
}

/// utimensat(2); `None`: now.
pub fn set_times(path: HostPath<'_>, times: Option<&[TimeSpec; 2]>, flags: i32) -> Result<(), Errno> {
    let address = times.map_or(0, |times| times.as_ptr() as u64);
    call(Number::SetTimes, path.and([address, flags as u64, 0])).map(drop)
}

/// renameat(2).
pub fn rename(from: HostPath<'_>, to: HostPath<'_>) -> Result<(), Errno> {
    two(Number::Rename, from, to)
}

/// linkat(2).
pub fn link(from: HostPath<'_>, to: HostPath<'_>) -> Result<(), Errno> {
    two(Number::Link, from, to)
}

fn two(number: Number, from: HostPath<'_>, to: HostPath<'_>) -> Result<(), Errno> {
    let (to_name, to_len) = slice(to.name);
    call(number, from.and([to.directory as u64, to_name, to_len])).map(drop)
}

/// symlinkat(2).
pub fn symlink(target: &[u8], path: HostPath<'_>) -> Result<(), Errno> {
    let (target, target_len) = slice(target);
    let [directory, name, len, ..] = path.and([0; 3]);
    call(Number::SymLink, [target, target_len, directory, name, len, 0]).map(drop)
}

/// readlinkat(2): at most `max_bytes` of what the link says.
pub fn readlink(path: HostPath<'_>, max_bytes: usize) -> Result<Vec<u8>, Errno> {
    let mut target = vec![0; max_bytes.min(MAX_PATH_BYTES as usize)];
    let len = call(Number::ReadLink, path.and([target.as_mut_ptr() as u64, target.len() as u64, 0]))?;
    target.truncate(len as usize);
    Ok(target)
}

/// chdir(2).
pub fn chdir(name: &[u8]) -> Result<(), Errno> {
    let (name, len) = slice(name);
    call(Number::ChDir, [name, len, 0, 0, 0, 0]).map(drop)
}

/// fchdir(2).
pub fn chdir_to(handle: i32) -> Result<(), Errno> {
    call(Number::ChDirHandle, [handle as u64, 0, 0, 0, 0, 0]).map(drop)
}

/// getcwd(2): with its NUL.
pub fn getcwd() -> Result<Vec<u8>, Errno> {
    let mut path = vec![0; MAX_PATH_BYTES as usize];
    let len = call(Number::GetCwd, [path.as_mut_ptr() as u64, path.len() as u64, 0, 0, 0, 0])?;
    path.truncate(len as usize);
    Ok(path)
}
