//! Started by PVH (qemu isle, or bare): finds the proxy's boot info, or makes one from what the loader left.
//!
//! Xen's `arch-x86/hvm/start_info.h` describes the structures.

use core::slice;

use abi::boot_info::{Arguments, BootInfo, MAX_MEMORY_RANGES, Range, flag, isle};
use abi::layout::{BOOT_INFO, IMAGE_BASE, LARGE_PAGE_SIZE, PAGE_SIZE, SERIAL_PORT};

/// `XEN_HVM_START_MAGIC_VALUE`.
const START_MAGIC: u32 = 0x336e_c578;
/// `XEN_HVM_MEMMAP_TYPE_RAM`.
const MEMMAP_RAM: u32 = 1;

/// `struct hvm_start_info`, version 1.
#[repr(C)]
struct StartInfo {
    magic: u32,
    version: u32,
    flags: u32,
    nr_modules: u32,
    modlist_paddr: u64,
    cmdline_paddr: u64,
    rsdp_paddr: u64,
    memmap_paddr: u64,
    memmap_entries: u32,
    reserved: u32,
}

/// `struct hvm_memmap_table_entry`.
#[repr(C)]
struct MemmapEntry {
    addr: u64,
    size: u64,
    kind: u32,
    reserved: u32,
}

/// The boot info of a machine that was started by PVH with `start_info` at this address. `image_end` is the first
/// address behind the image.
///
/// # Safety
/// Physical memory below 4 GiB is mapped at its address, and `start_info` is what the loader passed in EBX.
pub unsafe fn boot_info(start_info: u64, image_end: u64) -> BootInfo {
    // SAFETY: low memory is mapped and always RAM on a PC; the type has no invalid values.
    let from_proxy = unsafe { (BOOT_INFO as *const BootInfo).read_volatile() };
    if from_proxy.magic == abi::boot_info::MAGIC {
        return from_proxy;
    }
    // SAFETY: the loader's structure, in low memory.
    let start = unsafe { &*(start_info as *const StartInfo) };
    let mut boot = BootInfo::new(isle::BARE);
    boot.flags = flag::VERBOSE;
    boot.tsc_at_boot = super::tsc::now();
    boot.doorbell = SERIAL_PORT as u64;
    if start.magic == START_MAGIC && start.version >= 1 && start.memmap_entries != 0 {
        // SAFETY: the loader's table has this many entries.
        let map = unsafe {
            slice::from_raw_parts(start.memmap_paddr as *const MemmapEntry, start.memmap_entries as usize)
        };
        add_ram(&mut boot, map, image_end);
    }
    boot.arguments = Arguments::default();
    boot
}

/// Adds the RAM of `map` that is free: above the image, in whole pages.
fn add_ram(boot: &mut BootInfo, map: &[MemmapEntry], image_end: u64) {
    let first_free = image_end.max(IMAGE_BASE + LARGE_PAGE_SIZE).next_multiple_of(PAGE_SIZE);
    for entry in map.iter().filter(|entry| entry.kind == MEMMAP_RAM) {
        let start = entry.addr.max(first_free).next_multiple_of(PAGE_SIZE);
        let end = entry.addr.saturating_add(entry.size) & !(PAGE_SIZE - 1);
        let count = boot.nr_memory_ranges as usize;
        if start < end && count < MAX_MEMORY_RANGES {
            boot.memory[count] = Range { start, len_bytes: end - start };
            boot.nr_memory_ranges += 1;
        }
    }
}

const _: () = assert!(size_of::<StartInfo>() == 56 && size_of::<MemmapEntry>() == 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ram_starts_behind_the_image() {
        let mut boot = BootInfo::new(isle::BARE);
        let map = [
            MemmapEntry { addr: 0, size: 0x9_fc00, kind: 1, reserved: 0 },
            MemmapEntry { addr: 0x10_0000, size: 0x7f0_0800, kind: 1, reserved: 0 },
            MemmapEntry { addr: 0xfeff_c000, size: 0x4000, kind: 2, reserved: 0 },
            MemmapEntry { addr: 0x1_0000_0000, size: 0x8000_0000, kind: 1, reserved: 0 },
        ];
        add_ram(&mut boot, &map, 0x45_6789);
        assert_eq!(
            boot.memory_ranges(),
            [
                Range { start: 0x45_7000, len_bytes: 0x7ba_9000 },
                Range { start: 0x1_0000_0000, len_bytes: 0x8000_0000 }
            ]
        );
    }
}
