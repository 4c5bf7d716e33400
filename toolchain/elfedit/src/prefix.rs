//! The tree whose linker made an image, written into the image: [`record_prefix`].

use std::fs::OpenOptions;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

use abi::elf::{NOTE_NAME, NOTE_PREFIX, PREFIX_BYTES};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{LittleEndian, ReadCache, elf};

use crate::Error;

/// Writes `prefix` into the note of an image that waits for it. A file that is no image, or has no such note (another
/// linker script may leave it out, and older kernels have none), stays as it is; so does the note if `prefix` is too long.
///
/// # Errors
/// When the file cannot be read or written.
pub fn record_prefix(path: &Path, prefix: &Path) -> Result<(), Error> {
    let prefix = prefix.as_os_str().as_bytes();
    if prefix.len() >= PREFIX_BYTES || !path.is_file() {
        return Ok(());
    }
    let file =
        OpenOptions::new().read(true).write(true).open(path).map_err(Error::io(path, "open for writing"))?;
    let Some(offset) = field(&ReadCache::new(&file)) else { return Ok(()) };
    let mut text = [0; PREFIX_BYTES];
    text[..prefix.len()].copy_from_slice(prefix);
    file.write_all_at(&text, offset).map_err(Error::io(path, "write"))
}

/// Where the note's descriptor is in the file.
fn field(data: &ReadCache<&std::fs::File>) -> Option<u64> {
    let endian = LittleEndian;
    let header = elf::FileHeader64::<LittleEndian>::parse(data).ok()?;
    for entry in header.program_headers(endian, data).ok()? {
        let Ok(Some(mut notes)) = entry.notes(endian, data) else { continue };
        let mut offset = entry.p_offset(endian);
        while let Ok(Some(note)) = notes.next() {
            // The three words before the name (elf(5)); name and descriptor fill whole words.
            let descriptor = offset + 12 + note.name_bytes().len().next_multiple_of(4) as u64;
            if note.name() == NOTE_NAME.as_bytes()
                && note.n_type(endian).0 == NOTE_PREFIX
                && note.desc().len() == PREFIX_BYTES
            {
                return Some(descriptor);
            }
            offset = descriptor + note.desc().len().next_multiple_of(4) as u64;
        }
    }
    None
}
