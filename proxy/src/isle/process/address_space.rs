//! Guest RAM and the image in the proxy's own address space: [`Ram`], [`load`].

#![allow(unsafe_code, reason = "maps guest RAM and the image at the addresses that the guest expects")]

use crate::error::IsleError;
use crate::image::{Access, ImageFile, Segment, read_at};
use crate::isle::ram::default_bytes;
use crate::memory::Region;
use crate::options::MemorySize;
use abi::layout::{LARGE_PAGE_SIZE, PAGE_SIZE, PROCESS_RAM_BASE, PROCESS_SMALL_PAGES_END};
use core::ffi::c_void;
use core::ops::Range;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};

/// Guest RAM, mapped at `PROCESS_RAM_BASE`; Linux backs it when it is touched.
#[derive(Clone, Copy, Debug)]
pub struct Ram {
    len_bytes: u64,
    content: Content,
}

/// What the program keeps in RAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing that is executed.
    Data,
    /// Also code, on its stacks: what is writable is executable.
    DataAndCode,
}

impl Ram {
    /// Maps `size`, or as much as [`default_bytes`] says beside an image of `image_bytes`.
    pub fn map(size: Option<MemorySize>, image_bytes: u64, content: Content) -> Result<Self, IsleError> {
        let len_bytes = match size {
            Some(size) => size.bytes(),
            None => default_bytes(image_bytes),
        };
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED_NOREPLACE;
        // SAFETY: FIXED_NOREPLACE: nothing that exists is replaced.
        unsafe {
            rustix::mm::mmap_anonymous(
                PROCESS_RAM_BASE as *mut c_void,
                len_bytes as usize,
                ProtFlags::from_bits_retain(content.flags(MprotectFlags::READ | MprotectFlags::WRITE).bits()),
                flags,
            )
            .map_err(IsleError::host("map guest RAM", "lower HERMIT_MEM, or raise ulimit -v"))?;
        }
        let ram = Self { len_bytes, content };
        ram.prefer_large_pages();
        Ok(ram)
    }

    /// What Linux must allow where the guest asks for `access`.
    pub fn flags(&self, access: MprotectFlags) -> MprotectFlags {
        self.content.flags(access)
    }

    /// Length in bytes.
    pub const fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// As part of guest memory.
    pub const fn region(&self) -> Region {
        Region { guest: PROCESS_RAM_BASE, len_bytes: self.len_bytes, host: PROCESS_RAM_BASE }
    }

    /// Whether whole pages from `address` on, `len_bytes` long, are RAM.
    pub fn holds_pages(&self, address: u64, len_bytes: u64) -> bool {
        let offset = address.checked_sub(PROCESS_RAM_BASE);
        address.is_multiple_of(PAGE_SIZE)
            && len_bytes.is_multiple_of(PAGE_SIZE)
            && offset.is_some_and(|offset| offset <= self.len_bytes && len_bytes <= self.len_bytes - offset)
    }

    fn prefer_large_pages(&self) {
        let end = PROCESS_RAM_BASE + self.len_bytes;
        let Some(len_bytes) = end.checked_sub(PROCESS_SMALL_PAGES_END) else { return };
        // SAFETY: the range was just mapped. It is advice: a kernel without large pages may refuse it.
        let _ = unsafe {
            rustix::mm::madvise(
                PROCESS_SMALL_PAGES_END as *mut c_void,
                len_bytes as usize,
                Advice::LinuxHugepage,
            )
        };
    }
}

impl Content {
    fn flags(self, access: MprotectFlags) -> MprotectFlags {
        let is_code = self == Self::DataAndCode && access.contains(MprotectFlags::WRITE);
        if is_code { access | MprotectFlags::EXEC } else { access }
    }
}

/// Reads the segments of `image` into memory of their own and returns what of guest memory they are.
///
/// They are not mapped: the file is the user's, who may write to it or cut it off while the program runs. Linux
/// refuses that for its own programs only (ETXTBSY), a lease (see `uhyve/lease.rs`) can be had for one's own
/// files only, and giving it back would need new executable pages, which the sandbox refuses.
pub fn load(image: &ImageFile) -> Result<Vec<Region>, IsleError> {
    image.image.segments.iter().map(|segment| load_segment(image, segment)).collect()
}

const LOADING: &str = "load the image";
const LOADING_CURE: &str = "another mapping may be in the way: see /proc/sys/vm/mmap_min_addr and ulimit -v";

fn load_segment(image: &ImageFile, segment: &Segment) -> Result<Region, IsleError> {
    let start = segment.address - segment.address % PAGE_SIZE;
    let end = segment.end().next_multiple_of(PAGE_SIZE);
    let file_end = segment.address + segment.file_bytes;
    // Pages that get anything from the file are wanted at once, the others when they are touched.
    let file_pages_end = if segment.file_bytes == 0 { start } else { file_end.next_multiple_of(PAGE_SIZE) };
    if file_pages_end > start {
        make_room(start..file_pages_end)?;
        // SAFETY: inside of the mapping that was just made (`Image` checked the segment), which is writable and
        // which nobody else knows.
        let contents = unsafe {
            core::slice::from_raw_parts_mut(segment.address as *mut u8, segment.file_bytes as usize)
        };
        read_at(&image.fd, contents, segment.file_offset)
            .map_err(IsleError::host("read the image", "leave its file alone while it starts"))?;
        protect(start..file_pages_end, segment.access)?;
    }
    if end > file_pages_end {
        map(file_pages_end..end, protection(segment.access), MapFlags::empty())?;
    }
    Ok(Region { guest: start, len_bytes: end - start, host: start })
}

/// Fresh memory that is filled at once: in large pages where it is large, which saves most of the time, and the program
/// misses in its TLB.
fn make_room(pages: Range<u64>) -> Result<(), IsleError> {
    const LARGE_BYTES: u64 = 2 * LARGE_PAGE_SIZE;
    let access = ProtFlags::READ | ProtFlags::WRITE;
    let len_bytes = pages.end - pages.start;
    if len_bytes < LARGE_BYTES {
        return map(pages, access, MapFlags::POPULATE);
    }
    let start = pages.start as *mut c_void;
    map(pages, access, MapFlags::empty())?;
    // SAFETY: the range was just mapped. It is advice: a kernel without large pages may refuse it.
    let _ = unsafe { rustix::mm::madvise(start, len_bytes as usize, Advice::LinuxHugepage) };
    Ok(())
}

/// Fresh memory, zero, for these pages.
fn map(pages: Range<u64>, access: ProtFlags, flags: MapFlags) -> Result<(), IsleError> {
    let flags = flags | MapFlags::PRIVATE | MapFlags::FIXED_NOREPLACE;
    let (start, len) = (pages.start as *mut c_void, (pages.end - pages.start) as usize);
    // SAFETY: FIXED_NOREPLACE: nothing that exists is replaced.
    unsafe { rustix::mm::mmap_anonymous(start, len, access, flags) }
        .map_err(IsleError::host(LOADING, LOADING_CURE))?;
    Ok(())
}

fn protect(pages: Range<u64>, access: Access) -> Result<(), IsleError> {
    if access == Access::ReadWrite {
        return Ok(());
    }
    let access = MprotectFlags::from_bits_retain(protection(access).bits());
    let (start, len) = (pages.start as *mut c_void, (pages.end - pages.start) as usize);
    // SAFETY: pages of the image, which holds no Rust object.
    unsafe { rustix::mm::mprotect(start, len, access) }.map_err(IsleError::host(LOADING, LOADING_CURE))
}

fn protection(access: Access) -> ProtFlags {
    match access {
        Access::Read => ProtFlags::READ,
        Access::ReadWrite => ProtFlags::READ | ProtFlags::WRITE,
        Access::ReadExecute => ProtFlags::READ | ProtFlags::EXEC,
    }
}

#[cfg(test)]
mod tests;
