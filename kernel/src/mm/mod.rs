//! Memory: ranges of the isle's RAM for whoever asks, identity-mapped.
//!
//! [`extents`] knows which ranges are free (pure logic), this module locks it and adds what the isle must do:
//! clearing, protection, giving memory back to the host. [`heap`] cuts ranges into the kernel's own objects. [`reserve`] is for
//! addresses outside of RAM, which the functions here pass on to it.

#![allow(unsafe_code, reason = "hands out memory by its address")]

pub mod extents;
pub mod heap;
pub mod reserve;

use crate::lock::SpinLock;
use crate::{given, platform};
use abi::boot_info::{BootInfo, flag};
use abi::errno::Errno;
use abi::layout::{LARGE_PAGE_SIZE, PAGE_SIZE, PROCESS_SMALL_PAGES_END};
use core::ops::Range;
use extents::{Extents, PageState};

pub use crate::image::Protection;

/// Whether the caller relies on zeroes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeroing {
    /// The memory reads as zero.
    Zeroed,
    /// Anything may be in it.
    NotNeeded,
}

/// An allocation.
#[derive(Clone, Copy, Debug)]
pub struct Allocation {
    /// Where it is.
    pub start: u64,
    /// It reads as zero.
    pub is_zero: bool,
}

/// From this size on a freed range goes back to the host, which also clears it, ...
const DISCARD_BYTES: u64 = 256 * 1024;

/// ... unless no more than this is free that has been used before: using it again costs no page faults.
const KEPT_BYTES: u64 = 32 * 1024 * 1024;

struct Memory {
    /// Usable RAM.
    free: Extents,
    /// RAM that the host must be asked for first: all of the boot info's ranges from this address on.
    usable_end: u64,
    /// All RAM, and what of it is not usable yet.
    total_bytes: u64,
    unusable_bytes: u64,
    /// Bytes that have been protected and not released: while 0, releasing needs no look at protections.
    protected_bytes: u64,
}

static MEMORY: SpinLock<Memory> = SpinLock::new(Memory {
    free: Extents::new(),
    usable_end: 0,
    total_bytes: 0,
    unusable_bytes: 0,
    protected_bytes: 0,
});

/// Takes over the memory ranges of the boot info.
pub fn init(boot: &BootInfo) {
    let mut memory = MEMORY.lock();
    memory.total_bytes = boot.memory_ranges().iter().map(|range| range.len_bytes).sum();
    memory.unusable_bytes = memory.total_bytes;
    memory.use_until(boot, if boot.usable_end == 0 { u64::MAX } else { boot.usable_end });
    drop(memory);
    reserve::init(boot);
}

impl Memory {
    /// RAM is usable up to `end`, which may be known already.
    fn use_until(&mut self, boot: &BootInfo, end: u64) {
        let state = if boot.flags & flag::MEMORY_IS_ZERO != 0 { PageState::Zero } else { PageState::Dirty };
        for range in boot.memory_ranges() {
            let (start, end) = (range.start.max(self.usable_end), range.end().min(end));
            if start < end {
                self.free.add_managed(start, end - start, state);
                self.unusable_bytes -= end - start;
            }
        }
        self.usable_end = self.usable_end.max(end);
    }
}

/// Takes something out of free memory by `attempt`. If that fails, and the host has more memory, asks it for more and tries again.
/// `until` says up to which address, given where usable memory ends; nothing is asked for if `len_bytes` cannot fit anyway.
fn take<T>(
    len_bytes: u64,
    until: impl Fn(u64) -> u64,
    mut attempt: impl FnMut(&mut Extents) -> Option<T>,
) -> Result<T, Errno> {
    loop {
        let (usable_end, wanted_end) = {
            let mut memory = MEMORY.lock();
            if let Some(taken) = attempt(&mut memory.free) {
                return Ok(taken);
            }
            let possible_bytes = memory.free.free_bytes() + memory.unusable_bytes;
            if memory.unusable_bytes == 0 || len_bytes > possible_bytes {
                return Err(Errno::ENOMEM);
            }
            let ram_end = given::info().memory_ranges().iter().map(|range| range.end()).max().unwrap_or(0);
            (memory.usable_end, until(memory.usable_end).min(ram_end))
        };
        if wanted_end <= usable_end {
            return Err(Errno::ENOMEM);
        }
        let end = platform::extend(wanted_end)?;
        MEMORY.lock().use_until(given::info(), end);
    }
}

/// Allocates `len_bytes` (rounded up to pages) at a multiple of `align` (a power of two).
pub fn allocate(len_bytes: u64, align: u64, zeroing: Zeroing) -> Result<u64, Errno> {
    Ok(allocate_from(0, len_bytes, align, zeroing)?.start)
}

/// [`allocate`], where large pages are to back what is at least as long as one: for memory that its owner is going to touch
/// from end to end. Elsewhere the first touch of each small page is a page fault in the process isle.
pub fn allocate_in_large_pages(len_bytes: u64, align: u64, zeroing: Zeroing) -> Result<u64, Errno> {
    Ok(allocate_large(len_bytes, align, zeroing)?.start)
}

/// Memory for an allocator that clears what it must itself. What is longer than `align` is going to be touched from end to end.
pub fn allocate_arena(len_bytes: u64, align: u64) -> Result<Allocation, Errno> {
    if len_bytes > align {
        allocate_large(len_bytes, align, Zeroing::NotNeeded)
    } else {
        allocate_from(0, len_bytes, align, Zeroing::NotNeeded)
    }
}

fn allocate_large(len_bytes: u64, align: u64, zeroing: Zeroing) -> Result<Allocation, Errno> {
    if len_bytes < LARGE_PAGE_SIZE {
        return allocate_from(0, len_bytes, align, zeroing);
    }
    allocate_from(PROCESS_SMALL_PAGES_END, len_bytes, align.max(LARGE_PAGE_SIZE), zeroing)
        .or_else(|_| allocate_from(0, len_bytes, align, zeroing))
}

/// From address `lowest` on, if there is room.
fn allocate_from(lowest: u64, len_bytes: u64, align: u64, zeroing: Zeroing) -> Result<Allocation, Errno> {
    let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
    if len_bytes == 0 || !align.is_power_of_two() {
        return Err(Errno::EINVAL);
    }
    let mut parts = UsedParts::new();
    let align = align.max(PAGE_SIZE);
    let until = |usable_end: u64| usable_end.saturating_add(len_bytes).saturating_add(align);
    let start = take(len_bytes, until, |free| {
        free.allocate(len_bytes, align, lowest, |start, len, state| parts.add(start, len, state))
    })?;
    prepare(start, len_bytes, &parts, zeroing)?;
    Ok(Allocation { start, is_zero: zeroing == Zeroing::Zeroed || parts.are_zero() })
}

/// Allocates just these whole pages, zeroed, or reserves them. `ENOMEM` if they are not free.
pub fn allocate_at(start: u64, len_bytes: u64) -> Result<(), Errno> {
    let len_bytes = checked_range(start, len_bytes)?;
    if reserve::concerns(start) {
        return reserve::reserve_at(start, len_bytes);
    }
    let mut parts = UsedParts::new();
    take(
        len_bytes,
        |_| start + len_bytes,
        |free| free.allocate_at(start, len_bytes, |start, len, state| parts.add(start, len, state)),
    )?;
    prepare(start, len_bytes, &parts, Zeroing::Zeroed)
}

/// Makes a fresh allocation usable, or gives it back.
fn prepare(start: u64, len_bytes: u64, parts: &UsedParts, zeroing: Zeroing) -> Result<(), Errno> {
    if parts.is_forbidden()
        && let Err(errno) = platform::protect(start, len_bytes, Protection::ReadWrite)
    {
        // It stays what it was; nothing has been touched.
        let _ = MEMORY.lock().free.release(start, len_bytes, PageState::Forbidden);
        return Err(errno);
    }
    if zeroing == Zeroing::Zeroed {
        for (part_start, part_len) in parts.dirty(start, len_bytes) {
            // SAFETY: the range was free and is now ours alone, readable and writable.
            unsafe { core::ptr::write_bytes(part_start as *mut u8, 0, part_len as usize) };
        }
    }
    Ok(())
}

/// Whether whole pages are allocated, or reserved, all of them.
pub fn is_allocated(start: u64, len_bytes: u64) -> bool {
    checked_range(start, len_bytes).is_ok_and(|len_bytes| {
        let end = start + len_bytes;
        first_allocated(start, end) == Some(start..end)
    })
}

/// Whether nothing of whole pages is allocated or reserved.
pub fn is_free(start: u64, len_bytes: u64) -> bool {
    checked_range(start, len_bytes).is_ok_and(|len_bytes| first_allocated(start, start + len_bytes).is_none())
}

/// The first stretch of allocated RAM that has its pages, or of reserved addresses, in `start..end`.
fn first_allocated(start: u64, end: u64) -> Option<Range<u64>> {
    let mut from = start;
    loop {
        let part = MEMORY.lock().free.first_allocated(from, end);
        let Some(part) = part else { return reserve::first_reserved(from, end) };
        match reserve::first_lent(part.start, part.end) {
            None => return Some(part),
            Some(lent) if lent.start > part.start => return Some(part.start..lent.start),
            Some(lent) => from = lent.end,
        }
    }
}

/// Whether the page of `address` is allocated, as far as that can be told at once: for interrupts, which may have come while
/// this core changes what is.
pub fn is_page_allocated(address: u64) -> bool {
    let page = address & !(PAGE_SIZE - 1);
    MEMORY.try_lock().is_some_and(|memory| memory.free.is_allocated(page, PAGE_SIZE))
        || reserve::is_reserved_now(page, PAGE_SIZE)
}

/// Calls `each` for the parts of whole pages that are allocated, from the lowest on, as they are when their turn comes.
pub fn for_allocated(
    start: u64,
    len_bytes: u64,
    each: impl FnMut(Range<u64>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let end = start + checked_range(start, len_bytes)?;
    allocated(start..end).try_for_each(each)
}

/// The parts of any range that are allocated, from the lowest on, as they are when their turn comes.
pub fn allocated(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    extents::stretches(range, first_allocated)
}

/// A zeroed page that needs no change of page tables to be used: for page tables.
pub fn allocate_table() -> Result<u64, Errno> {
    let until = |usable_end| usable_end + PAGE_SIZE;
    let (page, state) = take(PAGE_SIZE, until, |free| free.allocate_accessible(PAGE_SIZE))?;
    if state != PageState::Zero {
        // SAFETY: the page was free and is now ours alone.
        unsafe { core::ptr::write_bytes(page as *mut u8, 0, PAGE_SIZE as usize) };
    }
    Ok(page)
}

/// Gives whole pages back, which may be reused as they are. `EINVAL` if any of them is not allocated.
pub fn release(start: u64, len_bytes: u64) -> Result<(), Errno> {
    let len_bytes = checked_range(start, len_bytes)?;
    if reserve::concerns(start) {
        return reserve::release(start, len_bytes);
    }
    let was_protected = check_allocated(start, len_bytes)?;
    if was_protected {
        platform::protect(start, len_bytes, Protection::ReadWrite)?;
    }
    let state = if is_given_back(start, len_bytes) { PageState::Zero } else { PageState::Dirty };
    MEMORY.lock().free.release(start, len_bytes, state).map_err(|_| Errno::EINVAL)
}

/// Gives whole pages back that the program may still have pointers to: using them is a fault. `EINVAL` if any of them is not
/// allocated.
pub fn unmap(start: u64, len_bytes: u64) -> Result<(), Errno> {
    let len_bytes = checked_range(start, len_bytes)?;
    if reserve::concerns(start) {
        return reserve::release(start, len_bytes);
    }
    check_allocated(start, len_bytes)?;
    let given_back = is_given_back(start, len_bytes);
    platform::protect(start, len_bytes, Protection::None)?;
    let state = if given_back { PageState::ForbiddenZero } else { PageState::Forbidden };
    MEMORY.lock().free.release(start, len_bytes, state).map_err(|_| Errno::EINVAL)
}

/// `EINVAL` unless all of the range is allocated. Whether anything in the isle has been protected.
fn check_allocated(start: u64, len_bytes: u64) -> Result<bool, Errno> {
    let memory = MEMORY.lock();
    if memory.free.is_allocated(start, len_bytes) {
        Ok(memory.protected_bytes != 0)
    } else {
        Err(Errno::EINVAL)
    }
}

/// Offers large ranges to the host, unless little is free that the host keeps pages for; true if it took them and they read
/// as zero from now on.
fn is_given_back(start: u64, len_bytes: u64) -> bool {
    len_bytes >= DISCARD_BYTES
        && MEMORY.lock().free.used_bytes() + len_bytes > KEPT_BYTES
        && platform::discard(start, len_bytes).is_ok()
}

/// Changes what may be done with whole allocated pages.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    let len_bytes = checked_range(start, len_bytes)?;
    if reserve::concerns(start) {
        return reserve::protect(start, len_bytes, protection);
    }
    {
        let mut memory = MEMORY.lock();
        if !memory.free.is_allocated(start, len_bytes) {
            return Err(Errno::ENOMEM);
        }
        if protection != Protection::ReadWrite {
            memory.protected_bytes += len_bytes;
        }
    }
    platform::protect(start, len_bytes, protection)
}

/// Lets the host have whole allocated pages back; they read as zero afterwards (`MADV_DONTNEED`).
pub fn discard(start: u64, len_bytes: u64) -> Result<(), Errno> {
    let len_bytes = checked_range(start, len_bytes)?;
    if reserve::concerns(start) {
        return reserve::discard(start, len_bytes);
    }
    if !MEMORY.lock().free.is_allocated(start, len_bytes) {
        return Err(Errno::ENOMEM);
    }
    if platform::discard(start, len_bytes).is_err() {
        // SAFETY: allocated pages, which the caller says it needs no more.
        unsafe { core::ptr::write_bytes(start as *mut u8, 0, len_bytes as usize) };
    }
    Ok(())
}

/// RAM of the isle and what of it is free, in bytes.
pub fn statistics() -> (u64, u64) {
    let memory = MEMORY.lock();
    (memory.total_bytes, memory.free.free_bytes() + memory.unusable_bytes)
}

/// Bytes that the program and its kernel have mapped or reserved.
pub fn mapped_bytes() -> u64 {
    let (total_bytes, free_bytes) = statistics();
    total_bytes.saturating_sub(free_bytes) + reserve::empty_bytes()
}

/// Bytes of RAM that can be had at once.
fn free_bytes() -> u64 {
    MEMORY.lock().free.free_bytes()
}

/// Takes free RAM for [`reserve`], in one piece of `most_bytes` at most: from the top, where the pieces stay together.
fn lend(most_bytes: u64) -> Option<(u64, u64)> {
    MEMORY.lock().free.allocate_highest(most_bytes)
}

/// Takes RAM back that the caller has had.
fn take_back(start: u64, len_bytes: u64, state: PageState) {
    let released = MEMORY.lock().free.release(start, len_bytes, state);
    debug_assert!(released.is_ok(), "it was allocated");
}

/// Rounds the length up to pages; the start must be aligned and the end must not overflow.
fn checked_range(start: u64, len_bytes: u64) -> Result<u64, Errno> {
    let len_bytes = len_bytes.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::EINVAL)?;
    if len_bytes == 0 || !start.is_multiple_of(PAGE_SIZE) || start.checked_add(len_bytes).is_none() {
        return Err(Errno::EINVAL);
    }
    Ok(len_bytes)
}

/// What a fresh allocation is made of: a few exact parts, or else all of it as one.
struct UsedParts {
    parts: [(u64, u64); 8],
    count: usize,
    forbidden: bool,
}

impl UsedParts {
    const fn new() -> Self {
        Self { parts: [(0, 0); 8], count: 0, forbidden: false }
    }

    fn add(&mut self, start: u64, len_bytes: u64, state: PageState) {
        self.forbidden |= matches!(state, PageState::Forbidden | PageState::ForbiddenZero);
        if state.is_used() {
            if let Some(slot) = self.parts.get_mut(self.count) {
                *slot = (start, len_bytes);
            }
            self.count += 1;
        }
    }

    /// Whether some of it is inaccessible.
    fn is_forbidden(&self) -> bool {
        self.forbidden
    }

    /// Whether nothing of it has been used before.
    fn are_zero(&self) -> bool {
        self.count == 0
    }

    /// What must be cleared in an allocation at `start`.
    fn dirty(&self, start: u64, len_bytes: u64) -> impl Iterator<Item = (u64, u64)> {
        let exact = self.parts.iter().take(self.count).copied();
        let whole = (self.count > self.parts.len()).then_some((start, len_bytes));
        whole.into_iter().chain(exact.take(if whole.is_some() { 0 } else { self.count }))
    }
}
