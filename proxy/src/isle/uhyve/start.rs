//! The state in which a vCPU enters the image: long mode, paging on, the first 4 GiB at their own addresses.
//!
//! No table of segments lies in memory: the registers are given as the CPU holds them, and the kernel loads
//! its own tables before it loads a segment.

#![allow(unsafe_code, reason = "writes page tables to guest RAM")]

use super::kvm_error::kvm_error;
use crate::error::IsleError;
use crate::isle::ram::Ram;
use abi::boot_info::cpu::XCR0_WANTED;
use abi::layout::{BOOT_INFO, BOOT_TABLES, LARGE_PAGE_SIZE, NR_BOOT_TABLES, PAGE_SIZE};
use kvm_bindings::{CpuId, KVM_MP_STATE_RUNNABLE, kvm_mp_state, kvm_regs, kvm_segment, kvm_xcr, kvm_xcrs};
use kvm_ioctls::VcpuFd;

/// Bits of a page-table entry (SDM vol. 3, table 4-15).
const PRESENT: u64 = 1 << 0;
const WRITABLE: u64 = 1 << 1;
const LARGE: u64 = 1 << 7;

/// Control registers and EFER, by their bits (SDM vol. 3, 2.5 and 2.2.1).
mod bit {
    pub const CR0_PE: u64 = 1 << 0;
    pub const CR0_MP: u64 = 1 << 1;
    pub const CR0_ET: u64 = 1 << 4;
    pub const CR0_NE: u64 = 1 << 5;
    pub const CR0_WP: u64 = 1 << 16;
    pub const CR0_PG: u64 = 1 << 31;
    pub const CR4_PAE: u64 = 1 << 5;
    pub const CR4_PGE: u64 = 1 << 7;
    pub const CR4_OSFXSR: u64 = 1 << 9;
    pub const CR4_OSXMMEXCPT: u64 = 1 << 10;
    pub const EFER_LME: u64 = 1 << 8;
    pub const EFER_LMA: u64 = 1 << 10;
    pub const EFER_NXE: u64 = 1 << 11;
}

/// RFLAGS with nothing but its constant bit.
const RFLAGS: u64 = 1 << 1;

const CODE: kvm_segment = kvm_segment {
    base: 0,
    limit: u32::MAX,
    selector: 0x08,
    type_: 0b1011,
    present: 1,
    dpl: 0,
    db: 0,
    s: 1,
    l: 1,
    g: 1,
    avl: 0,
    unusable: 0,
    padding: 0,
};

const DATA: kvm_segment = kvm_segment { selector: 0x10, type_: 0b0011, db: 1, l: 0, ..CODE };

/// Writes the page tables.
pub fn write_tables(ram: &Ram) {
    let table = |index: u64| BOOT_TABLES + index * PAGE_SIZE;
    let write = |table: u64, index: u64, entry: u64| {
        // SAFETY: the tables lie in the first page tables' worth of RAM, of which there are at least 16 MiB;
        // nothing else is there, and the guest does not run yet.
        unsafe { ram.host_address(table + 8 * index).cast::<u64>().write(entry) };
    };
    write(table(0), 0, table(1) | PRESENT | WRITABLE);
    for gib in 0..NR_BOOT_TABLES - 2 {
        write(table(1), gib, table(2 + gib) | PRESENT | WRITABLE);
        for page in 0..512 {
            let address = (gib * 512 + page) * LARGE_PAGE_SIZE;
            write(table(2 + gib), page, address | PRESENT | WRITABLE | LARGE);
        }
    }
}

/// Sets the registers of vCPU `cpu`, which enters at `entry` (see `abi::boot_info`).
pub fn set_registers(vcpu: &VcpuFd, cpu: usize, entry: u64) -> Result<(), IsleError> {
    let failed = |error| kvm_error("set the registers of a vCPU", error);
    set_special(vcpu).map_err(failed)?;
    let registers =
        kvm_regs { rip: entry, rflags: RFLAGS, rdi: BOOT_INFO, rsi: cpu as u64, ..kvm_regs::default() };
    vcpu.set_regs(&registers).map_err(failed)?;
    // All but the first wait for the interrupt that starts a PC's core; ours start when their thread runs.
    vcpu.set_mp_state(kvm_mp_state { mp_state: KVM_MP_STATE_RUNNABLE }).map_err(failed)
}

/// Switches on the vector state that the kernel wants and KVM `supported`s: then the kernel need not, for
/// which it would leave the guest; and QEMU's emulation of AMD's SVM does not let KVM see that it does, so
/// that KVM would switch it off again.
pub fn set_vector_state(vcpu: &VcpuFd, supported: &CpuId) -> Result<(), IsleError> {
    let components = supported.as_slice().iter().find(|leaf| (leaf.function, leaf.index) == (0xd, 0));
    let Some(components) = components else { return Ok(()) };
    let mut xcrs = kvm_xcrs { nr_xcrs: 1, ..kvm_xcrs::default() };
    let offered = u64::from(components.eax) | u64::from(components.edx) << 32;
    xcrs.xcrs[0] = kvm_xcr { xcr: 0, reserved: 0, value: offered & XCR0_WANTED };
    vcpu.set_xcrs(&xcrs).map_err(|error| kvm_error("switch on the vector state of a vCPU", error))
}

/// Puts a vCPU into long mode on the page tables of [`write_tables`].
pub fn set_special(vcpu: &VcpuFd) -> Result<(), kvm_ioctls::Error> {
    let mut special = vcpu.get_sregs()?;
    special.cr0 = bit::CR0_PE | bit::CR0_MP | bit::CR0_ET | bit::CR0_NE | bit::CR0_WP | bit::CR0_PG;
    special.cr3 = BOOT_TABLES;
    // SSE is on: Rust uses it from its first line.
    special.cr4 = bit::CR4_PAE | bit::CR4_PGE | bit::CR4_OSFXSR | bit::CR4_OSXMMEXCPT;
    special.efer = bit::EFER_LME | bit::EFER_LMA | bit::EFER_NXE;
    special.cs = CODE;
    (special.ds, special.es, special.ss) = (DATA, DATA, DATA);
    (special.fs, special.gs) = (DATA, DATA);
    vcpu.set_sregs(&special)
}
