//! Pages of file mappings that lie behind the file's end: to touch them is SIGBUS, whatever their protection.
//!
//! They stay inaccessible until the file reaches them: [`look_again`] fetches what it has got since. Programs map more
//! than there is, and then let the file grow by its descriptor.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::file::File;
use super::shared_map::{self, Access};
use crate::mm::{self, Protection};
use crate::sorted::Sorted;
use crate::sync::{Mutex, SpinLock};
use crate::user::UserSlice;
use abi::c::{S_IFMT, S_IFREG};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// A mapping of a file.
#[derive(Clone)]
pub struct Mapping {
    /// The file.
    pub file: Arc<dyn File>,
    /// Where in the file it begins.
    pub offset: u64,
    /// Writes to the pages can reach the file.
    pub is_shared: bool,
    /// What may be done with pages that the file has.
    pub protection: Protection,
}

/// What lies behind ends of files: by its first address its end, and the mapping from there on.
static BEYOND: SpinLock<Sorted<u64, (u64, Mapping)>> = SpinLock::new(Sorted::new());

/// Whether there has ever been anything: most programs pay for nothing else.
static IS_USED: AtomicBool = AtomicBool::new(false);

/// One thread fetches at a time.
static FETCHES: Mutex<()> = Mutex::new(());

/// Fills whole pages, fresh and writable, with what the file has for them, and protects them; those behind its end wait.
pub fn map(range: Range<u64>, mapping: Mapping) -> Result<(), Errno> {
    let len_bytes = range.end - range.start;
    let has_bytes =
        size_bytes(&*mapping.file)?.saturating_sub(mapping.offset).next_multiple_of(PAGE_SIZE).min(len_bytes);
    let end = range.start + has_bytes;
    if has_bytes > 0 {
        shared_map::read_all(&*mapping.file, UserSlice::new(range.start, has_bytes)?, mapping.offset)?;
        if mapping.is_shared {
            shared_map::add(range.start, has_bytes, mapping.file.clone(), mapping.offset)?;
            if mapping.protection == Protection::None {
                shared_map::set_access(range.start..end, Access::None)?;
            }
        }
        mm::protect(range.start, has_bytes, mapping.protection)?;
    }
    if end < range.end {
        mm::protect(end, range.end - end, Protection::None)?;
        let mapping = Mapping { offset: mapping.offset + has_bytes, ..mapping };
        IS_USED.store(true, Relaxed);
        BEYOND.lock().insert(end, (range.end, mapping));
    }
    Ok(())
}

/// Of a regular file; what else can be mapped tells no size.
fn size_bytes(file: &dyn File) -> Result<u64, Errno> {
    let stat = file.stat()?;
    Ok(if stat.st_mode & S_IFMT == S_IFREG { stat.st_size as u64 } else { u64::MAX })
}

/// Fetches what files have got since they were mapped. What cannot be had stays as it is.
pub fn look_again() {
    if !IS_USED.load(Relaxed) || BEYOND.lock().is_empty() {
        return;
    }
    let _fetches = FETCHES.lock();
    let all: Vec<_> =
        BEYOND.lock().iter().map(|(start, (end, mapping))| (start..*end, mapping.clone())).collect();
    for (range, mapping) in all {
        let reached = size_bytes(&*mapping.file).is_ok_and(|bytes| bytes > mapping.offset);
        if reached && mm::protect(range.start, range.end - range.start, Protection::ReadWrite).is_ok() {
            BEYOND.lock().remove(range.start);
            // As on Linux who writes to a file does not hear of what mappings of it come to.
            let _ = map(range, mapping);
        }
    }
}

/// Whole pages are going to be unmapped or replaced.
pub fn remove(range: Range<u64>) {
    for (part, mapping) in take(&range) {
        put(part.start..range.start.min(part.end), part.start, &mapping);
        put(range.end.max(part.start)..part.end, part.start, &mapping);
    }
}

/// What may be done with whole pages once the file has them. Calls `each` for those that it has.
pub fn protect(
    range: Range<u64>,
    protection: Protection,
    mut each: impl FnMut(Range<u64>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let mut from = range.start;
    for (part, mapping) in take(&range) {
        let inside = part.start.max(range.start)..part.end.min(range.end);
        put(part.start..inside.start, part.start, &mapping);
        put(inside.end..part.end, part.start, &mapping);
        put(inside.clone(), part.start, &Mapping { protection, ..mapping });
        if from < inside.start {
            each(from..inside.start)?;
        }
        from = inside.end;
    }
    if from < range.end { each(from..range.end) } else { Ok(()) }
}

/// Whether anything in `range` lies behind a file's end.
pub fn holds_any(range: Range<u64>) -> bool {
    IS_USED.load(Relaxed)
        && BEYOND.lock().iter().any(|(start, (end, _))| start < range.end && range.start < *end)
}

/// Whether `address` does, as far as that can be told at once: for interrupts.
pub fn holds_now(address: u64) -> bool {
    IS_USED.load(Relaxed)
        && BEYOND
            .try_lock()
            .is_some_and(|all| all.at_or_before(address).is_some_and(|(_, (end, _))| address < *end))
}

/// Takes out what overlaps `range`.
fn take(range: &Range<u64>) -> Vec<(Range<u64>, Mapping)> {
    if !IS_USED.load(Relaxed) {
        return Vec::new();
    }
    let taken = BEYOND.lock().take(|start, (end, _)| start < range.end && range.start < *end);
    taken.into_iter().map(|(start, (end, mapping))| (start..end, mapping)).collect()
}

/// Puts a part back of what began at `first`.
fn put(part: Range<u64>, first: u64, mapping: &Mapping) {
    if !part.is_empty() {
        let mapping = Mapping { offset: mapping.offset + (part.start - first), ..mapping.clone() };
        BEYOND.lock().insert(part.start, (part.end, mapping));
    }
}
