//! What the kernel knows of the image that it is part of: its program headers, which the linker script loads.

#![allow(unsafe_code, reason = "reads the image's own headers, which the linker places")]

/// What may be done with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Every access faults.
    None,
    /// Data that does not change.
    Read,
    /// Data.
    ReadWrite,
    /// Code: segments of the image only.
    ReadExecute,
}

/// The image's PT_TLS segment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Template {
    /// Address of the initial data.
    pub start: u64,
    /// Bytes of initial data.
    pub data_bytes: usize,
    /// Bytes in all; the rest is zero.
    pub total_bytes: usize,
    /// Alignment, a power of two.
    pub align: usize,
}

/// A loaded part of the image.
pub struct Segment {
    /// First address.
    pub start: u64,
    /// Bytes in memory.
    pub len_bytes: u64,
    /// What may be done with it.
    pub protection: Protection,
    /// Where it begins in the file.
    pub file_offset: u64,
    /// Bytes in the file; the rest is zero.
    pub file_bytes: u64,
}

impl Segment {
    /// First address behind it.
    pub fn end(&self) -> u64 {
        self.start + self.len_bytes
    }
}

/// Program header (ELF-64 object file format, figure 6).
#[derive(Clone, Copy)]
#[repr(C)]
struct ProgramHeader {
    kind: u32,
    flags: u32,
    offset: u64,
    vaddr: u64,
    paddr: u64,
    file_bytes: u64,
    memory_bytes: u64,
    align: u64,
}

const PT_LOAD: u32 = 1;
const PT_TLS: u32 = 7;
const PT_GNU_STACK: u32 = 0x6474_e551;
const PF_X: u32 = 1;
const PF_W: u32 = 2;

#[cfg(panic = "abort")]
fn program_headers() -> &'static [ProgramHeader] {
    unsafe extern "C" {
        /// The linker script loads the ELF header at the start of the image.
        static __ehdr_start: [u8; 64];
    }
    let header = &raw const __ehdr_start;
    // SAFETY: e_phoff at 32 and e_phnum at 56 of the header that the linker wrote.
    let (offset, count) = unsafe {
        (header.cast::<u8>().add(32).cast::<u64>().read(), header.cast::<u8>().add(56).cast::<u16>().read())
    };
    // SAFETY: the program headers follow in the same, loaded segment.
    unsafe { core::slice::from_raw_parts(header.cast::<u8>().add(offset as usize).cast(), count as usize) }
}

#[cfg(not(panic = "abort"))]
fn program_headers() -> &'static [ProgramHeader] {
    &[]
}

/// The loaded segments of the image.
pub fn segments() -> impl Iterator<Item = Segment> {
    program_headers().iter().filter(|header| header.kind == PT_LOAD).map(|header| Segment {
        start: header.vaddr,
        len_bytes: header.memory_bytes,
        protection: match (header.flags & PF_W != 0, header.flags & PF_X != 0) {
            (true, _) => Protection::ReadWrite,
            (false, true) => Protection::ReadExecute,
            (false, false) => Protection::Read,
        },
        file_offset: header.offset,
        file_bytes: header.file_bytes,
    })
}

/// Whether there is code on stacks: gcc writes some there for a nested function whose address is taken (also Fortran's
/// internal procedures), and then the linker says so.
pub fn has_executable_stack() -> bool {
    program_headers().iter().any(|header| header.kind == PT_GNU_STACK && header.flags & PF_X != 0)
}

/// The image's template for thread-local storage; empty if it has none.
pub fn tls_template() -> Template {
    let header = program_headers().iter().find(|header| header.kind == PT_TLS);
    header.map_or(Template::default(), |header| Template {
        start: header.vaddr,
        data_bytes: header.file_bytes as usize,
        total_bytes: header.memory_bytes as usize,
        align: header.align as usize,
    })
}

const _: () = assert!(size_of::<ProgramHeader>() == 56);
