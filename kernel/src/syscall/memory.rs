//! mmap(2) and friends.

mod remap;
mod resident;

use alloc::sync::Arc;
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{answer, done};
use crate::fs;
use crate::fs::beyond;
use crate::fs::file::{File, Mapping, O_RDWR};
use crate::fs::host::pages;
use crate::fs::shared_map::{self, Access, Meeting};
use crate::given;
use crate::image;
use crate::mm::{self, Protection, Zeroing, reserve};
use crate::user::{UserPtr, UserSlice};
use abi::c::{
    self, MADV_DONTNEED, MADV_FREE, MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_PRIVATE, MAP_SHARED,
    MAP_SHARED_VALIDATE, MAP_TYPE, MS_ASYNC, MS_INVALIDATE, MS_SYNC, PROT_EXEC, PROT_NONE, PROT_READ,
    PROT_WRITE,
};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Access mode among the flags of open(2).
const O_ACCMODE: u64 = c::O_ACCMODE as u64;
const O_WRONLY: u64 = c::O_WRONLY as u64;
/// Highest advice of madvise(2) that is a hint and may be ignored.
const LAST_HINT: i32 = 25;

/// What PROT_* means. Pages become code where the user allows it, never those that can be written: `EACCES`. `EINVAL` for bits
/// that mean nothing.
fn protection(prot: u32) -> Result<Protection, Errno> {
    match prot {
        _ if prot & !(PROT_READ | PROT_WRITE | PROT_EXEC) != 0 => Err(Errno::EINVAL),
        _ if prot & PROT_EXEC != 0 && (prot & PROT_WRITE != 0 || !given::may_make_code()) => {
            Err(Errno::EACCES)
        }
        _ if prot & PROT_EXEC != 0 => Ok(Protection::ReadExecute),
        PROT_NONE => Ok(Protection::None),
        _ if prot & PROT_WRITE != 0 => Ok(Protection::ReadWrite),
        _ => Ok(Protection::Read),
    }
}

/// What the program allows itself, in bytes.
static LIMIT: AtomicU64 = AtomicU64::new(u64::MAX);

/// Whether so much more may be mapped: `ENOMEM`.
fn check_limit(len_bytes: u64) -> Result<(), Errno> {
    let limit = LIMIT.load(Relaxed);
    if limit == u64::MAX {
        return Ok(());
    }
    if mm::mapped_bytes().saturating_add(len_bytes) > limit { Err(Errno::ENOMEM) } else { Ok(()) }
}

/// Fresh pages anywhere: what is not to be accessible is only reserved, where that is possible.
fn place(len_bytes: u64, protection: Protection) -> Result<u64, Errno> {
    check_limit(len_bytes)?;
    if protection == Protection::None && reserve::is_possible() {
        return reserve::reserve(len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?);
    }
    mm::allocate_in_large_pages(len_bytes, PAGE_SIZE, Zeroing::Zeroed)
}

/// Fresh RAM can be written; reserved addresses get their pages here.
fn protect_or_release(start: u64, len_bytes: u64, protection: Protection) -> Result<u64, Errno> {
    if (protection != Protection::ReadWrite || reserve::concerns(start))
        && let Err(errno) = mm::protect(start, len_bytes, protection)
    {
        mm::release(start, len_bytes)?;
        return Err(errno);
    }
    Ok(start)
}

fn store(result: Result<u64, Errno>, ret: *mut *mut u8) -> i32 {
    done(result.and_then(|start| UserPtr::new(ret.cast::<u64>())?.write(start)))
}

/// mmap(2), anonymous and private.
#[unsafe(no_mangle)]
extern "C" fn sys_mmap(size: usize, prot: u32, ret: *mut *mut u8) -> i32 {
    let len_bytes = size as u64;
    let map = |protection| protect_or_release(place(len_bytes, protection)?, len_bytes, protection);
    store(protection(prot).and_then(map), ret)
}

/// For allocators: memory at a multiple of `align`, a power of two. `is_zero` tells by 1 that it reads as zero; with 0 anything
/// that the program has had in memory before may be in it. What is no longer than `align` is an arena, which fills over time.
#[unsafe(no_mangle)]
extern "C" fn sys_mmap_arena(
    size: usize,
    align: usize,
    prot: u32,
    is_zero: *mut i32,
    ret: *mut *mut u8,
) -> i32 {
    let (len_bytes, align) = (size as u64, align as u64);
    store(
        protection(prot).and_then(|protection| {
            check_limit(len_bytes)?;
            let fresh = mm::allocate_arena(len_bytes, align)?;
            UserPtr::new(is_zero)?.write(i32::from(fresh.is_zero))?;
            protect_or_release(fresh.start, len_bytes, protection)
        }),
        ret,
    )
}

/// mmap(2) in full. What is shared with a file are the host's pages of it ([`pages`]), or a copy: see [`shared_map`] for how writes to that reach
/// it. Else a file's contents are read when it is mapped. `MAP_FIXED` maps RAM of the isle at its address, or pages among reserved ones, and replaces what is mapped there; with `MAP_FIXED_NOREPLACE` that is
/// `EEXIST`. `EACCES`: the file is not open for that.
#[unsafe(no_mangle)]
extern "C" fn sys_mmap_file(
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
    let kind = flags & MAP_TYPE;
    if kind != MAP_SHARED && kind != MAP_PRIVATE && kind != MAP_SHARED_VALIDATE {
        return Err(Errno::EINVAL);
    }
    let protection = protection(prot)?;
    let (fd, offset) = file;
    let file = if flags & MAP_ANONYMOUS != 0 {
        None
    } else {
        if offset < 0 || !(offset as u64).is_multiple_of(PAGE_SIZE) || size == 0 {
            return Err(Errno::EINVAL);
        }
        Some(Source::new(fd, flags, prot)?)
    };
    let len_bytes = size as u64;
    let start = if flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) != 0 {
        place_at(address, len_bytes, flags)?
    } else {
        place(len_bytes, if file.is_some() { Protection::ReadWrite } else { protection })?
    };
    if let Some(source) = file {
        // Whole pages, as far as the file goes.
        let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::EINVAL)?;
        protect_or_release(start, len_bytes, Protection::ReadWrite)?;
        if source.shows == Mapping::Contents {
            let Source { file, is_shared, .. } = source;
            if flags & MAP_TYPE != MAP_PRIVATE {
                match share(range(start, len_bytes)?, &file, offset as u64, protection) {
                    Err(Errno::EOPNOTSUPP) => {}
                    Err(errno) => return unmap(start, len_bytes).and(Err(errno)),
                    Ok(()) => return Ok(start),
                }
            }
            let mapping = beyond::Mapping { file, offset: offset as u64, is_shared, protection };
            if let Err(errno) = beyond::map(range(start, len_bytes)?, mapping) {
                unmap(start, len_bytes)?;
                return Err(errno);
            }
            return Ok(start);
        }
    }
    protect_or_release(start, len_bytes, protection)
}

/// Lets fresh pages be the host's own of a file. `ENOTSUP`: they have to be copies.
fn share(range: Range<u64>, file: &Arc<dyn File>, offset: u64, protection: Protection) -> Result<(), Errno> {
    if protection != Protection::ReadExecute {
        return pages::map(range, file, offset, protection);
    }
    // The host maps nothing that is executable; it may become so.
    pages::map(range.clone(), file, offset, Protection::Read)?;
    mm::protect(range.start, range.end - range.start, protection)
}

/// Fresh pages just there, for MAP_FIXED and MAP_FIXED_NOREPLACE; reserved addresses have none as yet. `ENOMEM` where the isle has
/// neither RAM nor addresses for reservations.
fn place_at(address: u64, len_bytes: u64, flags: u32) -> Result<u64, Errno> {
    let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
    if !address.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    if is_mapped(address, len_bytes) {
        if flags & MAP_FIXED_NOREPLACE != 0 {
            return Err(Errno::EEXIST);
        }
        // What other threads use of it meanwhile stays mapped.
        shared_map::remove(range(address, len_bytes)?)?;
        beyond::remove(range(address, len_bytes)?);
        pages::remove(&range(address, len_bytes)?)?;
        if reserve::concerns(address) {
            reserve::uncommit(address, len_bytes)?;
            return Ok(address);
        }
        mm::protect(address, len_bytes, Protection::ReadWrite)?;
        mm::discard(address, len_bytes)?;
        return Ok(address);
    }
    if flags & MAP_FIXED_NOREPLACE != 0 && !is_free(address, len_bytes) {
        return Err(Errno::EEXIST);
    }
    check_limit(len_bytes)?;
    unmap(address, len_bytes)?;
    mm::allocate_at(address, len_bytes)?;
    Ok(address)
}

/// What a mapping shows.
struct Source {
    file: Arc<dyn File>,
    shows: Mapping,
    /// Writes to the pages can reach it.
    is_shared: bool,
}

impl Source {
    fn new(fd: i32, flags: u32, prot: u32) -> Result<Self, Errno> {
        let file = fs::descriptor(fd)?;
        let access = file.flags()? & O_ACCMODE;
        let shared = flags & MAP_TYPE != MAP_PRIVATE;
        if access == O_WRONLY || (shared && prot & PROT_WRITE != 0 && access != O_RDWR) {
            return Err(Errno::EACCES);
        }
        let shows = file.map()?;
        let is_shared = shared && access == O_RDWR && shows == Mapping::Contents;
        Ok(Self { file, shows, is_shared })
    }
}

fn range(start: u64, len_bytes: u64) -> Result<Range<u64>, Errno> {
    Ok(start..start.checked_add(len_bytes).ok_or(Errno::EINVAL)?)
}

/// munmap(2). Where nothing is mapped there is nothing to do; the image stays: `EINVAL`.
#[unsafe(no_mangle)]
extern "C" fn sys_munmap(address: *mut u8, size: usize) -> i32 {
    done(unmap(address as u64, size as u64))
}

fn unmap(start: u64, len_bytes: u64) -> Result<(), Errno> {
    let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::EINVAL)?;
    if image::holds_any(start, len_bytes) {
        return Err(Errno::EINVAL);
    }
    mm::for_allocated(start, len_bytes, |part| {
        // As on Linux munmap does not fail for what a file does not take.
        let _ = shared_map::remove(part.clone());
        beyond::remove(part.clone());
        pages::remove(&part)?;
        mm::unmap(part.start, part.end - part.start)
    })
}

/// msync(2): MS_ASYNC, MS_INVALIDATE, MS_SYNC.
#[unsafe(no_mangle)]
extern "C" fn sys_msync(address: *mut u8, size: usize, flags: i32) -> i32 {
    let (start, len_bytes) = (address as u64, size as u64);
    let both = MS_ASYNC | MS_SYNC;
    if flags & !(both | MS_INVALIDATE) != 0 || flags & both == both || !start.is_multiple_of(PAGE_SIZE) {
        return done(Err(Errno::EINVAL));
    }
    if len_bytes == 0 {
        return 0;
    }
    let how = if flags & MS_INVALIDATE != 0 { Meeting::Exchange } else { Meeting::WriteBack };
    beyond::look_again();
    done(range(start, len_bytes).and_then(|range| {
        shared_map::meet(range.clone(), how)?;
        if flags & MS_SYNC != 0 {
            pages::sync(&range)?;
            shared_map::sync(range)?;
        }
        check_mapped(start, len_bytes)
    }))
}

/// mprotect(2). `ENOMEM` if anything there is not mapped; what comes before it is changed, as on Linux.
#[unsafe(no_mangle)]
extern "C" fn sys_mprotect(address: *mut u8, size: usize, prot: u32) -> i32 {
    let (start, len_bytes) = (address as u64, size as u64);
    if !start.is_multiple_of(PAGE_SIZE) {
        return done(Err(Errno::EINVAL));
    }
    if len_bytes == 0 {
        return 0;
    }
    done(protection(prot).and_then(|protection| change_protection(start, len_bytes, protection)))
}

fn change_protection(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
    let mut reached = start;
    mm::for_allocated(start, len_bytes, |part| {
        if part.start != reached {
            return Err(Errno::ENOMEM);
        }
        reached = part.end;
        protect_part(part, protection)
    })?;
    if reached == start + len_bytes { Ok(()) } else { Err(Errno::ENOMEM) }
}

fn protect_part(part: Range<u64>, protection: Protection) -> Result<(), Errno> {
    beyond::protect(part, protection, |part| {
        let len_bytes = part.end - part.start;
        if protection == Protection::None {
            shared_map::set_access(part.clone(), Access::None)?;
            return mm::protect(part.start, len_bytes, protection);
        }
        mm::protect(part.start, len_bytes, protection)?;
        shared_map::set_access(part, Access::Readable)
    })
}

/// Whether all of a range is mapped, the image's segments included: `ENOMEM` if not.
#[unsafe(no_mangle)]
extern "C" fn sys_check_mapped(address: *const u8, size: usize) -> i32 {
    done(check_mapped(address as u64, size as u64))
}

fn check_mapped(address: u64, len_bytes: u64) -> Result<(), Errno> {
    let first = address & !(PAGE_SIZE - 1);
    let end = address.checked_add(len_bytes).and_then(|end| end.checked_next_multiple_of(PAGE_SIZE));
    let end = end.ok_or(Errno::ENOMEM)?;
    if len_bytes == 0 || is_mapped(first, end - first) { Ok(()) } else { Err(Errno::ENOMEM) }
}

/// Whether whole pages are all RAM that is allocated, or all the image's.
fn is_mapped(start: u64, len_bytes: u64) -> bool {
    mm::is_allocated(start, len_bytes) || image::holds(start, len_bytes)
}

/// Whether none of them is mapped.
fn is_free(start: u64, len_bytes: u64) -> bool {
    mm::is_free(start, len_bytes) && !image::holds_any(start, len_bytes)
}

/// memcpy(3) that says `EFAULT`: for calls whose arguments Linux's kernel looks at, and here the C library.
#[unsafe(no_mangle)]
extern "C" fn sys_copy(to: *mut u8, from: *const u8, len: usize) -> i32 {
    let copied = UserSlice::new(to as u64, len as u64)
        .and_then(|to| Ok(to.copy_from(UserSlice::new(from as u64, len as u64)?)));
    match copied {
        Ok(count) if count == len => 0,
        _ => Errno::EFAULT.to_wire() as i32,
    }
}

/// madvise(2): gives memory back for MADV_DONTNEED and MADV_FREE, or fetches the file's contents for what is shared with one;
/// other advice is taken without effect. `ENOMEM` if anything there is not mapped.
#[unsafe(no_mangle)]
extern "C" fn sys_madvise(address: *mut u8, size: usize, advice: i32) -> i32 {
    done(advise(address as u64, size as u64, advice))
}

fn advise(start: u64, len_bytes: u64, advice: i32) -> Result<(), Errno> {
    if !(0..=LAST_HINT).contains(&advice) || !start.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    if len_bytes == 0 {
        return Ok(());
    }
    if advice == MADV_FREE && pages::holds_any(&range(start, len_bytes)?) {
        return Err(Errno::EINVAL);
    }
    // As on Linux what is mapped is done, also if not all of it is.
    let whole = check_mapped(start, len_bytes);
    if matches!(advice, MADV_DONTNEED | MADV_FREE) {
        mm::for_allocated(start, len_bytes, |part| {
            if shared_map::holds(part.clone()) {
                return shared_map::meet(part, Meeting::Exchange);
            }
            // A file's own pages have nothing that could be lost, or given back.
            pages::for_others(part, |part| mm::discard(part.start, part.end - part.start))
        })?;
    }
    whole
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

/// Lets the program map no more than so many bytes in all; what is mapped stays. `u64::MAX`: as many as there are.
#[unsafe(no_mangle)]
extern "C" fn sys_limit_memory(bytes: u64) -> i32 {
    LIMIT.store(bytes, Relaxed);
    0
}
