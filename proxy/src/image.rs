//! Checks that a file is an image and where its segments go: [`ImageFile`], [`Image`].
//!
//! Everything about the file is untrusted: [`Image::parse`] holds for any bytes, and what it returns lies
//! inside the file and inside the part of the address space that belongs to images. The isles load by it.

mod file;
mod parse;

pub use file::{ImageFile, Original, read_at};

use abi::elf::{ABI_VERSION, OLDEST_ABI_VERSION};
use abi::exit::Failure;

/// Most loadable segments; a linker makes three to six.
pub const MAX_SEGMENTS: usize = 32;

/// What loading needs to know of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Address of the 64-bit entry.
    pub entry: u64,
    /// Loadable segments, ascending, no two in the same page.
    pub segments: Vec<Segment>,
    /// The version of the contracts that it was linked for.
    pub abi_version: u32,
    /// Whether a virtual machine can start it.
    pub pvh: Pvh,
    /// Whether its stacks hold code: what gcc writes for a nested function whose address is taken.
    pub has_executable_stack: bool,
    /// Whether it can make sockets.
    pub has_sockets: bool,
}

/// Whether an image has a PVH note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pvh {
    /// QEMU and others find its 32-bit entry.
    Bootable,
    /// No note.
    Missing,
}

/// A loadable segment, already checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First address.
    pub address: u64,
    /// Bytes in memory; never 0.
    pub memory_bytes: u64,
    /// Where its contents are in the file; `file_offset % PAGE_SIZE == address % PAGE_SIZE`.
    pub file_offset: u64,
    /// Bytes in the file, at most `memory_bytes`.
    pub file_bytes: u64,
    /// What the program may do with it.
    pub access: Access,
}

/// Permissions of a segment: never both writable and executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Constants.
    Read,
    /// Data.
    ReadWrite,
    /// Code.
    ReadExecute,
}

impl Segment {
    /// First address behind the segment.
    pub const fn end(&self) -> u64 {
        self.address + self.memory_bytes
    }
}

impl Image {
    /// Whether the image's code is at `address`.
    pub fn is_code(&self, address: u64) -> bool {
        let holds = |segment: &Segment| (segment.address..segment.end()).contains(&address);
        self.segments.iter().any(|segment| segment.access == Access::ReadExecute && holds(segment))
    }

    /// Most vCPUs that its kernel takes.
    pub fn max_cpus(&self) -> usize {
        abi::boot_info::max_cpus(self.abi_version)
    }

    /// First address behind the image.
    pub fn end(&self) -> u64 {
        self.segments.last().map_or(abi::layout::IMAGE_BASE, Segment::end)
    }
}

/// Why a file is no image that this proxy runs; says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// Nothing has that name.
    #[error("no such file; check the path")]
    NotFound,
    /// It is there, but not readable.
    #[error("cannot be opened ({0}); check its permissions")]
    Unreadable(std::io::Error),
    /// A directory.
    #[error("is a directory; name an image")]
    Directory,
    /// A device, a socket, ...
    #[error("is not a regular file; name an image")]
    NotAFile,
    /// No ELF at all.
    #[error("is not an ELF file but {0}; build an image with x86_64-hermit-gcc")]
    NotElf(&'static str),
    /// 32 bits.
    #[error("is a 32-bit program; build it for x86-64 with x86_64-hermit-gcc")]
    Not64Bit,
    /// Another CPU.
    #[error("is built for another CPU (ELF machine {0}); build it for x86-64 with x86_64-hermit-gcc")]
    OtherMachine(u16),
    /// A Linux program.
    #[error(
        "is a Linux program (ELF OSABI {0}), which runs without proxy; build an image with x86_64-hermit-gcc"
    )]
    Linux(u8),
    /// Another system's program.
    #[error("is built for another system (ELF OSABI {0}, an image has 66); build it with x86_64-hermit-gcc")]
    OtherSystem(u8),
    /// An object, a core dump or a shared library.
    #[error("is {0} and not a linked image; link it with x86_64-hermit-gcc")]
    NotLinked(&'static str),
    /// Wants a dynamic linker.
    #[error("is linked dynamically; link it statically with x86_64-hermit-gcc")]
    Dynamic,
    /// The file is shorter than its headers say.
    #[error("is truncated: {0} reaches beyond the end of the file; copy or build it again")]
    Truncated(&'static str),
    /// No ABI note.
    #[error("has no HermitCore ABI note; link it with x86_64-hermit-gcc")]
    NoAbiNote,
    /// Made for a newer proxy.
    #[error(
        "needs ABI version {0}, and this proxy knows versions {OLDEST_ABI_VERSION} to {ABI_VERSION}; upgrade libhermit"
    )]
    NewerAbi(u32),
    /// Made for a proxy of long ago.
    #[error(
        "was built for ABI version {0}, and this proxy knows versions {OLDEST_ABI_VERSION} to {ABI_VERSION}; link it again"
    )]
    OlderAbi(u32),
    /// Headers that no linker writes.
    #[error("is damaged: {0}; build it again")]
    Damaged(&'static str),
}

impl ImageError {
    /// Which exit status tells it.
    pub fn failure(&self) -> Failure {
        match self {
            ImageError::NotFound => Failure::NotFound,
            _ => Failure::NotAnImage,
        }
    }
}

#[cfg(test)]
mod tests;
