//! Shared mappings of the host's files whose pages are the host's own: who maps the same file, another isle or a program of the host's,
//! sees each store at once.
//!
//! The host puts them in the place of the isle's pages, where it can; elsewhere [`crate::fs::shared_map`] keeps copies. They must
//! leave ([`remove`]) before the place is used for something else.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::handle_of;
use crate::fs::file::{File, Sync};
use crate::image::Protection;
use crate::platform;
use crate::sorted::Sorted;
use crate::sync::{Mutex, SpinLock};
use abi::errno::Errno;

/// One mapping, or what munmap has left of it.
#[derive(Clone)]
struct Mapping {
    end: u64,
    file: Arc<dyn File>,
    /// Where in the file it begins.
    offset: u64,
}

/// Mappings by their first address.
static MAPPINGS: SpinLock<Sorted<u64, Mapping>> = SpinLock::new(Sorted::new());

/// Whether there has ever been one: most programs pay for nothing else.
static IS_USED: AtomicBool = AtomicBool::new(false);

/// Held until the host has done what the list says.
static CHANGES: Mutex<()> = Mutex::new(());

/// Lets whole pages, fresh ones, be those of `file` from `offset` on. `ENOTSUP`: this isle, or this file, has no such pages;
/// nothing has changed.
pub fn map(
    range: Range<u64>,
    file: &Arc<dyn File>,
    offset: u64,
    protection: Protection,
) -> Result<(), Errno> {
    let handle = handle_of(&**file).ok_or(Errno::EOPNOTSUPP)?;
    let _change = CHANGES.lock();
    IS_USED.store(true, Relaxed);
    platform::map_shared(&range, handle, offset, protection).map_err(|errno| match errno {
        Errno::ENOSYS => Errno::EOPNOTSUPP,
        errno => errno,
    })?;
    let mut mappings = MAPPINGS.lock();
    // mremap(2) lets one grow.
    let before = mappings.at_or_before(range.start).filter(|(start, mapping)| {
        mapping.end == range.start
            && Arc::ptr_eq(&mapping.file, file)
            && mapping.offset + (mapping.end - start) == offset
    });
    let (start, offset) = before.map_or((range.start, offset), |(start, mapping)| (start, mapping.offset));
    mappings.insert(start, Mapping { end: range.end, file: file.clone(), offset });
    Ok(())
}

/// Lets what is shared of whole pages be the isle's own again, as zeroes that can be written.
pub fn remove(range: &Range<u64>) -> Result<(), Errno> {
    if !IS_USED.load(Relaxed) {
        return Ok(());
    }
    let _change = CHANGES.lock();
    while let Some((start, mapping)) = take_first(range) {
        let inside = start.max(range.start)..mapping.end.min(range.end);
        if let Err(errno) = platform::unmap_shared(&inside) {
            put(start..mapping.end, start, &mapping);
            return Err(errno);
        }
        put(start..inside.start, start, &mapping);
        put(inside.end..mapping.end, start, &mapping);
    }
    Ok(())
}

/// Whether anything in `range` is shared.
pub fn holds_any(range: &Range<u64>) -> bool {
    IS_USED.load(Relaxed) && first_in(range).is_some()
}

/// Calls `each` for the parts of `range` that are not shared.
pub fn for_others(
    range: Range<u64>,
    mut each: impl FnMut(Range<u64>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let mut from = range.start;
    while IS_USED.load(Relaxed)
        && let Some((start, mapping)) = first_in(&(from..range.end))
    {
        if from < start {
            each(from..start)?;
        }
        from = mapping.end.min(range.end);
    }
    if from < range.end { each(from..range.end) } else { Ok(()) }
}

/// The file of which all of `range` is shared in one piece, and where in the file it begins.
pub fn file_of(range: &Range<u64>) -> Option<(Arc<dyn File>, u64)> {
    let (start, mapping) = first_in(range)?;
    let is_whole = start <= range.start && range.end <= mapping.end;
    is_whole.then(|| (mapping.file, mapping.offset + (range.start - start)))
}

/// Lets the host put the files of `range` on the disk.
pub fn sync(range: &Range<u64>) -> Result<(), Errno> {
    if !IS_USED.load(Relaxed) {
        return Ok(());
    }
    let files: Vec<_> = {
        let mappings = MAPPINGS.lock();
        overlapping(&mappings, range).map(|(_, mapping)| mapping.file.clone()).collect()
    };
    files.iter().try_for_each(|file| file.sync(Sync::Data))
}

/// Those that overlap `range`. They do not overlap each other, so only the one before it may end within or behind it.
fn overlapping<'a>(
    mappings: &'a Sorted<u64, Mapping>,
    range: &Range<u64>,
) -> impl Iterator<Item = (u64, &'a Mapping)> {
    let range = range.clone();
    let until_end = mappings.from_before(range.start).take_while(move |(start, _)| *start < range.end);
    until_end.filter(move |(_, mapping)| range.start < mapping.end)
}

/// The lowest mapping that overlaps `range`.
fn first_in(range: &Range<u64>) -> Option<(u64, Mapping)> {
    let mappings = MAPPINGS.lock();
    overlapping(&mappings, range).next().map(|(start, mapping)| (start, mapping.clone()))
}

fn take_first(range: &Range<u64>) -> Option<(u64, Mapping)> {
    let (start, _) = first_in(range)?;
    let mapping = MAPPINGS.lock().remove(start)?;
    Some((start, mapping))
}

/// Puts a part back of what began at `first`.
fn put(part: Range<u64>, first: u64, mapping: &Mapping) {
    if !part.is_empty() {
        let offset = mapping.offset + (part.start - first);
        MAPPINGS.lock().insert(part.start, Mapping { end: part.end, offset, ..mapping.clone() });
    }
}
