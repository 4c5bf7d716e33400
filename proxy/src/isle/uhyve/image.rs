//! Lays the segments of an image into guest RAM: [`load`]. What is only read is mapped, not copied, if nobody
//! else can change it behind the program's back ([`lease`]), and RAM is not made of large pages, which cannot
//! be mapped over in parts.

#![allow(unsafe_code, reason = "maps the image over guest RAM")]

use super::lease::{self, Lease, Mapped};
use crate::error::IsleError;
use crate::image::{Access, ImageFile, Segment};
use crate::isle::ram::Ram;
use abi::layout::PAGE_SIZE;
use rustix::mm::{MapFlags, ProtFlags};

/// Lays every segment into RAM, which is fresh.
pub fn load(image: &ImageFile, ram: &Ram) -> Result<(), IsleError> {
    let can_be_mapped = ram.can_be_mapped_over() && lease::take(&image.fd) == Lease::Taken;
    let mut mappings = Vec::new();
    for segment in &image.image.segments {
        if can_be_mapped && segment.access != Access::ReadWrite {
            mappings.extend(map_segment(image, segment, ram)?);
        } else {
            copy_segment(image, segment, ram);
        }
    }
    if can_be_mapped {
        // The report reads the file once more.
        let (start, len_bytes) = (image.contents.as_ptr() as u64, image.contents.len() as u64);
        mappings.push(Mapped { start, len_bytes: len_bytes.next_multiple_of(PAGE_SIZE) });
        lease::mapped(mappings);
    }
    Ok(())
}

/// The guest's own page tables forbid what must not be written; here everything is writable, in pages that
/// are copied when they are: debuggers do that.
fn map_segment(image: &ImageFile, segment: &Segment, ram: &Ram) -> Result<Option<Mapped>, IsleError> {
    if segment.file_bytes == 0 {
        return Ok(None); // RAM is zero
    }
    let start = segment.address - segment.address % PAGE_SIZE;
    let file_end = segment.address + segment.file_bytes;
    let end = file_end.next_multiple_of(PAGE_SIZE);
    let offset = segment.file_offset - (segment.address - start);
    let (place, len_bytes) = (ram.host_address(start), end - start);
    let access = ProtFlags::READ | ProtFlags::WRITE;
    let flags = MapFlags::PRIVATE | MapFlags::FIXED;
    // SAFETY: `Ram::lay_out` made sure that the image lies inside of low RAM, which is a mapping of ours
    // where nothing else is yet. The pages are inside the file (`Image` checked that); the tail lies in the
    // last of them.
    unsafe {
        rustix::mm::mmap(place.cast(), len_bytes as usize, access, flags, &image.fd, offset)
            .map_err(IsleError::host("map the image", "raise ulimit -v"))?;
        // What follows in the last page of the file is not the segment's: zero it where memory goes on.
        if segment.memory_bytes > segment.file_bytes {
            ram.host_address(file_end).write_bytes(0, (end - file_end) as usize);
        }
    }
    Ok(Some(Mapped { start: place as u64, len_bytes }))
}

fn copy_segment(image: &ImageFile, segment: &Segment, ram: &Ram) {
    let bytes = &image.contents[segment.file_offset as usize..][..segment.file_bytes as usize];
    // SAFETY: `Ram::lay_out` made sure that the image lies inside of low RAM, where nothing else is yet, and
    // RAM is no part of the file's mapping.
    unsafe { ram.host_address(segment.address).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}
