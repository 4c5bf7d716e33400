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

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::arch::user_copy;
use crate::platform;
use abi::c::signal::{Action, AlternateStack, SigInfo, TimerSpec};
use abi::c::system::UtsName;
use abi::errno::Errno;
use abi::file::{FileLock, IoVec, PollHandle, Stat, StatFs, TimeSpec};

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

/// Several ranges that are used one after the other, as by readv(2), and how far that has come: made for one
/// transfer.
pub struct UserCursor<'a> {
    parts: &'a [UserSlice],
    /// Bytes of the first part that have been used.
    used: u64,
    done: u64,
}

impl<'a> UserCursor<'a> {
    /// At the beginning.
    #[inline]
    pub const fn new(parts: &'a [UserSlice]) -> Self {
        Self { parts, used: 0, done: 0 }
    }

    /// Bytes that have been used.
    pub const fn done(&self) -> u64 {
        self.done
    }

    /// Bytes that have not.
    #[inline]
    pub fn left(&self) -> u64 {
        self.parts.iter().map(UserSlice::len_bytes).sum::<u64>() - self.used
    }

    /// All that has not been used, if that is one part.
    #[inline]
    pub fn only(&self) -> Option<UserSlice> {
        if let [part] = self.parts { Some(part.skip(self.used)) } else { None }
    }

    /// What comes next.
    pub fn next_part(&self) -> Option<UserSlice> {
        self.rest().find(|part| part.len_bytes > 0)
    }

    /// What has not been used, part by part.
    pub fn rest(&self) -> impl Iterator<Item = UserSlice> {
        let used = self.used;
        self.parts.iter().enumerate().map(move |(i, part)| if i == 0 { part.skip(used) } else { *part })
    }

    /// Counts bytes as used that somebody else has.
    #[inline]
    pub fn advance(&mut self, len_bytes: u64) {
        self.done += len_bytes;
        self.used += len_bytes;
        while let [first, rest @ ..] = self.parts
            && self.used >= first.len_bytes
        {
            self.used -= first.len_bytes;
            self.parts = rest;
        }
    }

    /// Copies out until `to` is full, everything is used, or memory ends; returns how many bytes.
    #[inline]
    pub fn read(&mut self, to: &mut [u8]) -> usize {
        self.each(to.len(), |part, at| part.read(&mut to[at..]))
    }

    /// Copies in until `from` is, everything is used, or memory ends; returns how many bytes.
    #[inline]
    pub fn write(&mut self, from: &[u8]) -> usize {
        self.each(from.len(), |part, at| part.write(&from[at..]))
    }

    /// Writes `count` zeroes; returns how many.
    pub fn write_zeroes(&mut self, count: usize) -> usize {
        self.each(count, |part, at| part.first((count - at) as u64).write_zeroes())
    }

    #[inline]
    fn each(&mut self, count: usize, mut step: impl FnMut(UserSlice, usize) -> usize) -> usize {
        let mut at = 0;
        while at < count
            && let Some(part) = self.parts.first().map(|first| first.skip(self.used))
        {
            let moved = step(part, at);
            self.advance(moved as u64);
            at += moved;
            if moved < (part.len_bytes as usize).min(count - (at - moved)) {
                break;
            }
        }
        at
    }
}

/// What a program and the kernel exchange as it lies in memory.
///
/// # Safety
/// Every pattern of bits is a value.
pub unsafe trait Plain: Copy {}

macro_rules! plain {
    ($($name:ty),*) => {
        $(
            // SAFETY: made of integers only.
            unsafe impl Plain for $name {}
        )*
    };
}

plain!(u8, i16, i32, u32, u64, Stat, StatFs, TimeSpec, IoVec, PollHandle, FileLock);
plain!(Action, AlternateStack, SigInfo, TimerSpec, UtsName);

// SAFETY: an array of what every pattern is a value of.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// The address of a structure of the program's.
#[derive(Debug)]
pub struct UserPtr<T> {
    slice: UserSlice,
    kind: PhantomData<T>,
}

impl<T> Clone for UserPtr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for UserPtr<T> {}

impl<T: Plain> UserPtr<T> {
    /// `EFAULT` for null, and where nothing of a program's can be.
    pub fn new(address: *const T) -> Result<Self, Errno> {
        if address.is_null() {
            return Err(Errno::EFAULT);
        }
        let slice = UserSlice::new(address as u64, size_of::<T>() as u64)?;
        Ok(Self { slice, kind: PhantomData })
    }

    /// [`Self::new`] where null says that there is none.
    pub fn optional(address: *const T) -> Result<Option<Self>, Errno> {
        if address.is_null() { Ok(None) } else { Self::new(address).map(Some) }
    }

    /// What is there: `EFAULT`.
    pub fn read(&self) -> Result<T, Errno> {
        let mut value = MaybeUninit::<T>::uninit();
        // SAFETY: there is room for a `T`, and what is claimed to be the program's is read as bytes, once.
        match unsafe {
            user_copy::copy(value.as_mut_ptr().cast(), self.slice.start as *const u8, size_of::<T>())
        } {
            // SAFETY: all of it has been filled, and every pattern is a value.
            0 => Ok(unsafe { value.assume_init() }),
            _ => Err(Errno::EFAULT),
        }
    }

    /// Puts `value` there: `EFAULT`.
    pub fn write(&self, value: T) -> Result<(), Errno> {
        let from = (&raw const value).cast();
        // SAFETY: the bytes of a value that lives until here, and a range that the program claims: if it is
        // not its own, it harms itself, as by any store.
        match unsafe { user_copy::copy(self.slice.start as *mut u8, from, size_of::<T>()) } {
            0 => Ok(()),
            _ => Err(Errno::EFAULT),
        }
    }
}

/// [`UserPtr::read`] where null says that there is nothing to read.
pub fn read_optional<T: Plain>(address: *const T) -> Result<Option<T>, Errno> {
    UserPtr::optional(address)?.map(|place| place.read()).transpose()
}

/// [`UserPtr::write`] where null says that nobody wants it.
pub fn write_optional<T: Plain>(address: *const T, value: T) -> Result<(), Errno> {
    UserPtr::optional(address)?.map_or(Ok(()), |place| place.write(value))
}

/// `count` structures from `start` on: `EFAULT`; `ENOMEM` for more than there is memory for.
pub fn read_array<T: Plain>(start: *const T, count: usize) -> Result<Vec<T>, Errno> {
    let len_bytes = count.checked_mul(size_of::<T>()).ok_or(Errno::EFAULT)?;
    let slice = UserSlice::new(start as u64, len_bytes as u64)?;
    let mut values = Vec::<T>::new();
    values.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
    // SAFETY: there is room for `len_bytes` bytes, and what is claimed to be the program's is read as bytes,
    // once.
    let left = unsafe { user_copy::copy(values.as_mut_ptr().cast(), slice.start as *const u8, len_bytes) };
    if left > 0 {
        return Err(Errno::EFAULT);
    }
    // SAFETY: so many have been filled, and every pattern is a value.
    unsafe { values.set_len(count) };
    Ok(values)
}

/// A word that threads of the program wait on.
#[derive(Clone, Copy, Debug)]
pub struct UserWord(u64);

impl UserWord {
    /// `EFAULT` where nothing of a program's can be, `EINVAL` for an address that no atomic instruction
    /// takes.
    pub fn new(address: *const u32) -> Result<Self, Errno> {
        if !(address as usize).is_multiple_of(align_of::<u32>()) {
            return Err(Errno::EINVAL);
        }
        UserPtr::new(address).map(|place| Self(place.slice.start))
    }

    /// Names it among all words.
    pub const fn address(&self) -> usize {
        self.0 as usize
    }

    /// What it holds now: `EFAULT`.
    pub fn load(&self) -> Result<u32, Errno> {
        // SAFETY: what is claimed to be the program's is only read; an aligned word is read in one go.
        u32::try_from(unsafe { user_copy::load_u32(self.0 as *const u32) }).map_err(|_| Errno::EFAULT)
    }
}

/// A C string of the program's.
#[derive(Clone, Copy, Debug)]
pub struct UserStr(u64);

/// Pieces that strings are read in: none of them, where it is aligned, goes over the end of a page.
const PIECE_BYTES: usize = 64;

impl UserStr {
    /// The string at `address`.
    pub fn new(address: *const core::ffi::c_char) -> Self {
        Self(address as u64)
    }

    /// Its bytes without NUL, as they are now. Errors: `EFAULT`, `ENAMETOOLONG` if it is not shorter than
    /// `max_bytes`.
    pub fn read(&self, max_bytes: usize) -> Result<Vec<u8>, Errno> {
        let mut bytes = Vec::new();
        let mut at = self.0;
        while bytes.len() < max_bytes {
            let mut piece = [0; PIECE_BYTES];
            let to_edge = PIECE_BYTES - at as usize % PIECE_BYTES;
            let piece = &mut piece[..to_edge.min(max_bytes - bytes.len())];
            if UserSlice::new(at, piece.len() as u64)?.read(piece) < piece.len() {
                return Err(Errno::EFAULT);
            }
            let nul = piece.iter().position(|&byte| byte == 0);
            bytes.extend_from_slice(&piece[..nul.unwrap_or(piece.len())]);
            if nul.is_some() {
                return Ok(bytes);
            }
            at += piece.len() as u64;
        }
        Err(Errno::ENAMETOOLONG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn slice(bytes: &[u8]) -> UserSlice {
        UserSlice::new(bytes.as_ptr() as u64, bytes.len() as u64).unwrap()
    }

    #[test]
    fn ranges_that_cannot_be() {
        for (start, len) in
            [(u64::MAX, 1), (u64::MAX, 0), (16, u64::MAX), (END, 1), (1 << 63, 1), (END - 4, 5)]
        {
            assert_eq!(UserSlice::new(start, len), Err(Errno::EFAULT), "{start:#x} {len}");
        }
        assert!(UserSlice::new(END - 4, 4).is_ok() && UserSlice::new(0, END).is_ok());
        assert!(UserPtr::<u64>::new(core::ptr::null()).is_err());
        assert!(UserPtr::<u64>::optional(core::ptr::null()).unwrap().is_none());
        assert!(UserPtr::new((END - 4) as *const u64).is_err());
        assert!(read_array(16 as *const Stat, usize::MAX / 100).is_err());
    }

    #[test]
    fn parts_of_a_slice() {
        let whole = UserSlice::new(100, 10).unwrap();
        assert_eq!(whole.first(4), UserSlice::new(100, 4).unwrap());
        assert_eq!(whole.skip(4), UserSlice::new(104, 6).unwrap());
        assert_eq!((whole.first(11), whole.skip(11).len_bytes()), (whole, 0));
    }

    #[test]
    fn a_cursor_goes_through_its_parts() {
        let (one, two) = ([0u8; 3], [0u8; 5]);
        let parts = [slice(&one), UserSlice::EMPTY, slice(&two)];
        let mut cursor = UserCursor::new(&parts);
        assert_eq!((cursor.write(b"abcd"), cursor.left(), cursor.done()), (4, 4, 4));
        assert_eq!(cursor.rest().map(|part| part.len_bytes()).collect::<Vec<_>>(), [4]);
        assert_eq!((cursor.write_zeroes(1), cursor.write(b"efghi"), cursor.left()), (1, 3, 0));
        assert_eq!(cursor.write(b"x"), 0);
        let mut all = [0; 9];
        assert_eq!(UserCursor::new(&parts).read(&mut all), 8);
        assert_eq!(&all, b"abcd\0efg\0");
    }

    #[test]
    fn strings() {
        let long = std::ffi::CString::new(vec![b'a'; 300]).unwrap();
        assert_eq!(UserStr::new(long.as_ptr()).read(301).unwrap(), long.as_bytes());
        assert_eq!(UserStr::new(long.as_ptr()).read(300), Err(Errno::ENAMETOOLONG));
        assert_eq!(UserStr::new(c"".as_ptr()).read(1).unwrap(), b"");
        assert_eq!(UserStr::new(usize::MAX as *const _).read(9), Err(Errno::EFAULT));
    }

    #[test]
    fn structures() {
        let time = TimeSpec { tv_sec: 1, tv_nsec: 2 };
        assert_eq!(UserPtr::new(&raw const time).unwrap().read(), Ok(time));
        assert_eq!(read_array([time, time].as_ptr(), 2).unwrap(), [time, time]);
        let word = 7u32;
        assert_eq!(UserWord::new(&word).unwrap().load(), Ok(7));
        assert!(UserWord::new(2 as *const u32).is_err());
    }
}
