//! What the kernel knows of the image that it is part of: its program headers, which the linker script loads.

#![allow(unsafe_code, reason = "reads the image's own headers, which the linker places")]

use abi::layout::PAGE_SIZE;

/// What may be done with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Every access faults.
    None,
    /// Data that does not change.
    Read,
    /// Data.
    ReadWrite,
    /// Code.
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
    /// Where in the file it begins.
    pub file_offset: u64,
    /// What may be done with it.
    pub protection: Protection,
    /// Bytes in the file; the rest is zero.
    pub file_bytes: u64,
}

impl Segment {
    /// First address behind it.
    pub fn end(&self) -> u64 {
        self.start + self.len_bytes
    }

    /// Address of its first page.
    pub fn first_page(&self) -> u64 {
        self.start & !(PAGE_SIZE - 1)
    }

    /// First address behind its last page.
    pub fn pages_end(&self) -> u64 {
        self.end().next_multiple_of(PAGE_SIZE)
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

/// Where the program headers are, for libraries that look for them (AT_PHDR and its kin).
pub struct Headers {
    /// Address of the first.
    pub address: u64,
    /// Bytes of each.
    pub entry_bytes: u64,
    /// How many.
    pub count: u64,
    /// The image's entry.
    pub entry: u64,
}

/// The image's program headers.
pub fn headers() -> Headers {
    let headers = program_headers();
    Headers {
        address: headers.as_ptr() as u64,
        entry_bytes: size_of::<ProgramHeader>() as u64,
        count: headers.len() as u64,
        entry: entry(),
    }
}

#[cfg(panic = "abort")]
fn entry() -> u64 {
    unsafe extern "C" {
        fn _start();
    }
    _start as *const () as u64
}

#[cfg(not(panic = "abort"))]
fn entry() -> u64 {
    0
}

/// The loaded segments of the image.
pub fn segments() -> impl Iterator<Item = Segment> {
    program_headers().iter().filter(|header| header.kind == PT_LOAD).map(|header| Segment {
        start: header.vaddr,
        len_bytes: header.memory_bytes,
        file_offset: header.offset,
        protection: match (header.flags & PF_W != 0, header.flags & PF_X != 0) {
            (true, _) => Protection::ReadWrite,
            (false, true) => Protection::ReadExecute,
            (false, false) => Protection::Read,
        },
        file_bytes: header.file_bytes,
    })
}

/// Whether one segment holds all of these whole pages.
pub fn holds(start: u64, len_bytes: u64) -> bool {
    let end = start.saturating_add(len_bytes);
    segments().any(|segment| segment.first_page() <= start && end <= segment.pages_end())
}

/// Whether any of these whole pages is a segment's.
pub fn holds_any(start: u64, len_bytes: u64) -> bool {
    let end = start.saturating_add(len_bytes);
    segments().any(|segment| segment.first_page() < end && start < segment.pages_end())
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
