//! Changing EI_OSABI bytes: [`edit`] and its shorthands.
//!
//! A file is changed in place, one byte per ELF header, and only after every check has passed: links, owner and
//! permissions stay, and an interruption cannot damage anything.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::place::{Depth, Place, places};
use crate::{Error, Osabi};

/// Sets the OSABI of a file, or of every ELF member of an archive. With `input`, all of them must have that OSABI.
/// Returns how many bytes changed.
pub fn edit(path: &Path, input: Option<Osabi>, output: Osabi) -> Result<usize, Error> {
    let found = places(path, Depth::Tables)?;
    if let Some(wanted) = input
        && let Some(place) = found.iter().find(|place| place.osabi != wanted)
    {
        return Err(Error::Mismatch { place: place.name.clone(), got: place.osabi, wanted });
    }
    write(path, &found, output)
}

/// Sets the OSABI of a file, or of every ELF member of an archive, whatever it was.
pub fn set_osabi(path: &Path, output: Osabi) -> Result<usize, Error> {
    edit(path, None, output)
}

/// Marks what a tool has just written as HermitCore's: a file that is not ELF (`--oformat binary`) or not regular
/// (`-o /dev/null`) stays as it is.
pub fn mark(path: &Path) -> Result<(), Error> {
    match places(path, Depth::Header) {
        Ok(found) => write(path, &found, Osabi::HERMIT).map(drop),
        Err(Error::NotElf { .. } | Error::NotRegular(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Copies an object or archive and marks the copy; the copy is writable by its owner.
pub fn copy_marked(from: &Path, to: &Path) -> Result<(), Error> {
    let content = std::fs::read(from).map_err(Error::io(from, "read"))?;
    std::fs::write(to, content).map_err(Error::io(to, "write"))?;
    set_osabi(to, Osabi::HERMIT).map(drop)
}

/// Opens every file before the first write, so that a file we may not write leaves the others as they are.
fn write(path: &Path, found: &[Place], output: Osabi) -> Result<usize, Error> {
    let changes: Vec<&Place> = found.iter().filter(|place| place.osabi != output).collect();
    for place in changes.iter().filter(|place| place.file != path) {
        expect_inside(path, place)?;
    }
    let mut files: Vec<(&Path, File)> = Vec::new();
    for place in &changes {
        if files.last().is_none_or(|(path, _)| *path != place.file) {
            let file = OpenOptions::new().write(true).open(&place.file);
            files.push((&place.file, file.map_err(Error::io(&place.file, "open for writing"))?));
        }
    }
    let mut files = files.iter().peekable();
    for place in &changes {
        while files.peek().is_some_and(|(path, _)| *path != place.file) {
            files.next();
        }
        if let Some((path, file)) = files.peek() {
            file.write_all_at(&[output.0], place.offset).map_err(Error::io(path, "write"))?;
        }
    }
    Ok(changes.len())
}

/// Who hands over a thin archive hands over the files in its folder, and none that it only names, by `../`, by an
/// absolute path or through a link.
fn expect_inside(archive: &Path, member: &Place) -> Result<(), Error> {
    let folder = match archive.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(Error::io(folder, "resolve"))?;
    let file = member.file.canonicalize().map_err(Error::io(&member.file, "resolve"))?;
    if file.starts_with(&folder) {
        return Ok(());
    }
    Err(Error::Outside { place: member.name.clone(), file, folder })
}
