//! VM isles: segments and the interrupt stacks of one core.
//!
//! The program shares the kernel's ABI, red zone included, so no trap may push onto the interrupted stack: every
//! vector names an IST stack. Three of them, since a trap inside a handler must not overwrite the handler's frame.

use core::arch::asm;
use core::mem::offset_of;

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

/// Code and data, long mode, ring 0.
const CODE_DESCRIPTOR: u64 = 0x00af_9b00_0000_ffff;
const DATA_DESCRIPTOR: u64 = 0x00cf_9300_0000_ffff;

/// Makes and loads the tables of this core, whose interrupt stacks come from `new_stack`: addresses of [`IST_STACK_BYTES`]. The tables
/// lie at the top of the emergency stack, so that cores which never start cost nothing.
///
/// # Safety
/// Ring 0, once on each core, with interrupts off. The stacks belong to nobody else.
pub unsafe fn init(new_stack: impl Fn() -> Result<u64, Errno>) -> Result<(), Errno> {
    let [exception, interrupt, emergency] = [new_stack()?, new_stack()?, new_stack()?];
    let tables = emergency + IST_STACK_BYTES - size_of::<Tables>() as u64;
    let mut ist = [0; 7];
    ist[IST_EXCEPTION as usize - 1] = exception + IST_STACK_BYTES;
    ist[IST_INTERRUPT as usize - 1] = interrupt + IST_STACK_BYTES;
    ist[IST_EMERGENCY as usize - 1] = tables;
    let [low, high] = tss_descriptor(tables + offset_of!(Tables, tss) as u64);
    let gdt = [0, CODE_DESCRIPTOR, DATA_DESCRIPTOR, low, high];
    let io_map_base = size_of::<Tss>() as u16;
    let tss = Tss { reserved0: 0, rsp: [0; 3], reserved1: 0, ist, reserved2: 0, reserved3: 0, io_map_base };
    // SAFETY: the end of a stack that nobody uses yet; pages are aligned, and the size is a multiple of the alignment.
    unsafe { (tables as *mut Tables).write(Tables { gdt, tss }) };
    let pointer = TablePointer { limit: 5 * 8 - 1, base: tables + offset_of!(Tables, gdt) as u64 };
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
