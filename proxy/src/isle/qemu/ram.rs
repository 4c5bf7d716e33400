//! Guest RAM: a memory file, mapped by QEMU and by the proxy: [`Ram`].

use crate::isle::IsleError;
use crate::memory::{GuestMemory, Region};
use abi::boot_info::{BootInfo, DoorbellSlots, Range};
use abi::layout::{BOOT_INFO, LARGE_PAGE_SIZE, PAGE_SIZE};
use core::sync::atomic::AtomicU64;
use rustix::fs::MemfdFlags;
use rustix::mm::{Advice, MapFlags, ProtFlags};
use std::os::fd::OwnedFd;

/// Guest-physical address of the doorbell slots: behind the boot info.
pub const DOORBELL_SLOTS: u64 = BOOT_INFO + size_of::<BootInfo>() as u64;

const _: () = assert!(DOORBELL_SLOTS.is_multiple_of(align_of::<DoorbellSlots>() as u64));

/// A microvm has RAM up to here (hw/i386/microvm.c), and the rest from [`HIGH_RAM`] on.
const LOW_RAM_END: u64 = 3 << 30;
const HIGH_RAM: u64 = 4 << 30;

/// Least RAM that is left to the program, in bytes.
const LEAST_FREE_BYTES: u64 = 4 << 20;

/// The memory file. Offsets in it are guest-physical addresses without the gap below [`HIGH_RAM`].
#[derive(Debug)]
pub struct Ram {
    /// For QEMU.
    pub file: OwnedFd,
    /// Length in bytes.
    pub len_bytes: u64,
    host: *mut u8,
}

/// Where things go.
#[derive(Debug)]
pub struct Place {
    /// Guest address of the strings.
    pub strings: u64,
    /// Free RAM.
    pub free: Vec<Range>,
}

impl Ram {
    /// Makes the file; the host backs what is touched.
    pub fn create(len_bytes: u64) -> Result<Self, IsleError> {
        const WHAT: &str = "make guest RAM";
        const CURE: &str = "lower HERMIT_MEM, or raise ulimit -v";
        let file = rustix::fs::memfd_create("hermit-ram", MemfdFlags::CLOEXEC)
            .map_err(IsleError::host("make a memory file", "raise ulimit -n"))?;
        rustix::fs::ftruncate(&file, len_bytes).map_err(IsleError::host(WHAT, CURE))?;
        let (access, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED | MapFlags::NORESERVE);
        // SAFETY: a new mapping.
        let host =
            unsafe { rustix::mm::mmap(core::ptr::null_mut(), len_bytes as usize, access, flags, &file, 0) }
                .map_err(IsleError::host(WHAT, CURE))?;
        Ok(Self { file, len_bytes, host: host.cast() })
    }

    fn low_bytes(&self) -> u64 {
        self.len_bytes.min(LOW_RAM_END)
    }

    /// What the guest may name.
    ///
    /// # Safety
    /// No Rust object may be kept in RAM.
    pub unsafe fn guest_memory(&self) -> GuestMemory {
        let (low, host) = (self.low_bytes(), self.host as u64);
        let mut regions = vec![Region { guest: 0, len_bytes: low, host }];
        if self.len_bytes > low {
            regions.push(Region { guest: HIGH_RAM, len_bytes: self.len_bytes - low, host: host + low });
        }
        // SAFETY: the regions are the mapping, which is never unmapped; the caller promises the rest.
        unsafe { GuestMemory::new(regions) }
    }

    /// Finds room: the strings at the top of low RAM, everything between them and the image is free.
    pub fn place(&self, image_end: u64, strings_len_bytes: usize) -> Result<Place, IsleError> {
        if strings_len_bytes as u64 > self.len_bytes / 2 {
            return Err(IsleError::StringsTooLong { len_bytes: strings_len_bytes });
        }
        let low_end = self.low_bytes();
        let strings = low_end - (strings_len_bytes as u64).next_multiple_of(PAGE_SIZE);
        let free_start = image_end.max(BOOT_INFO + LARGE_PAGE_SIZE).next_multiple_of(PAGE_SIZE);
        if free_start.saturating_add(LEAST_FREE_BYTES) > strings {
            return Err(IsleError::ImageTooLarge { image_bytes: image_end, ram_bytes: self.len_bytes });
        }
        let mut free = vec![Range { start: free_start, len_bytes: strings - free_start }];
        if self.len_bytes > low_end {
            free.push(Range { start: HIGH_RAM, len_bytes: self.len_bytes - low_end });
        }
        Ok(Place { strings, free })
    }

    /// Where the proxy sees the low guest address `address`.
    pub fn host_address(&self, address: u64) -> *mut u8 {
        debug_assert!(address < self.low_bytes());
        self.host.wrapping_add(address as usize)
    }

    /// Writes the boot info, before the machine starts.
    pub fn write_boot_info(&self, info: &BootInfo) {
        // SAFETY: the page is in RAM, of which there are at least 16 MiB, and aligned; nothing else is there, and the
        // guest does not run yet.
        unsafe { self.host_address(BOOT_INFO).cast::<BootInfo>().write(*info) };
    }

    /// The doorbell slot with this number, if there is one.
    pub fn slot(&self, number: u8) -> Option<&AtomicU64> {
        (usize::from(number) < abi::boot_info::NR_SLOTS).then(|| {
            let address = DOORBELL_SLOTS + 8 * u64::from(number);
            // SAFETY: aligned words in RAM that both sides access atomically (`abi::boot_info::DoorbellSlots`).
            unsafe { AtomicU64::from_ptr(self.host_address(address).cast()) }
        })
    }

    /// Gives whole pages back to the host; false if they are not all RAM.
    pub fn discard(&self, memory: &GuestMemory, address: u64, len_bytes: u64) -> bool {
        let aligned = address.is_multiple_of(PAGE_SIZE) && len_bytes.is_multiple_of(PAGE_SIZE);
        let Ok(pages) = memory.slice(address, len_bytes) else { return false };
        // SAFETY: pages of the guest's; a hole in the file reads as zero.
        aligned
            && (pages.is_empty()
                || unsafe { rustix::mm::madvise(pages.as_ptr(), pages.len(), Advice::LinuxRemove) }.is_ok())
    }
}
