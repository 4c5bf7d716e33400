//! What the host gave: the boot info, and what follows from the kind of isle that it names.
//!
//! Written once, before anything else runs, and at the bottom of the kernel: every room may look. What a kind
//! of isle lets the kernel do is asked by the name of the ability, so that only this file and
//! [`crate::platform`] tell the kinds apart.

#![allow(unsafe_code, reason = "it is written once, before anything else runs")]

use core::cell::UnsafeCell;
use core::mem::offset_of;

use abi::boot_info::{BootInfo, flag, isle};
use abi::layout::BOOT_INFO;

/// The isle's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Isle {
    /// A machine without a proxy; also what the kernel takes itself to be in before it has looked.
    Bare = 0,
    /// A Linux process.
    Process,
    /// Our own hypervisor.
    Uhyve,
    /// QEMU with a proxy.
    Qemu,
}

/// What the kernel can do by itself in a kind of isle.
struct Abilities {
    /// It runs in ring 0: the interrupt flag, page tables and the local APIC are its own.
    has_ring_0: bool,
    /// Somebody answers requests.
    has_proxy: bool,
    /// A request costs a function call, not an exit from a virtual machine.
    has_host_nearby: bool,
}

impl Isle {
    /// The kind with this number of `abi::boot_info::isle`, if this kernel knows it.
    pub const fn new(kind: u32) -> Option<Self> {
        match kind {
            isle::PROCESS => Some(Self::Process),
            isle::UHYVE => Some(Self::Uhyve),
            isle::QEMU => Some(Self::Qemu),
            isle::BARE => Some(Self::Bare),
            _ => None,
        }
    }

    const fn abilities(self) -> Abilities {
        match self {
            Self::Process => Abilities { has_ring_0: false, has_proxy: true, has_host_nearby: true },
            Self::Uhyve | Self::Qemu => {
                Abilities { has_ring_0: true, has_proxy: true, has_host_nearby: false }
            }
            Self::Bare => Abilities { has_ring_0: true, has_proxy: false, has_host_nearby: false },
        }
    }

    /// Whether the kernel runs in ring 0, with an interrupt flag, page tables and local APICs of its own.
    #[inline]
    pub const fn has_ring_0(self) -> bool {
        self.abilities().has_ring_0
    }
}

struct Given {
    info: BootInfo,
    isle: Isle,
}

struct Once(UnsafeCell<Given>);

// SAFETY: written once, by the boot processor before it starts anything; read-only afterwards.
unsafe impl Sync for Once {}

/// All zero, so it costs nothing in the image.
// SAFETY: a BootInfo is made of integers.
static GIVEN: Once = Once(UnsafeCell::new(Given { info: unsafe { core::mem::zeroed() }, isle: Isle::Bare }));

fn given() -> &'static Given {
    // SAFETY: `init` has been called, or nothing else runs that could call it meanwhile.
    unsafe { &*GIVEN.0.get() }
}

/// Remembers what the host told, and the kind of isle if it is a known one.
///
/// # Safety
/// Once, on the boot processor, before anything else of the kernel runs.
pub unsafe fn init(info: BootInfo) {
    let isle = Isle::new(info.isle).unwrap_or(Isle::Bare);
    // SAFETY: nobody looks meanwhile, as the caller says.
    unsafe { GIVEN.0.get().write(Given { info, isle }) };
}

/// What the host told.
#[inline]
pub fn info() -> &'static BootInfo {
    &given().info
}

/// Which kind of isle this is.
#[inline]
pub fn isle() -> Isle {
    given().isle
}

/// [`Isle::has_ring_0`] of this isle.
#[inline]
pub fn has_ring_0() -> bool {
    isle().has_ring_0()
}

/// Whether the program may make code of its pages.
pub fn may_make_code() -> bool {
    info().flags & flag::JIT != 0
}

/// Whether somebody answers requests.
pub fn has_proxy() -> bool {
    isle().abilities().has_proxy
}

/// Whether a request costs a function call, not an exit from a virtual machine.
pub fn has_host_nearby() -> bool {
    isle().abilities().has_host_nearby
}

/// Whether cores share CPUs of the host, so that a core that waits in a loop keeps another one from running.
pub fn has_shared_cpus() -> bool {
    info().flags & flag::SHARED_CPUS != 0
}

/// How many cores run at the same time, for want of CPUs of the host for more.
#[inline]
pub fn nr_host_cpus() -> usize {
    match info().nr_host_cpus as usize {
        0 => nr_cores(),
        count => count.min(nr_cores()),
    }
}

/// Number of cores of the isle. One that nothing has been placed on yet may not have started.
#[inline]
pub fn nr_cores() -> usize {
    info().nr_cpus as usize
}

/// Frequency of the time-stamp counter, once the host has told it: while a virtual machine boots, the proxy
/// may still be measuring.
pub fn tsc_hz() -> Option<u64> {
    let known = match info().tsc_hz {
        0 if has_ring_0() && has_proxy() => {
            let field = (BOOT_INFO + offset_of!(BootInfo, tsc_hz) as u64) as *const u64;
            // SAFETY: VM isles have their boot info there, and the proxy writes this field at most once.
            unsafe { field.read_volatile() }
        }
        known => known,
    };
    (known != 0).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_does_not_take_itself_for_an_isle_that_it_does_not_know() {
        let kinds = [isle::PROCESS, isle::UHYVE, isle::QEMU, isle::BARE];
        let abilities =
            kinds.map(|kind| Isle::new(kind).map(|isle| (isle.has_ring_0(), isle.abilities().has_proxy)));
        assert_eq!(
            abilities,
            [Some((false, true)), Some((true, true)), Some((true, true)), Some((true, false))]
        );
        let unknown = (0..64).chain([u32::MAX]).filter(|kind| !kinds.contains(kind));
        assert!(unknown.map(Isle::new).all(|isle| isle.is_none()));
    }
}
