//! VM isles: segments and the interrupt stacks of one core.
//!
//! The program shares the kernel's ABI, red zone included, so no trap may push onto the interrupted stack: every
//! vector names an IST stack. Three of them, since a trap inside a handler must not overwrite the handler's frame.

use core::arch::asm;
use core::cell::UnsafeCell;

use abi::boot_info::MAX_CPUS;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// IST index of CPU exceptions.
pub const IST_EXCEPTION: u8 = 1;
/// IST index of interrupts: an exception in an interrupt handler still has its own stack.
pub const IST_INTERRUPT: u8 = 2;
/// IST index of what can come at any moment: NMI, double fault, machine check.
pub const IST_EMERGENCY: u8 = 3;

/// Selector of the code segment.
pub const CODE_SELECTOR: u16 = 0x08;
/// Selector of the task state segment.
const TSS_SELECTOR: u16 = 0x18;

/// Bytes of one interrupt stack: frame, vector state (AVX-512: 2.7 KiB) and Rust handlers.
pub const IST_STACK_BYTES: u64 = 8 * PAGE_SIZE;

/// 64-bit task state segment (SDM vol. 3, figure 8-11).
#[repr(C, packed(4))]
struct Tss {
    reserved0: u32,
    rsp: [u64; 3],
    reserved1: u64,
    ist: [u64; 7],
    reserved2: u64,
    reserved3: u16,
    io_map_base: u16,
}

#[repr(C, align(16))]
struct Tables {
    gdt: [u64; 5],
    tss: Tss,
}

/// What LGDT and LIDT read (SDM vol. 3, figure 2-6).
#[repr(C, packed(2))]
pub(super) struct TablePointer {
    /// Bytes of the table, less one.
    pub limit: u16,
    /// Its address.
    pub base: u64,
}

struct PerCore([UnsafeCell<Tables>; MAX_CPUS]);

// SAFETY: each core writes its own entry, once, before it is used.
unsafe impl Sync for PerCore {}

// All zero, so that it costs nothing in the image: `init` fills the entry of its core.
static TABLES: PerCore = PerCore(
    [const {
        UnsafeCell::new(Tables {
            gdt: [0; 5],
            tss: Tss {
                reserved0: 0,
                rsp: [0; 3],
                reserved1: 0,
                ist: [0; 7],
                reserved2: 0,
                reserved3: 0,
                io_map_base: 0,
            },
        })
    }; MAX_CPUS],
);

/// Code and data, long mode, ring 0.
const CODE_DESCRIPTOR: u64 = 0x00af_9b00_0000_ffff;
const DATA_DESCRIPTOR: u64 = 0x00cf_9300_0000_ffff;

/// Loads the tables of core `id`, whose interrupt stacks come from `new_stack`: addresses of [`IST_STACK_BYTES`].
///
/// # Safety
/// Ring 0, once on each core, with interrupts off. The stacks belong to nobody else.
pub unsafe fn init(id: usize, new_stack: impl Fn() -> Result<u64, Errno>) -> Result<(), Errno> {
    let tables = TABLES.0[id].get();
    for ist in [IST_EXCEPTION, IST_INTERRUPT, IST_EMERGENCY] {
        let stack = new_stack()?;
        // SAFETY: the core's own entry, not yet loaded.
        unsafe { (*tables).tss.ist[ist as usize - 1] = stack + IST_STACK_BYTES };
    }
    // SAFETY: the core's own entry, of which only an address is taken.
    let tss = unsafe { &raw const (*tables).tss } as u64;
    let [low, high] = tss_descriptor(tss);
    // SAFETY: the core's own entry, not yet loaded.
    unsafe {
        (*tables).gdt = [0, CODE_DESCRIPTOR, DATA_DESCRIPTOR, low, high];
        (*tables).tss.io_map_base = size_of::<Tss>() as u16;
    }
    // SAFETY: the core's own entry, of which only an address is taken.
    let gdt = unsafe { &raw const (*tables).gdt } as u64;
    let pointer = TablePointer { limit: 5 * 8 - 1, base: gdt };
    // SAFETY: the new table holds the same code and data segments at the same selectors as the boot table.
    unsafe {
        asm!("lgdt [{}]", "ltr {:x}", in(reg) &raw const pointer, in(reg) TSS_SELECTOR,
            options(nostack, preserves_flags));
    }
    Ok(())
}

/// Descriptor of an available 64-bit TSS (SDM vol. 3, figure 8-4).
fn tss_descriptor(base: u64) -> [u64; 2] {
    let limit = size_of::<Tss>() as u64 - 1;
    let low = limit | (base & 0xff_ffff) << 16 | 0x89 << 40 | (base >> 24 & 0xff) << 56;
    [low, base >> 32]
}

const _: () = assert!(size_of::<Tss>() == 104);

#[cfg(test)]
mod tests {
    #[test]
    fn descriptor_holds_the_whole_base() {
        let [low, high] = super::tss_descriptor(0x1234_5678_9abc_def0);
        assert_eq!(high, 0x1234_5678);
        assert_eq!(low, 0x9a00_89bc_def0_0067);
    }
}
