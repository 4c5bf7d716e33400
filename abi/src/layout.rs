//! Where things are in the address space of an isle. The only file that names these numbers.
//!
//! ```text
//! VM isles (uhyve, qemu): guest-physical = virtual   process isle: addresses of the Linux process
//!   0x0000_0000  not mapped                            0x0000_0000  not mapped
//!   0x0000_8000  start code of further vCPUs           0x0020_0000  IMAGE_BASE, the image
//!   0x0010_0000  BOOT_INFO                             0x10_0000_0000  PROCESS_RAM_BASE: guest RAM
//!   0x0020_0000  IMAGE_BASE, the image                   (boot info and strings lie at its start)
//!   behind it    RAM                                   far above       the proxy itself, unreachable by hypercall
//! ```

/// Size of a small page, in bytes.
pub const PAGE_SIZE: u64 = 4096;

/// Size of a large page, in bytes.
pub const LARGE_PAGE_SIZE: u64 = 2 * 1024 * 1024;

/// Link address of every image, and its load address in VM isles.
pub const IMAGE_BASE: u64 = 0x20_0000;

/// Guest-physical page in VM isles where further vCPUs start in real mode (SIPI vector = address >> 12).
pub const AP_START: u64 = 0x8000;

/// Guest-physical address of the boot info in VM isles. The first 2 MiB are never part of the memory ranges.
pub const BOOT_INFO: u64 = 0x10_0000;

/// First address of guest RAM in the process isle: above any image, below where Linux maps a PIE.
pub const PROCESS_RAM_BASE: u64 = 0x10_0000_0000;

/// End of the part of the process isle's RAM that is backed with small pages: what a short program touches is not worth
/// clearing 2 MiB each.
pub const PROCESS_SMALL_PAGES_END: u64 = PROCESS_RAM_BASE + 16 * LARGE_PAGE_SIZE;

/// I/O port of the first serial line (16550): the doorbell of the qemu isle, and the console without proxy.
pub const SERIAL_PORT: u16 = 0x3f8;

/// Interrupt line of [`SERIAL_PORT`].
pub const SERIAL_IRQ: u8 = 4;

/// I/O port of QEMU's debug console: raw bytes of the kernel log, before and beside the doorbell.
pub const DEBUGCON_PORT: u16 = 0xe9;

/// I/O port of uhyve's doorbell.
pub const UHYVE_PORT: u16 = 0x510;

const _: () = assert!(BOOT_INFO + LARGE_PAGE_SIZE / 2 <= IMAGE_BASE);
const _: () =
    assert!(IMAGE_BASE.is_multiple_of(LARGE_PAGE_SIZE) && PROCESS_RAM_BASE.is_multiple_of(LARGE_PAGE_SIZE));
