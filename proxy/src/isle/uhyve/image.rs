//! Maps the segments of an image over guest RAM: [`load`]. Nothing is copied but the page in which data and zeroes meet; and
//! all of it where RAM is made of large pages, which cannot be mapped over in parts.

use crate::image::{ImageFile, Segment};
use crate::isle::IsleError;
use crate::isle::ram::Ram;
use abi::layout::PAGE_SIZE;
use rustix::mm::{MapFlags, ProtFlags};

/// Maps every segment. The guest's own page tables forbid what must not be written; here everything is writable, in pages
/// that are copied when they are.
pub fn load(image: &ImageFile, ram: &Ram) -> Result<(), IsleError> {
    image.image.segments.iter().try_for_each(|segment| load_segment(image, segment, ram))
}

fn load_segment(image: &ImageFile, segment: &Segment, ram: &Ram) -> Result<(), IsleError> {
    if segment.file_bytes == 0 {
        return Ok(()); // RAM is zero
    }
    if !ram.can_be_mapped_over() {
        copy_segment(image, segment, ram);
        return Ok(());
    }
    let start = segment.address - segment.address % PAGE_SIZE;
    let file_end = segment.address + segment.file_bytes;
    let end = file_end.next_multiple_of(PAGE_SIZE);
    let offset = segment.file_offset - (segment.address - start);
    let access = ProtFlags::READ | ProtFlags::WRITE;
    let flags = MapFlags::PRIVATE | MapFlags::FIXED;
    // SAFETY: `Ram::place` made sure that the image lies inside of low RAM, which is a mapping of ours where nothing else is
    // yet. The pages are inside the file (`Image` checked that); the tail lies in the last of them.
    unsafe {
        rustix::mm::mmap(
            ram.host_address(start).cast(),
            (end - start) as usize,
            access,
            flags,
            &image.fd,
            offset,
        )
        .map_err(IsleError::host("map the image", "raise ulimit -v"))?;
        // What follows in the last page of the file is not the segment's: zero it where memory goes on.
        if segment.memory_bytes > segment.file_bytes {
            ram.host_address(file_end).write_bytes(0, (end - file_end) as usize);
        }
    }
    Ok(())
}

fn copy_segment(image: &ImageFile, segment: &Segment, ram: &Ram) {
    let bytes = &image.contents[segment.file_offset as usize..][..segment.file_bytes as usize];
    // SAFETY: `Ram::place` made sure that the image lies inside of low RAM, where nothing else is yet, and RAM is no part of the
    // file's mapping.
    unsafe { ram.host_address(segment.address).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}
