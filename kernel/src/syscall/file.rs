//! System calls on open files.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{answer, answer_int, done};
use crate::fs::channel;
use crate::fs::device::Device;
use crate::fs::file::{File, Sync};
use crate::fs::{self, beyond, fd_table};
use crate::net;
use crate::user::{self, UserCursor, UserPtr, UserSlice};
use abi::c::{
    EFD_SEMAPHORE, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_GETLK, F_SETFD, F_SETFL, F_SETLK, F_SETLKW,
    FD_CLOEXEC, FIOCLEX, FIONBIO, FIONCLEX, O_CLOEXEC, O_NONBLOCK,
};
use abi::errno::Errno;
use abi::file::{IoVec, Stat, StatFs};
use abi::hypercall::MAX_IO_VECTORS;

/// Longest transfer of one call, as on Linux (read(2)): a page less than 2 GiB.
pub(super) const MAX_TRANSFER_BYTES: u64 = 0x7fff_f000;

/// What a transfer does with a file.
type Transfer = fn(&dyn File, &mut UserCursor<'_>) -> Result<u64, Errno>;

/// A transfer of one buffer.
fn transfer(fd: i32, address: *const u8, len: usize, work: Transfer) -> isize {
    answer(fs::descriptor(fd).and_then(|file| {
        let parts = [UserSlice::new(address as u64, len as u64)?.first(MAX_TRANSFER_BYTES)];
        work(&*file, &mut UserCursor::new(&parts))
    })) as isize
}

/// A file may have grown into pages that are mapped.
fn grown<T>(result: Result<T, Errno>) -> Result<T, Errno> {
    beyond::look_again();
    result
}

/// read(2).
#[unsafe(no_mangle)]
extern "C" fn sys_read(fd: i32, address: *mut u8, len: usize) -> isize {
    transfer(fd, address, len, |file, to| file.read(to))
}

/// write(2).
#[unsafe(no_mangle)]
extern "C" fn sys_write(fd: i32, address: *const u8, len: usize) -> isize {
    transfer(fd, address, len, |file, from| grown(file.write(from)))
}

/// What a transfer at an offset does with a file.
type TransferAt = fn(&dyn File, &mut UserCursor<'_>, u64) -> Result<u64, Errno>;

fn transfer_at(fd: i32, address: *const u8, len: usize, offset: i64, work: TransferAt) -> isize {
    // As on Linux before anything else is looked at.
    let offset = u64::try_from(offset).map_err(|_| Errno::EINVAL);
    answer(offset.and_then(|offset| {
        let file = fs::descriptor(fd)?;
        let parts = [UserSlice::new(address as u64, len as u64)?.first(MAX_TRANSFER_BYTES)];
        work(&*file, &mut UserCursor::new(&parts), offset)
    })) as isize
}

/// pread(2).
#[unsafe(no_mangle)]
extern "C" fn sys_pread(fd: i32, address: *mut u8, len: usize, offset: i64) -> isize {
    transfer_at(fd, address, len, offset, |file, to, offset| file.read_at(to, offset))
}

/// pwrite(2).
#[unsafe(no_mangle)]
extern "C" fn sys_pwrite(fd: i32, address: *const u8, len: usize, offset: i64) -> isize {
    transfer_at(fd, address, len, offset, |file, from, offset| grown(file.write_at(from, offset)))
}

/// readv(2) and writev(2).
fn transfer_parts(fd: i32, vectors: *const IoVec, count: usize, work: Transfer) -> isize {
    answer(fs::descriptor(fd).and_then(|file| {
        let parts = parts(vectors, count)?;
        work(&*file, &mut UserCursor::new(&parts))
    })) as isize
}

/// The program's vectors. Together they are no longer than one transfer may be. Errors: `EINVAL` too many, or
/// lengths that are none, `EFAULT`.
pub(super) fn parts(vectors: *const IoVec, count: usize) -> Result<Vec<UserSlice>, Errno> {
    if count as u64 > MAX_IO_VECTORS {
        return Err(Errno::EINVAL);
    }
    let vectors = user::read_array(vectors, count)?;
    if vectors.iter().any(|vector| i64::try_from(vector.len_bytes).is_err()) {
        return Err(Errno::EINVAL);
    }
    let mut left = MAX_TRANSFER_BYTES;
    let part = |vector: &IoVec| {
        let part = UserSlice::new(vector.base, vector.len_bytes)?.first(left);
        left -= part.len_bytes();
        Ok(part)
    };
    vectors.iter().map(part).collect()
}

/// readv(2).
#[unsafe(no_mangle)]
extern "C" fn sys_readv(fd: i32, iov: *const IoVec, count: usize) -> isize {
    transfer_parts(fd, iov, count, |file, to| file.read(to))
}

/// writev(2).
#[unsafe(no_mangle)]
extern "C" fn sys_writev(fd: i32, iov: *const IoVec, count: usize) -> isize {
    transfer_parts(fd, iov, count, |file, from| grown(file.write(from)))
}

/// lseek(2).
#[unsafe(no_mangle)]
extern "C" fn sys_lseek(fd: i32, offset: i64, whence: i32) -> i64 {
    answer(fs::descriptor(fd).and_then(|file| file.seek(offset, whence)))
}

/// fstat(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fstat(fd: i32, stat: *mut Stat) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.stat()).and_then(|found| UserPtr::new(stat)?.write(found)))
}

/// fstatfs(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fstatfs(fd: i32, statfs: *mut StatFs) -> i32 {
    done(
        fs::descriptor(fd)
            .and_then(|file| file.statfs())
            .and_then(|found| UserPtr::new(statfs)?.write(found)),
    )
}

/// close(2).
#[unsafe(no_mangle)]
extern "C" fn sys_close(fd: i32) -> i32 {
    done(fd_table::close(fd))
}

/// Lets new descriptors be below `count` only (RLIMIT_NOFILE); those that are open stay.
#[unsafe(no_mangle)]
extern "C" fn sys_limit_descriptors(count: u64) -> i32 {
    fd_table::set_limit(count);
    0
}

/// getdents64(2): bytes of `struct linux_dirent64`.
#[unsafe(no_mangle)]
extern "C" fn sys_getdents64(fd: i32, entries: *mut u8, len: usize) -> i64 {
    answer(fs::descriptor(fd).and_then(|file| file.read_dir(UserSlice::new(entries as u64, len as u64)?)))
}

/// ftruncate(2).
#[unsafe(no_mangle)]
extern "C" fn sys_ftruncate(fd: i32, len: i64) -> i32 {
    done(fs::descriptor(fd).and_then(|file| grown(file.truncate(len))))
}

/// posix_fallocate(3).
#[unsafe(no_mangle)]
extern "C" fn sys_fallocate(fd: i32, offset: i64, len: i64) -> i32 {
    done(fs::descriptor(fd).and_then(|file| grown(file.allocate(offset, len))))
}

/// fchmod(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchmod(fd: i32, mode: u32) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.chmod(mode)))
}

/// fchown(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchown(fd: i32, uid: u32, gid: u32) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.chown(uid, gid)))
}

/// fsync(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fsync(fd: i32) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.sync(Sync::All)))
}

/// fdatasync(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fdatasync(fd: i32) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.sync(Sync::Data)))
}

/// fchdir(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchdir(fd: i32) -> i32 {
    done(fs::descriptor(fd).and_then(|file| fs::calls::chdir_to(&*file)))
}

/// ioctl(2): what the proxy lets through, which is about terminals, and FIONREAD.
#[unsafe(no_mangle)]
extern "C" fn sys_ioctl(fd: i32, request: u64, argument: *mut u8) -> i32 {
    answer_int(ioctl(fd, request, argument as u64))
}

/// What is the descriptor's and not the file's is the same for all of them.
fn ioctl(fd: i32, request: u64, argument: u64) -> Result<u64, Errno> {
    match request {
        FIOCLEX | FIONCLEX => fd_table::set_close_on_exec(fd, request == FIOCLEX).map(|()| 0),
        FIONBIO => {
            let file = fs::descriptor(fd)?;
            let is_nonblocking = UserPtr::new(argument as *const i32)?.read()? != 0;
            let others = file.flags()? & !(O_NONBLOCK as u64);
            file.set_flags(others | if is_nonblocking { O_NONBLOCK as u64 } else { 0 })?;
            Ok(0)
        }
        _ => fs::descriptor(fd)?.ioctl(request, argument),
    }
}

/// dup(2).
#[unsafe(no_mangle)]
extern "C" fn sys_dup(fd: i32) -> i32 {
    answer_int(fd_table::duplicate(fd, 0, false).map(|fd| fd as u64))
}

/// dup2(2).
#[unsafe(no_mangle)]
extern "C" fn sys_dup2(fd: i32, new: i32) -> i32 {
    answer_int(fd_table::duplicate_to(fd, new).map(|fd| fd as u64))
}

/// fcntl(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fcntl(fd: i32, command: i32, argument: isize) -> i32 {
    answer_int(fcntl(fd, command, argument as i64))
}

fn fcntl(fd: i32, command: i32, argument: i64) -> Result<u64, Errno> {
    match command {
        F_DUPFD => fd_table::duplicate(fd, argument, false).map(|fd| fd as u64),
        F_DUPFD_CLOEXEC => fd_table::duplicate(fd, argument, true).map(|fd| fd as u64),
        F_GETFD => fd_table::close_on_exec(fd).map(|set| set as u64),
        F_SETFD => fd_table::set_close_on_exec(fd, argument & i64::from(FD_CLOEXEC) != 0).map(|()| 0),
        F_GETFL => fs::descriptor(fd)?.flags(),
        F_SETFL => fs::descriptor(fd)?.set_flags(argument as u64).map(|()| 0),
        F_GETLK | F_SETLK | F_SETLKW => {
            fs::descriptor(fd)?.lock(command, UserPtr::new(argument as *const _)?).map(|()| 0)
        }
        _ => {
            fs::descriptor(fd)?;
            Err(Errno::EINVAL)
        }
    }
}

/// pipe2(2).
#[unsafe(no_mangle)]
extern "C" fn sys_pipe2(fds: *mut [i32; 2], flags: i32) -> i32 {
    if flags & !(O_NONBLOCK | O_CLOEXEC) != 0 {
        return done(Err(Errno::EINVAL));
    }
    let (reader, writer) = channel::pipe(flags & O_NONBLOCK != 0);
    done(insert_two(fds, [Arc::new(reader), Arc::new(writer)], flags))
}

/// socketpair(2): between threads of the isle.
#[unsafe(no_mangle)]
extern "C" fn sys_socketpair(domain: i32, kind: i32, protocol: i32, fds: *mut [i32; 2]) -> i32 {
    done(net::pair(domain, kind, protocol).and_then(|two| insert_two(fds, two, kind)))
}

fn insert_two(fds: *mut [i32; 2], two: [Arc<dyn File>; 2], flags: i32) -> Result<(), Errno> {
    let [first, second] = two;
    let fds = UserPtr::new(fds)?;
    let close_on_exec = flags & O_CLOEXEC != 0;
    let first = fd_table::insert(first, close_on_exec)? as i32;
    let told = fd_table::insert(second, close_on_exec).and_then(|second| {
        let told = fds.write([first, second as i32]);
        if told.is_err() {
            fd_table::close(second as i32)?;
        }
        told
    });
    if told.is_err() {
        fd_table::close(first)?;
    }
    told
}

/// eventfd(2).
#[unsafe(no_mangle)]
extern "C" fn sys_eventfd(value: u64, flags: i16) -> i32 {
    let flags = flags as i32;
    // EFD_CLOEXEC does not fit into an i16, which is hermit-abi's type: nothing is executed, so it means
    // nothing.
    if flags & !(O_NONBLOCK | EFD_SEMAPHORE) != 0 {
        return done(Err(Errno::EINVAL));
    }
    let counter = channel::event_counter(value, flags & EFD_SEMAPHORE != 0, flags & O_NONBLOCK != 0);
    answer_int(fd_table::insert(Arc::new(counter), false).map(|fd| fd as u64))
}

/// getrandom(2). Never blocks, never returns less.
#[unsafe(no_mangle)]
extern "C" fn sys_read_entropy(address: *mut u8, len: usize, _flags: u32) -> isize {
    let slice = UserSlice::new(address as u64, len as u64);
    answer(
        slice.and_then(|slice| Device::Random.read(&mut UserCursor::new(&[slice.first(MAX_TRANSFER_BYTES)]))),
    ) as isize
}
