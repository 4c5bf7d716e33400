//! The kernel's own objects: a heap of power-of-two size classes over page ranges.
//!
//! Freed objects go to the list of their class and never back to the pages; what is larger than the largest class is
//! a page range of its own. The program's `malloc` is another one, in the C library.

use core::alloc::{GlobalAlloc, Layout};

use super::Zeroing;
use crate::lock::SpinLock;
use abi::layout::PAGE_SIZE;

/// Smallest class: room for the link of the free list, and the alignment of everything.
const MIN_BYTES: usize = 16;
/// Largest class.
const MAX_BYTES: usize = 2048;
const NR_CLASSES: usize = (MAX_BYTES / MIN_BYTES).ilog2() as usize + 1;
/// What is taken from the pages at a time.
const CHUNK_BYTES: u64 = 4 * PAGE_SIZE;

/// A free object holds the address of the next one, 0 at the end.
struct Classes {
    free: [usize; NR_CLASSES],
    /// The rest of the last chunk: next address, end.
    chunk: (usize, usize),
}

/// The allocator behind `alloc::*`.
pub struct Heap {
    classes: SpinLock<Classes>,
}

#[cfg(panic = "abort")]
#[global_allocator]
static HEAP: Heap = Heap::new();

impl Heap {
    /// An empty heap.
    pub const fn new() -> Self {
        Self { classes: SpinLock::new(Classes { free: [0; NR_CLASSES], chunk: (0, 0) }) }
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

/// Class of an object, or `None` if it wants pages.
fn class(layout: Layout) -> Option<usize> {
    let bytes = layout.size().max(layout.align()).max(MIN_BYTES).checked_next_power_of_two()?;
    (bytes <= MAX_BYTES).then(|| (bytes / MIN_BYTES).ilog2() as usize)
}

impl Classes {
    fn allocate(&mut self, class: usize) -> Option<usize> {
        let bytes = MIN_BYTES << class;
        let first = self.free[class];
        if first != 0 {
            // SAFETY: addresses in the list are free objects of this class, whose first word is the link.
            self.free[class] = unsafe { (first as *const usize).read() };
            return Some(first);
        }
        let start = self.chunk.0.next_multiple_of(bytes);
        if start + bytes > self.chunk.1 {
            let chunk = super::allocate(CHUNK_BYTES, PAGE_SIZE, Zeroing::NotNeeded).ok()? as usize;
            self.chunk = (chunk + bytes, chunk + CHUNK_BYTES as usize);
            return Some(chunk);
        }
        self.chunk.0 = start + bytes;
        Some(start)
    }

    fn release(&mut self, class: usize, object: usize) {
        // SAFETY: the object is at least MIN_BYTES large, aligned, and its owner has given it up.
        unsafe { (object as *mut usize).write(self.free[class]) };
        self.free[class] = object;
    }
}

// SAFETY: objects of a class do not overlap, are as large and aligned as their class, and belong to one owner between
// `alloc` and `dealloc`; page ranges likewise.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let object = match class(layout) {
            Some(class) => self.classes.lock().allocate(class),
            None => super::allocate(layout.size() as u64, layout.align() as u64, Zeroing::NotNeeded)
                .ok()
                .map(|start| start as usize),
        };
        object.unwrap_or(0) as *mut u8
    }

    unsafe fn dealloc(&self, object: *mut u8, layout: Layout) {
        match class(layout) {
            Some(class) => self.classes.lock().release(class, object as usize),
            None => {
                let released = super::release(object as u64, layout.size() as u64);
                debug_assert!(released.is_ok(), "a Rust owner frees what it allocated, once");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let of = |size, align| class(Layout::from_size_align(size, align).unwrap());
        assert_eq!(of(1, 1), Some(0));
        assert_eq!(of(16, 8), Some(0));
        assert_eq!(of(17, 8), Some(1));
        assert_eq!(of(8, 64), Some(2));
        assert_eq!(of(2048, 16), Some(NR_CLASSES - 1));
        assert_eq!(of(2049, 16), None);
    }
}
