//! Guest RAM and the image in the proxy's own address space: [`Ram`], [`load`].

#![allow(unsafe_code, reason = "maps guest RAM and the image at the addresses that the guest expects")]

use crate::error::IsleError;
use crate::image::{Access, ImageFile, Segment};
use crate::memory::Region;
use crate::options::MemorySize;
use abi::layout::{PAGE_SIZE, PROCESS_RAM_BASE, PROCESS_SMALL_PAGES_END};
use core::ffi::c_void;
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
    /// Maps `size`, or three quarters of the host's memory.
    pub fn map(size: Option<MemorySize>, content: Content) -> Result<Self, IsleError> {
        let len_bytes = match size {
            Some(size) => size.bytes(),
            None => crate::isle::ram::default_bytes(),
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

/// Maps the segments of `image` and returns what of guest memory they are.
pub fn load(image: &ImageFile) -> Result<Vec<Region>, IsleError> {
    image.image.segments.iter().map(|segment| load_segment(image, segment)).collect()
}

const LOADING: &str = "map the image";
const LOADING_CURE: &str = "another mapping may be in the way: see /proc/sys/vm/mmap_min_addr and ulimit -v";

fn load_segment(image: &ImageFile, segment: &Segment) -> Result<Region, IsleError> {
    let start = segment.address - segment.address % PAGE_SIZE;
    let end = segment.end().next_multiple_of(PAGE_SIZE);
    let file_end = segment.address + segment.file_bytes;
    // Pages that hold anything of the file come from the file, the rest is fresh memory.
    let file_pages_end = if segment.file_bytes == 0 { start } else { file_end.next_multiple_of(PAGE_SIZE) };
    if file_pages_end > start {
        map_file(image, segment, start, file_pages_end)?;
    }
    if end > file_pages_end {
        let flags = MapFlags::PRIVATE | MapFlags::FIXED_NOREPLACE;
        // SAFETY: FIXED_NOREPLACE: nothing that exists is replaced.
        unsafe {
            rustix::mm::mmap_anonymous(
                file_pages_end as *mut c_void,
                (end - file_pages_end) as usize,
                protection(segment.access),
                flags,
            )
        }
        .map_err(IsleError::host(LOADING, LOADING_CURE))?;
    }
    Ok(Region { guest: start, len_bytes: end - start, host: start })
}

fn map_file(image: &ImageFile, segment: &Segment, start: u64, end: u64) -> Result<(), IsleError> {
    let offset = segment.file_offset - (segment.address - start);
    let file_end = segment.address + segment.file_bytes;
    // What follows in the last page of the file is not the segment's: zero it where memory goes on.
    let tail_bytes = if segment.memory_bytes > segment.file_bytes { end - file_end } else { 0 };
    let prot = protection(segment.access);
    let first_prot = if tail_bytes > 0 { ProtFlags::READ | ProtFlags::WRITE } else { prot };
    // SAFETY: FIXED_NOREPLACE: nothing that exists is replaced. The pages are private, inside the file
    // (`Image` checked that), and the tail lies in the last of them, writable while it is zeroed.
    unsafe {
        let flags = MapFlags::PRIVATE | MapFlags::FIXED_NOREPLACE;
        rustix::mm::mmap(start as *mut c_void, (end - start) as usize, first_prot, flags, &image.fd, offset)
            .map_err(IsleError::host(LOADING, LOADING_CURE))?;
        if tail_bytes > 0 {
            (file_end as *mut u8).write_bytes(0, tail_bytes as usize);
            if prot != first_prot {
                let prot = MprotectFlags::from_bits_retain(prot.bits());
                rustix::mm::mprotect(start as *mut c_void, (end - start) as usize, prot)
                    .map_err(IsleError::host(LOADING, LOADING_CURE))?;
            }
        }
    }
    Ok(())
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
