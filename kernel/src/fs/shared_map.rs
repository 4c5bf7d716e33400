//! Files mapped with MAP_SHARED where the host's own pages cannot be had ([`super::host::pages`]): what the program writes to the pages
//! reaches the file.
//!
//! A mapping is a copy of the file's contents. It is written back, page by page as far as pages have changed,
//! by msync(2), munmap(2) and at the end of the program; msync with MS_INVALIDATE also fetches what others
//! have written. Until then the two do not know of each other.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use super::file::{File, Sync};
use crate::sorted::Sorted;
use crate::sync::{Mutex, SpinLock};
use crate::user::{UserCursor, UserSlice};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// One mapping, or what munmap has left of it.
struct Mapping {
    file: Arc<dyn File>,
    /// Where in the file it begins.
    offset: u64,
    /// Of each page, as the file had it when they last met.
    sums: Vec<u64>,
    /// Pages that the program has made inaccessible have met the file before that.
    access: Access,
}

/// Whether pages can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They can be read at least.
    Readable,
    /// PROT_NONE.
    None,
}

/// Mappings by their first address; each is in here or in the hands of whoever lets it meet its file.
static MAPPINGS: SpinLock<Sorted<u64, Mapping>> = SpinLock::new(Sorted::new());
static MEETS: Mutex<()> = Mutex::new(());

/// Whether file and pages meet in one direction only, or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// The pages' changes go to the file.
    WriteBack,
    /// Then the file's contents come to the pages.
    Exchange,
}

/// Remembers that whole pages, which hold the file's contents from `offset` on, are shared with it.
pub fn add(start: u64, len_bytes: u64, file: Arc<dyn File>, offset: u64) -> Result<(), Errno> {
    let sums = pages(start, len_bytes.div_ceil(PAGE_SIZE)).map(sum).collect::<Result<_, _>>()?;
    MAPPINGS.lock().insert(start, Mapping { file, offset, sums, access: Access::Readable });
    Ok(())
}

/// Lets pages and files meet, in as much of `range` as is shared. The first error, after everything else has
/// been done.
pub fn meet(range: Range<u64>, how: Meeting) -> Result<(), Errno> {
    let _meets = MEETS.lock();
    let mut result = Ok(());
    for (start, mut mapping) in take(&range) {
        result = result.and(mapping.meet(start, &range, how));
        MAPPINGS.lock().insert(start, mapping);
    }
    result
}

/// Writes pages in `range` back and forgets that they are shared: they are going to be unmapped.
pub fn remove(range: Range<u64>) -> Result<(), Errno> {
    let _meets = MEETS.lock();
    let mut result = Ok(());
    for (start, mut mapping) in take(&range) {
        result = result.and(mapping.meet(start, &range, Meeting::WriteBack));
        let [before, _, after] = mapping.split(start, &range);
        put_all([before, after]);
    }
    result
}

/// Whole pages are going to be, or have been, protected: inaccessible ones meet the file before.
pub fn set_access(range: Range<u64>, access: Access) -> Result<(), Errno> {
    let _meets = MEETS.lock();
    let mut result = Ok(());
    for (start, mut mapping) in take(&range) {
        result = result.and(mapping.meet(start, &range, Meeting::WriteBack));
        let [before, middle, after] = mapping.split(start, &range);
        let middle = middle.map(|(start, mapping)| (start, Mapping { access, ..mapping }));
        put_all([before, middle, after]);
    }
    result
}

/// The same for every mapping: the program ends. Errors have nobody to be told to.
pub fn finish() {
    if !MAPPINGS.lock().is_empty() {
        let _ = meet(0..u64::MAX, Meeting::WriteBack);
    }
}

/// Whether anything in `range` is shared.
pub fn holds(range: Range<u64>) -> bool {
    MAPPINGS.lock().iter().any(|(start, mapping)| start < range.end && mapping.end(start) > range.start)
}

/// Takes out the mappings that overlap `range`: asking the host is not for the lock.
fn take(range: &Range<u64>) -> Vec<(u64, Mapping)> {
    MAPPINGS.lock().take(|start, mapping| start < range.end && mapping.end(start) > range.start)
}

/// Puts parts of a mapping back.
fn put_all<const COUNT: usize>(parts: [Option<(u64, Mapping)>; COUNT]) {
    let mut mappings = MAPPINGS.lock();
    for (start, mapping) in parts.into_iter().flatten() {
        mappings.insert(start, mapping);
    }
}

impl Mapping {
    fn end(&self, start: u64) -> u64 {
        start + self.sums.len() as u64 * PAGE_SIZE
    }

    /// Its pages in `range`, by their number in the mapping.
    fn pages_in(&self, start: u64, range: &Range<u64>) -> Range<usize> {
        let first = range.start.max(start) - start;
        let last = range.end.min(self.end(start)) - start;
        (first / PAGE_SIZE) as usize..last.div_ceil(PAGE_SIZE) as usize
    }

    fn meet(&mut self, start: u64, range: &Range<u64>, how: Meeting) -> Result<(), Errno> {
        if self.access == Access::None {
            return Ok(());
        }
        let size_bytes = self.file.stat()?.st_size as u64;
        for page in self.pages_in(start, range) {
            let address = start + page as u64 * PAGE_SIZE;
            let offset = self.offset + page as u64 * PAGE_SIZE;
            let whole = UserSlice::new(address, PAGE_SIZE)?;
            let shared = whole.first(size_bytes.saturating_sub(offset));
            let now = sum(address)?;
            if now != self.sums[page] {
                write_all(&*self.file, shared, offset)?;
                self.sums[page] = now;
            }
            if how == Meeting::Exchange {
                read_all(&*self.file, shared, offset)?;
                self.sums[page] = sum(address)?;
            }
        }
        Ok(())
    }

    /// Its parts before, in and behind `range`.
    fn split(self, start: u64, range: &Range<u64>) -> [Option<(u64, Mapping)>; 3] {
        let middle = self.pages_in(start, range);
        let part = |pages: Range<usize>| {
            let skipped = pages.start as u64 * PAGE_SIZE;
            let (file, offset, access) = (self.file.clone(), self.offset + skipped, self.access);
            let mapping = Mapping { file, offset, sums: self.sums[pages].to_vec(), access };
            (!mapping.sums.is_empty()).then_some((start + skipped, mapping))
        };
        [part(0..middle.start), part(middle.clone()), part(middle.end..self.sums.len())]
    }
}

fn pages(start: u64, count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |page| start + page * PAGE_SIZE)
}

/// Tells two contents of a page apart: a sum in which each word's bits reach the upper half of the next
/// product, and back. Others may write to the page meanwhile: a later look then finds another sum. `EFAULT`:
/// the page is not there.
fn sum(page: u64) -> Result<u64, Errno> {
    let page = UserSlice::new(page, PAGE_SIZE)?;
    let mut words = [0u8; 512];
    (0..PAGE_SIZE).step_by(words.len()).try_fold(0u64, |sum, at| {
        if page.skip(at).read(&mut words) < words.len() {
            return Err(Errno::EFAULT);
        }
        let (words, _) = words.as_chunks::<8>();
        Ok(words.iter().fold(sum, |sum, word| {
            (sum.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        }))
    })
}

/// Reads until the slice is full or the file ends; what is behind the end stays as it is.
pub fn read_all(file: &dyn File, to: UserSlice, offset: u64) -> Result<(), Errno> {
    let mut done = 0;
    while done < to.len_bytes() {
        match file.read_at(&mut UserCursor::new(&[to.skip(done)]), offset + done)? {
            0 => break,
            step => done += step,
        }
    }
    Ok(())
}

fn write_all(file: &dyn File, from: UserSlice, offset: u64) -> Result<(), Errno> {
    let mut done = 0;
    while done < from.len_bytes() {
        match file.write_at(&mut UserCursor::new(&[from.skip(done)]), offset + done)? {
            0 => return Err(Errno::EIO),
            step => done += step,
        }
    }
    Ok(())
}

/// Lets the host put the files of `range` on the disk.
pub fn sync(range: Range<u64>) -> Result<(), Errno> {
    let files: Vec<Arc<dyn File>> = {
        let mappings = MAPPINGS.lock();
        let overlapping = mappings
            .iter()
            .filter(|(start, mapping)| *start < range.end && mapping.end(*start) > range.start);
        overlapping.map(|(_, mapping)| mapping.file.clone()).collect()
    };
    files.iter().try_for_each(|file| file.sync(Sync::Data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::device::Device;

    #[test]
    fn mappings_are_split_at_pages() {
        let whole = || Mapping {
            file: Arc::new(Device::Null),
            offset: 0x3000,
            sums: (0..10).collect(),
            access: Access::Readable,
        };
        let parts = whole().split(0x10_0000, &(0x10_2000..0x10_5000));
        let told = parts.map(|part| part.map(|(start, part)| (start, part.offset, part.sums.len())));
        assert_eq!(
            told,
            [Some((0x10_0000, 0x3000, 2)), Some((0x10_2000, 0x5000, 3)), Some((0x10_5000, 0x8000, 5))]
        );
        let parts = whole().split(0x10_0000, &(0..u64::MAX));
        assert!(parts[0].is_none() && parts[1].is_some() && parts[2].is_none());
    }

    #[test]
    fn sums_tell_pages_apart() {
        let mut page = vec![0u64; PAGE_SIZE as usize / 8];
        let zero = sum(page.as_ptr() as u64).unwrap();
        for (word, bit) in [(0, 0), (0, 63), (511, 0), (511, 63), (200, 31)] {
            page[word] = 1 << bit;
            assert_ne!(sum(page.as_ptr() as u64), Ok(zero), "bit {bit} of word {word}");
            page[word] = 0;
        }
    }
}
