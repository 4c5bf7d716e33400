//! Guest RAM of a virtual machine, and what lies where in it: [`Ram`].

#![allow(unsafe_code, reason = "maps guest RAM and hands out its addresses")]

mod default_size;

pub use default_size::{default_bytes, default_bytes_beside_qemu, most_bytes};

use crate::error::IsleError;
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

/// Below 4 GiB a PC has its devices: RAM ends here (as in QEMU's hw/i386/microvm.c), and the rest is from
/// [`HIGH_RAM`] on.
const LOW_RAM_END: u64 = 3 << 30;
const HIGH_RAM: u64 = 4 << 30;

/// The low part of RAM stays in small pages: what a short program touches is not worth clearing 2 MiB each.
const SMALL_PAGES_BYTES: u64 = 16 * LARGE_PAGE_SIZE;

/// Least RAM that is left to the program, in bytes.
const LEAST_FREE_BYTES: u64 = 4 << 20;

/// One mapping. Offsets in it are guest-physical addresses without the gap below [`HIGH_RAM`].
#[derive(Debug)]
pub struct Ram {
    /// Length in bytes.
    pub len_bytes: u64,
    backing: Backing,
    host: *mut u8,
}

// SAFETY: the mapping lives as long as the process; nothing is accessed through `host` but in `unsafe` code
// that says why.
unsafe impl Send for Ram {}
// SAFETY: as above.
unsafe impl Sync for Ram {}

/// Where its pages come from.
#[derive(Debug)]
enum Backing {
    /// A memory file that another process maps, too.
    Shared,
    /// Memory of this process, in large pages where Linux finds some.
    Private,
    /// Large pages that were set aside for such uses (vm.nr_hugepages).
    Reserved,
}

/// What lies where in RAM.
#[derive(Debug)]
pub struct Layout {
    /// Guest address of the strings.
    pub strings: u64,
    /// Free RAM.
    pub free: Vec<Range>,
}

const WHAT: &str = "make guest RAM";
const CURE: &str = "lower HERMIT_MEM, or raise ulimit -v";

const ACCESS: ProtFlags = ProtFlags::READ.union(ProtFlags::WRITE);

fn anonymous(len_bytes: u64, flags: MapFlags) -> Result<*mut core::ffi::c_void, IsleError> {
    // SAFETY: a new mapping.
    unsafe { rustix::mm::mmap_anonymous(core::ptr::null_mut(), len_bytes as usize, ACCESS, flags) }
        .map_err(IsleError::host(WHAT, CURE))
}

impl Ram {
    /// RAM that another process maps, too, from the file that is returned; the host backs what is touched.
    pub fn shared(len_bytes: u64) -> Result<(Self, OwnedFd), IsleError> {
        let file = rustix::fs::memfd_create("hermit-ram", MemfdFlags::CLOEXEC)
            .map_err(IsleError::host("make a memory file", "raise ulimit -n"))?;
        rustix::fs::ftruncate(&file, len_bytes).map_err(IsleError::host(WHAT, CURE))?;
        let flags = MapFlags::SHARED | MapFlags::NORESERVE;
        // SAFETY: a new mapping.
        let host =
            unsafe { rustix::mm::mmap(core::ptr::null_mut(), len_bytes as usize, ACCESS, flags, &file, 0) }
                .map_err(IsleError::host(WHAT, CURE))?;
        Ok((Self { len_bytes, backing: Backing::Shared, host: host.cast() }, file))
    }

    /// RAM of this process alone; the host backs what is touched. Not a memory file, because Linux makes
    /// large pages for those only where its administrator has changed a setting.
    pub fn private(len_bytes: u64) -> Result<Self, IsleError> {
        // Large pages need the same offset in large pages on both sides.
        let slack_bytes = LARGE_PAGE_SIZE;
        let start = anonymous(len_bytes + slack_bytes, MapFlags::PRIVATE | MapFlags::NORESERVE)?;
        let host = (start as u64).next_multiple_of(LARGE_PAGE_SIZE) as *mut u8;
        let small_bytes = len_bytes.min(SMALL_PAGES_BYTES);
        let large = host.wrapping_add(small_bytes as usize);
        // SAFETY: inside the new mapping. It is advice: a kernel without large pages may refuse it.
        let _ = unsafe { rustix::mm::madvise(host.cast(), small_bytes as usize, Advice::LinuxNoHugepage) };
        let large_bytes = (len_bytes - small_bytes) as usize;
        // SAFETY: as above.
        let _ = unsafe { rustix::mm::madvise(large.cast(), large_bytes, Advice::LinuxHugepage) };
        Ok(Self { len_bytes, backing: Backing::Private, host })
    }

    /// RAM in large pages that were reserved for the purpose, all of them taken at once.
    pub fn reserved(len_bytes: u64) -> Result<Self, IsleError> {
        let flags = MapFlags::PRIVATE | MapFlags::HUGETLB | MapFlags::HUGE_2MB;
        // SAFETY: a new mapping.
        let host =
            unsafe { rustix::mm::mmap_anonymous(core::ptr::null_mut(), len_bytes as usize, ACCESS, flags) }
                .map_err(IsleError::host(
                WHAT,
                "reserve large pages (sysctl vm.nr_hugepages), or lower HERMIT_MEM",
            ))?;
        Ok(Self { len_bytes, backing: Backing::Reserved, host: host.cast() })
    }

    /// Lets Linux keep equal pages only once (KSM), if its administrator has switched that on.
    pub fn merge_equal_pages(&self) -> Result<(), IsleError> {
        // SAFETY: the mapping is ours; what it holds stays the same.
        unsafe { rustix::mm::madvise(self.host.cast(), self.len_bytes as usize, Advice::LinuxMergeable) }
            .map_err(IsleError::host(
                "merge equal pages",
                "use a Linux with CONFIG_KSM, or do without HERMIT_KSM",
            ))
    }

    /// Whether parts of it can be replaced by mappings of small pages.
    pub fn can_be_mapped_over(&self) -> bool {
        !matches!(self.backing, Backing::Reserved)
    }

    /// Where guest RAM is here.
    pub fn host_range(&self) -> core::ops::Range<u64> {
        self.host as u64..self.host as u64 + self.len_bytes
    }

    /// The parts of guest memory that are RAM, and where they are here.
    pub fn regions(&self) -> Vec<Region> {
        let (low, host) = (self.low_bytes(), self.host as u64);
        let mut regions = vec![Region { guest: 0, len_bytes: low, host }];
        if self.len_bytes > low {
            regions.push(Region { guest: HIGH_RAM, len_bytes: self.len_bytes - low, host: host + low });
        }
        regions
    }

    /// Guest address behind all RAM.
    pub fn end(&self) -> u64 {
        self.regions().last().map_or(0, |region| region.guest + region.len_bytes)
    }

    /// As [`Ram::regions`], those parts of it whose guest addresses lie in `range`.
    pub fn regions_in(&self, range: core::ops::Range<u64>) -> Vec<Region> {
        let cut = |region: Region| {
            let start = region.guest.max(range.start);
            let end = (region.guest + region.len_bytes).min(range.end);
            (start < end).then(|| Region {
                guest: start,
                len_bytes: end - start,
                host: region.host + (start - region.guest),
            })
        };
        self.regions().into_iter().filter_map(cut).collect()
    }

    fn low_bytes(&self) -> u64 {
        self.len_bytes.min(LOW_RAM_END)
    }

    /// What the guest may name.
    ///
    /// # Safety
    /// No Rust object may be kept in RAM.
    pub unsafe fn guest_memory(&self) -> GuestMemory {
        // SAFETY: the regions are the mapping, which is never unmapped; the caller promises the rest.
        unsafe { GuestMemory::new(self.regions()) }
    }

    /// Finds room: the strings behind the image (at the top they would take a large page of their own),
    /// everything from them on is free.
    pub fn lay_out(&self, image_end: u64, strings_len_bytes: usize) -> Result<Layout, IsleError> {
        if strings_len_bytes as u64 > self.len_bytes / 2 {
            return Err(IsleError::StringsTooLong { len_bytes: strings_len_bytes });
        }
        let low_end = self.low_bytes();
        let strings = image_end.max(BOOT_INFO + LARGE_PAGE_SIZE).next_multiple_of(PAGE_SIZE);
        let start = strings.saturating_add((strings_len_bytes as u64).next_multiple_of(PAGE_SIZE));
        if start.saturating_add(LEAST_FREE_BYTES) > low_end {
            let has_more = self.len_bytes > low_end;
            return Err(if has_more {
                IsleError::ImageBeyond { image_bytes: image_end, most_bytes: low_end - LEAST_FREE_BYTES }
            } else {
                IsleError::ImageTooLarge { image_bytes: image_end, ram_bytes: self.len_bytes }
            });
        }
        let mut free = vec![Range { start, len_bytes: low_end - start }];
        if self.len_bytes > low_end {
            free.push(Range { start: HIGH_RAM, len_bytes: self.len_bytes - low_end });
        }
        Ok(Layout { strings, free })
    }

    /// Where the proxy sees the low guest address `address`.
    pub fn host_address(&self, address: u64) -> *mut u8 {
        debug_assert!(address < self.low_bytes());
        self.host.wrapping_add(address as usize)
    }

    /// Writes the boot info, before the machine starts.
    pub fn write_boot_info(&self, info: &BootInfo) {
        // SAFETY: the page is in RAM, of which there are at least 16 MiB, and aligned; nothing else is there,
        // and the guest does not run yet.
        unsafe { self.host_address(BOOT_INFO).cast::<BootInfo>().write(*info) };
    }

    /// The doorbell slot with this number, if there is one.
    pub fn slot(&self, number: u8) -> Option<&AtomicU64> {
        (usize::from(number) < abi::boot_info::NR_SLOTS).then(|| {
            let address = DOORBELL_SLOTS + 8 * u64::from(number);
            // SAFETY: aligned words in RAM that both sides access atomically
            // (`abi::boot_info::DoorbellSlots`).
            unsafe { AtomicU64::from_ptr(self.host_address(address).cast()) }
        })
    }

    /// Gives whole pages back to the host; false if they are not all RAM.
    pub fn discard(&self, memory: &GuestMemory, address: u64, len_bytes: u64) -> bool {
        let aligned = address.is_multiple_of(PAGE_SIZE) && len_bytes.is_multiple_of(PAGE_SIZE);
        let Ok(pages) = memory.slice(address, len_bytes) else { return false };
        let advice = match self.backing {
            Backing::Shared => Advice::LinuxRemove,
            Backing::Private | Backing::Reserved => Advice::LinuxDontNeed,
        };
        // SAFETY: pages of the guest's; a hole in the file, or memory that was given back, reads as zero.
        aligned
            && (pages.is_empty()
                || unsafe { rustix::mm::madvise(pages.as_ptr(), pages.len(), advice) }.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::LEAST_MEMORY_BYTES;

    #[test]
    fn ram_has_a_gap_below_4_gib() {
        let ram = Ram { len_bytes: 5 << 30, backing: Backing::Private, host: core::ptr::null_mut() };
        assert_eq!(ram.end(), 6 << 30);
        let all = ram.regions_in(0..ram.end());
        assert_eq!(all, ram.regions());
        let cut: Vec<_> = ram
            .regions_in(1 << 30..(4 << 30) + 4096)
            .iter()
            .map(|region| (region.guest, region.len_bytes, region.host))
            .collect();
        assert_eq!(cut, [(1 << 30, 2 << 30, 1 << 30), (4 << 30, 4096, 3 << 30)]);
        assert_eq!(ram.regions_in(LOW_RAM_END..HIGH_RAM), []);
    }

    #[test]
    fn the_image_and_the_strings_leave_room_for_the_program() {
        let len_bytes = 64 << 20;
        let ram = Ram { len_bytes, backing: Backing::Private, host: core::ptr::null_mut() };
        let last_end = len_bytes - LEAST_FREE_BYTES;
        let fits = ram.lay_out(last_end, 0).unwrap();
        let all = (fits.strings, fits.free[0].start, fits.free[0].len_bytes);
        assert_eq!(all, (last_end, last_end, LEAST_FREE_BYTES));
        let too_large = ram.lay_out(last_end + 1, 0).unwrap_err();
        assert!(matches!(too_large, IsleError::ImageTooLarge { image_bytes, ram_bytes }
                if image_bytes == last_end + 1 && ram_bytes == len_bytes));
        let large = Ram { len_bytes: 8 << 30, backing: Backing::Private, host: core::ptr::null_mut() };
        assert!(
            matches!(large.lay_out(LOW_RAM_END, 0), Err(IsleError::ImageBeyond { .. })),
            "RAM beyond the gap does not help"
        );
        ram.lay_out(0x20_1000, len_bytes as usize / 2).unwrap();
        let half = len_bytes as usize / 2 + 1;
        let too_long = ram.lay_out(0x20_1000, half).unwrap_err();
        assert!(matches!(too_long, IsleError::StringsTooLong { len_bytes } if len_bytes == half));
    }

    #[test]
    fn slots_have_an_end() {
        let ram = Ram::private(LEAST_MEMORY_BYTES).unwrap();
        let last = abi::boot_info::NR_SLOTS as u8 - 1;
        let first = ram.slot(0).unwrap().as_ptr() as u64;
        assert_eq!(ram.slot(last).unwrap().as_ptr() as u64 - first, 8 * u64::from(last));
        assert!(ram.slot(last + 1).is_none() && ram.slot(u8::MAX).is_none());
    }

    #[test]
    fn only_whole_pages_are_given_back() {
        let ram = Ram::private(LEAST_MEMORY_BYTES).unwrap();
        // SAFETY: no Rust object is in it.
        let memory = unsafe { ram.guest_memory() };
        let pages = |from, len_bytes| ram.discard(&memory, BOOT_INFO + from, len_bytes);
        let words = [0, PAGE_SIZE, 2 * PAGE_SIZE].map(|offset| BOOT_INFO + offset);
        let fill = || words.iter().for_each(|&word| memory.write(word, &7_u64).unwrap());
        let read = || words.map(|word| memory.read::<u64>(word).unwrap());
        fill();
        for (from, len_bytes) in [(1, PAGE_SIZE), (0, 1), (0, 2 * PAGE_SIZE + 8), (8, 3 * PAGE_SIZE)] {
            assert!(!pages(from, len_bytes), "{len_bytes} bytes from {from}");
        }
        assert!(!ram.discard(&memory, LEAST_MEMORY_BYTES - PAGE_SIZE, 2 * PAGE_SIZE), "behind the end");
        assert_eq!(read(), [7, 7, 7]);
        assert!(pages(0, 0) && pages(PAGE_SIZE, PAGE_SIZE));
        assert_eq!(read(), [7, 0, 7]);
    }
}
