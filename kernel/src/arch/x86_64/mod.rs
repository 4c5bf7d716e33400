//! x86-64. See the table of names in `arch/mod.rs`.

#![allow(unsafe_code, reason = "how the CPU works: instructions, registers, tables and stacks")]

pub mod apic;
pub mod cpu;
pub mod entry;
pub mod float;
pub mod gdt;
pub mod instruction_set;
pub mod interrupts;
pub mod ioapic;
pub mod linux_start;
pub mod look;
pub mod paging;
pub mod percpu;
pub mod pit;
pub mod port;
pub mod pvh;
pub mod relocate;
pub mod segment;
pub mod smp;
pub mod switch;
pub mod trap;
pub mod tsc;
pub mod user_copy;
