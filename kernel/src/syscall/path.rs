//! System calls that take a path.

use core::ffi::c_char;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::{answer, answer_int, done, place};
use crate::fs::{self, fd_table, host, path::Path};
use crate::given;
use abi::c::{AT_EMPTY_PATH, AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CLOEXEC};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};

// SAFETY conditions are the same for all: a path is null or a C string of the caller's, a structure is null or the
// caller's own. Both live through the call, which keeps neither.

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
unsafe extern "C" fn sys_open(path: *const c_char, flags: i32, mode: i32) -> i32 {
    // SAFETY: see above.
    unsafe { sys_openat(AT_FDCWD, path, flags, mode) }
}

/// openat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_openat(dirfd: i32, path: *const c_char, flags: i32, mode: i32) -> i32 {
    // SAFETY: see above.
    let path = unsafe { Path::at(dirfd, path) };
    answer_int(path.and_then(|path| {
        let file = host::open(&path, flags, mode & !(umask() as i32))?;
        Ok(fd_table::insert(file, flags & O_CLOEXEC != 0)? as u64)
    }))
}

/// stat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_stat(path: *const c_char, stat: *mut Stat) -> i32 {
    // SAFETY: see above.
    unsafe { sys_fstatat(AT_FDCWD, path, stat, 0) }
}

/// lstat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_lstat(path: *const c_char, stat: *mut Stat) -> i32 {
    // SAFETY: see above.
    unsafe { sys_fstatat(AT_FDCWD, path, stat, AT_SYMLINK_NOFOLLOW) }
}

/// fstatat(2), with AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_fstatat(dirfd: i32, path: *const c_char, stat: *mut Stat, flags: i32) -> i32 {
    // SAFETY: see above.
    let found = match unsafe { Path::at(dirfd, path) } {
        Err(Errno::ENOENT) if flags & AT_EMPTY_PATH != 0 => {
            fs::descriptor(dirfd).and_then(|file| file.stat())
        }
        path => path.and_then(|path| host::stat(&path, flags & AT_SYMLINK_NOFOLLOW)),
    };
    done(found.and_then(|found| {
        // SAFETY: see above.
        *unsafe { place(stat) }? = found;
        Ok(())
    }))
}

/// mkdir(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_mkdir(path: *const c_char, mode: u32) -> i32 {
    // SAFETY: see above.
    unsafe { sys_mkdirat(AT_FDCWD, path, mode) }
}

/// mkdirat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_mkdirat(dirfd: i32, path: *const c_char, mode: u32) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::mkdir(&path, mode & !umask())))
}

/// rmdir(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_rmdir(path: *const c_char) -> i32 {
    // SAFETY: see above.
    unsafe { sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR) }
}

/// unlink(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_unlink(path: *const c_char) -> i32 {
    // SAFETY: see above.
    unsafe { sys_unlinkat(AT_FDCWD, path, 0) }
}

/// unlinkat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_unlinkat(dirfd: i32, path: *const c_char, flags: i32) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::unlink(&path, flags)))
}

/// rename(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_rename(from: *const c_char, to: *const c_char) -> i32 {
    // SAFETY: see above.
    unsafe { sys_renameat(AT_FDCWD, from, AT_FDCWD, to) }
}

/// renameat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_renameat(fromfd: i32, from: *const c_char, tofd: i32, to: *const c_char) -> i32 {
    // SAFETY: see above.
    let from = unsafe { Path::at(fromfd, from) };
    // SAFETY: see above.
    let to = unsafe { Path::at(tofd, to) };
    done(from.and_then(|from| host::rename(&from, &to?)))
}

/// link(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_link(from: *const c_char, to: *const c_char) -> i32 {
    // SAFETY: see above.
    let from = unsafe { Path::new(from) };
    // SAFETY: see above.
    let to = unsafe { Path::new(to) };
    done(from.and_then(|from| host::link(&from, &to?)))
}

/// symlink(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_symlink(target: *const c_char, path: *const c_char) -> i32 {
    // SAFETY: see above.
    let target = unsafe { Path::new(target) };
    // SAFETY: see above.
    let path = unsafe { Path::new(path) };
    done(target.and_then(|target| host::symlink(&target, &path?)))
}

/// readlink(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_readlink(path: *const c_char, buffer: *mut u8, len: usize) -> isize {
    // SAFETY: see above.
    let path = unsafe { Path::new(path) };
    answer(path.and_then(|path| host::readlink(&path, buffer as u64, len as u64))) as isize
}

/// access(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_access(path: *const c_char, mode: i32) -> i32 {
    // SAFETY: see above.
    unsafe { sys_faccessat(AT_FDCWD, path, mode, 0) }
}

/// faccessat(2). There is one user in an isle, so AT_EACCESS changes nothing.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_faccessat(dirfd: i32, path: *const c_char, mode: i32, _flags: i32) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::access(&path, mode)))
}

/// chmod(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_chmod(path: *const c_char, mode: u32) -> i32 {
    // SAFETY: see above.
    unsafe { sys_fchmodat(AT_FDCWD, path, mode, 0) }
}

/// fchmodat(2). `flags`: AT_SYMLINK_NOFOLLOW.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_fchmodat(dirfd: i32, path: *const c_char, mode: u32, flags: i32) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::chmod(&path, mode, flags)))
}

/// statfs(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_statfs(path: *const c_char, statfs: *mut StatFs) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::new(path) }.and_then(|path| host::statfs(&path)).and_then(|found| {
        // SAFETY: see above.
        *unsafe { place(statfs) }? = found;
        Ok(())
    }))
}

/// fchownat(2). `flags`: AT_SYMLINK_NOFOLLOW.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_fchownat(dirfd: i32, path: *const c_char, uid: u32, gid: u32, flags: i32) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::chown(&path, uid, gid, flags)))
}

/// utimensat(2); with a null path futimens(3) of `dirfd`.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_utimensat(
    dirfd: i32,
    path: *const c_char,
    times: *const TimeSpec,
    flags: i32,
) -> i32 {
    if path.is_null() {
        let number = abi::hypercall::Number::SetTimesHandle;
        let file = fs::descriptor(dirfd);
        return answer_int(file.and_then(|file| file.host_call(number, [times as u64, 0], Errno::EPERM)));
    }
    // SAFETY: see above.
    done(unsafe { Path::at(dirfd, path) }.and_then(|path| host::set_times(&path, times, flags)))
}

/// chdir(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_chdir(path: *const c_char) -> i32 {
    // SAFETY: see above.
    done(unsafe { Path::new(path) }.and_then(|path| host::chdir(&path)))
}

/// getcwd(2): bytes, NUL included.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_getcwd(buffer: *mut u8, len: usize) -> isize {
    answer(host::getcwd(buffer as u64, len as u64)) as isize
}
