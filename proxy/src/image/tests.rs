//! Images made by hand, good, bad and mutated.

use super::*;
use crate::random::Random;
use abi::layout::{IMAGE_BASE, PAGE_SIZE, PROCESS_RAM_BASE};

const HEADER_BYTES: usize = 64;
const ENTRY_BYTES: usize = 56;

/// A program header to write.
struct Entry {
    kind: u32,
    flags: u32,
    offset: u64,
    address: u64,
    file_bytes: u64,
    memory_bytes: u64,
}

const NOTE_AT: u64 = 0x200;

/// "HermitCore", version; "Xen", PVH.
fn notes(version: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [11_u32, 4, 1] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(b"HermitCore\0\0");
    bytes.extend(version.to_le_bytes());
    for word in [4_u32, 4, 18] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(b"Xen\0");
    bytes.extend(0x20_1000_u32.to_le_bytes());
    bytes
}

fn entries(note_bytes: u64) -> Vec<Entry> {
    let load = |flags, page: u64, file_bytes, memory_bytes| Entry {
        kind: 1,
        flags,
        offset: page * PAGE_SIZE,
        address: IMAGE_BASE + page * PAGE_SIZE,
        file_bytes,
        memory_bytes,
    };
    vec![
        load(4, 0, PAGE_SIZE, PAGE_SIZE),
        load(5, 1, PAGE_SIZE, PAGE_SIZE),
        load(6, 2, 100, 3 * PAGE_SIZE),
        Entry {
            kind: 4,
            flags: 4,
            offset: NOTE_AT,
            address: IMAGE_BASE + NOTE_AT,
            file_bytes: note_bytes,
            memory_bytes: note_bytes,
        },
    ]
}

fn put_entry(file: &mut Vec<u8>, entry: &Entry) {
    file.extend(entry.kind.to_le_bytes());
    file.extend(entry.flags.to_le_bytes());
    let align = if entry.kind == 4 { 4 } else { PAGE_SIZE };
    let words = [entry.offset, entry.address, entry.address, entry.file_bytes, entry.memory_bytes, align];
    words.iter().for_each(|word| file.extend(word.to_le_bytes()));
}

fn file(entries: &[Entry], version: u32) -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01\x42\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    file.extend((IMAGE_BASE + PAGE_SIZE).to_le_bytes());
    file.extend((HEADER_BYTES as u64).to_le_bytes());
    file.extend([0; 12]);
    for half in [HEADER_BYTES as u16, ENTRY_BYTES as u16, entries.len() as u16, 0, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    entries.iter().for_each(|entry| put_entry(&mut file, entry));
    file.resize(NOTE_AT as usize, 0);
    file.extend(notes(version));
    file.resize(2 * PAGE_SIZE as usize + 100, 0);
    file
}

fn good() -> Vec<u8> {
    file(&entries(notes(1).len() as u64), 1)
}

fn complaint(file: &[u8]) -> String {
    Image::parse(file).unwrap_err().to_string()
}

#[test]
fn a_good_image() {
    let image = Image::parse(&good()).unwrap();
    assert_eq!(image.entry, IMAGE_BASE + PAGE_SIZE);
    assert_eq!(image.segments.len(), 3);
    assert_eq!(image.pvh, Pvh::Bootable);
    assert_eq!(image.segments[2].access, Access::ReadWrite);
    assert_eq!(image.end(), IMAGE_BASE + 5 * PAGE_SIZE);
}

#[test]
fn identity() {
    let with = |at: usize, value: u8| {
        let mut file = good();
        file[at] = value;
        complaint(&file)
    };
    assert!(complaint(b"").contains("empty"));
    assert!(complaint(b"#!/bin/sh\n").contains("script"));
    assert!(complaint(b"!<arch>\n").contains("archive"));
    assert!(complaint(&good()[..40]).contains("truncated"));
    assert!(with(4, 1).contains("32-bit"));
    assert!(with(7, 0).contains("Linux program"));
    assert!(with(7, 3).contains("Linux program"));
    assert!(with(7, 9).contains("another system"));
    assert!(with(18, 0xb7).contains("another CPU"));
    assert!(with(16, 1).contains("object file"));
    assert!(with(16, 3).contains("position-independent"));
}

#[test]
fn versions() {
    let newer = complaint(&file(&entries(notes(7).len() as u64), 7));
    assert!(newer.contains("version 7") && newer.contains("1 to 1") && newer.contains("upgrade"), "{newer}");
    // Those just beyond, too.
    for (version, cure) in [(ABI_VERSION + 1, "upgrade"), (OLDEST_ABI_VERSION - 1, "link it again")] {
        assert!(complaint(&file(&entries(notes(version).len() as u64), version)).contains(cure), "{version}");
    }
    assert!(complaint(&file(&entries(0), 1)).contains("no HermitCore ABI note"));
}

#[test]
fn segments_in_bad_places() {
    let changed = |change: fn(&mut Entry)| {
        let mut entries = entries(notes(1).len() as u64);
        change(&mut entries[2]);
        complaint(&file(&entries, 1))
    };
    assert!(changed(|entry| entry.address = 0).contains("outside"));
    assert!(changed(|entry| entry.address = PROCESS_RAM_BASE).contains("outside"));
    assert!(changed(|entry| entry.memory_bytes = u64::MAX).contains("wraps"));
    assert!(changed(|entry| entry.memory_bytes = PROCESS_RAM_BASE).contains("outside"));
    assert!(changed(|entry| entry.file_bytes = 1 << 20).contains("larger in the file"));
    assert!(changed(|entry| entry.memory_bytes = entry.file_bytes - 1).contains("larger in the file"));
    assert!(changed(|entry| entry.offset = 64 * PAGE_SIZE).contains("truncated"));
    assert!(changed(|entry| entry.offset -= 8).contains("not aligned"));
    assert!(changed(|entry| entry.flags = 7).contains("writable and executable"));
    assert!(changed(|entry| entry.address = IMAGE_BASE + PAGE_SIZE).contains("share a page"));
    assert!(changed(|entry| entry.kind = 3).contains("dynamically"));
}

/// One page belongs to one segment, even if there is room behind the first.
#[test]
fn two_segments_in_one_page() {
    let mut entries = entries(notes(1).len() as u64);
    let code = &mut entries[1];
    (code.file_bytes, code.memory_bytes) = (100, 100);
    let behind = PAGE_SIZE + 200;
    (entries[2].offset, entries[2].address) = (behind, IMAGE_BASE + behind);
    assert!(complaint(&file(&entries, 1)).contains("share a page"));
}

/// `good` with as many segments, a page each; the first is its code.
fn with_segments(count: usize) -> Vec<u8> {
    let notes = entries(notes(1).len() as u64).pop().unwrap();
    let page = |number: usize| Entry {
        kind: 1,
        flags: if number == 1 { 5 } else { 4 },
        offset: PAGE_SIZE,
        address: IMAGE_BASE + number as u64 * PAGE_SIZE,
        file_bytes: 0,
        memory_bytes: PAGE_SIZE,
    };
    let entries: Vec<_> = (1..=count).map(page).chain([notes]).collect();
    let mut file = good();
    // There is no room for so many headers before the note: they lie at the end.
    file.resize(file.len().next_multiple_of(8), 0);
    let at = file.len() as u64;
    entries.iter().for_each(|entry| put_entry(&mut file, entry));
    file[32..40].copy_from_slice(&at.to_le_bytes());
    file[56..58].copy_from_slice(&(entries.len() as u16).to_le_bytes());
    file
}

#[test]
fn no_more_segments_than_the_limit() {
    assert_eq!(Image::parse(&with_segments(MAX_SEGMENTS)).unwrap().segments.len(), MAX_SEGMENTS);
    assert!(complaint(&with_segments(MAX_SEGMENTS + 1)).contains("too many segments"));
}

#[test]
fn the_entry_is_in_code() {
    // In front of the code, in data, behind everything.
    for entry in [IMAGE_BASE, IMAGE_BASE + 2 * PAGE_SIZE, IMAGE_BASE + 99 * PAGE_SIZE, 0, u64::MAX] {
        let mut file = good();
        file[24..32].copy_from_slice(&entry.to_le_bytes());
        assert!(complaint(&file).contains("entry is not in its code"), "{entry:#x}");
    }
}

/// Whatever is parsed is where images may be, and inside the file.
#[test]
fn mutated_images_stay_in_their_place() {
    let (good, mut random, mut parsed) = (good(), Random(0x9e37_79b9_7f4a_7c15), 0);
    let headers = NOTE_AT as usize + notes(1).len();
    for _ in 0..200_000 {
        let mut file = good.clone();
        for _ in 0..1 + random.next() % 4 {
            let at = (random.next() as usize) % headers;
            match random.next() % 3 {
                0 => file[at] = random.next() as u8,
                1 => file[at] ^= 1 << (random.next() % 8),
                _ => file[at] = [0, 1, 0x7f, 0x80, 0xff][random.next() as usize % 5],
            }
        }
        file.truncate(file.len().saturating_sub((random.next() % 64) as usize));
        let Ok(image) = Image::parse(&file) else { continue };
        parsed += 1;
        let mut last_end = IMAGE_BASE;
        for segment in &image.segments {
            assert!(segment.address >= last_end && segment.end() <= PROCESS_RAM_BASE);
            assert!(segment.file_offset + segment.file_bytes <= file.len() as u64);
            assert!(segment.file_bytes <= segment.memory_bytes && segment.memory_bytes > 0);
            assert_eq!(segment.file_offset % PAGE_SIZE, segment.address % PAGE_SIZE);
            last_end = segment.end().next_multiple_of(PAGE_SIZE);
        }
    }
    assert!(parsed > 1000, "only {parsed} mutations were still images");
}
