//! System calls that take a path.

use core::ffi::c_char;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::{answer, answer_int, done};
use crate::fs::calls;
use crate::fs::{self, fd_table, path::Path};
use crate::given;
use crate::user::{UserPtr, UserSlice, UserStr};
use abi::c::{AT_EMPTY_PATH, AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CLOEXEC};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};

/// A path, relative to what `dirfd` names.
fn at(dirfd: i32, path: *const c_char) -> Result<Path, Errno> {
    Path::at(dirfd, UserStr::new(path))
}

/// A path, relative to the working directory.
fn here(path: *const c_char) -> Result<Path, Errno> {
    Path::new(UserStr::new(path))
}

/// The umask, once the program has set one.
static UMASK: AtomicU32 = AtomicU32::new(UNSET);
/// No mode.
const UNSET: u32 = u32::MAX;

/// Mode bits that new files do not get: the host's for the isle until the program says otherwise.
fn umask() -> u32 {
    match UMASK.load(Relaxed) {
        UNSET => given::info().umask & 0o777,
        mask => mask,
    }
}

/// umask(2). Returns the old one.
#[unsafe(no_mangle)]
extern "C" fn sys_umask(mask: u32) -> u32 {
    let before = umask();
    UMASK.store(mask & 0o777, Relaxed);
    before
}

/// open(2).
#[unsafe(no_mangle)]
extern "C" fn sys_open(path: *const c_char, flags: i32, mode: i32) -> i32 {
    sys_openat(AT_FDCWD, path, flags, mode)
}

/// openat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_openat(dirfd: i32, path: *const c_char, flags: i32, mode: i32) -> i32 {
    let path = at(dirfd, path);
    answer_int(path.and_then(|path| {
        let file = calls::open(&path, flags, mode & !(umask() as i32))?;
        Ok(fd_table::insert(file, flags & O_CLOEXEC != 0)? as u64)
    }))
}

/// stat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_stat(path: *const c_char, stat: *mut Stat) -> i32 {
    sys_fstatat(AT_FDCWD, path, stat, 0)
}

/// lstat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_lstat(path: *const c_char, stat: *mut Stat) -> i32 {
    sys_fstatat(AT_FDCWD, path, stat, AT_SYMLINK_NOFOLLOW)
}

/// fstatat(2), with AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH.
#[unsafe(no_mangle)]
extern "C" fn sys_fstatat(dirfd: i32, path: *const c_char, stat: *mut Stat, flags: i32) -> i32 {
    let found = match at(dirfd, path) {
        Err(Errno::ENOENT) if flags & AT_EMPTY_PATH != 0 => {
            fs::descriptor(dirfd).and_then(|file| file.stat())
        }
        path => path.and_then(|path| calls::stat(&path, flags & AT_SYMLINK_NOFOLLOW)),
    };
    done(found.and_then(|found| UserPtr::new(stat)?.write(found)))
}

/// mkdir(2).
#[unsafe(no_mangle)]
extern "C" fn sys_mkdir(path: *const c_char, mode: u32) -> i32 {
    sys_mkdirat(AT_FDCWD, path, mode)
}

/// mkdirat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_mkdirat(dirfd: i32, path: *const c_char, mode: u32) -> i32 {
    done(at(dirfd, path).and_then(|path| calls::mkdir(&path, mode & !umask())))
}

/// rmdir(2).
#[unsafe(no_mangle)]
extern "C" fn sys_rmdir(path: *const c_char) -> i32 {
    sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR)
}

/// unlink(2).
#[unsafe(no_mangle)]
extern "C" fn sys_unlink(path: *const c_char) -> i32 {
    sys_unlinkat(AT_FDCWD, path, 0)
}

/// unlinkat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_unlinkat(dirfd: i32, path: *const c_char, flags: i32) -> i32 {
    done(at(dirfd, path).and_then(|path| calls::unlink(&path, flags)))
}

/// rename(2).
#[unsafe(no_mangle)]
extern "C" fn sys_rename(from: *const c_char, to: *const c_char) -> i32 {
    sys_renameat(AT_FDCWD, from, AT_FDCWD, to)
}

/// renameat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_renameat(fromfd: i32, from: *const c_char, tofd: i32, to: *const c_char) -> i32 {
    let from = at(fromfd, from);
    let to = at(tofd, to);
    done(from.and_then(|from| calls::rename(&from, &to?)))
}

/// link(2).
#[unsafe(no_mangle)]
extern "C" fn sys_link(from: *const c_char, to: *const c_char) -> i32 {
    let from = here(from);
    let to = here(to);
    done(from.and_then(|from| calls::link(&from, &to?)))
}

/// symlink(2).
#[unsafe(no_mangle)]
extern "C" fn sys_symlink(target: *const c_char, path: *const c_char) -> i32 {
    let target = here(target);
    let path = here(path);
    done(target.and_then(|target| calls::symlink(&target.name, &path?)))
}

/// readlink(2).
#[unsafe(no_mangle)]
extern "C" fn sys_readlink(path: *const c_char, buffer: *mut u8, len: usize) -> isize {
    // Its C type is an int on Linux.
    let max_bytes = if len as i32 > 0 { Ok(len as i32 as usize) } else { Err(Errno::EINVAL) };
    answer(max_bytes.and_then(|max_bytes| {
        let target = calls::readlink(&here(path)?, max_bytes)?;
        UserSlice::new(buffer as u64, target.len() as u64)?.write_all(&target)?;
        Ok(target.len() as u64)
    })) as isize
}

/// access(2).
#[unsafe(no_mangle)]
extern "C" fn sys_access(path: *const c_char, mode: i32) -> i32 {
    sys_faccessat(AT_FDCWD, path, mode, 0)
}

/// faccessat(2). There is one user in an isle, so AT_EACCESS changes nothing.
#[unsafe(no_mangle)]
extern "C" fn sys_faccessat(dirfd: i32, path: *const c_char, mode: i32, _flags: i32) -> i32 {
    done(at(dirfd, path).and_then(|path| calls::access(&path, mode)))
}

/// chmod(2).
#[unsafe(no_mangle)]
extern "C" fn sys_chmod(path: *const c_char, mode: u32) -> i32 {
    sys_fchmodat(AT_FDCWD, path, mode, 0)
}

/// fchmodat(2). `flags`: AT_SYMLINK_NOFOLLOW.
#[unsafe(no_mangle)]
extern "C" fn sys_fchmodat(dirfd: i32, path: *const c_char, mode: u32, flags: i32) -> i32 {
    done(at(dirfd, path).and_then(|path| calls::chmod(&path, mode, flags)))
}

/// statfs(2).
#[unsafe(no_mangle)]
extern "C" fn sys_statfs(path: *const c_char, statfs: *mut StatFs) -> i32 {
    done(
        here(path).and_then(|path| calls::statfs(&path)).and_then(|found| UserPtr::new(statfs)?.write(found)),
    )
}

/// fchownat(2). `flags`: AT_SYMLINK_NOFOLLOW.
#[unsafe(no_mangle)]
extern "C" fn sys_fchownat(dirfd: i32, path: *const c_char, uid: u32, gid: u32, flags: i32) -> i32 {
    done(at(dirfd, path).and_then(|path| calls::chown(&path, uid, gid, flags)))
}

/// utimensat(2); with a null path futimens(3) of `dirfd`.
#[unsafe(no_mangle)]
extern "C" fn sys_utimensat(dirfd: i32, path: *const c_char, times: *const TimeSpec, flags: i32) -> i32 {
    let times = crate::user::read_optional(times.cast::<[TimeSpec; 2]>());
    done(times.and_then(|times| {
        if path.is_null() {
            fs::descriptor(dirfd)?.set_times(times.as_ref())
        } else {
            calls::set_times(&at(dirfd, path)?, times.as_ref(), flags)
        }
    }))
}

/// chdir(2).
#[unsafe(no_mangle)]
extern "C" fn sys_chdir(path: *const c_char) -> i32 {
    done(here(path).and_then(|path| calls::chdir(&path)))
}

/// getcwd(2): bytes, NUL included.
#[unsafe(no_mangle)]
extern "C" fn sys_getcwd(buffer: *mut u8, len: usize) -> isize {
    answer(calls::getcwd().and_then(|path| {
        if path.len() > len {
            return Err(Errno::ERANGE);
        }
        UserSlice::new(buffer as u64, len as u64)?.write_all(&path)?;
        Ok(path.len() as u64)
    })) as isize
}
