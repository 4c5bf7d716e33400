//! Files that are said to be images: [`run`].
//!
//! Most inputs are changes to a good image, since few random bytes get beyond its first ones.

use crate::input::Input;
use abi::elf::{ABI_VERSION, NOTE_ABI, NOTE_NAME, OSABI};
use abi::layout::{IMAGE_BASE, PAGE_SIZE, PROCESS_RAM_BASE};
use proxy::image::Image;
use proxy::memory::GuestMemory;
use proxy::report;
use proxy::server::Fatal;

/// Where the note of the good image is, and how long its file is.
const NOTE_AT: u64 = 0x200;
const FILE_BYTES: usize = 0x300;

/// Most bytes that an input adds to the good image.
const MAX_MORE_BYTES: usize = 1 << 16;

/// PT_LOAD and PT_NOTE.
const LOAD: u32 = 1;
const NOTE: u32 = 4;

/// Checks what the parser promises, and writes the report of a program that died there.
pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let file = if input.u8().is_multiple_of(8) { input.rest().to_vec() } else { changed(&mut input) };
    match Image::parse(&file) {
        Ok(image) => check(&image, file.len() as u64),
        Err(error) => assert!(!error.to_string().is_empty(), "refused without a word"),
    }
    report_of(file);
}

/// The good image, with some of its bytes and what follows as the input says.
fn changed(input: &mut Input<'_>) -> Vec<u8> {
    let mut file = good_image();
    for _ in 0..input.u8() % 16 {
        let (offset, len) = (usize::from(input.u16()) % FILE_BYTES, usize::from(input.u8() % 9));
        for (to, from) in file[offset..].iter_mut().zip(input.take(len)) {
            *to = *from;
        }
    }
    let rest = input.rest();
    file.extend(&rest[..rest.len().min(MAX_MORE_BYTES)]);
    file
}

/// An image of three segments and a note.
fn good_image() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(b"\x7fELF\x02\x01\x01");
    file.push(OSABI);
    file.extend([0; 8]);
    // ET_EXEC, EM_X86_64, EV_CURRENT; no sections.
    file.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [IMAGE_BASE + PAGE_SIZE, 64, 0] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 4, 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    let all = FILE_BYTES as u64;
    // Kind, access, first page, bytes in the file and in memory.
    for (kind, access, page, bytes, memory) in
        [(LOAD, 4_u32, 0, all, all), (LOAD, 5, 1, all, all), (LOAD, 6, 2, 0x100, 3 * PAGE_SIZE)]
    {
        program_header(&mut file, kind, access, [0, IMAGE_BASE + page * PAGE_SIZE, bytes, memory]);
    }
    let note = note();
    program_header(&mut file, NOTE, 4, [NOTE_AT, IMAGE_BASE + NOTE_AT, note.len() as u64, note.len() as u64]);
    file.resize(NOTE_AT as usize, 0);
    file.extend(note);
    file.resize(FILE_BYTES, 0);
    file
}

fn program_header(file: &mut Vec<u8>, kind: u32, access: u32, [offset, address, bytes, memory]: [u64; 4]) {
    file.extend([kind, access].map(u32::to_le_bytes).concat());
    file.extend([offset, address, address, bytes, memory, 4].map(u64::to_le_bytes).concat());
}

/// The note with the ABI's version.
fn note() -> Vec<u8> {
    let mut name = NOTE_NAME.as_bytes().to_vec();
    name.push(0);
    let mut note = [name.len() as u32, 4, NOTE_ABI].map(u32::to_le_bytes).concat();
    name.resize(name.len().next_multiple_of(4), 0);
    note.extend(name);
    note.extend(ABI_VERSION.to_le_bytes());
    note
}

/// What the isles rely on when they load it.
fn check(image: &Image, file_bytes: u64) {
    assert!(image.is_code(image.entry), "its entry is code");
    let mut free_from = IMAGE_BASE;
    for segment in &image.segments {
        assert!(segment.address >= free_from && segment.end() <= PROCESS_RAM_BASE, "{segment:x?}");
        assert!(segment.file_bytes <= segment.memory_bytes && segment.memory_bytes > 0, "{segment:x?}");
        assert!(segment.file_offset + segment.file_bytes <= file_bytes, "{segment:x?}");
        assert_eq!(segment.file_offset % PAGE_SIZE, segment.address % PAGE_SIZE, "{segment:x?}");
        free_from = segment.end().next_multiple_of(PAGE_SIZE);
    }
}

/// The report reads the file's symbols, debug information and unwind tables, which the parser has not looked at.
fn report_of(file: Vec<u8>) {
    let frame = abi::trap::TrapFrame { rip: IMAGE_BASE + PAGE_SIZE, rsp: IMAGE_BASE, ..Default::default() };
    let fatal = Fatal { signal: 11, frame: Some(frame), text: b"fuzz".to_vec() };
    let file = Box::into_raw(file.into_boxed_slice());
    // SAFETY: a live box, which is freed below, when nothing refers to it any more: a text is all that remains.
    let text = report::text(&fatal, "fuzz", Some(unsafe { &*file }), &GuestMemory::default());
    assert!(text.starts_with("fuzz: "));
    // SAFETY: made by `into_raw` above.
    drop(unsafe { Box::from_raw(file) });
}
