//! Offsets into an image that the cases change (ELF-64, little-endian; elf(5)).

use anyhow::{Result, bail, ensure};

/// Offset of the class: 1 is 32-bit.
pub const EI_CLASS: usize = 4;
/// Offset of the byte order: 2 is big-endian.
pub const EI_DATA: usize = 5;
/// Offset of the OSABI byte.
pub const EI_OSABI: usize = 7;
/// Offset of the low byte of the file's type: 1 is an object.
pub const E_TYPE: usize = 16;
/// Offset of the low byte of the machine.
pub const E_MACHINE: usize = 18;
/// Offset of the entry's address, 8 bytes.
pub const E_ENTRY: usize = 24;
/// Offset of the program headers' offset, 8 bytes.
pub const E_PHOFF: usize = 32;
/// Offset of the number of program headers, 2 bytes.
const E_PHNUM: usize = 56;
/// Size of a program header, in bytes.
const PHENTSIZE: usize = 56;
/// Offsets in a program header of p_offset, p_vaddr, p_filesz, p_memsz, p_align: 8 bytes each.
pub const PROGRAM_HEADER_FIELDS: [usize; 5] = [8, 16, 32, 40, 48];

const PT_LOAD: u64 = 1;
const PT_NOTE: u64 = 4;

/// Offsets of the program headers.
///
/// # Errors
/// If the image has none.
pub fn program_headers(image: &[u8]) -> Result<Vec<usize>> {
    let first = usize::try_from(number(image, E_PHOFF, 8)?)?;
    let count = usize::try_from(number(image, E_PHNUM, 2)?)?;
    ensure!(count > 0, "the image has no program headers");
    Ok((0..count).map(|index| first + index * PHENTSIZE).collect())
}

/// Bytes of the file that are loaded: a shorter file is truncated.
///
/// # Errors
/// If the image has no loadable segment.
pub fn loaded_bytes(image: &[u8]) -> Result<usize> {
    let mut end = 0;
    for header in program_headers(image)? {
        if number(image, header, 4)? == PT_LOAD {
            end = end.max(number(image, header + 8, 8)? + number(image, header + 32, 8)?);
        }
    }
    ensure!(end > 0, "the image loads nothing");
    Ok(usize::try_from(end)?)
}

/// Offset of the version in the ABI note.
///
/// # Errors
/// If the image has no such note.
pub fn abi_note(image: &[u8]) -> Result<usize> {
    for header in program_headers(image)? {
        if number(image, header, 4)? != PT_NOTE {
            continue;
        }
        let mut at = usize::try_from(number(image, header + 8, 8)?)?;
        let end = at + usize::try_from(number(image, header + 32, 8)?)?;
        while at + 12 < end {
            let name_len = usize::try_from(number(image, at, 4)?)?;
            let content_len = usize::try_from(number(image, at + 4, 4)?)?;
            let kind = number(image, at + 8, 4)?;
            let name = at + 12;
            let content = name + name_len.next_multiple_of(4);
            let ours =
                image.get(name..name + name_len.saturating_sub(1)) == Some(abi::elf::NOTE_NAME.as_bytes());
            if ours && kind == u64::from(abi::elf::NOTE_ABI) {
                return Ok(content);
            }
            at = content + content_len.next_multiple_of(4);
        }
    }
    bail!("the image has no {} note", abi::elf::NOTE_NAME)
}

fn number(image: &[u8], at: usize, len: usize) -> Result<u64> {
    let Some(bytes) = image.get(at..at + len) else { bail!("the image ends before byte {}", at + len) };
    Ok(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}
