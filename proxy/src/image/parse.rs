//! From untrusted bytes to an [`Image`].

use super::{Access, Image, ImageError, MAX_SEGMENTS, Pvh, Segment};
use abi::elf::{
    ABI_VERSION, NOTE_ABI, NOTE_NAME, NOTE_SOCKETS, OLDEST_ABI_VERSION, OSABI, XEN_NOTE_NAME,
    XEN_NOTE_PHYS32_ENTRY,
};
use abi::layout::{IMAGE_BASE, PAGE_SIZE, PROCESS_RAM_BASE};
use object::LittleEndian;
use object::elf::{self, FileHeader64, ProgramHeader64};
use object::read::elf::{FileHeader, ProgramHeader};

type Header = FileHeader64<LittleEndian>;
type ProgramEntry = ProgramHeader64<LittleEndian>;

const LE: LittleEndian = LittleEndian;

impl Image {
    /// Checks `file`, the whole contents of a file.
    pub fn parse(file: &[u8]) -> Result<Self, ImageError> {
        check_identity(file)?;
        let header =
            Header::parse(file).map_err(|_| ImageError::Damaged("unknown ELF version or byte order"))?;
        check_type(header)?;
        let entries = header
            .program_headers(LE, file)
            .map_err(|_| ImageError::Truncated("the program header table"))?;
        if entries.iter().any(|entry| entry.p_type(LE) == elf::PT_INTERP) {
            return Err(ImageError::Dynamic);
        }
        let notes = Notes::read(entries, file)?;
        let abi_version = check_abi(notes.abi)?;
        let segments = segments(entries, file.len() as u64)?;
        let has_executable_stack = entries
            .iter()
            .any(|entry| entry.p_type(LE) == elf::PT_GNU_STACK && entry.p_flags(LE).0 & elf::PF_X.0 != 0);
        let (entry, pvh) = (header.e_entry(LE), notes.pvh);
        let image =
            Self { entry, segments, abi_version, pvh, has_executable_stack, has_sockets: notes.sockets };
        if image.is_code(image.entry) {
            Ok(image)
        } else {
            Err(ImageError::Damaged("its entry is not in its code"))
        }
    }
}

/// The first bytes, with the most useful complaint first.
fn check_identity(file: &[u8]) -> Result<(), ImageError> {
    if !file.starts_with(&elf::ELFMAG) {
        return Err(ImageError::NotElf(match file {
            [] => "empty",
            [b'#', b'!', ..] => "a script",
            [b'!', b'<', b'a', b'r', b'c', b'h', b'>', ..] => "an archive",
            _ => "other data",
        }));
    }
    if file.len() < size_of::<Header>() {
        return Err(ImageError::Truncated("the ELF header"));
    }
    if file[4] != elf::ELFCLASS64.0 {
        return Err(ImageError::Not64Bit);
    }
    if file[5] != elf::ELFDATA2LSB.0 {
        return Err(ImageError::Damaged("its byte order is not x86-64's"));
    }
    let machine = u16::from_le_bytes([file[18], file[19]]);
    if machine != elf::EM_X86_64.0 {
        return Err(ImageError::OtherMachine(machine));
    }
    match elf::OsAbi(file[7]) {
        elf::OsAbi(OSABI) => Ok(()),
        osabi @ (elf::ELFOSABI_SYSV | elf::ELFOSABI_GNU) => Err(ImageError::Linux(osabi.0)),
        osabi => Err(ImageError::OtherSystem(osabi.0)),
    }
}

fn check_type(header: &Header) -> Result<(), ImageError> {
    match header.e_type(LE) {
        elf::ET_EXEC => Ok(()),
        elf::ET_REL => Err(ImageError::NotLinked("an object file")),
        elf::ET_DYN => Err(ImageError::NotLinked("a shared library or position-independent program")),
        elf::ET_CORE => Err(ImageError::NotLinked("a core dump")),
        _ => Err(ImageError::Damaged("unknown ELF type")),
    }
}

/// What the notes say.
struct Notes {
    abi: Option<u32>,
    pvh: Pvh,
    sockets: bool,
}

impl Notes {
    fn read(entries: &[ProgramEntry], file: &[u8]) -> Result<Self, ImageError> {
        let mut found = Self { abi: None, pvh: Pvh::Missing, sockets: false };
        for entry in entries {
            let notes = entry.notes(LE, file).map_err(|_| ImageError::Truncated("a note"))?;
            let Some(mut notes) = notes else { continue };
            while let Some(note) = notes.next().map_err(|_| ImageError::Damaged("a note is cut off"))? {
                if note.name() == NOTE_NAME.as_bytes() && note.n_type(LE).0 == NOTE_ABI {
                    let version: [u8; 4] = note
                        .desc()
                        .try_into()
                        .map_err(|_| ImageError::Damaged("its ABI note is not one number"))?;
                    found.abi = Some(u32::from_le_bytes(version));
                }
                if note.name() == NOTE_NAME.as_bytes() && note.n_type(LE).0 == NOTE_SOCKETS {
                    found.sockets = true;
                }
                if note.name() == XEN_NOTE_NAME.as_bytes() && note.n_type(LE).0 == XEN_NOTE_PHYS32_ENTRY {
                    found.pvh = Pvh::Bootable;
                }
            }
        }
        Ok(found)
    }
}

fn check_abi(version: Option<u32>) -> Result<u32, ImageError> {
    match version {
        None => Err(ImageError::NoAbiNote),
        Some(version) if version > ABI_VERSION => Err(ImageError::NewerAbi(version)),
        Some(version) if version < OLDEST_ABI_VERSION => Err(ImageError::OlderAbi(version)),
        Some(version) => Ok(version),
    }
}

fn segments(entries: &[ProgramEntry], file_len: u64) -> Result<Vec<Segment>, ImageError> {
    let mut segments: Vec<Segment> = Vec::new();
    for entry in entries.iter().filter(|e| e.p_type(LE) == elf::PT_LOAD && e.p_memsz(LE) != 0) {
        let segment = segment(entry, file_len)?;
        if let Some(previous) = segments.last()
            && segment.address < previous.end().next_multiple_of(PAGE_SIZE)
        {
            return Err(ImageError::Damaged("two segments share a page, or are not in order"));
        }
        if segments.len() == MAX_SEGMENTS {
            return Err(ImageError::Damaged("too many segments"));
        }
        segments.push(segment);
    }
    if segments.is_empty() { Err(ImageError::Damaged("nothing to load")) } else { Ok(segments) }
}

fn segment(entry: &ProgramEntry, file_len: u64) -> Result<Segment, ImageError> {
    let (address, memory_bytes) = (entry.p_vaddr(LE), entry.p_memsz(LE));
    let (file_offset, file_bytes) = (entry.p_offset(LE), entry.p_filesz(LE));
    let end = address.checked_add(memory_bytes).ok_or(ImageError::Damaged("a segment wraps around"))?;
    if address < IMAGE_BASE || end > PROCESS_RAM_BASE {
        return Err(ImageError::Damaged("a segment lies outside the range of images"));
    }
    if file_bytes > memory_bytes {
        return Err(ImageError::Damaged("a segment is larger in the file than in memory"));
    }
    if file_offset.checked_add(file_bytes).is_none_or(|end| end > file_len) {
        return Err(ImageError::Truncated("a segment"));
    }
    if file_offset % PAGE_SIZE != address % PAGE_SIZE {
        return Err(ImageError::Damaged("a segment is not aligned to pages as it is in the file"));
    }
    let flags = entry.p_flags(LE);
    let access = match ((flags & elf::PF_W).0 != 0, (flags & elf::PF_X).0 != 0) {
        (false, false) => Access::Read,
        (true, false) => Access::ReadWrite,
        (false, true) => Access::ReadExecute,
        (true, true) => return Err(ImageError::Damaged("a segment is both writable and executable")),
    };
    Ok(Segment { address, memory_bytes, file_offset, file_bytes, access })
}
