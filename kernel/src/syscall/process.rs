//! The isle as a process.

use super::done;
use crate::arch::cpu;
use crate::fs::shared_map;
use crate::user::UserPtr;
use crate::{given, platform};
use abi::boot_info::Inherited;
use abi::boot_info::cpu::{FLAGS_MASK, FLAGS_SHIFT};
use abi::c::system::{NAME_BYTES, UtsName};

/// _exit(2): ends the isle, from any thread.
#[unsafe(no_mangle)]
extern "C" fn sys_exit(status: i32) -> ! {
    shared_map::finish();
    platform::exit(status as u8)
}

/// getpid(2): the proxy's process id, so that names made from it do not collide on the host.
#[unsafe(no_mangle)]
extern "C" fn sys_getpid() -> i32 {
    given::info().pid as i32
}

/// What the CPU can: `HERMIT_CPU_*`.
#[unsafe(no_mangle)]
extern "C" fn sys_cpu_features() -> u32 {
    let features =
        if given::has_ring_0() { cpu::features() } else { given::info().flags >> FLAGS_SHIFT & FLAGS_MASK };
    features as u32
}

/// A limit of getrlimit(2) that the program has of its parent: the soft one, or with `is_hard` the other. `u64::MAX`: none,
/// or nobody says.
#[unsafe(no_mangle)]
extern "C" fn sys_inherited_limit(resource: i32, is_hard: i32) -> u64 {
    let of = |inherited: &Inherited| inherited.limits.get(usize::try_from(resource).ok()?).copied();
    given::info().inheritance().and_then(of).map_or(u64::MAX, |limits| limits[usize::from(is_hard != 0)])
}

/// uname(2).
#[unsafe(no_mangle)]
extern "C" fn sys_uname(name: *mut UtsName) -> i32 {
    done(UserPtr::new(name).and_then(|place| {
        place.write(UtsName {
            sysname: field("HermitCore"),
            nodename: field("hermit"),
            release: field(env!("CARGO_PKG_VERSION")),
            version: field("library kernel"),
            machine: field("x86_64"),
            domainname: field("(none)"),
        })
    }))
}

/// A NUL-padded field.
fn field(text: &str) -> [i8; NAME_BYTES] {
    let mut field = [0; NAME_BYTES];
    for (to, from) in field.iter_mut().take(NAME_BYTES - 1).zip(text.bytes()) {
        *to = from as i8;
    }
    field
}
