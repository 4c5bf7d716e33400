//! VM isles: page tables. Memory is identity-mapped; pages exist to forbid, not to translate.
//!
//! The first MiB is not mapped. The image has the permissions of its segments, RAM is mapped with 2 MiB pages and never
//! executable, devices are uncached. [`protect`] splits large pages where it must.

use core::arch::asm;

use super::smp;
use crate::mm::{self, Protection};
use crate::sync::SpinLock;
use abi::boot_info::BootInfo;
use abi::errno::Errno;
use abi::layout::{BOOT_INFO, IMAGE_BASE, LARGE_PAGE_SIZE, PAGE_SIZE};

/// Devices that the kernel drives: I/O APIC and local APIC.
const DEVICES: (u64, u64) = (0xfec0_0000, 0x0040_0000);

/// What one page directory covers.
const DIRECTORY_SIZE: u64 = 512 * LARGE_PAGE_SIZE;

mod bit {
    pub const PRESENT: u64 = 1 << 0;
    pub const WRITABLE: u64 = 1 << 1;
    pub const WRITE_THROUGH: u64 = 1 << 3;
    pub const UNCACHED: u64 = 1 << 4;
    pub const LARGE: u64 = 1 << 7;
    pub const NO_EXECUTE: u64 = 1 << 63;
    pub const ADDRESS: u64 = 0x000f_ffff_ffff_f000;
}

/// Where new tables come from.
type PageSource = fn() -> Result<u64, Errno>;

/// A tree of page tables.
struct Tables {
    root: u64,
    new_page: PageSource,
}

static TABLES: SpinLock<Option<Tables>> = SpinLock::new(None);

/// Builds the final tables and loads them on this core.
///
/// # Safety
/// Ring 0, on the boot processor, while everything used so far is identity-mapped; `boot` describes this machine.
pub unsafe fn init(boot: &BootInfo) -> Result<(), Errno> {
    let mut tables = Tables::new(mm::allocate_table)?;
    // The boot info and its doorbell slots. What is below stays unmapped, for pointers that are nearly null.
    tables.map(BOOT_INFO, IMAGE_BASE - BOOT_INFO, Protection::ReadWrite.bits())?;
    for segment in crate::image::segments() {
        let start = segment.start & !(PAGE_SIZE - 1);
        let end = segment.end().next_multiple_of(PAGE_SIZE);
        tables.map(start, end - start, segment.protection.bits())?;
    }
    for range in boot.memory_ranges() {
        tables.map(range.start, range.len_bytes, bits_for_ram(Protection::ReadWrite))?;
    }
    // Arguments may lie outside of all of these, in RAM that was taken out of the ranges.
    let strings = boot.arguments.strings & !(PAGE_SIZE - 1);
    let strings_end = (boot.arguments.strings + boot.arguments.strings_len_bytes).next_multiple_of(PAGE_SIZE);
    tables.map(strings, strings_end - strings, Protection::ReadWrite.bits())?;
    let uncached = bit::UNCACHED | bit::WRITE_THROUGH;
    tables.map(DEVICES.0, DEVICES.1, Protection::ReadWrite.bits() | uncached)?;
    let root = tables.root;
    *TABLES.lock() = Some(tables);
    // SAFETY: everything that is in use (image, stacks within it, RAM, devices) is mapped at the same addresses.
    unsafe { load(root) };
    Ok(())
}

/// Loads the final tables on a further core.
///
/// # Safety
/// Ring 0; the core uses nothing but what the tables map.
pub unsafe fn load_here() -> Result<(), Errno> {
    // SAFETY: as the caller says.
    unsafe { load(root()) };
    Ok(())
}

/// Address of the final tables; 0 before [`init`].
pub fn root() -> u64 {
    TABLES.lock().as_ref().map_or(0, |tables| tables.root)
}

/// Changes the protection of whole pages of RAM and makes every core forget old translations.
pub fn protect(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    map_here(start, len_bytes, protection)?;
    smp::shoot_down();
    Ok(())
}

/// [`protect`] for pages that no other core uses.
pub fn map_here(start: u64, len_bytes: u64, protection: Protection) -> Result<(), Errno> {
    TABLES.lock().as_mut().ok_or(Errno::EINVAL)?.map(start, len_bytes, bits_for_ram(protection))?;
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

/// Up to this many pages are forgotten one by one, more all at once.
const MAX_SINGLE_PAGES: u64 = 64;

/// Makes this core forget all translations.
pub fn forget_all() {
    // SAFETY: reads CR3, and writes back what it held.
    unsafe { asm!("mov {0}, cr3", "mov cr3, {0}", out(reg) _, options(nostack, preserves_flags)) };
}

/// # Safety
/// The tables at `root` must map whatever the core uses next.
unsafe fn load(root: u64) {
    // SAFETY: the caller vouches for the tables.
    unsafe { asm!("mov cr3, {}", in(reg) root, options(nostack, preserves_flags)) };
}

/// As [`Protection::bits`], but in an image with code on its stacks what is writable is executable: stacks are RAM.
fn bits_for_ram(protection: Protection) -> u64 {
    if protection == Protection::ReadWrite && crate::image::has_executable_stack() {
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
    fn new(new_page: PageSource) -> Result<Self, Errno> {
        Ok(Self { root: fresh(new_page)?.0, new_page })
    }

    /// Maps whole pages at their own address, with large pages where alignment allows. `bits` without
    /// [`bit::PRESENT`] unmaps. The tables are walked down once for each directory: this is most of what a boot computes.
    fn map(&mut self, start: u64, len_bytes: u64, bits: u64) -> Result<(), Errno> {
        let mut address = start;
        let end = start + len_bytes;
        while address < end {
            let directory = self.directory(address)?;
            let directory_end = end.min((address + 1).next_multiple_of(DIRECTORY_SIZE));
            while address < directory_end {
                let part_end = directory_end.min((address + 1).next_multiple_of(LARGE_PAGE_SIZE));
                let i = index(address, 2);
                // A directory entry that points to a table keeps its table: reuse costs a walk, freeing would cost more.
                if part_end - address == LARGE_PAGE_SIZE && !points_to_table(directory.read(i)) {
                    directory.write(i, leaf(address, bits | bit::LARGE, bits));
                } else {
                    let table = self.below(directory, i)?;
                    for page in (address..part_end).step_by(PAGE_SIZE as usize) {
                        table.write(index(page, 1), leaf(page, bits, bits));
                    }
                }
                address = part_end;
            }
        }
        Ok(())
    }

    /// The directory that covers `address`, made if need be.
    fn directory(&mut self, address: u64) -> Result<Table, Errno> {
        let pointers = self.below(Table(self.root), index(address, 4))?;
        self.below(pointers, index(address, 3))
    }

    /// The table that entry `i` of `table` points to; made, or split from a large page, if need be.
    fn below(&mut self, table: Table, i: usize) -> Result<Table, Errno> {
        let entry = table.read(i);
        if points_to_table(entry) {
            return Ok(Table(entry & bit::ADDRESS));
        }
        let next = fresh(self.new_page)?;
        if entry & bit::LARGE != 0 {
            next.fill_from_large(entry);
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

/// Whether an entry leads on.
const fn points_to_table(entry: u64) -> bool {
    entry & bit::PRESENT != 0 && entry & bit::LARGE == 0
}

/// A leaf entry; no access at all is an entry that keeps only the large bit, so that a split knows what it was.
const fn leaf(address: u64, bits: u64, access: u64) -> u64 {
    if access & bit::PRESENT == 0 { 0 } else { address | bits }
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
        // SAFETY: as in `read`; the lock around `TABLES` makes this the only writer.
        unsafe { (self.0 as *mut u64).add(index).write_volatile(entry) };
    }

    /// Maps what the large page mapped, in small pages.
    fn fill_from_large(self, large: u64) {
        let base = large & bit::ADDRESS & !(LARGE_PAGE_SIZE - 1);
        let bits = large & !bit::ADDRESS & !bit::LARGE;
        for i in 0..512 {
            self.write(i, (base + i as u64 * PAGE_SIZE) | bits);
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
        let mut table = Table(tables.root);
        for level in (1..=4).rev() {
            let entry = table.read(index(address, level));
            if entry & bit::PRESENT == 0 || level == 1 || entry & bit::LARGE != 0 {
                return entry;
            }
            table = Table(entry & bit::ADDRESS);
        }
        0
    }

    const RW: u64 = Protection::ReadWrite.bits();

    #[test]
    fn large_pages_where_they_fit() {
        let mut tables = Tables::new(host_page).unwrap();
        tables.map(0x1f_f000, 0x40_1000, RW).unwrap();
        assert_eq!(lookup(&tables, 0x1f_f000), 0x1f_f000 | RW);
        assert_eq!(lookup(&tables, 0x3f_ffff), 0x20_0000 | RW | bit::LARGE);
        assert_eq!(lookup(&tables, 0x1f_e000), 0);
        assert_eq!(lookup(&tables, 0x60_0000), 0);
    }

    #[test]
    fn a_guard_page_splits_only_its_large_page() {
        let mut tables = Tables::new(host_page).unwrap();
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
        let mut tables = Tables::new(host_page).unwrap();
        tables.map(DIRECTORY_SIZE - 0x20_1000, 0x40_3000, RW).unwrap();
        assert_eq!(lookup(&tables, DIRECTORY_SIZE - 0x20_2000), 0);
        assert_eq!(lookup(&tables, DIRECTORY_SIZE - 0x20_1000), (DIRECTORY_SIZE - 0x20_1000) | RW);
        assert_eq!(lookup(&tables, DIRECTORY_SIZE - 1), (DIRECTORY_SIZE - 0x20_0000) | RW | bit::LARGE);
        assert_eq!(lookup(&tables, DIRECTORY_SIZE), DIRECTORY_SIZE | RW | bit::LARGE);
        assert_eq!(lookup(&tables, DIRECTORY_SIZE + 0x20_1000), (DIRECTORY_SIZE + 0x20_1000) | RW);
        assert_eq!(lookup(&tables, DIRECTORY_SIZE + 0x20_2000), 0);
    }

    #[test]
    fn no_access_to_a_large_page_and_back() {
        let mut tables = Tables::new(host_page).unwrap();
        tables.map(0x20_0000, 0x20_0000, RW).unwrap();
        tables.map(0x20_0000, 0x20_0000, 0).unwrap();
        assert_eq!(lookup(&tables, 0x20_1000), 0);
        tables.map(0x20_1000, 0x1000, RW).unwrap();
        assert_eq!(lookup(&tables, 0x20_1000), 0x20_1000 | RW);
        assert_eq!(lookup(&tables, 0x20_2000), 0, "a neighbour does not come back");
    }
}
