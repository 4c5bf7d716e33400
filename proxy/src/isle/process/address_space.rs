//! Guest RAM and the image in the proxy's own address space: [`Ram`], [`load`].

#![allow(unsafe_code, reason = "maps guest RAM and the image at the addresses that the guest expects")]

use crate::error::IsleError;
use crate::image::{Access, ImageFile, Segment, read_at};
use crate::isle::ram::default_bytes;
use crate::memory::Region;
use crate::options::MemorySize;
use abi::boot_info;
use abi::errno::Errno;
use abi::layout::{
    LARGE_PAGE_SIZE, PAGE_SIZE, PROCESS_RAM_BASE, PROCESS_RESERVABLE_END, PROCESS_SMALL_PAGES_END,
    RESERVABLE_GAP_BYTES,
};
use core::ffi::c_void;
use core::ops::Range;
use rustix::fs::FileType;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};
use std::os::fd::OwnedFd;

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
    /// Also code that it makes (`HERMIT_JIT=1`): pages that are executable while they cannot be written.
    MadeCode,
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

    /// Whether the guest may ask for `access`, which is PROT_* bits.
    pub fn allows(&self, access: u64) -> bool {
        const READ_WRITE: u64 = 3;
        const READ_EXECUTE: u64 = 5;
        access & !READ_WRITE == 0 || access == READ_EXECUTE && self.content != Content::Data
    }

    /// Length in bytes.
    pub const fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// As part of guest memory.
    pub const fn region(&self) -> Region {
        Region { guest: PROCESS_RAM_BASE, len_bytes: self.len_bytes, host: PROCESS_RAM_BASE }
    }

    /// Addresses behind RAM that the guest may reserve. Nothing is mapped there, and nothing of the proxy's comes there.
    pub fn reservable(&self) -> boot_info::Range {
        let start = (PROCESS_RAM_BASE + self.len_bytes)
            .next_multiple_of(RESERVABLE_GAP_BYTES)
            .saturating_add(RESERVABLE_GAP_BYTES);
        boot_info::Range { start, len_bytes: PROCESS_RESERVABLE_END.saturating_sub(start) }
    }

    /// [`Self::reservable`] as part of guest memory.
    pub fn reservable_region(&self) -> Region {
        let boot_info::Range { start, len_bytes } = self.reservable();
        Region { guest: start, len_bytes, host: start }
    }

    /// Whether whole pages from `address` on, `len_bytes` long, are RAM.
    pub fn holds_pages(&self, address: u64, len_bytes: u64) -> bool {
        are_pages_in(
            boot_info::Range { start: PROCESS_RAM_BASE, len_bytes: self.len_bytes },
            address,
            len_bytes,
        )
    }

    /// Whether they are reservable.
    pub fn can_reserve_pages(&self, address: u64, len_bytes: u64) -> bool {
        are_pages_in(self.reservable(), address, len_bytes)
    }

    /// Lets pages end at one place and begin, fresh, at another, where nothing is; one is RAM, the other reservable. `EIO`: they
    /// have ended, and begin nowhere.
    pub fn move_pages(&self, from: u64, to: u64, len_bytes: u64) -> Result<(), Errno> {
        // SAFETY: pages of the guest's, where no Rust object lives; the server survives what it cannot access.
        unsafe { rustix::mm::munmap(from as *mut c_void, len_bytes as usize) }.map_err(wire)?;
        self.begin(to, len_bytes).map_err(|errno| match self.begin(from, len_bytes) {
            Ok(()) => wire(errno),
            Err(_) => Errno::EIO,
        })
    }

    /// Lets whole pages of the guest's be those of a file. What is writable is executable where programs have code on their stacks
    /// ([`Content::DataAndCode`]): not with files, which others write.
    pub fn map_shared(
        &self,
        file: &OwnedFd,
        offset: u64,
        address: u64,
        len_bytes: u64,
        access: u64,
    ) -> Result<(), Errno> {
        const READ_WRITE: u64 = 3;
        if self.content == Content::DataAndCode {
            return Err(Errno::EOPNOTSUPP);
        }
        if access & !READ_WRITE != 0 {
            return Err(Errno::EINVAL);
        }
        are_there(address, len_bytes)?;
        // Memory of devices is not for guests.
        let kind = FileType::from_raw_mode(rustix::fs::fstat(file).map_err(wire)?.st_mode);
        if !matches!(kind, FileType::RegularFile | FileType::BlockDevice) {
            return Err(Errno::ENODEV);
        }
        let access = ProtFlags::from_bits_truncate(access as u32);
        let flags = MapFlags::SHARED | MapFlags::FIXED;
        // SAFETY: the caller vouches for pages of the guest's, where no Rust object lives; the server survives what it cannot access.
        unsafe { rustix::mm::mmap(address as *mut c_void, len_bytes as usize, access, flags, file, offset) }
            .map_err(wire)?;
        Ok(())
    }

    /// Lets whole pages of the guest's be fresh ones, whatever was there.
    pub fn unmap_shared(&self, address: u64, len_bytes: u64) -> Result<(), Errno> {
        are_there(address, len_bytes)?;
        self.begin_with(address, len_bytes, MapFlags::FIXED).map_err(wire)
    }

    /// Fresh pages, where there are none.
    fn begin(&self, address: u64, len_bytes: u64) -> Result<(), rustix::io::Errno> {
        self.begin_with(address, len_bytes, MapFlags::FIXED_NOREPLACE)
    }

    fn begin_with(&self, address: u64, len_bytes: u64, place: MapFlags) -> Result<(), rustix::io::Errno> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | place;
        let (start, len) = (address as *mut c_void, len_bytes as usize);
        // SAFETY: the caller vouches for pages of the guest's, where no Rust object lives.
        unsafe { rustix::mm::mmap_anonymous(start, len, access, flags) }?;
        if self.content == Content::DataAndCode {
            let access = self.flags(MprotectFlags::READ | MprotectFlags::WRITE);
            // SAFETY: the range was just mapped.
            unsafe { rustix::mm::mprotect(start, len, access) }?;
        }
        // RAM is what it was; small pieces of a reservation stay small, and go together.
        let is_ram = self.holds_pages(address, len_bytes);
        if is_ram && address >= PROCESS_SMALL_PAGES_END || !is_ram && len_bytes >= LARGE_PAGE_SIZE {
            advise_large_pages(address, len_bytes);
        }
        Ok(())
    }

    fn prefer_large_pages(&self) {
        let end = PROCESS_RAM_BASE + self.len_bytes;
        if let Some(len_bytes) = end.checked_sub(PROCESS_SMALL_PAGES_END) {
            advise_large_pages(PROCESS_SMALL_PAGES_END, len_bytes);
        }
    }
}

/// `ENOMEM` unless something is mapped on whole pages: what replaces it makes no more memory of it than `Move` gave.
fn are_there(address: u64, len_bytes: u64) -> Result<(), Errno> {
    // SAFETY: the default advice changes no contents, whatever is there.
    unsafe { rustix::mm::madvise(address as *mut c_void, len_bytes as usize, Advice::Normal) }.map_err(wire)
}

fn advise_large_pages(start: u64, len_bytes: u64) {
    // SAFETY: the caller has just mapped the range. It is advice: a kernel without large pages may refuse it.
    let _ = unsafe { rustix::mm::madvise(start as *mut c_void, len_bytes as usize, Advice::LinuxHugepage) };
}

/// Whether whole pages from `address` on, `len_bytes` long, are in `range`.
fn are_pages_in(range: boot_info::Range, address: u64, len_bytes: u64) -> bool {
    let offset = address.checked_sub(range.start);
    address.is_multiple_of(PAGE_SIZE)
        && len_bytes.is_multiple_of(PAGE_SIZE)
        && offset.is_some_and(|offset| offset <= range.len_bytes && len_bytes <= range.len_bytes - offset)
}

/// As the guest is told.
pub fn wire(errno: rustix::io::Errno) -> Errno {
    Errno::from_i32(errno.raw_os_error()).unwrap_or(Errno::EIO)
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
