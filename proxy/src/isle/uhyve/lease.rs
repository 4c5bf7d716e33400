//! Keeps the image as it is while it is mapped, whatever happens to its file: [`take`] and [`mapped`].
//!
//! Who overwrites the file would change the running program, and who cuts it off would take memory away, also
//! what was copied on write: Linux refuses that for its own programs (ETXTBSY), and offers leases to others
//! (fcntl(2)). Who opens the file for writing waits until the proxy, told by a signal, has replaced all
//! mappings of it by copies.

#![allow(unsafe_code, reason = "replaces mappings of the image")]

use crate::host_signals::interrupt;
use crate::host_signals::raw::raw_call;
use crate::host_signals::reserve;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use rustix::mm::{MapFlags, MremapFlags, ProtFlags};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::OnceLock;

/// Tells that somebody wants to write: a real-time signal, since those are queued, and the last one, which
/// nobody needs.
pub const LEASE_SIGNAL: c_int = 64;

/// Command of fcntl(2): which signal tells (asm-generic/fcntl.h).
const F_SETSIG: u64 = 10;

/// Whether the file can be mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It will be there.
    Taken,
    /// It is somebody else's, open for writing already, or on a file system without leases.
    Refused,
}

/// A mapping of the file: whole pages.
#[derive(Clone, Copy, Debug)]
pub struct Mapped {
    /// Its first address.
    pub start: u64,
    /// Its length in bytes.
    pub len_bytes: u64,
}

/// The lease's descriptor.
static FILE: AtomicI32 = AtomicI32::new(-1);
static MAPPINGS: OnceLock<Vec<Mapped>> = OnceLock::new();
/// Somebody has wanted to write before all was mapped.
static WANTED: AtomicBool = AtomicBool::new(false);
/// The mappings are copies.
static COPIED: AtomicBool = AtomicBool::new(false);

/// Takes the lease of the image's file, which must stay open.
pub fn take(file: &OwnedFd) -> Lease {
    if reserve(LEASE_SIGNAL, wanted).is_err() {
        return Lease::Refused;
    }
    let fd = file.as_raw_fd();
    FILE.store(fd, Ordering::SeqCst);
    let signal = raw_call(libc::SYS_fcntl, [fd as u64, F_SETSIG, LEASE_SIGNAL as u64]);
    let lease = raw_call(libc::SYS_fcntl, [fd as u64, libc::F_SETLEASE as u64, libc::F_RDLCK as u64]);
    if (signal, lease) == (0, 0) { Lease::Taken } else { Lease::Refused }
}

/// Where the file is mapped, all of it: from here on the lease can be given back.
pub fn mapped(mappings: Vec<Mapped>) {
    let mappings = MAPPINGS.get_or_init(|| mappings);
    if WANTED.load(Ordering::SeqCst) {
        give_back(mappings);
    }
}

extern "C" fn wanted(_: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    match MAPPINGS.get() {
        Some(mappings) => give_back(mappings),
        None => WANTED.store(true, Ordering::SeqCst),
    }
    interrupt::leave(context);
}

/// Without memory for the copies the lease stays: Linux ends it after a while, and the program with it if it
/// is unlucky.
fn give_back(mappings: &[Mapped]) {
    if COPIED.swap(true, Ordering::SeqCst) {
        return;
    }
    if mappings.iter().all(|mapping| copy(mapping).is_ok()) {
        let fd = FILE.load(Ordering::SeqCst) as u64;
        // It was ours.
        raw_call(libc::SYS_fcntl, [fd, libc::F_SETLEASE as u64, libc::F_UNLCK as u64]);
    }
}

/// Puts a copy in the place of a mapping. Nobody sees it empty: page faults, KVM's too, wait until mremap(2)
/// is done.
fn copy(mapping: &Mapped) -> rustix::io::Result<()> {
    let (place, len) = (mapping.start as *mut c_void, mapping.len_bytes as usize);
    // SAFETY: the copy is a new mapping. What is mapped in `place` is only read, by the proxy and by the
    // guest, so that it is the same before and after; nobody else moves or unmaps it.
    unsafe {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let new = rustix::mm::mmap_anonymous(core::ptr::null_mut(), len, access, MapFlags::PRIVATE)?;
        new.cast::<u8>().copy_from_nonoverlapping(place.cast(), len);
        rustix::mm::mremap_fixed(new, len, len, MremapFlags::MAYMOVE, place).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, Mode, OFlags};
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;

    const LEN: usize = 3 * 4096;

    /// As a file of memory, since not every file system has leases.
    #[test]
    fn who_cuts_the_file_off_takes_nothing_away() {
        crate::patience::within("opening the file", || {
            let mut memory = File::from(rustix::fs::memfd_create("image", MemfdFlags::CLOEXEC).unwrap());
            memory.write_all(&[7; LEN]).unwrap();
            let name = |fd: i32| format!("/proc/self/fd/{fd}");
            let file = rustix::fs::open(name(memory.as_raw_fd()), OFlags::RDONLY, Mode::empty()).unwrap();
            let writer = OpenOptions::new().write(true).open(name(memory.as_raw_fd())).unwrap();
            assert_eq!(take(&file), Lease::Refused, "it is open for writing");
            drop((memory, writer));
            assert_eq!(take(&file), Lease::Taken);
            // SAFETY: a new mapping.
            let start = unsafe {
                rustix::mm::mmap(core::ptr::null_mut(), LEN, ProtFlags::READ, MapFlags::PRIVATE, &file, 0)
            };
            let start = start.unwrap();
            mapped(vec![Mapped { start: start as u64, len_bytes: LEN as u64 }]);
            let other = OpenOptions::new().write(true).truncate(true).open(name(file.as_raw_fd())).unwrap();
            assert_eq!(other.metadata().unwrap().len(), 0);
            // SAFETY: the mapping of before, or its copy.
            assert_eq!(unsafe { core::slice::from_raw_parts(start.cast::<u8>(), LEN) }, [7; LEN]);
        });
    }
}
