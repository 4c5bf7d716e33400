//! What the last probe found, for those that come after: [`verdict`], [`remember`].
//!
//! A file in /dev/shm, which every Linux has and empties when it starts. It counts only if it is this user's
//! own, and for the same device node: that is made anew with KVM's module.

#![allow(unsafe_code, reason = "borrows KVM's descriptor by its number")]

use kvm_ioctls::Kvm;
use rustix::fs::{FileType, Mode, OFlags, Stat};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

/// What the file says when KVM works.
const WORKS: &str = "works";
/// And when it does not.
const FAILS: &str = "fails";

/// Whether KVM works, if that is known.
pub fn verdict(kvm: &Kvm) -> Option<bool> {
    let file = open(OFlags::RDONLY)?;
    let mut buffer = [0; 128];
    let len = rustix::io::read(&file, &mut buffer).ok()?;
    let text = core::str::from_utf8(buffer.get(..len)?).ok()?;
    let (node, word) = text.trim_end().rsplit_once(' ')?;
    if node != node_of(kvm)? {
        return None;
    }
    match word {
        WORKS => Some(true),
        FAILS => Some(false),
        _ => None,
    }
}

/// Writes it down. If that fails the next one probes again.
pub fn remember(kvm: &Kvm, works: bool) {
    let Some(node) = node_of(kvm) else { return };
    let Some(file) = open(OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC) else { return };
    let word = if works { WORKS } else { FAILS };
    let _ = rustix::io::write(&file, format!("{node} {word}\n").as_bytes());
}

/// The user's own file; another's is no friend's.
fn open(flags: OFlags) -> Option<OwnedFd> {
    let user = rustix::process::geteuid().as_raw();
    let path = format!("/dev/shm/hermit-kvm-{user}");
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR).ok()?;
    let status = rustix::fs::fstat(&file).ok()?;
    let is_file = FileType::from_raw_mode(status.st_mode) == FileType::RegularFile;
    (is_file && status.st_uid == user && status.st_mode & 0o022 == 0).then_some(file)
}

/// The device node, and when it was made.
fn node_of(kvm: &Kvm) -> Option<String> {
    // SAFETY: the descriptor is open as long as `kvm` is borrowed.
    let fd = unsafe { BorrowedFd::borrow_raw(kvm.as_raw_fd()) };
    let Stat { st_dev, st_ino, st_rdev, st_ctime, st_ctime_nsec, .. } = rustix::fs::fstat(fd).ok()?;
    Some(format!("{st_dev} {st_ino} {st_rdev} {st_ctime} {st_ctime_nsec}"))
}
