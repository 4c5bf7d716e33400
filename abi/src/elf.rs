//! How an image is recognised: the ELF identity and the notes.
//!
//! An image is a static `ET_EXEC` for x86-64 whose `EI_OSABI` byte is [`OSABI`] and that carries a
//! [`NOTE_ABI`] note. Objects and archive members are marked with the same byte.

/// `EI_OSABI` of every HermitCore object and image: what binfmt_misc finds at offset 7.
pub const OSABI: u8 = 0x42;

/// The name that `elfedit --output-osabi` takes for [`OSABI`].
pub const OSABI_NAME: &str = "HermitCore";

/// Owner of our notes, without the terminating NUL.
pub const NOTE_NAME: &str = "HermitCore";

/// Type of the note whose descriptor is one little-endian `u32`, the [`ABI_VERSION`] the image was built for.
pub const NOTE_ABI: u32 = 1;

/// Type of the note whose descriptor is [`PREFIX_BYTES`] long: the root of the tree whose linker made the image, ended by
/// NULs, or nothing but NULs. There an image that Linux itself has started looks for its proxy.
pub const NOTE_PREFIX: u32 = 2;

/// Length of that descriptor, in bytes.
pub const PREFIX_BYTES: usize = 1024;

/// Type of the note, without a descriptor, of an image that can make sockets: the proxy lets it.
pub const NOTE_SOCKETS: u32 = 3;

/// Version of all contracts in this crate. A proxy runs images of its own and of older versions down to
/// [`OLDEST_ABI_VERSION`], and refuses newer ones by naming both numbers.
///
/// | version | what it brought |
/// |---|---|
/// | 1 | everything |
/// | 2 | 1024 vCPUs; before, [64](crate::boot_info::max_cpus) |
pub const ABI_VERSION: u32 = 2;

/// Oldest image version that this proxy still runs.
pub const OLDEST_ABI_VERSION: u32 = 1;

/// Owner of the PVH note (Xen's public headers, `elfnote.h`).
pub const XEN_NOTE_NAME: &str = "Xen";

/// `XEN_ELFNOTE_PHYS32_ENTRY`: physical address of the 32-bit PVH entry point.
pub const XEN_NOTE_PHYS32_ENTRY: u32 = 18;
