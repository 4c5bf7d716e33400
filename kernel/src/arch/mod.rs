//! How the CPU works. Each architecture module exports the same names, used by the rest of the kernel:
//!
//! | name | what |
//! |---|---|
//! | `cpu::{init, relax, random, has_fsgsbase}` | features, pause, hardware random numbers |
//! | `percpu::{PerCpu, current, init}` | the data of this core, reached through one register |
//! | `interrupts::{disable, restore, wait}` | the interrupt flag of this core |
//! | `switch::{Context, switch, call_on}` | leaving one thread for another, one stack for another |
//! | `segment::{set_thread_pointer}` | the thread pointer (TLS) |
//! | `trap::init`, `paging::{init, protect, accessible_bytes}`, `apic` | VM isles: exceptions, page tables, timer |
//! | `smp::{start, shoot_down, obey_shootdown}` | VM isles: further cores, and what they must forget |
//! | `relocate::apply` | IRELATIVE relocations |
//! | `user_copy::{copy, zero, load_u32, resume_address}` | accesses to a program's memory that survive a fault |
//! | `tsc::now` | the time-stamp counter |

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use self::x86_64::*;

#[cfg(not(target_arch = "x86_64"))]
compile_error!(
    "the kernel knows x86-64 only: add kernel/src/arch/<isa> with the names listed in arch/mod.rs"
);
