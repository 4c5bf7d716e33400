//! Calls on names, and who serves them: /tmp in memory if the name leads there, a device, or the host. One
//! function for each, named after its C twin.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::device::Device;
use super::file::File;
use super::host::handle_of;
use super::host::names::{self as there, HostPath};
use super::memory::names as here;
use super::memory::{self, Found, LastLink, Lookup, node_of};
use super::path::{Path, Start};
use abi::c::AT_SYMLINK_NOFOLLOW;
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};
use abi::hypercall::AT_FDCWD;

/// openat(2).
pub fn open(path: &Path, flags: i32, mode: i32) -> Result<Arc<dyn File>, Errno> {
    let last = if here::keeps_link(flags as u64) { LastLink::Keep } else { LastLink::Follow };
    by_name(
        path,
        last,
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
        |lookup| here::statfs(&lookup),
        |path| match Device::named(path.name) {
            Some(device) => device.statfs(),
            None => there::statfs(path),
        },
    )
}

/// faccessat(2).
pub fn access(path: &Path, mode: i32) -> Result<(), Errno> {
    by_name(path, LastLink::Follow, |lookup| here::access(&lookup, mode), |path| there::access(path, mode))
}

/// unlinkat(2).
pub fn unlink(path: &Path, flags: i32) -> Result<(), Errno> {
    by_name(path, LastLink::Keep, |lookup| here::unlink(&lookup, flags), |path| there::unlink(path, flags))
}

/// mkdirat(2).
pub fn mkdir(path: &Path, mode: u32) -> Result<(), Errno> {
    by_name(path, LastLink::Keep, |lookup| here::mkdir(&lookup, mode), |path| there::mkdir(path, mode))
}

/// fchmodat(2). A link has no mode: `EOPNOTSUPP` with AT_SYMLINK_NOFOLLOW.
pub fn chmod(path: &Path, mode: u32, flags: i32) -> Result<(), Errno> {
    let there = |path: HostPath<'_>| there::chmod(path, mode, flags);
    by_name(path, last_link(flags), |lookup| here::chmod(&lookup, mode), there)
}

/// fchownat(2).
pub fn chown(path: &Path, uid: u32, gid: u32, flags: i32) -> Result<(), Errno> {
    let there = |path: HostPath<'_>| there::chown(path, uid, gid, flags);
    by_name(path, last_link(flags), |lookup| here::chown(&lookup, uid, gid), there)
}

/// utimensat(2); `None`: now.
pub fn set_times(path: &Path, times: Option<&[TimeSpec; 2]>, flags: i32) -> Result<(), Errno> {
    let there = |path: HostPath<'_>| there::set_times(path, times, flags);
    by_name(path, last_link(flags), |lookup| here::set_times(&lookup, times), there)
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
    by_name(path, LastLink::Keep, here, |path| there::symlink(target, path))
}

/// readlinkat(2): at most `max_bytes` of what the link says.
pub fn readlink(path: &Path, max_bytes: usize) -> Result<Vec<u8>, Errno> {
    let here = |lookup: Lookup| here::readlink(&lookup, max_bytes);
    by_name(path, LastLink::Keep, here, |path| there::readlink(path, max_bytes))
}

/// chdir(2).
pub fn chdir(path: &Path) -> Result<(), Errno> {
    by_name(
        path,
        LastLink::Follow,
        |lookup| here::chdir(&lookup),
        |path| {
            there::chdir(path.name)?;
            memory::change_working(None);
            Ok(())
        },
    )
}

/// fchdir(2).
pub fn chdir_to(file: &dyn File) -> Result<(), Errno> {
    if let Some(node) = node_of(file) {
        if !node.is_directory() {
            return Err(Errno::ENOTDIR);
        }
        memory::change_working(Some(node));
        return Ok(());
    }
    there::chdir_to(handle_of(file).ok_or(Errno::ENOTDIR)?)?;
    memory::change_working(None);
    Ok(())
}

/// getcwd(2): with its NUL.
pub fn getcwd() -> Result<Vec<u8>, Errno> {
    let Some(mut path) = memory::working_path()? else { return there::getcwd() };
    path.push(0);
    Ok(path)
}

fn last_link(flags: i32) -> LastLink {
    if flags & AT_SYMLINK_NOFOLLOW != 0 { LastLink::Keep } else { LastLink::Follow }
}

/// Does `here` if a path leads into memory, while nobody else changes the tree, else `there`.
fn by_name<R>(
    path: &Path,
    last: LastLink,
    here: impl FnOnce(Lookup) -> Result<R, Errno>,
    there: impl FnOnce(HostPath<'_>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    if !memory::is_mounted() {
        return there(of_host(path));
    }
    let found = {
        let _tree = memory::lock_tree();
        match find(path, last)? {
            Some(Found::Here(lookup)) => return here(lookup),
            Some(Found::There(name)) => Some(name),
            None => None,
        }
    };
    match found {
        Some(name) => there(HostPath::new(&name)),
        None => there(of_host(path)),
    }
}

/// [`by_name`] for two paths whose last links are meant themselves. `EXDEV`: one is here, the other is not.
fn by_two_names(
    from: &Path,
    to: &Path,
    here: fn(&Lookup, &Lookup) -> Result<(), Errno>,
    there: fn(HostPath<'_>, HostPath<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    if !memory::is_mounted() {
        return there(of_host(from), of_host(to));
    }
    let tree = memory::lock_tree();
    let names = match [find(from, LastLink::Keep)?, find(to, LastLink::Keep)?] {
        [Some(Found::Here(from)), Some(Found::Here(to))] => return here(&from, &to),
        [Some(Found::Here(_)), _] | [_, Some(Found::Here(_))] => return Err(Errno::EXDEV),
        found => found.map(|found| match found {
            Some(Found::There(name)) => Some(name),
            _ => None,
        }),
    };
    drop(tree);
    let [from, to] = [(from, &names[0]), (to, &names[1])]
        .map(|(path, name)| name.as_deref().map_or_else(|| of_host(path), HostPath::new));
    there(from, to)
}

/// Where a path leads; `None`: to the host's files, as it is.
fn find(path: &Path, last: LastLink) -> Result<Option<Found>, Errno> {
    match &path.start {
        Start::Memory(node) => memory::find(Some(node), &path.name, last),
        Start::Host(_) if !path.name.starts_with(b"/") => Ok(None),
        Start::Host(_) | Start::Working => memory::find(None, &path.name, last),
    }
}

fn of_host(path: &Path) -> HostPath<'_> {
    let directory = match path.start {
        Start::Host(handle) => handle.into(),
        Start::Working | Start::Memory(_) => AT_FDCWD,
    };
    HostPath { directory, name: &path.name }
}
