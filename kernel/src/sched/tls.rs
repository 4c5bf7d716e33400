//! Thread-local storage: variant II of the ELF TLS specification (Drepper), as the compilers of x86-64 expect it.
//!
//! ```text
//!            | template's data | zeroes | control block          |
//!  block     ^ aligned                  ^ thread pointer (FS base), aligned
//! ```
//! The control block begins with its own address; offset 0x28 holds the stack protector's canary, as with glibc.

#![allow(unsafe_code, reason = "lays out memory that the compiler expects")]

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::arch::tsc;
use crate::image::{self, Template};
use crate::random;
use abi::errno::Errno;

/// Bytes of the control block: glibc's `tcbhead_t` up to and including what compilers know offsets in.
const CONTROL_BYTES: usize = 0x80;
/// Where GCC's and Clang's `-fstack-protector` look for the canary.
const CANARY_OFFSET: usize = 0x28;

impl Template {
    /// Layout of a block and the offset of the thread pointer in it.
    fn layout(&self) -> Result<(Layout, usize), Errno> {
        let align = self.align.max(64);
        let offset = self.total_bytes.checked_next_multiple_of(align).ok_or(Errno::ENOMEM)?;
        let size = offset.checked_add(CONTROL_BYTES).ok_or(Errno::ENOMEM)?;
        Ok((Layout::from_size_align(size, align).map_err(|_| Errno::EINVAL)?, offset))
    }
}

/// The thread-local variables and the control block of one thread.
pub struct ThreadLocalBlock {
    block: *mut u8,
    layout: Layout,
    thread_pointer: u64,
}

// SAFETY: the block is a plain allocation; which thread uses it is the scheduler's business.
unsafe impl Send for ThreadLocalBlock {}
// SAFETY: shared references only read the thread pointer.
unsafe impl Sync for ThreadLocalBlock {}

impl ThreadLocalBlock {
    /// A fresh copy of the image's template.
    pub fn new() -> Result<Self, Errno> {
        let template = image::tls_template();
        let (layout, offset) = template.layout()?;
        // SAFETY: the layout has a size.
        let block = unsafe { alloc_zeroed(layout) };
        if block.is_null() {
            return Err(Errno::ENOMEM);
        }
        // The linker gives variables negative offsets from the thread pointer, the first one -round_up(total, align).
        let data = offset - template.total_bytes.next_multiple_of(template.align.max(1));
        // SAFETY: the template lies in the image; the block has room for it below the thread pointer.
        unsafe {
            core::ptr::copy_nonoverlapping(template.start as *const u8, block.add(data), template.data_bytes);
        }
        let thread_pointer = block as u64 + offset as u64;
        for (at, value) in [(0, thread_pointer), (0x10, thread_pointer), (CANARY_OFFSET, canary())] {
            // SAFETY: the control block begins at the aligned offset and is CONTROL_BYTES long.
            unsafe { block.add(offset + at).cast::<u64>().write(value) };
        }
        Ok(Self { block, layout, thread_pointer })
    }

    /// What FS base must hold.
    pub fn thread_pointer(&self) -> u64 {
        self.thread_pointer
    }
}

/// The stack protector's secret: one for all threads, as with glibc, since drawing it is a call to the host.
fn canary() -> u64 {
    static CANARY: AtomicU64 = AtomicU64::new(0);
    match CANARY.load(Relaxed) {
        0 => {
            // Its lowest byte is 0, so that no overflowing string can write it. The main thread comes first and alone.
            let canary = random::word().unwrap_or_else(|_| tsc::now()) & !0xff;
            CANARY.store(canary, Relaxed);
            canary
        }
        canary => canary,
    }
}

impl Drop for ThreadLocalBlock {
    fn drop(&mut self) {
        // SAFETY: allocated by `new` with this layout.
        unsafe { dealloc(self.block, self.layout) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_pointer_is_aligned_as_the_template_wants() {
        let template = Template { start: 0, data_bytes: 3, total_bytes: 13, align: 4096 };
        let (layout, offset) = template.layout().unwrap();
        assert_eq!((layout.align(), offset, layout.size()), (4096, 4096, 4096 + CONTROL_BYTES));
        let (layout, offset) = Template::default().layout().unwrap();
        assert_eq!((layout.align(), offset, layout.size()), (64, 0, CONTROL_BYTES));
    }
}
