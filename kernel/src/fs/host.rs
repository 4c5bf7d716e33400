//! File calls that the proxy serves: one function for each, named after its C twin.

use super::file::File;
use super::memory::walk::LastLink;
use super::memory::{self, Place, names};
use super::path::Path;
use crate::hypercall::call;
use crate::signal;
use abi::c::{self, AT_SYMLINK_NOFOLLOW};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};
use abi::hypercall::Number;

/// Open flags that the kernel looks at itself (Linux, x86-64).
pub const O_RDWR: u64 = c::O_RDWR as u64;

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
pub fn open(path: &Path<'_>, flags: i32, mode: i32) -> Result<File, Errno> {
    let last = if names::keeps_link(flags as u64) { LastLink::Keep } else { LastLink::Follow };
    let here = |place: Place| names::open(&place, flags as u64, mode as u32).map(File::Memory);
    memory::at(path, last, here, |path| {
        if let Some(device) = path.device() {
            return Ok(device);
        }
        let (directory, name, len) = path.arguments();
        let handle = restartable(Number::Open, [directory, name, len, flags as u64, mode as u64, 0])?;
        Ok(File::host(handle as i32))
    })
}

/// fstatat(2).
pub fn stat(path: &Path<'_>, flags: i32) -> Result<Stat, Errno> {
    let last = if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow };
    memory::at(
        path,
        last,
        |place| names::stat(&place),
        |path| {
            if let Some(device) = path.device() {
                return device.stat();
            }
            let mut stat = Stat::default();
            let (directory, name, len) = path.arguments();
            call(Number::Stat, [directory, name, len, flags as u64, (&raw mut stat) as u64, 0])?;
            Ok(stat)
        },
    )
}

/// faccessat(2).
pub fn access(path: &Path<'_>, mode: i32) -> Result<(), Errno> {
    let here = |place: Place| names::access(&place, mode);
    memory::at(path, LastLink::Follow, here, |path| with_path(Number::Access, path, mode as u64))
}

/// unlinkat(2).
pub fn unlink(path: &Path<'_>, flags: i32) -> Result<(), Errno> {
    let here = |place: Place| names::unlink(&place, flags);
    memory::at(path, LastLink::Keep, here, |path| with_path(Number::Unlink, path, flags as u64))
}

/// mkdirat(2).
pub fn mkdir(path: &Path<'_>, mode: u32) -> Result<(), Errno> {
    let here = |place: Place| names::mkdir(&place, mode);
    memory::at(path, LastLink::Keep, here, |path| with_path(Number::MkDir, path, mode as u64))
}

/// statfs(2).
pub fn statfs(path: &Path<'_>) -> Result<StatFs, Errno> {
    memory::at(
        path,
        LastLink::Follow,
        |place| names::statfs(&place),
        |path| {
            if let Some(device) = path.device() {
                return device.statfs();
            }
            let mut statfs = StatFs::default();
            with_path(Number::StatFs, path, (&raw mut statfs) as u64)?;
            Ok(statfs)
        },
    )
}

/// fchmodat(2). A link has no mode: `EOPNOTSUPP` with AT_SYMLINK_NOFOLLOW.
pub fn chmod(path: &Path<'_>, mode: u32, flags: i32) -> Result<(), Errno> {
    let last = if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow };
    let here = |place: Place| names::chmod(&place, mode);
    memory::at(path, last, here, |path| {
        let (directory, name, len) = path.arguments();
        call(Number::ChMod, [directory, name, len, mode as u64, flags as u64, 0]).map(|_| ())
    })
}

/// fchownat(2).
pub fn chown(path: &Path<'_>, uid: u32, gid: u32, flags: i32) -> Result<(), Errno> {
    let last = if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow };
    memory::at(
        path,
        last,
        |place| names::chown(&place, uid, gid),
        |path| {
            let (directory, name, len) = path.arguments();
            call(Number::ChOwn, [directory, name, len, uid.into(), gid.into(), flags as u64]).map(|_| ())
        },
    )
}

/// renameat(2).
pub fn rename(from: &Path<'_>, to: &Path<'_>) -> Result<(), Errno> {
    with_two_paths(Number::Rename, from, to, names::rename)
}

/// linkat(2).
pub fn link(from: &Path<'_>, to: &Path<'_>) -> Result<(), Errno> {
    with_two_paths(Number::Link, from, to, names::link)
}

/// symlinkat(2).
pub fn symlink(target: &Path<'_>, path: &Path<'_>) -> Result<(), Errno> {
    let here = |place: Place| names::symlink(target.name, &place);
    memory::at(path, LastLink::Keep, here, |path| {
        let (_, target, target_len) = target.arguments();
        let (directory, name, len) = path.arguments();
        call(Number::SymLink, [target, target_len, directory, name, len, 0]).map(|_| ())
    })
}

/// readlinkat(2). `buffer` and `len_bytes` are the program's. Returns bytes.
pub fn readlink(path: &Path<'_>, buffer: u64, len_bytes: u64) -> Result<u64, Errno> {
    memory::at(
        path,
        LastLink::Keep,
        |place| names::readlink(&place, buffer, len_bytes),
        |path| {
            let (directory, name, len) = path.arguments();
            call(Number::ReadLink, [directory, name, len, buffer, len_bytes, 0])
        },
    )
}

/// utimensat(2).
pub fn set_times(path: &Path<'_>, times: *const TimeSpec, flags: i32) -> Result<(), Errno> {
    let last = if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow };
    let here = |place: Place| {
        // SAFETY: null or the caller's own two structures.
        names::set_times(&place, unsafe { times.cast::<[TimeSpec; 2]>().as_ref() })
    };
    memory::at(path, last, here, |path| {
        let (directory, name, len) = path.arguments();
        call(Number::SetTimes, [directory, name, len, times as u64, flags as u64, 0]).map(|_| ())
    })
}

/// chdir(2).
pub fn chdir(path: &Path<'_>) -> Result<(), Errno> {
    memory::at(
        path,
        LastLink::Follow,
        |place| names::chdir(&place),
        |path| {
            let (_, name, len) = path.arguments();
            call(Number::ChDir, [name, len, 0, 0, 0, 0])?;
            memory::change_working(None);
            Ok(())
        },
    )
}

/// fchdir(2).
pub fn chdir_to(file: &File) -> Result<(), Errno> {
    if let File::Memory(open) = file {
        return if open.node.is_directory() {
            memory::change_working(Some(open.node.clone()));
            Ok(())
        } else {
            Err(Errno::ENOTDIR)
        };
    }
    file.host_call(Number::ChDirHandle, [0, 0], Errno::ENOTDIR)?;
    memory::change_working(None);
    Ok(())
}

/// getcwd(2). Returns bytes, NUL included.
pub fn getcwd(buffer: u64, len_bytes: u64) -> Result<u64, Errno> {
    let Some(mut path) = memory::working_path()? else {
        return call(Number::GetCwd, [buffer, len_bytes, 0, 0, 0, 0]);
    };
    path.push(0);
    if path.len() as u64 > len_bytes {
        return Err(Errno::ERANGE);
    }
    // SAFETY: the caller's buffer, which is long enough.
    unsafe { core::ptr::copy_nonoverlapping(path.as_ptr(), buffer as *mut u8, path.len()) };
    Ok(path.len() as u64)
}

fn with_path(number: Number, path: &Path<'_>, argument: u64) -> Result<(), Errno> {
    let (directory, name, len) = path.arguments();
    call(number, [directory, name, len, argument, 0, 0]).map(|_| ())
}

/// A call on two names, which must both be here or both be the host's: `EXDEV`.
fn with_two_paths(
    number: Number,
    from: &Path<'_>,
    to: &Path<'_>,
    here: fn(&Place, &Place) -> Result<(), Errno>,
) -> Result<(), Errno> {
    memory::at_two(from, to, here, |from, to| {
        let (from_directory, from_name, from_len) = from.arguments();
        let (to_directory, to_name, to_len) = to.arguments();
        call(number, [from_directory, from_name, from_len, to_directory, to_name, to_len]).map(|_| ())
    })
}
