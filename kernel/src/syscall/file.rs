//! System calls on open files.

use alloc::vec;

use super::{answer, answer_int, done, place};
use crate::fs::channel::{self, Channel};
use crate::fs::file::{Buffer, File};
use crate::fs::{self, fd_table};
use abi::c::{
    AF_UNIX, EFD_SEMAPHORE, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_GETLK, F_SETFD, F_SETFL, F_SETLK,
    F_SETLKW, FD_CLOEXEC, FIONREAD, O_CLOEXEC, O_NONBLOCK, SOCK_STREAM,
};
use abi::errno::Errno;
use abi::file::{IoVec, Stat, StatFs};
use abi::hypercall::{MAX_IO_VECTORS, Number};

/// Longest transfer of one call, as on Linux (read(2)): a page less than 2 GiB.
const MAX_TRANSFER_BYTES: usize = 0x7fff_f000;

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
    // SAFETY: the caller's buffer.
    answer(fs::descriptor(fd).and_then(|file| unsafe { file.write(buffer(address, len), None) })) as isize
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
    answer(position(offset).and_then(|offset| {
        // SAFETY: the caller's buffer.
        unsafe { fs::descriptor(fd)?.write(buffer(address, len), offset) }
    })) as isize
}

/// What [`vectors`] does with each part of a device's vector.
type Transfer = unsafe fn(&File, Buffer) -> Result<u64, Errno>;

/// Bytes that a write puts into a pipe whole or not at all, and most that are in one (pipe(7)).
const PIPE_BUF: u64 = 4096;
const PIPE_BYTES: u64 = 65536;

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
    if count == 0 {
        return Ok(0);
    }
    // SAFETY: as the caller says.
    let vectors = unsafe { core::slice::from_raw_parts(vectors, count) };
    if matches!(*file, File::Channel(_)) && (number == Number::ReadV || total_bytes(vectors) <= PIPE_BUF) {
        // SAFETY: as the caller says.
        return unsafe { in_one_piece(&file, number, vectors) };
    }
    let mut sum = 0;
    for vector in vectors {
        let buffer = Buffer { address: vector.base, len_bytes: vector.len_bytes };
        // SAFETY: as the caller says.
        match unsafe { each(&file, buffer) } {
            Ok(count) => {
                sum += count;
                if count < buffer.len_bytes {
                    break;
                }
            }
            // What has been transferred counts.
            Err(_) if sum > 0 => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(sum)
}

fn total_bytes(vectors: &[IoVec]) -> u64 {
    vectors.iter().fold(0, |sum, vector| sum.saturating_add(vector.len_bytes))
}

/// readv(2) and writev(2) of what threads of the isle talk through: a read waits once, a short write is not mixed with others'.
///
/// # Safety
/// The buffers of the vectors are the caller's.
unsafe fn in_one_piece(file: &File, number: Number, vectors: &[IoVec]) -> Result<u64, Errno> {
    let mut piece = vec![0u8; total_bytes(vectors).min(PIPE_BYTES) as usize];
    let whole = Buffer { address: piece.as_mut_ptr() as u64, len_bytes: piece.len() as u64 };
    let reads = number == Number::ReadV;
    // SAFETY: our own memory.
    let count = if reads { unsafe { file.read(whole, None)? } } else { piece.len() as u64 };
    let mut rest = &mut piece[..count as usize];
    for vector in vectors {
        let len = rest.len().min(vector.len_bytes as usize);
        let (ours, theirs) = (rest.as_mut_ptr(), vector.base as *mut u8);
        // SAFETY: `len` bytes of ours, and of the caller's, who reads into its buffers or writes from them.
        unsafe {
            if reads {
                core::ptr::copy_nonoverlapping(ours, theirs, len);
            } else {
                core::ptr::copy_nonoverlapping(theirs, ours, len);
            }
        }
        rest = &mut rest[len..];
    }
    // SAFETY: our own memory.
    if reads { Ok(count) } else { unsafe { file.write(whole, None) } }
}

/// # Safety
/// As [`File::read`].
unsafe fn read_part(file: &File, buffer: Buffer) -> Result<u64, Errno> {
    // SAFETY: as the caller says.
    unsafe { file.read(buffer, None) }
}

/// # Safety
/// As [`File::write`].
unsafe fn write_part(file: &File, buffer: Buffer) -> Result<u64, Errno> {
    // SAFETY: as the caller says.
    unsafe { file.write(buffer, None) }
}

/// readv(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_readv(fd: i32, iov: *const IoVec, count: usize) -> isize {
    // SAFETY: the caller's vectors and their buffers.
    answer(unsafe { vectors(fd, Number::ReadV, iov, count, read_part) }) as isize
}

/// writev(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_writev(fd: i32, iov: *const IoVec, count: usize) -> isize {
    // SAFETY: the caller's vectors and their buffers.
    answer(unsafe { vectors(fd, Number::WriteV, iov, count, write_part) }) as isize
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

/// fstatfs(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_fstatfs(fd: i32, statfs: *mut StatFs) -> i32 {
    done(fs::descriptor(fd).and_then(|file| file.statfs()).and_then(|found| {
        // SAFETY: the caller's own structure, or null.
        *unsafe { place(statfs) }? = found;
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

/// fchown(2).
#[unsafe(no_mangle)]
extern "C" fn sys_fchown(fd: i32, uid: u32, gid: u32) -> i32 {
    answer_int(on_host(fd, Number::ChOwnHandle, [uid.into(), gid.into()], Errno::EPERM))
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
    done(fs::descriptor(fd).and_then(|file| fs::host::chdir_to(&file)))
}

/// ioctl(2): what the proxy lets through, which is about terminals, and FIONREAD.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_ioctl(fd: i32, request: u64, argument: *mut u8) -> i32 {
    if request == FIONREAD
        && let Ok(file) = fs::descriptor(fd)
        && let File::Channel(channel) = &*file
        && let Some(nr_bytes) = channel.nr_readable_bytes()
    {
        // SAFETY: the caller's own int, or null.
        return done(unsafe { place(argument.cast::<i32>()) }.map(|place| *place = nr_bytes as i32));
    }
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
        F_DUPFD => fd_table::duplicate(fd, argument, false).map(|fd| fd as u64),
        F_DUPFD_CLOEXEC => fd_table::duplicate(fd, argument, true).map(|fd| fd as u64),
        F_GETFD => fd_table::close_on_exec(fd).map(|set| set as u64),
        F_SETFD => fd_table::set_close_on_exec(fd, argument & i64::from(FD_CLOEXEC) != 0).map(|()| 0),
        F_GETFL => fs::descriptor(fd)?.flags(),
        F_SETFL => fs::descriptor(fd)?.set_flags(argument as u64).map(|()| 0),
        F_GETLK | F_SETLK | F_SETLKW => {
            on_host(fd, Number::Lock, [command as u64, argument as u64], Errno::EINVAL)
        }
        _ => {
            fs::descriptor(fd)?;
            Err(Errno::EINVAL)
        }
    }
}

const TYPE_MASK: i32 = 0xf;

/// pipe2(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_pipe2(fds: *mut [i32; 2], flags: i32) -> i32 {
    if flags & !(O_NONBLOCK | O_CLOEXEC) != 0 {
        return done(Err(Errno::EINVAL));
    }
    // SAFETY: the caller's own array, or null.
    done(unsafe { insert_two(fds, channel::pipe(flags & O_NONBLOCK != 0), flags) })
}

/// socketpair(2): streams between threads of the isle. `EAFNOSUPPORT`, `EOPNOTSUPP` for anything else.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_socketpair(domain: i32, kind: i32, protocol: i32, fds: *mut [i32; 2]) -> i32 {
    if domain != AF_UNIX {
        return done(Err(Errno::EAFNOSUPPORT));
    }
    if kind & TYPE_MASK != SOCK_STREAM || protocol != 0 {
        return done(Err(Errno::EOPNOTSUPP));
    }
    // SAFETY: the caller's own array, or null.
    done(unsafe { insert_two(fds, channel::socket_pair(kind & O_NONBLOCK != 0), kind) })
}

/// # Safety
/// `fds` is null or the caller's own array.
unsafe fn insert_two(fds: *mut [i32; 2], two: (Channel, Channel), flags: i32) -> Result<(), Errno> {
    // SAFETY: as the caller says.
    let fds = unsafe { place(fds) }?;
    let close_on_exec = flags & O_CLOEXEC != 0;
    let first = fd_table::insert(File::Channel(two.0), close_on_exec)? as i32;
    match fd_table::insert(File::Channel(two.1), close_on_exec) {
        Ok(second) => *fds = [first, second as i32],
        Err(errno) => {
            fd_table::close(first)?;
            return Err(errno);
        }
    }
    Ok(())
}

/// eventfd(2).
#[unsafe(no_mangle)]
extern "C" fn sys_eventfd(value: u64, flags: i16) -> i32 {
    let flags = flags as i32;
    // EFD_CLOEXEC does not fit into an i16, which is hermit-abi's type: nothing is executed, so it means nothing.
    if flags & !(O_NONBLOCK | EFD_SEMAPHORE) != 0 {
        return done(Err(Errno::EINVAL));
    }
    let counter = channel::event_counter(value, flags & EFD_SEMAPHORE != 0, flags & O_NONBLOCK != 0);
    answer_int(fd_table::insert(File::Channel(counter), false).map(|fd| fd as u64))
}

/// getrandom(2). Never blocks, never returns less.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_read_entropy(address: *mut u8, len: usize, _flags: u32) -> isize {
    // SAFETY: the caller's buffer.
    answer(unsafe { File::Random.read(buffer(address, len), None) }) as isize
}
