//! mmap(2) and friends.

use super::{answer, done, place};
use crate::fs::{self, file::Buffer};
use crate::mm::{self, Protection, Zeroing};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

const PROT_WRITE: u32 = 2;
const PROT_EXEC: u32 = 4;
const MAP_SHARED: u32 = 0x01;
const MAP_FIXED: u32 = 0x10;
const MAP_ANONYMOUS: u32 = 0x20;
const MADV_DONTNEED: i32 = 4;
const MADV_FREE: i32 = 8;
/// Highest advice of madvise(2) that is a hint and may be ignored.
const MADV_LAST_HINT: i32 = 25;

/// What PROT_* means. Nothing but the image is ever executable: `EACCES`.
fn protection(prot: u32) -> Result<Protection, Errno> {
    match prot {
        _ if prot & PROT_EXEC != 0 => Err(Errno::EACCES),
        0 => Ok(Protection::None),
        _ if prot & PROT_WRITE != 0 => Ok(Protection::ReadWrite),
        _ => Ok(Protection::Read),
    }
}

/// How memory is found for a mapping.
type Allocate = fn(u64, u64, Zeroing) -> Result<u64, Errno>;

/// Anonymous zero-filled memory.
fn map(size: usize, align: usize, prot: u32, allocate: Allocate) -> Result<u64, Errno> {
    let protection = protection(prot)?;
    let start = allocate(size as u64, align as u64, Zeroing::Zeroed)?;
    protect_or_release(start, size as u64, protection)
}

fn protect_or_release(start: u64, len_bytes: u64, protection: Protection) -> Result<u64, Errno> {
    if protection != Protection::ReadWrite
        && let Err(errno) = mm::protect(start, len_bytes, protection)
    {
        mm::release(start, len_bytes)?;
        return Err(errno);
    }
    Ok(start)
}

fn store(result: Result<u64, Errno>, ret: *mut *mut u8) -> i32 {
    done(result.and_then(|start| {
        // SAFETY: the C library passes the address of its own variable.
        *unsafe { place(ret) }? = start as *mut u8;
        Ok(())
    }))
}

/// mmap(2), anonymous and private.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_mmap(size: usize, prot: u32, ret: *mut *mut u8) -> i32 {
    store(map(size, PAGE_SIZE as usize, prot, mm::allocate_in_large_pages), ret)
}

/// `sys_mmap` at a multiple of `align`, a power of two. What is no longer than that is an allocator's arena, which fills over time.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_mmap_aligned(size: usize, align: usize, prot: u32, ret: *mut *mut u8) -> i32 {
    let allocate = if size > align { mm::allocate_in_large_pages } else { mm::allocate };
    store(map(size, align, prot, allocate), ret)
}

/// mmap(2) in full. A file's contents are read when it is mapped; writes to a shared mapping cannot reach the file and
/// are refused with `ENOTSUP`. `MAP_FIXED` replaces pages that the program has mapped before.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_mmap_file(
    address: *mut u8,
    size: usize,
    prot: u32,
    flags: u32,
    fd: i32,
    offset: i64,
    ret: *mut *mut u8,
) -> i32 {
    store(map_file(address as u64, size, prot, flags, (fd, offset)), ret)
}

fn map_file(address: u64, size: usize, prot: u32, flags: u32, file: (i32, i64)) -> Result<u64, Errno> {
    let protection = protection(prot)?;
    let (fd, offset) = file;
    let file = if flags & MAP_ANONYMOUS != 0 {
        None
    } else {
        if offset < 0 || !(offset as u64).is_multiple_of(PAGE_SIZE) || size == 0 {
            return Err(Errno::EINVAL);
        }
        if flags & MAP_SHARED != 0 && prot & PROT_WRITE != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        Some(fs::descriptor(fd)?)
    };
    let len_bytes = size as u64;
    let start = if flags & MAP_FIXED != 0 {
        mm::protect(address, len_bytes, Protection::ReadWrite)?;
        mm::discard(address, len_bytes)?;
        address
    } else {
        mm::allocate_in_large_pages(len_bytes, PAGE_SIZE, Zeroing::Zeroed)?
    };
    if let Some(file) = file
        && let Err(errno) = read_all(&file, Buffer { address: start, len_bytes }, offset as u64)
    {
        mm::release(start, len_bytes)?;
        return Err(errno);
    }
    protect_or_release(start, len_bytes, protection)
}

/// Reads until the buffer is full or the file ends; what is behind the end stays zero.
fn read_all(file: &fs::file::File, buffer: Buffer, offset: u64) -> Result<(), Errno> {
    let mut done = 0;
    while done < buffer.len_bytes {
        let rest = Buffer { address: buffer.address + done, len_bytes: buffer.len_bytes - done };
        // SAFETY: fresh pages that nobody else knows yet.
        match unsafe { file.read(rest, Some(offset + done)) }? {
            0 => break,
            step => done += step,
        }
    }
    Ok(())
}

/// munmap(2). Unlike there, pages that are not mapped are an error.
#[unsafe(no_mangle)]
extern "C" fn sys_munmap(address: *mut u8, size: usize) -> i32 {
    done(mm::unmap(address as u64, size as u64))
}

/// mprotect(2).
#[unsafe(no_mangle)]
extern "C" fn sys_mprotect(address: *mut u8, size: usize, prot: u32) -> i32 {
    done(protection(prot).and_then(|protection| mm::protect(address as u64, size as u64, protection)))
}

/// madvise(2): gives memory back for MADV_DONTNEED and MADV_FREE; other advice is taken without effect.
#[unsafe(no_mangle)]
extern "C" fn sys_madvise(address: *mut u8, size: usize, advice: i32) -> i32 {
    done(match advice {
        MADV_DONTNEED | MADV_FREE => mm::discard(address as u64, size as u64),
        0..=MADV_LAST_HINT => Ok(()),
        _ => Err(Errno::EINVAL),
    })
}

/// Bytes of RAM of the isle.
#[unsafe(no_mangle)]
extern "C" fn sys_memory_total() -> i64 {
    answer(Ok(mm::statistics().0))
}

/// Bytes of RAM that are not mapped.
#[unsafe(no_mangle)]
extern "C" fn sys_memory_free() -> i64 {
    answer(Ok(mm::statistics().1))
}
