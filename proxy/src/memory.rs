//! Guest addresses on the host's side: [`GuestMemory`] checks them, [`GuestSlice`] is what it lets through.
//!
//! The guest owns its memory and may change or unmap it at any moment: there is no `&` and no `&mut` to it.
//! Structures are copied, once, by instructions that survive a fault ([`copy`]); the contents of reads and
//! writes go between guest memory and the Linux kernel without a copy, which answers EFAULT itself.

#![allow(unsafe_code, reason = "the guest's memory, which Rust knows nothing of")]

pub mod copy;
mod plain;

pub use plain::Plain;

use abi::errno::Errno;
use core::mem::MaybeUninit;

/// The parts of the address space that belong to the guest.
#[derive(Clone, Debug, Default)]
pub struct GuestMemory {
    regions: Vec<Region>,
}

/// A part of guest memory, and where the proxy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First guest address.
    pub guest: u64,
    /// Length in bytes.
    pub len_bytes: u64,
    /// The same byte in the proxy's address space.
    pub host: u64,
}

/// Checked guest memory: `len` bytes from `start`, all in one region. It may still be unmapped or read-only.
#[derive(Clone, Copy, Debug)]
pub struct GuestSlice {
    start: *mut u8,
    len: usize,
}

impl GuestMemory {
    /// Guest memory made of `regions`; neighbours that continue each other on both sides become one.
    ///
    /// # Safety
    /// The regions must hold nothing but guest memory, for as long as the process lives: no Rust object may
    /// be there.
    pub unsafe fn new(regions: impl IntoIterator<Item = Region>) -> Self {
        let mut merged: Vec<Region> = Vec::new();
        for region in regions {
            match merged.last_mut() {
                Some(last)
                    if last.guest + last.len_bytes == region.guest
                        && last.host + last.len_bytes == region.host =>
                {
                    last.len_bytes += region.len_bytes;
                }
                _ => merged.push(region),
            }
        }
        Self { regions: merged }
    }

    /// The `len_bytes` bytes from guest address `address`; EFAULT if they are not all the guest's.
    pub fn slice(&self, address: u64, len_bytes: u64) -> Result<GuestSlice, Errno> {
        let holds = |region: &&Region| {
            address
                .checked_sub(region.guest)
                .is_some_and(|offset| offset <= region.len_bytes && len_bytes <= region.len_bytes - offset)
        };
        match self.regions.iter().find(holds) {
            Some(region) => Ok(GuestSlice {
                start: (region.host + (address - region.guest)) as *mut u8,
                len: len_bytes as usize,
            }),
            // Nothing is nowhere: read(2) of 0 bytes takes any address.
            None if len_bytes == 0 => Ok(GuestSlice { start: core::ptr::null_mut(), len: 0 }),
            None => Err(Errno::EFAULT),
        }
    }

    /// Copies a structure out of the guest.
    pub fn read<T: Plain>(&self, address: u64) -> Result<T, Errno> {
        let mut value = MaybeUninit::<T>::uninit();
        let from = self.slice(address, size_of::<T>() as u64)?;
        // SAFETY: `value` has room for `size_of::<T>()` bytes, which is the length of `from`.
        if unsafe { copy::bytes(value.as_mut_ptr().cast(), from.start, from.len) } != 0 {
            return Err(Errno::EFAULT);
        }
        // SAFETY: every byte was written, and every bit pattern is a `Plain` value.
        Ok(unsafe { value.assume_init() })
    }

    /// Copies a structure into the guest.
    pub fn write<T: Plain>(&self, address: u64, value: &T) -> Result<(), Errno> {
        self.write_slice(address, core::slice::from_ref(value))
    }

    /// Copies `count` structures out of the guest.
    pub fn read_vec<T: Plain>(&self, address: u64, count: u64) -> Result<Vec<T>, Errno> {
        let len_bytes = count.checked_mul(size_of::<T>() as u64).ok_or(Errno::EFAULT)?;
        let from = self.slice(address, len_bytes)?;
        let mut values = Vec::<T>::with_capacity(count as usize);
        // SAFETY: the vector has room for `count` values, which is the length of `from`.
        if unsafe { copy::bytes(values.as_mut_ptr().cast(), from.start, from.len) } != 0 {
            return Err(Errno::EFAULT);
        }
        // SAFETY: all `count` values were written, and every bit pattern is a `Plain` value.
        unsafe { values.set_len(count as usize) };
        Ok(values)
    }

    /// Copies structures into the guest.
    pub fn write_slice<T: Plain>(&self, address: u64, values: &[T]) -> Result<(), Errno> {
        let to = self.slice(address, size_of_val(values) as u64)?;
        // SAFETY: the source is a live slice of `to.len` bytes; the destination is guest memory, where no
        // Rust object lives (`GuestMemory::new`).
        match unsafe { copy::bytes(to.start, values.as_ptr().cast(), to.len) } {
            0 => Ok(()),
            _ => Err(Errno::EFAULT),
        }
    }

    /// Stores a `u32` in one piece, after everything that was written before (release order).
    pub fn store_release(&self, address: u64, value: u32) -> Result<(), Errno> {
        let to = self.slice(address, 4)?;
        // SAFETY: the destination is guest memory, where no Rust object lives (`GuestMemory::new`).
        if unsafe { copy::store_u32(to.start.cast(), value) } { Ok(()) } else { Err(Errno::EFAULT) }
    }
}

impl GuestSlice {
    /// For a system call of the host, which checks every byte again and never trusts it.
    pub const fn as_ptr(self) -> *mut libc::c_void {
        self.start.cast()
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// For readv(2) and writev(2).
    pub const fn as_iovec(self) -> libc::iovec {
        libc::iovec { iov_base: self.as_ptr(), iov_len: self.len }
    }
}

#[cfg(test)]
mod tests;
