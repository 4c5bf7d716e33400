//! Where things are in the address space of an isle. The only file that names these numbers.
//!
//! ```text
//! VM isles (uhyve, qemu): guest-physical = virtual   process isle: addresses of the Linux process
//!   0x0000_0000  not mapped                            0x0000_0000  not mapped
//!   0x0000_1000  uhyve: page tables to start with
//!   0x0000_8000  start code of further vCPUs           0x0020_0000  IMAGE_BASE, the image
//!   0x0010_0000  BOOT_INFO                             0x10_0000_0000  PROCESS_RAM_BASE: guest RAM
//!   0x0020_0000  IMAGE_BASE, the image                   (boot info and strings lie at its start)
//!   behind it    RAM                                   behind it       what the program may reserve
//!                                                      0x2a00_0000_0000  PROCESS_RESERVABLE_END
//!                                                      above           the proxy itself, unreachable by hypercall
//! ```

/// Size of a small page, in bytes.
pub const PAGE_SIZE: u64 = 4096;

/// Size of a large page, in bytes.
pub const LARGE_PAGE_SIZE: u64 = 2 * 1024 * 1024;

/// Link address of every image, and its load address in VM isles.
pub const IMAGE_BASE: u64 = 0x20_0000;

/// Guest-physical address of the page tables with which a vCPU of uhyve starts: the first 4 GiB at their own addresses.
pub const BOOT_TABLES: u64 = 0x1000;

/// Pages of [`BOOT_TABLES`]: PML4, PDPT, and a page directory for each GiB.
pub const NR_BOOT_TABLES: u64 = 6;

/// Guest-physical page in VM isles where further vCPUs start in real mode (SIPI vector = address >> 12).
pub const AP_START: u64 = 0x8000;

/// Guest-physical address of the boot info in VM isles. The first 2 MiB are never part of the memory ranges.
pub const BOOT_INFO: u64 = 0x10_0000;

/// First address of guest RAM in the process isle: above any image, below where Linux maps a PIE.
pub const PROCESS_RAM_BASE: u64 = 0x10_0000_0000;

/// End of the addresses that a program of the process isle may reserve. Linux maps nothing below by itself: it begins at a third of
/// the lower half (`TASK_UNMAPPED_BASE`, for `ulimit -s unlimited`), or far above.
pub const PROCESS_RESERVABLE_END: u64 = 0x2a00_0000_0000;

/// Between RAM and reservable addresses, at least: no range is both.
pub const RESERVABLE_GAP_BYTES: u64 = 1 << 30;

/// End of the part of the process isle's RAM that is backed with small pages: what a short program touches is not worth
/// clearing 2 MiB each.
pub const PROCESS_SMALL_PAGES_END: u64 = PROCESS_RAM_BASE + 16 * LARGE_PAGE_SIZE;

/// I/O port of the first serial line (16550): the doorbell of the qemu isle, and the console without proxy.
pub const SERIAL_PORT: u16 = 0x3f8;

/// Interrupt line of [`SERIAL_PORT`].
pub const SERIAL_IRQ: u8 = 4;

/// I/O port of QEMU's debug console: raw bytes of the kernel log, before and beside the doorbell.
pub const DEBUGCON_PORT: u16 = 0xe9;

/// First of the 256 I/O ports of uhyve's doorbell. One 32-bit write rings: the port's place among them and the value are
/// the upper and the lower part of the request's address divided by its alignment, [`doorbell_ring`].
pub const UHYVE_PORT: u16 = 0x1000;

/// Ports of uhyve's doorbell.
pub const NR_UHYVE_PORTS: u16 = 256;

/// How far a request's address is shifted: requests are 64 bytes, aligned to that.
const REQUEST_SHIFT: u32 = 6;

/// Port (counted from [`UHYVE_PORT`]) and value that ring for the request at `address`, below 2^46.
pub const fn doorbell_ring(address: u64) -> (u16, u32) {
    ((address >> (32 + REQUEST_SHIFT)) as u16, (address >> REQUEST_SHIFT) as u32)
}

/// The address that [`doorbell_ring`] was given.
pub const fn doorbell_address(port: u16, value: u32) -> u64 {
    ((port as u64) << 32 | value as u64) << REQUEST_SHIFT
}

const _: () = assert!(BOOT_INFO + LARGE_PAGE_SIZE / 2 <= IMAGE_BASE);
const _: () =
    assert!(IMAGE_BASE.is_multiple_of(LARGE_PAGE_SIZE) && PROCESS_RAM_BASE.is_multiple_of(LARGE_PAGE_SIZE));
const _: () = assert!(BOOT_TABLES + NR_BOOT_TABLES * PAGE_SIZE <= AP_START);
const _: () = assert!(align_of::<crate::hypercall::Request>() == 1 << REQUEST_SHIFT);

#[cfg(test)]
mod tests {
    use super::{LARGE_PAGE_SIZE, NR_UHYVE_PORTS, PROCESS_SMALL_PAGES_END, doorbell_address, doorbell_ring};

    #[test]
    fn addresses_that_are_computed() {
        assert_eq!(LARGE_PAGE_SIZE, 0x20_0000);
        assert_eq!(PROCESS_SMALL_PAGES_END, 0x10_0200_0000);
    }

    #[test]
    fn an_address_survives_the_doorbell() {
        for address in [0x40, 0x10_0040, 0xffff_ffc0, 0x3f_ffff_ffc0, 0x40_0000_0000, (1 << 46) - 64] {
            let (port, value) = doorbell_ring(address);
            assert!(port < NR_UHYVE_PORTS);
            assert_eq!(doorbell_address(port, value), address);
        }
    }
}
