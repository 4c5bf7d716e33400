//! mremap(2).

use alloc::sync::Arc;
use core::ops::Range;

use super::{O_ACCMODE, check_limit, range, store, unmap};
use crate::fs::file::{File, O_RDWR};
use crate::fs::host::pages;
use crate::fs::{beyond, shared_map};
use crate::mm::{self, Protection, Zeroing, reserve};
use crate::user::UserSlice;
use abi::c::MREMAP_MAYMOVE;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// mremap(2): MREMAP_MAYMOVE. Grows into free pages behind, or moves; pages that have moved can be written. `EINVAL` for
/// other flags, `ENOMEM` if it must not move, `EFAULT` if the old pages are not mapped. What is shared with a file stays there.
#[unsafe(no_mangle)]
extern "C" fn sys_mremap(
    address: *mut u8,
    old_size: usize,
    new_size: usize,
    flags: u32,
    ret: *mut *mut u8,
) -> i32 {
    let pages = |size: usize| (size as u64).checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::EINVAL);
    store(
        pages(old_size).and_then(|old_bytes| remap(address as u64, old_bytes, pages(new_size)?, flags)),
        ret,
    )
}

fn remap(start: u64, old_bytes: u64, new_bytes: u64, flags: u32) -> Result<u64, Errno> {
    if flags & !MREMAP_MAYMOVE != 0 || new_bytes == 0 || !start.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    // As on Linux, which looks at more than the first page only if there is something to move.
    let looked_at = if new_bytes <= old_bytes { PAGE_SIZE } else { old_bytes };
    if !mm::is_allocated(start, looked_at) {
        return Err(Errno::EFAULT);
    }
    if new_bytes <= old_bytes {
        if new_bytes < old_bytes {
            unmap(start + new_bytes, old_bytes - new_bytes)?;
        }
        return Ok(start);
    }
    check_limit(new_bytes - old_bytes)?;
    if let Some((file, offset)) = pages::file_of(&range(start, old_bytes)?) {
        return remap_shared(start, old_bytes, new_bytes, flags, (&file, offset));
    }
    if mm::allocate_at(start + old_bytes, new_bytes - old_bytes).is_ok() {
        return match open_like_page_before(start + old_bytes, new_bytes - old_bytes) {
            Ok(()) => Ok(start),
            Err(errno) => mm::release(start + old_bytes, new_bytes - old_bytes).and(Err(errno)),
        };
    }
    if flags & MREMAP_MAYMOVE == 0 || is_of_file(range(start, old_bytes)?) {
        return Err(Errno::ENOMEM);
    }
    let moved = if reserve::concerns(start) {
        reserve::reserve(new_bytes)?
    } else {
        mm::allocate(new_bytes, PAGE_SIZE, Zeroing::Zeroed)?
    };
    if let Err(errno) = move_contents(start, old_bytes, moved, new_bytes) {
        mm::unmap(moved, new_bytes)?;
        return Err(errno);
    }
    mm::unmap(start, old_bytes)?;
    Ok(moved)
}

/// A larger mapping of the same file, which can be written as what moves can: behind the old one, or elsewhere.
fn remap_shared(
    start: u64,
    old_bytes: u64,
    new_bytes: u64,
    flags: u32,
    (file, offset): (&Arc<dyn File>, u64),
) -> Result<u64, Errno> {
    let access = file.flags()? & O_ACCMODE;
    let protection = if access == O_RDWR { Protection::ReadWrite } else { Protection::Read };
    let share = |from: u64, len_bytes: u64, offset: u64| {
        pages::map(range(from, len_bytes)?, file, offset, protection)
            .or_else(|errno| unmap(from, len_bytes).and(Err(errno)))
    };
    let (end, more_bytes) = (start + old_bytes, new_bytes - old_bytes);
    if !reserve::concerns(start) && mm::allocate_at(end, more_bytes).is_ok() {
        return share(end, more_bytes, offset + old_bytes).map(|()| start);
    }
    if flags & MREMAP_MAYMOVE == 0 {
        return Err(Errno::ENOMEM);
    }
    let moved = mm::allocate(new_bytes, PAGE_SIZE, Zeroing::NotNeeded)?;
    share(moved, new_bytes, offset)?;
    unmap(start, old_bytes)?;
    Ok(moved)
}

/// Whether pages belong to a file's, and cannot move.
fn is_of_file(range: Range<u64>) -> bool {
    shared_map::holds(range.clone()) || pages::holds_any(&range) || beyond::holds_any(range)
}

/// From mapped pages to fresh ones: of reserved ones those that are there.
fn move_contents(start: u64, old_bytes: u64, moved: u64, new_bytes: u64) -> Result<(), Errno> {
    let move_part = |part: Range<u64>| {
        let (to, len_bytes) = (moved + (part.start - start), part.end - part.start);
        mm::protect(part.start, len_bytes, Protection::ReadWrite)?;
        if reserve::concerns(moved) {
            mm::protect(to, len_bytes, Protection::ReadWrite)?;
        }
        let copied = UserSlice::new(to, len_bytes)?.copy_from(UserSlice::new(part.start, len_bytes)?);
        // Else another thread has unmapped them meanwhile.
        if copied == len_bytes as usize { Ok(()) } else { Err(Errno::EFAULT) }
    };
    if !reserve::concerns(start) {
        return move_part(range(start, old_bytes)?);
    }
    reserve::for_committed(start, old_bytes, move_part)?;
    open_like_page_before(moved + old_bytes, new_bytes - old_bytes)
}

/// A reservation that has grown by these pages: they can be written if the page before them is there.
fn open_like_page_before(start: u64, len_bytes: u64) -> Result<(), Errno> {
    if reserve::concerns(start) && reserve::is_committed(start - PAGE_SIZE, PAGE_SIZE) {
        return mm::protect(start, len_bytes, Protection::ReadWrite);
    }
    Ok(())
}
