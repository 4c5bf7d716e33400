//! What the last probe found, for those that come after: [`verdict`], [`remember`].
//!
//! A file in /dev/shm, which every Linux has and empties when it starts. It counts only if it is this user's
//! own, and for the same device node: that is made anew with KVM's module.

#![allow(unsafe_code, reason = "borrows KVM's descriptor by its number")]

use kvm_ioctls::Kvm;
use rustix::fs::{FileType, Mode, OFlags, Stat};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

const DEVICE: &str = "/dev/kvm";

/// What the file says when KVM works.
const WORKS: &str = "works";
/// And when it does not.
const FAILS: &str = "fails";

/// Whether KVM works, if that is known.
pub fn verdict(kvm: &Kvm) -> Option<bool> {
    verdict_of(&node_of(kvm)?)
}

/// The same without opening the device, which takes longer. It may still be that this user must not open it.
pub fn verdict_unopened() -> Option<bool> {
    verdict_of(&node(&rustix::fs::stat(DEVICE).ok()?))
}

/// What is known of this device node.
fn verdict_of(node: &str) -> Option<bool> {
    let file = open(OFlags::RDONLY)?;
    let mut buffer = [0; 128];
    let len = rustix::io::read(&file, &mut buffer).ok()?;
    let text = core::str::from_utf8(buffer.get(..len)?).ok()?;
    read(text, node)
}

/// What the file says of this device node.
fn read(text: &str, node: &str) -> Option<bool> {
    let (found, word) = text.trim_end().rsplit_once(' ')?;
    if found != node {
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
    let Some(file) = open(OFlags::WRONLY | OFlags::CREATE) else { return };
    let word = if works { WORKS } else { FAILS };
    // Not by O_TRUNC, which would empty what may be another's.
    if rustix::fs::ftruncate(&file, 0).is_ok() {
        let _ = rustix::io::write(&file, format!("{node} {word}\n").as_bytes());
    }
}

fn open(flags: OFlags) -> Option<OwnedFd> {
    let user = rustix::process::geteuid().as_raw();
    // A test that fails, and above all one that is made to, must not tell the machine's isles anything.
    let whose = if cfg!(test) { "test-of-" } else { "" };
    open_own(format!("/dev/shm/hermit-kvm-{whose}{user}").as_ref(), user, flags)
}

/// A file of this user's own; another's is no friend's.
fn open_own(path: &Path, user: u32, flags: OFlags) -> Option<OwnedFd> {
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
    Some(node(&rustix::fs::fstat(fd).ok()?))
}

fn node(status: &Stat) -> String {
    let Stat { st_dev, st_ino, st_rdev, st_ctime, st_ctime_nsec, .. } = status;
    format!("{st_dev} {st_ino} {st_rdev} {st_ctime} {st_ctime_nsec}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn what_is_remembered_is_of_one_device_node() {
        let of = |text| read(text, "1 2 3 4 5");
        assert_eq!([of("1 2 3 4 5 works\n"), of("1 2 3 4 5 fails\n")], [Some(true), Some(false)]);
        let no_verdicts = ["", "works", "1 2 3 4 5 perhaps", "1 2 3 4 6 works", "2 3 4 5 works", "1 2 3 4 5"];
        no_verdicts.iter().for_each(|text| assert_eq!(of(text), None, "{text}"));
    }

    #[test]
    fn only_a_file_of_ones_own_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "1 2 works").unwrap();
        symlink(&file, &link).unwrap();
        let user = rustix::process::geteuid().as_raw();
        let opens = |path, user| open_own(path, user, OFlags::RDONLY).is_some();
        let with = |mode| {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            opens(&file, user)
        };
        assert_eq!([0o600, 0o644, 0o620, 0o602, 0o666].map(with), [true, true, false, false, false]);
        with(0o600);
        assert!(!opens(&file, user + 1), "another user's");
        assert!(!opens(&link, user) && !opens(folder.path(), user));
    }
}
