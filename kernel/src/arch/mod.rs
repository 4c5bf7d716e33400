//! How the CPU works. An architecture is a module of these rooms; the names are those that the rest of the kernel uses.
//!
//! | names | what |
//! |---|---|
//! | `entry`, `pvh::boot_info`, `relocate::apply` | how the kernel is entered, and what must be done before anything else |
//! | `linux_start` | what an image does that Linux itself has started: becomes its proxy |
//! | `cpu::{init, init_vector_state, relax, random, features, basic_features, has_fsgsbase}` | features, pause, hardware random numbers |
//! | `instruction_set::missing_for` | what the CPU lacks for an instruction that it refuses |
//! | `percpu::{PerCpu, current, of, init}` | the data of a core, reached through one register |
//! | `interrupts::{disable, restore, enable, are_on, look, wait}` | the interrupt flag of this core |
//! | `switch::{Context, switch, call_on}` | leaving one thread for another, one stack for another |
//! | `segment::{Method, choose, is_by_instruction, set_thread_pointer, set_percpu, selectors}` | the thread pointer (TLS), and where `percpu` is found |
//! | `trap::{measure_vector_state, vector_state_bytes, assembly, page_fault, fault_address}` | the paths to and from [`crate::interrupt`] |
//! | `float::{replace, inherited, unmasked}` | the floating-point environment of handlers and new threads, and what an exception is about |
//! | `user_copy::{copy, zero, load_u32, resume_address}` | accesses to a program's memory that survive a fault |
//! | `tsc::now`, `pit::measure_tsc_hz` | the time-stamp counter |
//! | `smp::{go_online, for_each_online}` | which cores run threads |
//! | `smp::obey_shootdown`, `apic::end_of_interrupt` | what a core does for others; nothing in the process isle |
//!
//! For machines, where the kernel is in ring 0 ([`crate::platform::vm`] and [`crate::boot`] use it):
//!
//! | names | what |
//! |---|---|
//! | `gdt::init`, `trap::{init_table, load}` | segments, interrupt stacks, the interrupt table |
//! | `paging::{Tables, load, forget_all}` | page tables, as a value that its owner locks |
//! | `apic::{init, send, takes_deadlines, set_deadline, count_down, measure_timer_hz}` | interrupts to other cores, and the timer |
//! | `smp::{write_start_code, start, shoot_down}` | further cores, and what they must forget |
//! | `ioapic::route`, `port` | devices |
//!
//! Memory, clocks and locks come from the caller. What a room of this one needs from above it declares, and the link fills it:
//! `hermit_trap`, `hermit_on_trampoline` and `hermit_serve_pending` are [`crate::interrupt`]'s, `hermit_percpu_of` is
//! [`crate::sched`]'s, `hermit_set_segment_base` is [`crate::platform`]'s.

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use self::x86_64::*;

#[cfg(not(target_arch = "x86_64"))]
compile_error!(
    "the kernel knows x86-64 only: add kernel/src/arch/<isa> with the names listed in arch/mod.rs"
);
