//! Where the EI_OSABI bytes of a file are: [`places`].
//!
//! Only the parts that are looked at are read, so that checking an archive of many megabytes costs little.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use object::read::archive::{ArchiveFile, ArchiveMember};
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader, SectionHeader};
use object::{LittleEndian, ReadCache, ReadRef, archive, elf};

use crate::window::Window;
use crate::{Error, Osabi};

/// Offset of EI_OSABI in an ELF header.
const EI_OSABI: u64 = 7;

/// How much of each ELF file is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The file header: enough for files that another tool checks as well.
    Header,
    /// The header, all tables, and that everything they name lies inside the file: before changing somebody's file.
    Tables,
}

/// What an ELF file is (`e_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElfType {
    /// An object, to be linked.
    Relocatable,
    /// An image.
    Executable,
    /// A shared library or a position-independent executable.
    Shared,
    /// Something else, such as a core file.
    Other(u16),
}

/// An ELF header in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file to read or write: the archive, or the member's own file if the archive is thin.
    pub file: PathBuf,
    /// How to name the place to a user: `file` or `archive(member)`.
    pub name: String,
    /// Offset of its EI_OSABI byte in `file`, in bytes.
    pub offset: u64,
    /// The byte's value.
    pub osabi: Osabi,
    /// What the ELF file is.
    pub elf_type: ElfType,
    /// It has a section that asks to survive the linker's garbage collection (`__attribute__((retain))`).
    pub retains: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// OSABI of an ELF file (not of an archive), its header checked.
pub fn osabi_of(path: &Path) -> Result<Osabi, Error> {
    let name = path.display().to_string();
    match elf_header(&open(path)?, path, &name, 0, Depth::Header)? {
        Some(place) => Ok(place.osabi),
        None => Err(Error::NotElf { place: name }),
    }
}

/// Every ELF header of a file: its own, or those of an archive's members (members that are not ELF are skipped; of a
/// thin archive, the files that it names). A file that is neither ELF nor an archive is an error.
pub fn places(path: &Path, depth: Depth) -> Result<Vec<Place>, Error> {
    let name = path.display().to_string();
    let data = open(path)?;
    if let Some(place) = elf_header(&data, path, &name, 0, depth)? {
        return Ok(vec![place]);
    }
    match (&data).read_bytes_at(0, archive::MAGIC.len() as u64) {
        Ok(magic) if *magic == archive::MAGIC || *magic == archive::THIN_MAGIC => {
            members(&data, path, &name, depth)
        }
        _ => Err(Error::NotElf { place: name }),
    }
}

/// Opens a regular file; a pipe must not make us wait.
fn open(path: &Path) -> Result<ReadCache<Window>, Error> {
    let metadata = std::fs::metadata(path).map_err(Error::io(path, "open"))?;
    if !metadata.is_file() {
        return Err(Error::NotRegular(path.to_owned()));
    }
    File::open(path).map(|file| ReadCache::new(Window::new(file))).map_err(Error::io(path, "open"))
}

fn members(data: &ReadCache<Window>, path: &Path, name: &str, depth: Depth) -> Result<Vec<Place>, Error> {
    let damaged = |what: object::Error| Error::Damaged { place: name.to_owned(), what: what.to_string() };
    let archive = ArchiveFile::parse(data).map_err(damaged)?;
    if depth == Depth::Tables {
        // Reads the index, so that an archive which ends inside it is noticed.
        archive.symbols().map_err(damaged)?;
    }
    let mut found = Vec::new();
    for member in archive.members() {
        let member = member.map_err(damaged)?;
        let member_name = String::from_utf8_lossy(member.name()).into_owned();
        let name = format!("{name}({member_name})");
        let place = if member.is_thin() {
            thin_member(path, &member, &name, depth)?
        } else {
            let (offset, size) = member.file_range();
            check_inside(data, offset, size, "the member's data", &name)?;
            elf_header(data.range(offset, size), path, &name, offset, depth)?
        };
        found.extend(place);
    }
    Ok(found)
}

/// A member of a thin archive is a file, named relative to the archive's folder.
fn thin_member(
    archive: &Path,
    member: &ArchiveMember,
    name: &str,
    depth: Depth,
) -> Result<Option<Place>, Error> {
    use std::os::unix::ffi::OsStrExt;
    let relative = Path::new(std::ffi::OsStr::from_bytes(member.name()));
    let file = archive.parent().unwrap_or(Path::new("")).join(relative);
    elf_header(&open(&file)?, &file, name, 0, depth)
}

/// The ELF header at the beginning of `data`, which lies at `offset` in `file`; `None` if there is none.
fn elf_header<'a, R: ReadRef<'a>>(
    data: R,
    file: &Path,
    name: &str,
    offset: u64,
    depth: Depth,
) -> Result<Option<Place>, Error> {
    match data.read_bytes_at(0, elf::ELFMAG.len() as u64) {
        Ok(magic) if *magic == elf::ELFMAG => {}
        _ => return Ok(None),
    }
    let damaged = |what: &str| Error::Damaged { place: name.to_owned(), what: what.to_owned() };
    let foreign = |got: String| Err(Error::Foreign { place: name.to_owned(), got });
    let header =
        data.read_at::<elf::FileHeader64<LittleEndian>>(0).map_err(|()| damaged("the header ends early"))?;
    let ident = header.e_ident();
    match (ident.class, ident.data) {
        (elf::ELFCLASS64, elf::ELFDATA2LSB) => {}
        (elf::ELFCLASS32, _) => return foreign("32-bit ELF".into()),
        (elf::ELFCLASS64, elf::ELFDATA2MSB) => return foreign("big-endian ELF".into()),
        _ => return Err(damaged("unknown ELF class or byte order")),
    }
    let machine = header.e_machine(LittleEndian);
    if machine != elf::EM_X86_64 {
        return foreign(format!("ELF for machine {}", machine.0));
    }
    if depth == Depth::Tables {
        check_tables(data, name)?;
    }
    let elf_type = elf_type(header.e_type(LittleEndian).0);
    Ok(Some(Place {
        file: file.to_owned(),
        name: name.to_owned(),
        offset: offset + EI_OSABI,
        osabi: Osabi(ident.os_abi.0),
        elf_type,
        retains: elf_type == ElfType::Relocatable && retains(header, data, name)?,
    }))
}

fn elf_type(e_type: u16) -> ElfType {
    match e_type {
        1 => ElfType::Relocatable,
        2 => ElfType::Executable,
        3 => ElfType::Shared,
        other => ElfType::Other(other),
    }
}

fn retains<'a, R: ReadRef<'a>>(
    header: &elf::FileHeader64<LittleEndian>,
    data: R,
    name: &str,
) -> Result<bool, Error> {
    let sections = header
        .section_headers(LittleEndian, data)
        .map_err(|error| Error::Damaged { place: name.to_owned(), what: error.to_string() })?;
    Ok(sections.iter().any(|section| section.sh_flags(LittleEndian).contains(elf::SHF_GNU_RETAIN)))
}

/// Checks that everything the tables name is inside the file.
fn check_tables<'a, R: ReadRef<'a>>(data: R, name: &str) -> Result<(), Error> {
    let file = ElfFile64::<LittleEndian, R>::parse(data)
        .map_err(|error| Error::Damaged { place: name.to_owned(), what: error.to_string() })?;
    let endian = LittleEndian;
    for segment in file.elf_program_headers() {
        let (offset, size) = segment.file_range(endian);
        check_inside(data, offset, size, "a segment", name)?;
    }
    for section in file.elf_section_table().iter() {
        if let Some((offset, size)) = section.file_range(endian) {
            check_inside(data, offset, size, "a section", name)?;
        }
    }
    Ok(())
}

fn check_inside<'a, R: ReadRef<'a>>(
    data: R,
    offset: u64,
    size: u64,
    what: &str,
    name: &str,
) -> Result<(), Error> {
    match (offset.checked_add(size), data.len()) {
        (Some(end), Ok(len)) if end <= len => Ok(()),
        _ => Err(Error::Damaged {
            place: name.to_owned(),
            what: format!("{what} reaches beyond the end (offset {offset}, {size} bytes)"),
        }),
    }
}
