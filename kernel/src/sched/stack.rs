//! Stacks of threads, each with a guard page below it, and behind it a small one for what interrupts want.

use core::ops::Range;

use crate::arch::trap;
use crate::lock::SpinLock;
use crate::mm::{self, Protection, Zeroing};
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Usable bytes of a thread's stack if nobody asks for a size.
pub const DEFAULT_STACK_BYTES: u64 = 1024 * 1024;

/// Smallest stack: what the program asks for in vain is rounded up to this.
const MIN_STACK_BYTES: u64 = 16 * 1024;

/// What the trampoline takes beside the vector state: its frame, and the scheduler's. What interrupts are for is done on
/// other stacks.
const TRAMPOLINE_BYTES: u64 = 8 * 1024;

/// A guard page and the memory above it.
pub struct Stack {
    guard: u64,
    /// Usable bytes, above the guard page.
    len_bytes: u64,
}

/// Bytes of the stack that lies behind each, for the trampoline.
fn trampoline_bytes() -> u64 {
    (TRAMPOLINE_BYTES + trap::vector_state_bytes()).next_multiple_of(PAGE_SIZE)
}

/// Where a stack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackPlace {
    /// Its guard page.
    pub guard: u64,
    /// Its first usable address.
    pub start: u64,
    /// Behind its last.
    pub end: u64,
}

impl StackPlace {
    /// Usable bytes.
    pub const fn len_bytes(&self) -> u64 {
        self.end - self.start
    }
}

/// Stacks of threads that have ended, guards and all: the next threads get them without a page fault or a call to the host.
static SPARE: SpinLock<[Option<Spare>; NR_SPARE]> = SpinLock::new([const { None }; NR_SPARE]);

/// How many are kept, and how large they may be.
const NR_SPARE: usize = 16;
const MAX_SPARE_BYTES: u64 = 2 * 1024 * 1024;

/// The first address of a guard page and the usable bytes above it.
#[derive(Clone, Copy)]
struct Spare {
    guard: u64,
    len_bytes: u64,
}

fn take_spare(len_bytes: u64) -> Option<Spare> {
    let mut spares = SPARE.lock();
    let fits = |spare: &&mut Option<Spare>| spare.is_some_and(|spare| spare.len_bytes == len_bytes);
    spares.iter_mut().find(fits)?.take()
}

/// False if there is no room.
fn keep_spare(spare: Spare) -> bool {
    let mut spares = SPARE.lock();
    let place = spares.iter_mut().find(|place| place.is_none());
    let keep = spare.len_bytes <= MAX_SPARE_BYTES && place.is_some();
    if let Some(place) = place.filter(|_| keep) {
        *place = Some(spare);
    }
    keep
}

/// Gives all spare stacks back; true if there were any.
fn release_spares() -> bool {
    let spares = core::mem::replace(&mut *SPARE.lock(), [const { None }; NR_SPARE]);
    spares.into_iter().flatten().map(|spare| release(spare.guard, spare.len_bytes)).count() != 0
}

fn release(guard: u64, len_bytes: u64) {
    let released = mm::release(guard, PAGE_SIZE + len_bytes + trampoline_bytes());
    debug_assert!(released.is_ok(), "the stack was allocated by `new`");
}

impl Stack {
    /// A stack of at least `len_bytes`. `ENOMEM` if there is no memory.
    pub fn new(len_bytes: u64) -> Result<Self, Errno> {
        let len_bytes =
            len_bytes.max(MIN_STACK_BYTES).checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
        if let Some(Spare { guard, len_bytes }) = take_spare(len_bytes) {
            return Ok(Self { guard, len_bytes });
        }
        let stack = Self::fresh(len_bytes);
        if stack.is_err() && release_spares() { Self::fresh(len_bytes) } else { stack }
    }

    fn fresh(len_bytes: u64) -> Result<Self, Errno> {
        let total = len_bytes.checked_add(PAGE_SIZE + trampoline_bytes()).ok_or(Errno::ENOMEM)?;
        let guard = mm::allocate(total, PAGE_SIZE, Zeroing::NotNeeded)?;
        match mm::protect(guard, PAGE_SIZE, Protection::None) {
            Ok(()) => Ok(Self { guard, len_bytes }),
            Err(errno) => {
                release(guard, len_bytes);
                Err(errno)
            }
        }
    }

    /// Where it is.
    pub fn place(&self) -> StackPlace {
        StackPlace { guard: self.guard, start: self.guard + PAGE_SIZE, end: self.top() }
    }

    /// First address behind the stack.
    pub fn top(&self) -> u64 {
        self.guard + PAGE_SIZE + self.len_bytes
    }

    /// The stack for the trampoline.
    pub fn for_trampoline(&self) -> Range<u64> {
        self.top()..self.top() + trampoline_bytes()
    }

    /// Whether an access to `address` with this stack pointer overflows the stack: it meets the guard page, or the pointer has
    /// gone below the stack, over the guard page (a large array on the stack), and the access is between the two.
    pub fn overflows(&self, address: u64, stack_pointer: u64) -> bool {
        let bottom = self.guard + PAGE_SIZE;
        (self.guard..bottom).contains(&address)
            || (stack_pointer.saturating_sub(PAGE_SIZE)..bottom).contains(&address)
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
        if !keep_spare(Spare { guard: self.guard, len_bytes: self.len_bytes }) {
            release(self.guard, self.len_bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overflows_meet_the_guard_page_or_jump_over_it() {
        let stack = Stack { guard: 0x100_0000, len_bytes: 0x1_0000 };
        let bottom = stack.guard + PAGE_SIZE;
        assert!(stack.overflows(stack.guard, bottom + 8) && stack.overflows(bottom - 1, bottom));
        // 4 MiB on the stack: at its end, and what a call pushes.
        let far = bottom - 0x40_0000;
        assert!(
            stack.overflows(far + 8, far)
                && stack.overflows(far - 8, far)
                && stack.overflows(far + 0x10_0000, far)
        );
        assert!(!stack.overflows(far - PAGE_SIZE - 8, far), "elsewhere");
        assert!(!stack.overflows(far, bottom + 0x100), "a wild pointer");
        assert!(!stack.overflows(bottom + 8, bottom));
        // Not one of those that are given back.
        core::mem::forget(stack);
    }
}
