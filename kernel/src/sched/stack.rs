//! Stacks of threads, each with a guard page below it.

use crate::mm::{self, Protection, Zeroing};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Usable bytes of a thread's stack if nobody asks for a size.
pub const DEFAULT_STACK_BYTES: u64 = 1024 * 1024;

/// Smallest stack: what the program asks for in vain is rounded up to this.
const MIN_STACK_BYTES: u64 = 16 * 1024;

/// A guard page and the memory above it.
pub struct Stack {
    guard: u64,
    /// Usable bytes, above the guard page.
    len_bytes: u64,
}

impl Stack {
    /// A stack of at least `len_bytes`. `ENOMEM` if there is no memory.
    pub fn new(len_bytes: u64) -> Result<Self, Errno> {
        let len_bytes =
            len_bytes.max(MIN_STACK_BYTES).checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
        let total = len_bytes.checked_add(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
        let guard = mm::allocate(total, PAGE_SIZE, Zeroing::NotNeeded)?;
        // From here on dropping releases the memory, also when protecting fails.
        let stack = Self { guard, len_bytes };
        mm::protect(guard, PAGE_SIZE, Protection::None)?;
        Ok(stack)
    }

    /// First address behind the stack.
    pub fn top(&self) -> u64 {
        self.guard + PAGE_SIZE + self.len_bytes
    }

    /// Whether `address` lies in the guard page.
    pub fn guards(&self, address: u64) -> bool {
        (self.guard..self.guard + PAGE_SIZE).contains(&address)
    }

    /// Whether `len_bytes` below `stack_pointer` do not reach the guard page. True if the pointer is somewhere else.
    pub fn has_room(&self, stack_pointer: u64, len_bytes: u64) -> bool {
        let bottom = self.guard + PAGE_SIZE;
        !(self.guard..=self.top()).contains(&stack_pointer)
            || stack_pointer.saturating_sub(len_bytes) >= bottom
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let released = mm::release(self.guard, PAGE_SIZE + self.len_bytes);
        debug_assert!(released.is_ok(), "the stack was allocated by `new`");
    }
}
