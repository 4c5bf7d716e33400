//! Where the data of all cores lies: the CPU's half ([`PerCpu`]), to which GS points, and behind it the
//! scheduler's ([`Core`]).

#![allow(unsafe_code, reason = "GS leads to the data of a core")]

use core::cell::UnsafeCell;
use core::mem::offset_of;

use super::core::{Core, RUNNING_OFFSET};
use crate::arch::percpu::{self, PerCpu};
use abi::boot_info::MAX_CPUS;

/// The data of one core.
#[repr(C, align(128))]
pub struct PerCore {
    percpu: PerCpu,
    core: Core,
}

/// One for each possible core; unused ones are never touched.
struct Table(UnsafeCell<[PerCore; MAX_CPUS]>);

// SAFETY: entries are handed out as shared references only; every field is atomic, locked, or used by its own
// core alone (the Cells, which `percpu::current` and `Core::here` reach only on that core).
unsafe impl Sync for Table {}

static TABLE: Table =
    Table(UnsafeCell::new([const { PerCore { percpu: PerCpu::new(), core: Core::new() } }; MAX_CPUS]));

/// For debuggers: where the running thread is in a [`PerCore`], which begins with a [`PerCpu`].
pub const RUNNING: u64 = offset_of!(PerCore, core) as u64 + RUNNING_OFFSET;

/// The data of core 0; that of the others follows.
pub const fn first() -> *const PerCore {
    TABLE.0.get().cast()
}

fn of(id: usize) -> Option<&'static PerCore> {
    if id >= MAX_CPUS {
        return None;
    }
    // SAFETY: in bounds; the table is static and only shared references to it are ever made.
    Some(unsafe { &*first().add(id) })
}

/// What [`crate::arch`] asks for.
#[unsafe(no_mangle)]
fn hermit_percpu_of(id: usize) -> Option<&'static PerCpu> {
    of(id).map(|both| &both.percpu)
}

impl Core {
    /// The scheduler's data of the core that executes this. Threads never migrate, so the reference stays
    /// right.
    #[inline]
    pub fn here() -> &'static Self {
        // SAFETY: GS points to the first half of an entry of the table: `hermit_percpu_of` hands out no
        // others.
        unsafe { &(*percpu::current_address().cast::<PerCore>()).core }
    }

    /// That of core `id`, if there can be one.
    pub fn of(id: usize) -> Option<&'static Self> {
        of(id).map(|both| &both.core)
    }
}

const _: () = assert!(offset_of!(PerCore, percpu) == 0);
