//! Structures and words of the program's: [`UserPtr`], [`UserWord`].

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::UserSlice;
use crate::arch::user_copy;
use abi::c::signal::{Action, AlternateStack, SigInfo, TimerSpec};
use abi::c::system::UtsName;
use abi::errno::Errno;
use abi::file::{EpollEvent, FileLock, IoVec, PollHandle, Stat, StatFs, TimeSpec};
use abi::socket::{CountedMessage, Message};

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

plain!(u8, i16, i32, u32, u64, EpollEvent, Stat, StatFs, TimeSpec, IoVec, PollHandle, FileLock);
plain!(Message, CountedMessage, Action, AlternateStack, SigInfo, TimerSpec, UtsName);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures() {
        let time = TimeSpec { tv_sec: 1, tv_nsec: 2 };
        assert_eq!(UserPtr::new(&raw const time).unwrap().read(), Ok(time));
        assert_eq!(read_array([time, time].as_ptr(), 2).unwrap(), [time, time]);
        let word = 7u32;
        assert_eq!(UserWord::new(&word).unwrap().load(), Ok(7));
        assert!(UserWord::new((&raw const word).wrapping_byte_add(2)).is_err());
        assert!(UserPtr::<u64>::new(core::ptr::null()).is_err());
        assert!(UserPtr::<u64>::optional(core::ptr::null()).unwrap().is_none());
        assert!(UserPtr::new(((1u64 << 47) - 4096 - 4) as *const u64).is_err());
        assert!(read_array(16 as *const Stat, usize::MAX / 100).is_err());
    }
}
