//! A program's memory: the only way to it.
//!
//! What a program hands over is an address that it says something about. [`UserSlice`], [`UserPtr`] and
//! [`UserStr`] are such claims: their constructors check that no number overflows and that the address can be
//! a program's, their methods copy and return how far they came, or `EFAULT` where the program's memory ends.
//! There is no reference into a program's memory: other threads change it, and unmap it, at any moment.
//!
//! One address space has no secrets, so a claim about the kernel's own memory is as good as any other.
//!
//! A copy may take as long as a fault takes. It is never made under a spin lock.

#![allow(unsafe_code, reason = "the program's memory, which exists nowhere else")]

mod cursor;
mod place;
mod text;

pub use cursor::UserCursor;
pub use place::{Plain, UserPtr, UserWord, read_array, read_optional, write_optional};
pub use text::{Text, UserStr};

use crate::arch::user_copy;
use crate::platform;
use abi::errno::Errno;

/// Behind the last address that can be a program's, as on Linux: the lower half but for its last page.
const END: u64 = (1 << 47) - 4096;

/// A range of a program's memory, for reading from or writing to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserSlice {
    start: u64,
    len_bytes: u64,
}

/// What is to be done with memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is read.
    Read,
    /// It is written.
    Write,
}

impl UserSlice {
    /// Nothing.
    pub const EMPTY: Self = Self { start: 0, len_bytes: 0 };

    /// `len_bytes` bytes from `start` on. `EFAULT` if they cannot all be a program's. Whether they are is
    /// found out by using them.
    #[inline]
    pub const fn new(start: u64, len_bytes: u64) -> Result<Self, Errno> {
        if len_bytes > END || start > END - len_bytes {
            return Err(Errno::EFAULT);
        }
        Ok(Self { start, len_bytes })
    }

    /// Its length.
    pub const fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// Its first `len_bytes` bytes, or all if there are fewer.
    #[inline]
    pub const fn first(self, len_bytes: u64) -> Self {
        let len_bytes = if len_bytes < self.len_bytes { len_bytes } else { self.len_bytes };
        Self { len_bytes, ..self }
    }

    /// What is left without its first `len_bytes` bytes.
    #[inline]
    pub const fn skip(self, len_bytes: u64) -> Self {
        let skipped = self.first(len_bytes).len_bytes;
        Self { start: self.start + skipped, len_bytes: self.len_bytes - skipped }
    }

    /// Copies bytes out, as many as both have; returns how many could be read.
    #[inline]
    pub fn read(&self, to: &mut [u8]) -> usize {
        let count = to.len().min(self.len_bytes as usize);
        // SAFETY: `to` is ours and has `count` bytes. The other range is the program's by the contract of
        // every system call; if it claims the kernel's own memory, that is read as bytes, once.
        count - unsafe { user_copy::copy(to.as_mut_ptr(), self.start as *const u8, count) }
    }

    /// Copies bytes in, as many as both have; returns how many could be written.
    #[inline]
    pub fn write(&self, from: &[u8]) -> usize {
        let count = from.len().min(self.len_bytes as usize);
        // SAFETY: `from` has `count` bytes. The other range is the program's by the contract of every system
        // call: a program that claims what is not its own harms itself, as by any store.
        count - unsafe { user_copy::copy(self.start as *mut u8, from.as_ptr(), count) }
    }

    /// Makes all of it zero; returns how many bytes could be written.
    pub fn write_zeroes(&self) -> usize {
        let count = self.len_bytes as usize;
        // SAFETY: the range is the program's by the contract of every system call: a program that claims what
        // is not its own harms itself, as by any store.
        count - unsafe { user_copy::zero(self.start as *mut u8, count) }
    }

    /// Copies from a range that does not overlap, as many bytes as both have; returns how many could be
    /// copied.
    pub fn copy_from(&self, from: UserSlice) -> usize {
        let count = self.len_bytes.min(from.len_bytes) as usize;
        // SAFETY: both ranges are the program's by the contract of every system call: a program that claims
        // what is not its own harms itself, as by any load and store.
        count - unsafe { user_copy::copy(self.start as *mut u8, from.start as *const u8, count) }
    }

    /// Copies exactly these bytes in: `EFAULT`.
    pub fn write_all(&self, from: &[u8]) -> Result<(), Errno> {
        if self.write(from) == from.len() { Ok(()) } else { Err(Errno::EFAULT) }
    }

    /// For the host: the first address, and how many bytes from there on the program may use so. `EFAULT`:
    /// none of some. In the process isle the host finds out itself, as it does for every process.
    pub fn for_host(&self, access: Access) -> Result<(u64, u64), Errno> {
        match platform::accessible_bytes(self.start, self.len_bytes, access == Access::Write) {
            0 if self.len_bytes > 0 => Err(Errno::EFAULT),
            len_bytes => Ok((self.start, len_bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_cannot_be() {
        for (start, len) in
            [(u64::MAX, 1), (u64::MAX, 0), (16, u64::MAX), (END, 1), (1 << 63, 1), (END - 4, 5)]
        {
            assert_eq!(UserSlice::new(start, len), Err(Errno::EFAULT), "{start:#x} {len}");
        }
        assert!(UserSlice::new(END - 4, 4).is_ok() && UserSlice::new(0, END).is_ok());
    }

    #[test]
    fn parts_of_a_slice() {
        let whole = UserSlice::new(100, 10).unwrap();
        assert_eq!(whole.first(4), UserSlice::new(100, 4).unwrap());
        assert_eq!(whole.skip(4), UserSlice::new(104, 6).unwrap());
        assert_eq!((whole.first(11), whole.skip(11).len_bytes()), (whole, 0));
    }
}
