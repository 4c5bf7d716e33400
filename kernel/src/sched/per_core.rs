//! Where the data of the cores lies: the CPU's half ([`PerCpu`]), to which GS points, and behind it the
//! scheduler's ([`Core`]). That of core 0 is part of the image, that of the others is made when they are first needed.

#![allow(unsafe_code, reason = "GS leads to the data of a core")]

use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::mem::offset_of;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering::AcqRel, Ordering::Acquire, Ordering::Release};

use super::core::{Core, RUNNING_OFFSET};
use crate::arch::percpu::{self, PerCpu};
use abi::boot_info::MAX_CPUS;
use abi::errno::Errno;

/// The data of one core.
#[repr(C, align(128))]
pub struct PerCore {
    percpu: PerCpu,
    core: Core,
}

// SAFETY: it is handed out as shared references only; every field is atomic, locked, or used by its own core alone (the Cells,
// which `percpu::current` and `Core::here` reach only on that core).
unsafe impl Sync for PerCore {}

impl PerCore {
    /// Of a core that has not booted.
    const fn new() -> Self {
        Self { percpu: PerCpu::new(), core: Core::new() }
    }
}

/// Of core 0, which needs it before there is memory.
static FIRST: PerCore = PerCore::new();

/// Addresses of the data of all cores, 0 before [`prepare`]. `_start` finds the stacks of further cores through it, and debuggers all
/// that they know of cores.
#[cfg_attr(panic = "abort", unsafe(no_mangle))]
#[allow(non_upper_case_globals, reason = "the name that entry.s uses")]
pub static hermit_cores: [AtomicPtr<PerCore>; MAX_CPUS] =
    [const { AtomicPtr::new(ptr::null_mut()) }; MAX_CPUS];

/// For debuggers: where the running thread is in a [`PerCore`], which begins with a [`PerCpu`].
pub const RUNNING: u64 = offset_of!(PerCore, core) as u64 + RUNNING_OFFSET;

/// Prepares core 0: first of all.
pub fn prepare_first() {
    let first = ptr::from_ref(&FIRST).cast_mut();
    first.expose_provenance(); // for `Core::beside` and `Core::here`
    hermit_cores[0].store(first, Release);
}

/// Makes the data of core `id`, which is one of the isle's, if nobody has yet.
#[inline]
pub fn prepare(id: usize) -> Result<(), Errno> {
    if of(id).is_some() { Ok(()) } else { make(id) }
}

#[cold]
fn make(id: usize) -> Result<(), Errno> {
    let (place, layout) = (hermit_cores.get(id).ok_or(Errno::EINVAL)?, Layout::new::<PerCore>());
    // SAFETY: the layout has a size.
    let data = unsafe { alloc(layout) }.cast::<PerCore>();
    if data.is_null() {
        return Err(Errno::ENOMEM);
    }
    // SAFETY: fresh memory of the layout.
    unsafe { data.write(PerCore::new()) };
    data.expose_provenance(); // for `Core::beside` and `Core::here`
    if place.compare_exchange(ptr::null_mut(), data, AcqRel, Acquire).is_err() {
        // Another core was faster. This one owns nothing yet.
        // SAFETY: allocated above with this layout, and nobody has seen it.
        unsafe { dealloc(data.cast(), layout) };
    }
    Ok(())
}

fn of(id: usize) -> Option<&'static PerCore> {
    // SAFETY: null, or data that stays for ever and that only shared references are made to.
    unsafe { hermit_cores.get(id)?.load(Acquire).as_ref() }
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
        // SAFETY: GS points to the first half of a `PerCore`: `hermit_percpu_of` hands out no others.
        unsafe { &(*percpu::current_address().cast::<PerCore>()).core }
    }

    /// That of the core whose other half is `percpu`.
    #[inline]
    pub fn beside(percpu: &'static PerCpu) -> &'static Self {
        let both = ptr::with_exposed_provenance::<PerCore>(ptr::from_ref(percpu).addr());
        // SAFETY: it is the first half of a `PerCore` that stays for ever: `hermit_percpu_of` hands out no others.
        unsafe { &(*both).core }
    }

    /// That of core `id`, if it has been prepared.
    pub fn of(id: usize) -> Option<&'static Self> {
        of(id).map(|both| &both.core)
    }
}

const _: () = assert!(offset_of!(PerCore, percpu) == 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_made_once_and_stays() {
        assert!(of(7).is_none());
        prepare(7).unwrap();
        let [first, again] = [(); 2].map(|()| ptr::from_ref(of(7).unwrap()));
        prepare(7).unwrap();
        make(7).unwrap();
        assert!(ptr::eq(first, again) && ptr::eq(first, of(7).unwrap()));
        assert!(ptr::eq(Core::of(7).unwrap(), Core::beside(percpu::of(7).unwrap())));
    }

    #[test]
    fn the_first_core_needs_no_memory() {
        prepare_first();
        assert!(ptr::eq(of(0).unwrap(), &raw const FIRST));
    }

    #[test]
    fn there_are_no_more_cores_than_there_can_be() {
        assert_eq!((prepare(MAX_CPUS - 1), prepare(MAX_CPUS)), (Ok(()), Err(Errno::EINVAL)));
    }
}
