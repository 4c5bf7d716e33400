//! Calls on names, and who serves them: what the program sees of itself, /tmp in memory, a device, or the host,
//! by where the name leads. One function for each, named after its C twin.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::device::Device;
use super::file::File;
use super::host::handle_of;
use super::host::names::{self as there, HostPath};
use super::memory::names as here;
use super::memory::{self, Found, LastLink, Lookup};
use super::own;
use super::own::calls as own_calls;
use super::path::{Path, Start};
pub use super::working::{chdir_to, getcwd};
use abi::c::{AT_SYMLINK_NOFOLLOW, O_DIRECTORY};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};
use abi::hypercall::AT_FDCWD;

/// openat(2).
pub fn open(path: &Path, flags: i32, mode: i32) -> Result<Arc<dyn File>, Errno> {
    let last = if here::keeps_link(flags as u64) { LastLink::Keep } else { LastLink::Follow };
    by_name(
        path,
        last,
        |found| own_calls::open(found, flags),
        |lookup| here::open(&lookup, flags as u64, mode as u32).map(|file| Arc::new(file) as Arc<dyn File>),
        |path| match Device::named(path.name) {
            Some(device) => Ok(Arc::new(device)),
            None => Ok(Arc::new(there::open(path, flags, mode)?)),
        },
    )
}

/// fstatat(2).
pub fn stat(path: &Path, flags: i32) -> Result<Stat, Errno> {
    by_name(
        path,
        last_link(flags),
        own_calls::stat,
        |lookup| here::stat(&lookup),
        |path| match Device::named(path.name) {
            Some(device) => device.stat(),
            None => there::stat(path, flags),
        },
    )
}

/// statfs(2).
pub fn statfs(path: &Path) -> Result<StatFs, Errno> {
    by_name(
        path,
        LastLink::Follow,
        own_calls::statfs,
        |lookup| here::statfs(&lookup),
        |path| match Device::named(path.name) {
            Some(device) => device.statfs(),
            None => there::statfs(path),
        },
    )
}

/// faccessat(2).
pub fn access(path: &Path, mode: i32) -> Result<(), Errno> {
    let own = |found| own_calls::access(found, mode);
    by_name(
        path,
        LastLink::Follow,
        own,
        |lookup| here::access(&lookup, mode),
        |path| there::access(path, mode),
    )
}

/// unlinkat(2).
pub fn unlink(path: &Path, flags: i32) -> Result<(), Errno> {
    let own = |found| own_calls::unlink(found, flags);
    by_name(
        path,
        LastLink::Keep,
        own,
        |lookup| here::unlink(&lookup, flags),
        |path| there::unlink(path, flags),
    )
}

/// mkdirat(2).
pub fn mkdir(path: &Path, mode: u32) -> Result<(), Errno> {
    by_name(
        path,
        LastLink::Keep,
        exists,
        |lookup| here::mkdir(&lookup, mode),
        |path| there::mkdir(path, mode),
    )
}

/// fchmodat(2). A link has no mode: `EOPNOTSUPP` with AT_SYMLINK_NOFOLLOW.
pub fn chmod(path: &Path, mode: u32, flags: i32) -> Result<(), Errno> {
    let own = |found| own_calls::chmod(found, mode, flags);
    let there = |path: HostPath<'_>| there::chmod(path, mode, flags);
    by_name(path, last_link(flags), own, |lookup| here::chmod(&lookup, mode), there)
}

/// fchownat(2).
pub fn chown(path: &Path, uid: u32, gid: u32, flags: i32) -> Result<(), Errno> {
    let own = |found| own_calls::chown(found, uid, gid);
    let there = |path: HostPath<'_>| there::chown(path, uid, gid, flags);
    by_name(path, last_link(flags), own, |lookup| here::chown(&lookup, uid, gid), there)
}

/// utimensat(2); `None`: now.
pub fn set_times(path: &Path, times: Option<&[TimeSpec; 2]>, flags: i32) -> Result<(), Errno> {
    let own = |found| own_calls::set_times(found, times);
    let there = |path: HostPath<'_>| there::set_times(path, times, flags);
    by_name(path, last_link(flags), own, |lookup| here::set_times(&lookup, times), there)
}

/// renameat(2).
pub fn rename(from: &Path, to: &Path) -> Result<(), Errno> {
    by_two_names(from, to, here::rename, there::rename)
}

/// linkat(2).
pub fn link(from: &Path, to: &Path) -> Result<(), Errno> {
    by_two_names(from, to, here::link, there::link)
}

/// symlinkat(2).
pub fn symlink(target: &[u8], path: &Path) -> Result<(), Errno> {
    let here = |lookup: Lookup| here::symlink(target, &lookup);
    by_name(path, LastLink::Keep, exists, here, |path| there::symlink(target, path))
}

/// readlinkat(2): at most `max_bytes` of what the link says.
pub fn readlink(path: &Path, max_bytes: usize) -> Result<Vec<u8>, Errno> {
    let own = |found| own_calls::readlink(found, max_bytes);
    let here = |lookup: Lookup| here::readlink(&lookup, max_bytes);
    by_name(path, LastLink::Keep, own, here, |path| there::readlink(path, max_bytes))
}

/// chdir(2).
pub fn chdir(path: &Path) -> Result<(), Errno> {
    by_name(
        path,
        LastLink::Follow,
        own_calls::chdir,
        |lookup| here::chdir(&lookup),
        |path| {
            if path.directory == AT_FDCWD {
                there::chdir(path.name)?;
            } else {
                // Through a descriptor's link: `/proc/self/fd/N/below`.
                let folder = there::open(path, O_DIRECTORY, 0)?;
                there::chdir_to(handle_of(&folder).ok_or(Errno::ENOTDIR)?)?;
            }
            memory::change_working(None);
            Ok(())
        },
    )
}

fn last_link(flags: i32) -> LastLink {
    if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow }
}

/// What makes a new name finds one that is the program's own.
fn exists(_found: own::Found) -> Result<(), Errno> {
    Err(Errno::EEXIST)
}

/// Most ways out of what the program sees of itself, and of memory, that a path takes (Linux: 40 links).
const MAX_WAYS_OUT: u32 = 40;

/// Where a path leads.
enum Resolved<'a> {
    /// To what the program sees of itself.
    Own(own::Found),
    /// Into memory.
    Here(Lookup),
    /// To the host's files.
    There(Cow<'a, Path>),
}

/// Where a path leads, while the caller has [`memory::lock_tree`] if there is a tree.
fn resolve(path: &Path, last: LastLink) -> Result<Resolved<'_>, Errno> {
    let mut path = Cow::Borrowed(path);
    for _ in 0..MAX_WAYS_OUT {
        match own::find(&path, last)? {
            Some(own::Found::Elsewhere(next)) => {
                path = Cow::Owned(next);
                continue;
            }
            Some(found) => return Ok(Resolved::Own(found)),
            None => {}
        }
        if !memory::is_mounted() {
            return Ok(Resolved::There(path));
        }
        match find(&path, last)? {
            Some(Found::Here(lookup)) => return Ok(Resolved::Here(lookup)),
            Some(Found::There(name)) => path = Cow::Owned(Path::from_bytes(Start::Working, &name)),
            None => return Ok(Resolved::There(path)),
        }
    }
    Err(Errno::ELOOP)
}

/// Does what is due where a path leads: `here` while nobody else changes the tree in memory.
fn by_name<R>(
    path: &Path,
    last: LastLink,
    own: impl FnOnce(own::Found) -> Result<R, Errno>,
    here: impl FnOnce(Lookup) -> Result<R, Errno>,
    there: impl FnOnce(HostPath<'_>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    let tree = memory::is_mounted().then(memory::lock_tree);
    match resolve(path, last)? {
        Resolved::Here(lookup) => here(lookup),
        Resolved::Own(found) => {
            drop(tree);
            own(found)
        }
        Resolved::There(path) => {
            drop(tree);
            there(of_host(&path))
        }
    }
}

/// [`by_name`] for two paths whose last links are meant themselves. `EXDEV`: they lead to different places. What the program sees of
/// itself has the names that it has: `EPERM`.
fn by_two_names(
    from: &Path,
    to: &Path,
    here: fn(&Lookup, &Lookup) -> Result<(), Errno>,
    there: fn(HostPath<'_>, HostPath<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let tree = memory::is_mounted().then(memory::lock_tree);
    match (resolve(from, LastLink::Keep)?, resolve(to, LastLink::Keep)?) {
        (Resolved::Here(from), Resolved::Here(to)) => here(&from, &to),
        (Resolved::There(from), Resolved::There(to)) => {
            drop(tree);
            there(of_host(&from), of_host(&to))
        }
        (Resolved::Own(_), Resolved::Own(_)) => Err(Errno::EPERM),
        _ => Err(Errno::EXDEV),
    }
}

/// Where a path leads; `None`: to the host's files, as it is.
fn find(path: &Path, last: LastLink) -> Result<Option<Found>, Errno> {
    match &path.start {
        Start::Memory(node) => memory::find(Some(node), &path.name, last),
        Start::Host(_) | Start::Own(_) if !path.name.starts_with(b"/") => Ok(None),
        Start::Host(_) | Start::Own(_) | Start::Working => memory::find(None, &path.name, last),
    }
}

fn of_host(path: &Path) -> HostPath<'_> {
    let directory = match path.start {
        Start::Host(handle) => handle.into(),
        Start::Working | Start::Memory(_) | Start::Own(_) => AT_FDCWD,
    };
    HostPath { directory, name: &path.name }
}
