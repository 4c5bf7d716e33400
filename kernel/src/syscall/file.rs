//! System calls on open files.

use super::{answer, answer_int, done, place};
use crate::fs::file::{Buffer, File};
use crate::fs::{self, fd_table};
use abi::errno::Errno;
use abi::file::{IoVec, PollHandle, Stat};
use abi::hypercall::{MAX_IO_VECTORS, Number};

/// Longest transfer of one call, as on Linux (read(2)): a page less than 2 GiB.
const MAX_TRANSFER_BYTES: usize = 0x7fff_f000;

/// Commands of fcntl(2).
mod command {
    pub const F_DUPFD: i32 = 0;
    pub const F_GETFD: i32 = 1;
    pub const F_SETFD: i32 = 2;
    pub const F_GETFL: i32 = 3;
    pub const F_SETFL: i32 = 4;
    pub const F_GETLK: i32 = 5;
    pub const F_SETLK: i32 = 6;
    pub const F_SETLKW: i32 = 7;
    pub const F_DUPFD_CLOEXEC: i32 = 1030;
    pub const FD_CLOEXEC: i64 = 1;
}

fn buffer(address: *const u8, len: usize) -> Buffer {
    Buffer { address: address as u64, len_bytes: len.min(MAX_TRANSFER_BYTES) as u64 }
}

/// An offset of pread(2) and pwrite(2).
fn position(offset: i64) -> Result<Option<u64>, Errno> {
    u64::try_from(offset).map(Some).map_err(|_| Errno::EINVAL)
}

/// read(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_read(fd: i32, address: *mut u8, len: usize) -> isize {
    // SAFETY: the caller's buffer.
    answer(fs::descriptor(fd).and_then(|file| unsafe { file.read(buffer(address, len), None) })) as isize
}

/// write(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_write(fd: i32, address: *const u8, len: usize) -> isize {
    answer(fs::descriptor(fd).and_then(|file| file.write(buffer(address, len), None))) as isize
}

/// pread(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_pread(fd: i32, address: *mut u8, len: usize, offset: i64) -> isize {
    answer(position(offset).and_then(|offset| {
        // SAFETY: the caller's buffer.
        unsafe { fs::descriptor(fd)?.read(buffer(address, len), offset) }
    })) as isize
}

/// pwrite(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_pwrite(fd: i32, address: *const u8, len: usize, offset: i64) -> isize {
    answer(position(offset).and_then(|offset| fs::descriptor(fd)?.write(buffer(address, len), offset)))
        as isize
}

/// What [`vectors`] does with each part of a device's vector.
type Transfer = fn(&File, Buffer) -> Result<u64, Errno>;

/// readv(2) and writev(2): one hypercall for the host's files, a loop for devices.
///
/// # Safety
/// `vectors` points to `count` vectors of the caller's.
unsafe fn vectors(
    fd: i32,
    number: Number,
    vectors: *const IoVec,
    count: usize,
    each: Transfer,
) -> Result<u64, Errno> {
    let file = fs::descriptor(fd)?;
    if count as u64 > MAX_IO_VECTORS {
        return Err(Errno::EINVAL);
    }
    if file.host_handle().is_some() {
        return file.host_call(number, [vectors as u64, count as u64], Errno::EBADF);
    }
    let mut sum = 0;
    for i in 0..count {
        // SAFETY: as the caller says.
        let vector = unsafe { vectors.add(i).read() };
        sum += each(&file, Buffer { address: vector.base, len_bytes: vector.len_bytes })?;
    }
    Ok(sum)
}

/// readv(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_readv(fd: i32, iov: *const IoVec, count: usize) -> isize {
    // SAFETY: the caller's vectors and their buffers.
    answer(unsafe { vectors(fd, Number::ReadV, iov, count, |file, buffer| file.read(buffer, None)) }) as isize
}

/// writev(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_writev(fd: i32, iov: *const IoVec, count: usize) -> isize {
    // SAFETY: the caller's vectors and their buffers.
    answer(unsafe { vectors(fd, Number::WriteV, iov, count, |file, buffer| file.write(buffer, None)) })
        as isize
}

/// lseek(2).
#[unsafe(no_mangle)]
extern "C" fn sys_lseek(fd: i32, offset: i64, whence: i32) -> i64 {
    answer(fs::descriptor(fd).and_then(|file| file.seek(offset, whence)))
}

/// fstat(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_fstat(fd: i32, stat: *mut Stat) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.stat()).and_then(|found| {
        // SAFETY: the caller's own structure, or null.
        *unsafe { place(stat) }? = found;
        Ok(())
    }))
}

/// close(2).
#[unsafe(no_mangle)]
extern "C" fn sys_close(fd: i32) -> i32 {
    done(fd_table::close(fd))
}

/// getdents64(2): bytes of `struct linux_dirent64`.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_getdents64(fd: i32, entries: *mut u8, len: usize) -> i64 {
    answer(on_host(fd, Number::ReadDir, [entries as u64, len as u64], Errno::ENOTDIR))
}

/// ftruncate(2).
#[unsafe(no_mangle)]
extern "C" fn sys_ftruncate(fd: i32, len: i64) -> i32 {
    answer_int(on_host(fd, Number::Truncate, [len as u64, 0], Errno::EINVAL))
}

/// posix_fallocate(3).
#[unsafe(no_mangle)]
extern "C" fn sys_fallocate(fd: i32, offset: i64, len: i64) -> i32 {
    answer_int(on_host(fd, Number::Allocate, [offset as u64, len as u64], Errno::ENODEV))
}

/// fchmod(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchmod(fd: i32, mode: u32) -> i32 {
    answer_int(on_host(fd, Number::ChModHandle, [mode as u64, 0], Errno::EPERM))
}

/// fsync(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fsync(fd: i32) -> i32 {
    answer_int(on_host(fd, Number::Sync, [0, 0], Errno::EINVAL))
}

/// fdatasync(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fdatasync(fd: i32) -> i32 {
    answer_int(on_host(fd, Number::Sync, [1, 0], Errno::EINVAL))
}

/// fchdir(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchdir(fd: i32) -> i32 {
    answer_int(on_host(fd, Number::ChDirHandle, [0, 0], Errno::ENOTDIR))
}

/// ioctl(2): what the proxy lets through, which is about terminals.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_ioctl(fd: i32, request: u64, argument: *mut u8) -> i32 {
    answer_int(on_host(fd, Number::IoCtl, [request, argument as u64], Errno::ENOTTY))
}

fn on_host(fd: i32, number: Number, args: [u64; 2], otherwise: Errno) -> Result<u64, Errno> {
    fs::descriptor(fd)?.host_call(number, args, otherwise)
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
        command::F_DUPFD => fd_table::duplicate(fd, argument, false).map(|fd| fd as u64),
        command::F_DUPFD_CLOEXEC => fd_table::duplicate(fd, argument, true).map(|fd| fd as u64),
        command::F_GETFD => fd_table::close_on_exec(fd).map(|set| set as u64),
        command::F_SETFD => fd_table::set_close_on_exec(fd, argument & command::FD_CLOEXEC != 0).map(|()| 0),
        command::F_GETFL => fs::descriptor(fd)?.flags(),
        command::F_SETFL => {
            match fs::descriptor(fd)?.host_call(Number::SetFlags, [argument as u64, 0], Errno::ENODEV) {
                // Devices of the kernel have no flags to set.
                Err(Errno::ENODEV) => Ok(0),
                result => result,
            }
        }
        command::F_GETLK | command::F_SETLK | command::F_SETLKW => {
            on_host(fd, Number::Lock, [command as u64, argument as u64], Errno::EINVAL)
        }
        _ => {
            fs::descriptor(fd)?;
            Err(Errno::EINVAL)
        }
    }
}

/// poll(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_poll(set: *mut PollHandle, count: usize, timeout_ms: i32) -> i32 {
    if set.is_null() && count != 0 {
        return done(Err(Errno::EFAULT));
    }
    let mut empty = [];
    let set = if count == 0 {
        &mut empty[..]
    } else {
        // SAFETY: the caller's own array; PollHandle has the layout of struct pollfd.
        unsafe { core::slice::from_raw_parts_mut(set, count) }
    };
    answer_int(fs::poll::poll(set, timeout_ms))
}

/// getrandom(2). Never blocks, never returns less.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_read_entropy(address: *mut u8, len: usize, _flags: u32) -> isize {
    // SAFETY: the caller's buffer.
    answer(unsafe { File::Random.read(buffer(address, len), None) }) as isize
}
