//! What is in memory after loading, and which pages are RAM.

use super::*;
use crate::image::{Image, Pvh};
use rustix::fs::MemfdFlags;
use std::io::Write;

/// Where nothing of the test process is: far above the image of a guest, below guest RAM.
const PLACE: u64 = PROCESS_RAM_BASE / 2;

/// Loads one segment at [`PLACE`] from a file that is full of this byte, and returns what is in its pages.
fn loaded(access: Access, file_bytes: u64, memory_bytes: u64, byte: u8) -> Vec<u8> {
    let fd = rustix::fs::memfd_create("image", MemfdFlags::CLOEXEC).unwrap();
    let mut file = std::fs::File::from(fd);
    file.write_all(&vec![byte; 4 * PAGE_SIZE as usize]).unwrap();
    let segment = Segment { address: PLACE, memory_bytes, file_offset: PAGE_SIZE, file_bytes, access };
    let image = Image {
        entry: PLACE,
        segments: vec![segment],
        pvh: Pvh::Missing,
        has_executable_stack: false,
        has_sockets: false,
        abi_version: abi::elf::ABI_VERSION,
    };
    let image = ImageFile { path: "image".into(), fd: file.into(), image, contents: &[] };
    let regions = load(&image).unwrap();
    let len_bytes = memory_bytes.next_multiple_of(PAGE_SIZE);
    assert_eq!(regions, [Region { guest: PLACE, len_bytes, host: PLACE }]);
    // SAFETY: `load` has just mapped these pages, readable, and nobody else knows of them.
    unsafe {
        let bytes = core::slice::from_raw_parts(PLACE as *const u8, len_bytes as usize).to_vec();
        rustix::mm::munmap(PLACE as *mut c_void, len_bytes as usize).unwrap();
        bytes
    }
}

/// What the program has not in its file is zero from the first byte on, also in the page where the file ends.
#[test]
fn memory_behind_the_file_is_zero() {
    let page = PAGE_SIZE;
    for access in [Access::ReadWrite, Access::Read] {
        for (file_bytes, memory_bytes) in
            [(100, 3 * page), (1, page), (page + 5, page + 6), (page, 2 * page), (0, page)]
        {
            let bytes = loaded(access, file_bytes, memory_bytes, 0xa5);
            let (of_file, rest) = bytes.split_at(file_bytes as usize);
            assert!(of_file.iter().all(|&byte| byte == 0xa5), "{file_bytes} of {memory_bytes}: the file");
            assert_eq!(
                rest.iter().position(|&byte| byte != 0),
                None,
                "{file_bytes} of {memory_bytes}: behind it"
            );
        }
    }
}

#[test]
fn only_whole_pages_of_ram_are_ram() {
    let ram = Ram { len_bytes: 16 * PAGE_SIZE, content: Content::Data };
    let (start, end, page) = (PROCESS_RAM_BASE, PROCESS_RAM_BASE + 16 * PAGE_SIZE, PAGE_SIZE);
    for (address, len_bytes) in [(start, page), (start, 16 * page), (end - page, page), (end, 0)] {
        assert!(ram.holds_pages(address, len_bytes), "{address:#x}, {len_bytes:#x} bytes");
    }
    for (address, len_bytes) in [
        // Parts of pages.
        (start, page - 1),
        (start, page + 8),
        (start + 8, page),
        // In front of RAM, behind it, and over its end.
        (start - page, page),
        (end, page),
        (end - page, 2 * page),
        (start, 17 * page),
        (end + page, 0),
        (start, 0_u64.wrapping_sub(page)),
    ] {
        assert!(!ram.holds_pages(address, len_bytes), "{address:#x}, {len_bytes:#x} bytes");
    }
}

#[test]
fn reservable_addresses_are_behind_ram_and_below_what_linux_maps() {
    for len_bytes in [PAGE_SIZE, 16 << 20, (1 << 40) + PAGE_SIZE] {
        let ram = Ram { len_bytes, content: Content::Data };
        let boot_info::Range { start, len_bytes: reservable_bytes } = ram.reservable();
        assert!(start >= PROCESS_RAM_BASE + len_bytes + RESERVABLE_GAP_BYTES);
        assert_eq!(start + reservable_bytes, PROCESS_RESERVABLE_END);
        assert!(
            ram.can_reserve_pages(start, PAGE_SIZE) && !ram.can_reserve_pages(start - PAGE_SIZE, PAGE_SIZE)
        );
        assert!(!ram.can_reserve_pages(PROCESS_RESERVABLE_END - PAGE_SIZE, 2 * PAGE_SIZE));
        assert!(!ram.can_reserve_pages(PROCESS_RAM_BASE, PAGE_SIZE));
    }
    let all = Ram { len_bytes: 64 << 40, content: Content::Data };
    assert!(!all.can_reserve_pages(PROCESS_RESERVABLE_END, 0) || all.reservable().len_bytes == 0);
}

#[test]
fn nothing_is_written_and_executed() {
    let allowed = |content: Content| {
        let ram = Ram { len_bytes: PAGE_SIZE, content };
        [0, 1, 3, 4, 5, 6, 7, 8, 1 << 32 | 1].map(|access| ram.allows(access))
    };
    let data = [true, true, true, false, false, false, false, false, false];
    let made = [true, true, true, false, true, false, false, false, false];
    assert_eq!([Content::Data, Content::MadeCode].map(allowed), [data, made]);
}
