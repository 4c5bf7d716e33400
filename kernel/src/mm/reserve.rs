//! Reservations: addresses outside of RAM that the program keeps for itself, and the pages that come there.
//!
//! A reservation costs no RAM. What of it shall be accessible is committed: free RAM leaves its place (it is lent) and begins at
//! the reserved addresses, as zeroes. So there are never more pages than RAM has, and `ENOMEM` is told when they are wanted. Which
//! piece of RAM stands for which page is not remembered: only the amounts agree.
//!
//! There are reservations where the host has addresses for them (`BootInfo::reservable`); it does the moving.

use core::ops::Range;

use super::extents::{Extents, Lender, PageState, stretches};
use super::{Protection, Zeroing};
use crate::lock::SpinLock;
use crate::{given, platform};
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::layout::{LARGE_PAGE_SIZE, PAGE_SIZE};

/// What goes back to RAM at a time, in bytes: meanwhile interrupts are off.
const STEP_BYTES: u64 = 64 << 20;

/// Pages of RAM for arrays.
const OF_RAM: Lender = Lender {
    take: |len_bytes| super::allocate(len_bytes, PAGE_SIZE, Zeroing::NotNeeded).ok(),
    give_back: |start, len_bytes| super::take_back(start, len_bytes, PageState::Dirty),
};

/// Each knows by "allocated" what its name says.
struct Reservations {
    reserved: Extents,
    /// Reserved addresses with pages.
    committed: Extents,
    /// RAM that has no pages meanwhile.
    lent: Extents,
}

/// Locked before RAM is.
static RESERVATIONS: SpinLock<Reservations> = SpinLock::new(Reservations {
    reserved: Extents::of_addresses(OF_RAM),
    committed: Extents::of_addresses(OF_RAM),
    lent: Extents::of_addresses(OF_RAM),
});

/// Takes over the addresses of the boot info.
pub fn init(boot: &BootInfo) {
    let all = boot.reservable;
    if all.len_bytes == 0 {
        return;
    }
    let mut reservations = RESERVATIONS.lock();
    reservations.reserved.add_managed(all.start, all.len_bytes, PageState::Zero);
    reservations.committed.add_managed(all.start, all.len_bytes, PageState::Zero);
    for range in boot.memory_ranges() {
        reservations.lent.add_managed(range.start, range.len_bytes, PageState::Zero);
    }
}

/// Whether there can be reservations.
pub fn is_possible() -> bool {
    given::info().reservable.len_bytes > 0
}

/// Whether `address` is for reservations.
pub fn concerns(address: u64) -> bool {
    let all = given::info().reservable;
    address.wrapping_sub(all.start) < all.len_bytes
}

/// Reserves `len_bytes` anywhere, whole pages. Nothing of it is accessible.
pub fn reserve(len_bytes: u64) -> Result<u64, Errno> {
    let align = if len_bytes < LARGE_PAGE_SIZE { PAGE_SIZE } else { LARGE_PAGE_SIZE };
    with_room(|reserved| reserved.allocate(len_bytes, align, 0, |_, _, _| {}))
}

/// Reserves just these whole pages: `ENOMEM` if any of them is reserved.
pub fn reserve_at(start: u64, len_bytes: u64) -> Result<(), Errno> {
    with_room(|reserved| reserved.allocate_at(start, len_bytes, |_, _, _| {}))
}

fn with_room<T>(take: impl FnOnce(&mut Extents) -> Option<T>) -> Result<T, Errno> {
    let reserved = &mut RESERVATIONS.lock().reserved;
    if reserved.has_room() { take(reserved).ok_or(Errno::ENOMEM) } else { Err(Errno::ENOMEM) }
}

/// Ends reservations, with the pages that are there: `EINVAL` if any of the range is not reserved.
pub fn release(start: u64, len_bytes: u64) -> Result<(), Errno> {
    if !is_reserved(start, len_bytes) {
        return Err(Errno::EINVAL);
    }
    loop {
        uncommit(start, len_bytes)?;
        let mut reservations = RESERVATIONS.lock();
        // Another thread may have committed some of it meanwhile.
        if reservations.committed.first_allocated(start, start + len_bytes).is_none() {
            let reserved = &mut reservations.reserved;
            if !reserved.has_room() {
                return Err(Errno::ENOMEM);
            }
            return reserved.release(start, len_bytes, PageState::Zero).map_err(|_| Errno::EINVAL);
        }
    }
}

/// Gives the pages of a range back; it stays reserved.
pub fn uncommit(start: u64, len_bytes: u64) -> Result<(), Errno> {
    while RESERVATIONS.lock().uncommit_some(start, start + len_bytes)? {}
    Ok(())
}

/// Changes what may be done with reserved pages; those that shall be accessible are committed. `ENOMEM`: not all of it is
/// reserved, or RAM does not suffice.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    if protection != Protection::None {
        RESERVATIONS.lock().commit(start, start + len_bytes)?;
    }
    for_committed(start, len_bytes, |part| platform::protect(part.start, part.end - part.start, protection))
}

/// Lets the host have the pages of a range back; those that are there read as zero afterwards.
pub fn discard(start: u64, len_bytes: u64) -> Result<(), Errno> {
    for_committed(start, len_bytes, |part| platform::discard(part.start, part.end - part.start))
}

/// Calls `each` for the parts of a range that have pages, as they are when their turn comes.
pub fn for_committed(
    start: u64,
    len_bytes: u64,
    each: impl FnMut(Range<u64>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let first = |from, end| RESERVATIONS.lock().committed.first_allocated(from, end);
    stretches(start..start + len_bytes, first).try_for_each(each)
}

/// Whether all of a range is reserved.
pub fn is_reserved(start: u64, len_bytes: u64) -> bool {
    RESERVATIONS.lock().reserved.is_allocated(start, len_bytes)
}

/// Whether all of a range is reserved and has pages.
pub fn is_committed(start: u64, len_bytes: u64) -> bool {
    RESERVATIONS.lock().committed.is_allocated(start, len_bytes)
}

/// [`is_reserved`], as far as that can be told at once.
pub fn is_reserved_now(start: u64, len_bytes: u64) -> bool {
    RESERVATIONS.try_lock().is_some_and(|all| all.reserved.is_allocated(start, len_bytes))
}

/// The first stretch of reserved addresses in `start..end`.
pub fn first_reserved(start: u64, end: u64) -> Option<Range<u64>> {
    RESERVATIONS.lock().reserved.first_allocated(start, end)
}

/// The first stretch of RAM in `start..end` whose pages are elsewhere.
pub fn first_lent(start: u64, end: u64) -> Option<Range<u64>> {
    RESERVATIONS.lock().lent.first_allocated(start, end)
}

/// Bytes that are reserved and have no pages.
pub fn empty_bytes() -> u64 {
    let all = RESERVATIONS.lock();
    all.committed.free_bytes() - all.reserved.free_bytes()
}

impl Reservations {
    /// Brings pages where there are none. What is committed before RAM ends stays.
    fn commit(&mut self, start: u64, end: u64) -> Result<(), Errno> {
        if !self.reserved.is_allocated(start, end - start)
            || self.missing_bytes(start, end) > super::free_bytes()
        {
            return Err(Errno::ENOMEM);
        }
        while let Some(hole) = self.committed.first_free(start, end) {
            let (ram, len_bytes) = self.lend(hole.end - hole.start)?;
            let moved = platform::move_pages(ram, hole.start, len_bytes);
            // EIO: its pages are gone.
            if moved != Err(Errno::EIO) && moved.is_err() {
                super::take_back(ram, len_bytes, PageState::Zero);
            }
            moved?;
            mark(&mut self.lent, ram, len_bytes);
            mark(&mut self.committed, hole.start, len_bytes);
        }
        Ok(())
    }

    /// A piece of RAM of so many bytes at most.
    fn lend(&mut self, most_bytes: u64) -> Result<(u64, u64), Errno> {
        if self.have_room() { super::lend(most_bytes).ok_or(Errno::ENOMEM) } else { Err(Errno::ENOMEM) }
    }

    fn have_room(&mut self) -> bool {
        self.committed.has_room() && self.lent.has_room()
    }

    fn missing_bytes(&self, start: u64, end: u64) -> u64 {
        let holes = stretches(start..end, |from, end| self.committed.first_free(from, end));
        holes.map(|hole| hole.end - hole.start).sum()
    }

    /// Lets some pages go back to RAM; false if there are none.
    fn uncommit_some(&mut self, start: u64, end: u64) -> Result<bool, Errno> {
        let Some(part) = self.committed.first_allocated(start, end) else { return Ok(false) };
        // As much is lent as is committed.
        let ram = self.lent.first_allocated(0, u64::MAX).ok_or(Errno::EIO)?;
        let len_bytes = (part.end - part.start).min(ram.end - ram.start).min(STEP_BYTES);
        if !self.have_room() {
            return Err(Errno::ENOMEM);
        }
        platform::move_pages(part.start, ram.start, len_bytes)?;
        unmark(&mut self.committed, part.start, len_bytes);
        unmark(&mut self.lent, ram.start, len_bytes);
        super::take_back(ram.start, len_bytes, PageState::Zero);
        Ok(true)
    }
}

/// A range that is free becomes allocated.
fn mark(extents: &mut Extents, start: u64, len_bytes: u64) {
    let marked = extents.allocate_at(start, len_bytes, |_, _, _| {});
    debug_assert!(marked.is_some(), "it was free");
}

/// A range that is allocated becomes free.
fn unmark(extents: &mut Extents, start: u64, len_bytes: u64) {
    let unmarked = extents.release(start, len_bytes, PageState::Zero);
    debug_assert!(unmarked.is_ok(), "it was allocated");
}
