//! VM isles: page tables. Memory is identity-mapped; pages exist to forbid, not to translate.
//!
//! The first MiB is not mapped. The image has the permissions of its segments, RAM is mapped with pages of 2 MiB,
//! and of 1 GiB where the CPU has them, and not executable but where the program has made code, devices are uncached. [`Tables::protect`] splits large pages where it must.

use core::arch::asm;

use super::cpu;
use crate::image::{self, Protection};
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::layout::{BOOT_INFO, IMAGE_BASE, PAGE_SIZE};

/// Devices that the kernel drives: I/O APIC and local APIC.
const DEVICES: (u64, u64) = (0xfec0_0000, 0x0040_0000);

/// Level of the root of a tree.
const ROOT_LEVEL: u32 = 4;
/// Levels whose entries can map pages of 2 MiB and of 1 GiB.
const LARGE_LEVEL: u32 = 2;
const HUGE_LEVEL: u32 = 3;

mod bit {
    pub const PRESENT: u64 = 1 << 0;
    pub const WRITABLE: u64 = 1 << 1;
    pub const WRITE_THROUGH: u64 = 1 << 3;
    pub const UNCACHED: u64 = 1 << 4;
    pub const LARGE: u64 = 1 << 7;
    pub const NO_EXECUTE: u64 = 1 << 63;
    pub const ADDRESS: u64 = 0x000f_ffff_ffff_f000;
}

/// Where new tables come from: the address of a page of zeroes that needs no page tables to be used.
pub type PageSource = fn() -> Result<u64, Errno>;

/// A tree of page tables.
pub struct Tables {
    root: u64,
    new_page: PageSource,
    /// The highest level whose entries may map pages.
    largest_level: u32,
}

/// Up to this many pages are forgotten one by one, more all at once.
const MAX_SINGLE_PAGES: u64 = 64;

/// Makes this core forget all translations.
pub fn forget_all() {
    // SAFETY: reads CR3, and writes back what it held.
    unsafe { asm!("mov {0}, cr3", "mov cr3, {0}", out(reg) _, options(nostack, preserves_flags)) };
}

/// Translates by the tables at `root` on this core.
///
/// # Safety
/// Ring 0. The tables must map whatever the core uses next.
pub unsafe fn load(root: u64) {
    // SAFETY: the caller vouches for the tables.
    unsafe { asm!("mov cr3, {}", in(reg) root, options(nostack, preserves_flags)) };
}

/// As [`Protection::bits`], but in an image with code on its stacks what is writable is executable: stacks are RAM.
fn bits_for_ram(protection: Protection) -> u64 {
    if protection == Protection::ReadWrite && image::has_executable_stack() {
        return protection.bits() & !bit::NO_EXECUTE;
    }
    protection.bits()
}

impl Protection {
    /// The bits of a page-table entry.
    const fn bits(self) -> u64 {
        match self {
            Protection::None => 0,
            Protection::Read => bit::PRESENT | bit::NO_EXECUTE,
            Protection::ReadWrite => bit::PRESENT | bit::WRITABLE | bit::NO_EXECUTE,
            Protection::ReadExecute => bit::PRESENT,
        }
    }
}

impl Tables {
    /// The tables of the machine that `boot` describes.
    pub fn of(boot: &BootInfo, new_page: PageSource) -> Result<Self, Errno> {
        let has_huge_ranges =
            boot.memory_ranges().iter().any(|range| range.len_bytes >= 2 * size_of_entry(HUGE_LEVEL));
        let largest_level = if has_huge_ranges && cpu::has_huge_pages() { HUGE_LEVEL } else { LARGE_LEVEL };
        let mut tables = Self::new(new_page, largest_level)?;
        // The boot info and its doorbell slots. What is below stays unmapped, for pointers that are nearly null.
        tables.map(BOOT_INFO, IMAGE_BASE - BOOT_INFO, Protection::ReadWrite.bits())?;
        for segment in image::segments() {
            let start = segment.first_page();
            tables.map(start, segment.pages_end() - start, segment.protection.bits())?;
        }
        for range in boot.memory_ranges() {
            tables.map(range.start, range.len_bytes, bits_for_ram(Protection::ReadWrite))?;
        }
        // Arguments may lie outside of all of these, in RAM that was taken out of the ranges.
        let strings = boot.arguments.strings & !(PAGE_SIZE - 1);
        let strings_end =
            (boot.arguments.strings + boot.arguments.strings_len_bytes).next_multiple_of(PAGE_SIZE);
        tables.map(strings, strings_end - strings, Protection::ReadWrite.bits())?;
        let uncached = bit::UNCACHED | bit::WRITE_THROUGH;
        tables.map(DEVICES.0, DEVICES.1, Protection::ReadWrite.bits() | uncached)?;
        Ok(tables)
    }

    /// Address of the tables, for [`load`].
    pub const fn root(&self) -> u64 {
        self.root
    }

    /// Changes the protection of whole pages of RAM, and makes this core forget old translations.
    pub fn protect(&mut self, start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
        self.map(start, len_bytes, bits_for_ram(protection))?;
        if len_bytes > MAX_SINGLE_PAGES * PAGE_SIZE {
            forget_all();
            return Ok(());
        }
        for page in (start..start + len_bytes).step_by(PAGE_SIZE as usize) {
            // SAFETY: INVLPG only forgets a translation.
            unsafe { asm!("invlpg [{}]", in(reg) page, options(nostack, preserves_flags)) };
        }
        Ok(())
    }

    /// How many of `len_bytes` from `start` on may be read, or written.
    pub fn accessible_bytes(&self, start: u64, len_bytes: u64, for_writing: bool) -> u64 {
        let wanted = bit::PRESENT | if for_writing { bit::WRITABLE } else { 0 };
        self.bytes_with(wanted, start, len_bytes)
    }

    fn new(new_page: PageSource, largest_level: u32) -> Result<Self, Errno> {
        Ok(Self { root: fresh(new_page)?.0, new_page, largest_level })
    }

    /// Maps whole pages at their own address, with large pages where alignment allows. `bits` without
    /// [`bit::PRESENT`] unmaps.
    fn map(&mut self, start: u64, len_bytes: u64, bits: u64) -> Result<(), Errno> {
        self.fill(Table(self.root), ROOT_LEVEL, start, start + len_bytes, bits)
    }

    /// [`Tables::map`] for what lies within `table`, which is of `level` (1: a page table, whose entries map pages). Each table is
    /// visited once: this is most of what a boot computes.
    fn fill(&mut self, table: Table, level: u32, start: u64, end: u64, bits: u64) -> Result<(), Errno> {
        let mut address = start;
        while address < end {
            let part_end = end.min((address + 1).next_multiple_of(size_of_entry(level)));
            let i = index(address, level);
            let is_whole = part_end - address == size_of_entry(level);
            // An entry that points to a table keeps its table: reuse costs a walk, freeing would cost more.
            if level == 1 || (is_whole && level <= self.largest_level && !points_to_table(table.read(i))) {
                table.write(i, leaf(address, level, bits));
            } else {
                let next = self.below(table, i, level)?;
                self.fill(next, level - 1, address, part_end, bits)?;
            }
            address = part_end;
        }
        Ok(())
    }

    /// How many of `len_bytes` from `start` on are in pages that are mapped with all of these bits.
    fn bytes_with(&self, wanted: u64, start: u64, len_bytes: u64) -> u64 {
        let end = start + len_bytes;
        let mut address = start;
        while address < end {
            let (entry, level) = self.entry_of(address);
            if entry & wanted != wanted {
                return address - start;
            }
            address = (address + 1).next_multiple_of(size_of_entry(level));
        }
        len_bytes
    }

    /// The entry that maps `address`, or says that nothing does, and the level of its table.
    fn entry_of(&self, address: u64) -> (u64, u32) {
        let (mut table, mut level) = (Table(self.root), ROOT_LEVEL);
        loop {
            let entry = table.read(index(address, level));
            if level == 1 || !points_to_table(entry) {
                return (entry, level);
            }
            (table, level) = (Table(entry & bit::ADDRESS), level - 1);
        }
    }

    /// The table that entry `i` of `table`, which is of `level`, points to; made, or split from a large page, if need be.
    fn below(&mut self, table: Table, i: usize, level: u32) -> Result<Table, Errno> {
        let entry = table.read(i);
        if points_to_table(entry) {
            return Ok(Table(entry & bit::ADDRESS));
        }
        let next = fresh(self.new_page)?;
        if entry & bit::LARGE != 0 {
            next.fill_from_large(entry, level);
        }
        table.write(i, next.0 | bit::PRESENT | bit::WRITABLE);
        Ok(next)
    }
}

/// A new table. Written to first: a host that saw a read would back the page twice, with zeroes and then with memory.
fn fresh(new_page: PageSource) -> Result<Table, Errno> {
    let table = Table(new_page()?);
    table.write(0, 0);
    Ok(table)
}

/// Whether an entry of a table above the page tables leads on.
const fn points_to_table(entry: u64) -> bool {
    entry & bit::PRESENT != 0 && entry & bit::LARGE == 0
}

/// What one entry of a table of `level` covers, in bytes.
const fn size_of_entry(level: u32) -> u64 {
    PAGE_SIZE << (9 * (level - 1))
}

/// An entry that maps something, of a table of `level`; 0 for no access at all.
const fn leaf(address: u64, level: u32, bits: u64) -> u64 {
    if bits & bit::PRESENT == 0 {
        return 0;
    }
    address | bits | if level > 1 { bit::LARGE } else { 0 }
}

/// Index of `address` in a table of `level` (1..=4).
const fn index(address: u64, level: u32) -> usize {
    (address >> (12 + 9 * (level - 1)) & 511) as usize
}

/// One page of 512 entries, by its physical (= virtual) address.
#[derive(Clone, Copy)]
struct Table(u64);

impl Table {
    fn read(self, index: usize) -> u64 {
        // SAFETY: the address came from the page source or from an entry that points to such a page; index < 512.
        unsafe { (self.0 as *const u64).add(index).read_volatile() }
    }

    fn write(self, index: usize, entry: u64) {
        // SAFETY: the address came from the page source or from an entry that points to such a page; index < 512. Whoever
        // has the tables to change them is the only writer.
        unsafe { (self.0 as *mut u64).add(index).write_volatile(entry) };
    }

    /// Maps what the `large` page, an entry of a table of `level`, mapped, in pages of the next level.
    fn fill_from_large(self, large: u64, level: u32) {
        let base = large & bit::ADDRESS & !(size_of_entry(level) - 1);
        let bits = large & !bit::ADDRESS & !bit::LARGE;
        for i in 0..512 {
            self.write(i, leaf(base + i as u64 * size_of_entry(level - 1), level - 1, bits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_page() -> Result<u64, Errno> {
        let layout = std::alloc::Layout::from_size_align(4096, 4096).map_err(|_| Errno::EINVAL)?;
        // SAFETY: a non-zero size. Leaked: a test's page tables are small.
        Ok(unsafe { std::alloc::alloc_zeroed(layout) } as u64)
    }

    fn lookup(tables: &Tables, address: u64) -> u64 {
        tables.entry_of(address).0
    }

    const RW: u64 = Protection::ReadWrite.bits();
    const GIB: u64 = size_of_entry(HUGE_LEVEL);

    #[test]
    fn only_code_is_executable_and_only_data_writable() {
        let bits = [Protection::None, Protection::Read, Protection::ReadWrite, Protection::ReadExecute]
            .map(Protection::bits);
        assert_eq!(bits.map(|bits| bits & bit::PRESENT != 0), [false, true, true, true]);
        assert_eq!(bits.map(|bits| bits & bit::WRITABLE != 0), [false, false, true, false]);
        let code = bits.map(|bits| bits & (bit::PRESENT | bit::NO_EXECUTE) == bit::PRESENT);
        assert_eq!(code, [false, false, false, true]);
    }

    #[test]
    fn large_pages_where_they_fit() {
        let mut tables = Tables::new(host_page, HUGE_LEVEL).unwrap();
        tables.map(0x1f_f000, 0x40_1000, RW).unwrap();
        assert_eq!(lookup(&tables, 0x1f_f000), 0x1f_f000 | RW);
        assert_eq!(lookup(&tables, 0x3f_ffff), 0x20_0000 | RW | bit::LARGE);
        assert_eq!(lookup(&tables, 0x1f_e000), 0);
        assert_eq!(lookup(&tables, 0x60_0000), 0);
    }

    #[test]
    fn a_guard_page_splits_only_its_large_page() {
        let mut tables = Tables::new(host_page, HUGE_LEVEL).unwrap();
        tables.map(0x1_0000_0000, 0x40_0000, RW).unwrap();
        tables.map(0x1_0000_3000, 0x1000, Protection::None.bits()).unwrap();
        assert_eq!(lookup(&tables, 0x1_0000_2000), 0x1_0000_2000 | RW);
        assert_eq!(lookup(&tables, 0x1_0000_3000), 0);
        assert_eq!(lookup(&tables, 0x1_0000_4000), 0x1_0000_4000 | RW);
        assert_eq!(lookup(&tables, 0x1_0020_0000), 0x1_0020_0000 | RW | bit::LARGE);
        tables.map(0x1_0000_0000, 0x20_0000, RW).unwrap();
        assert_eq!(lookup(&tables, 0x1_0000_3000), 0x1_0000_3000 | RW, "given back");
    }

    #[test]
    fn a_range_may_cross_directories() {
        let mut tables = Tables::new(host_page, HUGE_LEVEL).unwrap();
        tables.map(GIB - 0x20_1000, 0x40_3000, RW).unwrap();
        assert_eq!(lookup(&tables, GIB - 0x20_2000), 0);
        assert_eq!(lookup(&tables, GIB - 0x20_1000), (GIB - 0x20_1000) | RW);
        assert_eq!(lookup(&tables, GIB - 1), (GIB - 0x20_0000) | RW | bit::LARGE);
        assert_eq!(lookup(&tables, GIB), GIB | RW | bit::LARGE);
        assert_eq!(lookup(&tables, GIB + 0x20_1000), (GIB + 0x20_1000) | RW);
        assert_eq!(lookup(&tables, GIB + 0x20_2000), 0);
    }

    #[test]
    fn a_huge_page_splits_as_far_as_it_must() {
        for largest_level in [LARGE_LEVEL, HUGE_LEVEL] {
            let mut tables = Tables::new(host_page, largest_level).unwrap();
            tables.map(GIB - 0x20_0000, 3 * GIB, RW).unwrap();
            let huge = if largest_level == HUGE_LEVEL { GIB } else { 2 * GIB - 0x20_0000 };
            assert_eq!(lookup(&tables, 2 * GIB - 1), huge | RW | bit::LARGE);
            assert_eq!(lookup(&tables, 4 * GIB - 0x20_0001), (4 * GIB - 0x40_0000) | RW | bit::LARGE);
            assert_eq!(lookup(&tables, 4 * GIB - 0x20_0000), 0);
            tables.map(2 * GIB + 0x40_1000, 0x1000, Protection::None.bits()).unwrap();
            assert_eq!(lookup(&tables, 2 * GIB + 0x40_0000), (2 * GIB + 0x40_0000) | RW);
            assert_eq!(lookup(&tables, 2 * GIB + 0x40_1000), 0);
            assert_eq!(lookup(&tables, 2 * GIB + 0x40_2000), (2 * GIB + 0x40_2000) | RW);
            assert_eq!(lookup(&tables, 2 * GIB), (2 * GIB) | RW | bit::LARGE);
            assert_eq!(lookup(&tables, 3 * GIB - 1), (3 * GIB - 0x20_0000) | RW | bit::LARGE);
        }
    }

    #[test]
    fn no_access_to_a_large_page_and_back() {
        let mut tables = Tables::new(host_page, HUGE_LEVEL).unwrap();
        tables.map(0x20_0000, 0x20_0000, RW).unwrap();
        tables.map(0x20_0000, 0x20_0000, 0).unwrap();
        assert_eq!(lookup(&tables, 0x20_1000), 0);
        tables.map(0x20_1000, 0x1000, RW).unwrap();
        assert_eq!(lookup(&tables, 0x20_1000), 0x20_1000 | RW);
        assert_eq!(lookup(&tables, 0x20_2000), 0, "a neighbour does not come back");
    }
    #[test]
    fn accessible_ranges_end_where_a_page_forbids() {
        let mut tables = Tables::new(host_page, HUGE_LEVEL).unwrap();
        tables.map(0x20_0000, 0x40_0000, RW).unwrap();
        tables.map(0x30_0000, 0x1000, Protection::Read.bits()).unwrap();
        let (read, write) = (bit::PRESENT, bit::PRESENT | bit::WRITABLE);
        assert_eq!(tables.bytes_with(read, 0x20_0010, 0x3f_fff0), 0x3f_fff0);
        assert_eq!(tables.bytes_with(read, 0x20_0010, 0x40_0000), 0x3f_fff0);
        assert_eq!(tables.bytes_with(write, 0x2f_fff0, 0x20), 0x10);
        assert_eq!(tables.bytes_with(write, 0x30_1000, 1), 1);
        assert_eq!([tables.bytes_with(read, 16, 1), tables.bytes_with(write, 0x30_0fff, 9)], [0, 0]);
    }
}
