//! File calls that the proxy serves: one function for each, named after its C twin.

use super::file::File;
use super::path::Path;
use crate::hypercall::call;
use crate::signal;
use abi::errno::Errno;
use abi::file::{Stat, TimeSpec};
use abi::hypercall::Number;

/// Open flags that the kernel looks at itself (Linux, x86-64).
pub const O_RDWR: u64 = 2;
/// Close on exec: kept with the descriptor.
pub const O_CLOEXEC: i32 = 0o2_000_000;

/// A call that may block: starts over when it was interrupted and no handler is against it (SA_RESTART).
pub fn restartable(number: Number, args: [u64; 6]) -> Result<u64, Errno> {
    loop {
        match call(number, args) {
            Err(Errno::EINTR) => signal::deliver::restart()?,
            result => return result,
        }
    }
}

/// openat(2).
pub fn open(path: Path<'_>, flags: i32, mode: i32) -> Result<File, Errno> {
    if let Some(device) = path.device() {
        return Ok(device);
    }
    let (directory, name, len) = path.arguments();
    let handle = restartable(Number::Open, [directory, name, len, flags as u64, mode as u64, 0])?;
    Ok(File::host(handle as i32))
}

/// fstatat(2).
pub fn stat(path: Path<'_>, flags: i32) -> Result<Stat, Errno> {
    if let Some(device) = path.device() {
        return device.stat();
    }
    let mut stat = Stat::default();
    let (directory, name, len) = path.arguments();
    call(Number::Stat, [directory, name, len, flags as u64, (&raw mut stat) as u64, 0])?;
    Ok(stat)
}

/// faccessat(2).
pub fn access(path: Path<'_>, mode: i32) -> Result<(), Errno> {
    with_path(Number::Access, path, mode as u64)
}

/// unlinkat(2).
pub fn unlink(path: Path<'_>, flags: i32) -> Result<(), Errno> {
    with_path(Number::Unlink, path, flags as u64)
}

/// mkdirat(2).
pub fn mkdir(path: Path<'_>, mode: u32) -> Result<(), Errno> {
    with_path(Number::MkDir, path, mode as u64)
}

/// fchmodat(2).
pub fn chmod(path: Path<'_>, mode: u32) -> Result<(), Errno> {
    with_path(Number::ChMod, path, mode as u64)
}

/// fchownat(2).
pub fn chown(path: Path<'_>, uid: u32, gid: u32, flags: i32) -> Result<(), Errno> {
    let (directory, name, len) = path.arguments();
    call(Number::ChOwn, [directory, name, len, uid.into(), gid.into(), flags as u64]).map(|_| ())
}

/// renameat(2).
pub fn rename(from: Path<'_>, to: Path<'_>) -> Result<(), Errno> {
    with_two_paths(Number::Rename, from, to)
}

/// linkat(2).
pub fn link(from: Path<'_>, to: Path<'_>) -> Result<(), Errno> {
    with_two_paths(Number::Link, from, to)
}

/// symlinkat(2).
pub fn symlink(target: Path<'_>, path: Path<'_>) -> Result<(), Errno> {
    let (_, target, target_len) = target.arguments();
    let (directory, name, len) = path.arguments();
    call(Number::SymLink, [target, target_len, directory, name, len, 0]).map(|_| ())
}

/// readlinkat(2). `buffer` and `len_bytes` are the program's. Returns bytes.
pub fn readlink(path: Path<'_>, buffer: u64, len_bytes: u64) -> Result<u64, Errno> {
    let (directory, name, len) = path.arguments();
    call(Number::ReadLink, [directory, name, len, buffer, len_bytes, 0])
}

/// utimensat(2).
pub fn set_times(path: Path<'_>, times: *const TimeSpec, flags: i32) -> Result<(), Errno> {
    let (directory, name, len) = path.arguments();
    call(Number::SetTimes, [directory, name, len, times as u64, flags as u64, 0]).map(|_| ())
}

/// chdir(2).
pub fn chdir(path: Path<'_>) -> Result<(), Errno> {
    let (_, name, len) = path.arguments();
    call(Number::ChDir, [name, len, 0, 0, 0, 0]).map(|_| ())
}

/// getcwd(2). Returns bytes, NUL included.
pub fn getcwd(buffer: u64, len_bytes: u64) -> Result<u64, Errno> {
    call(Number::GetCwd, [buffer, len_bytes, 0, 0, 0, 0])
}

fn with_path(number: Number, path: Path<'_>, argument: u64) -> Result<(), Errno> {
    let (directory, name, len) = path.arguments();
    call(number, [directory, name, len, argument, 0, 0]).map(|_| ())
}

fn with_two_paths(number: Number, from: Path<'_>, to: Path<'_>) -> Result<(), Errno> {
    let (from_directory, from_name, from_len) = from.arguments();
    let (to_directory, to_name, to_len) = to.arguments();
    call(number, [from_directory, from_name, from_len, to_directory, to_name, to_len]).map(|_| ())
}
