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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Image, Pvh};
    use abi::layout::IMAGE_BASE;
    use std::io::Write as _;

    /// A segment of `file_bytes` out of a file full of 0xa5, mapped; what is in the page where it ends.
    fn last_page(file_bytes: u64, memory_bytes: u64) -> Vec<u8> {
        let memory = rustix::fs::memfd_create("image", rustix::fs::MemfdFlags::CLOEXEC).unwrap();
        let mut file = std::fs::File::from(memory);
        file.write_all(&[0xa5; 2 * PAGE_SIZE as usize]).unwrap();
        let segment =
            Segment { address: IMAGE_BASE, memory_bytes, file_offset: 0, file_bytes, access: Access::Read };
        let image = Image {
            entry: IMAGE_BASE,
            segments: Vec::new(),
            pvh: Pvh::Missing,
            has_executable_stack: false,
            has_sockets: false,
            abi_version: abi::elf::ABI_VERSION,
        };
        let image = ImageFile { path: "image".into(), fd: file.into(), image, contents: &[] };
        let ram = Ram::private(16 << 20).unwrap();
        let mapped = map_segment(&image, &segment, &ram).unwrap().unwrap();
        assert_eq!(mapped.start, ram.host_address(IMAGE_BASE) as u64);
        assert_eq!(mapped.len_bytes, PAGE_SIZE);
        // SAFETY: no Rust object is in it.
        let memory = unsafe { ram.guest_memory() };
        memory.read_vec(IMAGE_BASE, PAGE_SIZE).unwrap()
    }

    #[test]
    fn what_follows_in_the_file_is_not_the_segments() {
        for memory_bytes in [101, PAGE_SIZE, 3 * PAGE_SIZE] {
            let page = last_page(100, memory_bytes);
            let first_zero = page.iter().position(|&byte| byte == 0);
            assert_eq!((first_zero, page[100..].iter().max()), (Some(100), Some(&0)), "{memory_bytes}");
        }
        assert!(last_page(100, 100).iter().all(|&byte| byte == 0xa5), "nothing follows in memory");
    }
}
