//! Which ranges of memory are free: pure logic.
//!
//! A sorted array of free extents. Neighbours merge if they are in the same state; an allocation may span touching extents of any
//! kind. The array lives outside of the memory it describes, so free memory is never
//! touched (untouched pages cost the host nothing); when it is full it moves into pages of its own, or, where addresses
//! have no pages, into those of a [`Lender`].

use abi::layout::PAGE_SIZE;
use core::ops::Range;

/// What free memory is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Reads as zero: fresh from the host, or given back to it.
    Zero,
    /// Used before.
    Dirty,
    /// Used before, and inaccessible since the program unmapped it.
    Forbidden,
    /// Inaccessible, and reads as zero once it is accessible again.
    ForbiddenZero,
}

impl PageState {
    /// Whether something else than zeroes may be in it.
    pub const fn is_used(self) -> bool {
        matches!(self, PageState::Dirty | PageState::Forbidden)
    }
}

/// A free range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    start: u64,
    len_bytes: u64,
    state: PageState,
}

impl Extent {
    const NONE: Extent = Extent { start: 0, len_bytes: 0, state: PageState::Zero };

    const fn end(&self) -> u64 {
        self.start + self.len_bytes
    }
}

/// The array's first home.
const NR_INITIAL: usize = 32;
/// Slots that one operation may need: an allocation out of the middle and one more for moving the array.
const NR_SPARE: usize = 3;
/// Ranges that are managed at most.
const NR_MANAGED: usize = 8;

/// Lends pages for an array.
#[derive(Clone, Copy)]
pub struct Lender {
    /// Takes pages that may be touched as they are, of so many bytes.
    pub take: fn(u64) -> Option<u64>,
    /// Gives them back.
    pub give_back: fn(u64, u64),
}

/// The stretches of `range`, from the lowest on, of which `next` tells the first between two addresses, as they are when their turn comes.
pub fn stretches(
    mut range: Range<u64>,
    mut next: impl FnMut(u64, u64) -> Option<Range<u64>>,
) -> impl Iterator<Item = Range<u64>> {
    core::iter::from_fn(move || {
        let stretch = next(range.start, range.end)?;
        range.start = stretch.end;
        Some(stretch)
    })
}

/// The range given to `release` was not allocated.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAllocated;

/// Free extents of the managed ranges.
pub struct Extents {
    initial: [Extent; NR_INITIAL],
    /// The array, once it has moved: its pages and capacity.
    moved: Option<&'static mut [Extent]>,
    /// Where it moves to, if the extents are no memory themselves.
    lender: Option<Lender>,
    count: usize,
    managed: [(u64, u64); NR_MANAGED],
    nr_managed: usize,
    free_bytes: u64,
    /// Of these, what has been used before and not been given back to the host.
    used_bytes: u64,
}

impl Extents {
    /// Nothing managed, nothing free.
    pub const fn new() -> Self {
        Self::with(None)
    }

    /// The same for ranges of addresses that are no memory.
    pub const fn of_addresses(lender: Lender) -> Self {
        Self::with(Some(lender))
    }

    const fn with(lender: Option<Lender>) -> Self {
        Self {
            initial: [Extent::NONE; NR_INITIAL],
            moved: None,
            lender,
            count: 0,
            managed: [(0, 0); NR_MANAGED],
            nr_managed: 0,
            free_bytes: 0,
            used_bytes: 0,
        }
    }

    /// Bytes free in all extents together.
    pub const fn free_bytes(&self) -> u64 {
        self.free_bytes
    }

    /// Bytes of free memory that has been used before: the host still keeps pages for it.
    pub const fn used_bytes(&self) -> u64 {
        self.used_bytes
    }

    /// Adds a range of memory, all of it free. More than eight ranges that do not touch are not managed.
    pub fn add_managed(&mut self, start: u64, len_bytes: u64, state: PageState) {
        if len_bytes == 0 {
            return;
        }
        let managed = &mut self.managed[..self.nr_managed];
        match managed.iter_mut().find(|(first, len)| first + len == start) {
            Some((_, len)) => *len += len_bytes,
            None if self.nr_managed == NR_MANAGED => return,
            None => {
                self.managed[self.nr_managed] = (start, len_bytes);
                self.nr_managed += 1;
            }
        }
        self.make_room();
        self.insert(Extent { start, len_bytes, state });
    }

    /// Takes the first range of `len_bytes` at a multiple of `align`, from address `lowest` on if there is one, else anywhere;
    /// tells `each` about its parts: start, length, and what they are like.
    pub fn allocate(
        &mut self,
        len_bytes: u64,
        align: u64,
        lowest: u64,
        mut each: impl FnMut(u64, u64, PageState),
    ) -> Option<u64> {
        self.make_room();
        let start = self.find(len_bytes, align, lowest).or_else(|| self.find(len_bytes, align, 0))?;
        self.remove(start, len_bytes, &mut each);
        Some(start)
    }

    /// Takes what is at the highest addresses, in one piece of `most_bytes` at most. Where it begins, and its length.
    pub fn allocate_highest(&mut self, most_bytes: u64) -> Option<(u64, u64)> {
        self.make_room();
        let last = self.list().last()?;
        let len_bytes = last.len_bytes.min(most_bytes);
        let start = last.end() - len_bytes;
        self.remove(start, len_bytes, &mut |_, _, _| {});
        Some((start, len_bytes))
    }

    /// Takes just this range, if all of it is free; tells `each` as [`Self::allocate`] does.
    pub fn allocate_at(
        &mut self,
        start: u64,
        len_bytes: u64,
        mut each: impl FnMut(u64, u64, PageState),
    ) -> Option<()> {
        self.make_room();
        let first = self.first_ending_after(start);
        let mut reached = start;
        for extent in &self.list()[first..] {
            if extent.start > reached || reached >= start + len_bytes {
                break;
            }
            reached = extent.end();
        }
        (reached >= start + len_bytes).then(|| self.remove(start, len_bytes, &mut each))
    }

    /// [`Self::allocate`] of memory that may be touched as it is, page-aligned. Tells whether it reads as zero.
    pub fn allocate_accessible(&mut self, len_bytes: u64) -> Option<(u64, PageState)> {
        self.make_room();
        let start = self.find_accessible(len_bytes)?;
        let mut found = PageState::Dirty;
        self.remove(start, len_bytes, &mut |_, _, state| found = state);
        Some((start, found))
    }

    /// Gives an allocated range back.
    pub fn release(&mut self, start: u64, len_bytes: u64, state: PageState) -> Result<(), NotAllocated> {
        self.make_room();
        if !self.is_allocated(start, len_bytes) {
            return Err(NotAllocated);
        }
        self.insert(Extent { start, len_bytes, state });
        Ok(())
    }

    /// Whether all of the range is managed and none of it is free.
    pub fn is_allocated(&self, start: u64, len_bytes: u64) -> bool {
        let end = start + len_bytes;
        let managed =
            self.managed[..self.nr_managed].iter().any(|&(first, len)| start >= first && end <= first + len);
        let i = self.first_ending_after(start);
        managed && self.list().get(i).is_none_or(|extent| extent.start >= end)
    }

    /// The first stretch of allocated memory in `start..end`.
    pub fn first_allocated(&self, start: u64, end: u64) -> Option<Range<u64>> {
        let managed = self.managed[..self.nr_managed].iter();
        let parts = managed.map(|&(first, len)| start.max(first)..end.min(first + len));
        let found = parts.filter_map(|part| self.allocated_in(part));
        found.min_by_key(|found| found.start)
    }

    /// The first stretch of free memory in `start..end`, all in the same state.
    pub fn first_free(&self, start: u64, end: u64) -> Option<Range<u64>> {
        let extent = self.list().get(self.first_ending_after(start))?;
        let free = extent.start.max(start)..extent.end().min(end);
        (!free.is_empty()).then_some(free)
    }

    /// [`Self::first_allocated`] in a part that is managed.
    fn allocated_in(&self, part: Range<u64>) -> Option<Range<u64>> {
        let mut from = part.start;
        let mut i = self.first_ending_after(from);
        while let Some(extent) = self.list().get(i).filter(|extent| extent.start <= from) {
            from = extent.end();
            i += 1;
        }
        let until = self.list().get(i).map_or(part.end, |extent| extent.start.min(part.end));
        (from < until).then_some(from..until)
    }

    /// Whether the array takes what one operation adds. Without that, nothing more may be allocated or released.
    pub fn has_room(&mut self) -> bool {
        self.make_room();
        self.count + NR_SPARE < self.slots().len()
    }

    fn list(&self) -> &[Extent] {
        let slots = match &self.moved {
            Some(slots) => &**slots,
            None => &self.initial[..],
        };
        &slots[..self.count]
    }

    fn slots(&mut self) -> &mut [Extent] {
        match &mut self.moved {
            Some(slots) => slots,
            None => &mut self.initial,
        }
    }

    /// Index of the first extent that ends behind `address`.
    fn first_ending_after(&self, address: u64) -> usize {
        self.list().partition_point(|extent| extent.end() <= address)
    }

    /// First fit over runs of touching extents.
    fn find(&self, len_bytes: u64, align: u64, lowest: u64) -> Option<u64> {
        let mut run = 0..0;
        for extent in self.list() {
            if extent.start != run.end {
                run.start = extent.start;
            }
            run.end = extent.end();
            let start = run.start.max(lowest).checked_next_multiple_of(align)?;
            if start.checked_add(len_bytes)? <= run.end {
                return Some(start);
            }
        }
        None
    }

    /// An extent of this length at least that may be touched as it is.
    fn find_accessible(&self, len_bytes: u64) -> Option<u64> {
        let fits = |extent: &&Extent| {
            matches!(extent.state, PageState::Zero | PageState::Dirty) && extent.len_bytes >= len_bytes
        };
        self.list().iter().find(fits).map(|extent| extent.start)
    }

    /// Cuts a range, all of it free, out of the list.
    fn remove(&mut self, start: u64, len_bytes: u64, each: &mut impl FnMut(u64, u64, PageState)) {
        let end = start + len_bytes;
        self.free_bytes -= len_bytes;
        let mut i = self.first_ending_after(start);
        while let Some(&extent) = self.list().get(i)
            && extent.start < end
        {
            let cut = (extent.start.max(start), extent.end().min(end));
            each(cut.0, cut.1 - cut.0, extent.state);
            if extent.state.is_used() {
                self.used_bytes -= cut.1 - cut.0;
            }
            let before = Extent { len_bytes: cut.0 - extent.start, ..extent };
            let after = Extent { start: cut.1, len_bytes: extent.end() - cut.1, ..extent };
            self.delete(i);
            for rest in [before, after] {
                if rest.len_bytes != 0 {
                    self.put(i, rest);
                    i += 1;
                }
            }
        }
    }

    /// Adds a free range that touches no free range of the list except at its ends.
    fn insert(&mut self, mut extent: Extent) {
        self.free_bytes += extent.len_bytes;
        if extent.state.is_used() {
            self.used_bytes += extent.len_bytes;
        }
        let mut i = self.first_ending_after(extent.start);
        if let Some(&before) = i.checked_sub(1).and_then(|before| self.list().get(before))
            && before.end() == extent.start
            && before.state == extent.state
        {
            extent = Extent { start: before.start, len_bytes: before.len_bytes + extent.len_bytes, ..extent };
            i -= 1;
            self.delete(i);
        }
        if let Some(&after) = self.list().get(i)
            && after.start == extent.end()
            && after.state == extent.state
        {
            extent.len_bytes += after.len_bytes;
            self.delete(i);
        }
        self.put(i, extent);
    }

    fn put(&mut self, i: usize, extent: Extent) {
        let count = self.count;
        let slots = self.slots();
        slots.copy_within(i..count, i + 1);
        slots[i] = extent;
        self.count += 1;
    }

    fn delete(&mut self, i: usize) {
        let count = self.count;
        self.slots().copy_within(i + 1..count, i);
        self.count -= 1;
    }

    /// Moves the array into an allocation of twice its size when it is nearly full. Without memory for that the array
    /// stays, and the next operation that needs a slot too many panics: by then the isle has nothing left at all.
    fn make_room(&mut self) {
        let capacity = self.slots().len();
        if self.count + NR_SPARE < capacity {
            return;
        }
        let len_bytes = ((2 * capacity * size_of::<Extent>()) as u64).next_multiple_of(PAGE_SIZE);
        let Some(start) = self.take_pages(len_bytes) else { return };
        let new = start as *mut Extent;
        let new_capacity = len_bytes as usize / size_of::<Extent>();
        for i in 0..new_capacity {
            // SAFETY: within the range that was just taken, which is mapped RAM nobody else has.
            unsafe { new.add(i).write(Extent::NONE) };
        }
        // SAFETY: initialised above, aligned to a page, and kept until the array moves again.
        let new = unsafe { core::slice::from_raw_parts_mut(new, new_capacity) };
        new[..self.count].copy_from_slice(self.list());
        if let Some(old) = self.moved.replace(new) {
            let old_len = (size_of_val(old) as u64).next_multiple_of(PAGE_SIZE);
            let old = old.as_ptr() as u64;
            match self.lender {
                Some(lender) => (lender.give_back)(old, old_len),
                None => self.insert(Extent { start: old, len_bytes: old_len, state: PageState::Dirty }),
            }
        }
    }

    /// Pages for an array, its own or lent ones.
    fn take_pages(&mut self, len_bytes: u64) -> Option<u64> {
        if let Some(lender) = self.lender {
            return (lender.take)(len_bytes);
        }
        let start = self.find_accessible(len_bytes)?;
        self.remove(start, len_bytes, &mut |_, _, _| {});
        Some(start)
    }
}

#[cfg(test)]
mod tests;
