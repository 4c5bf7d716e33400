//! File calls on what is found here, one function for each, named after its C twin.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::{FolderFile, TextFile, is_directory};
use super::spot::{self, IMAGE, Link, Spot, pid};
use super::walk::Found;
use crate::fs::file::File;
use crate::fs::host::handle_of;
use crate::fs::host::names::{self as there, HostPath};
use crate::fs::{fd_table, working};
use crate::sched;
use abi::c::{AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CREAT, O_DIRECTORY, O_EXCL, W_OK, X_OK};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};
use abi::hypercall::MAX_PATH_BYTES;

/// open(2). What is open behind a descriptor is opened once more, as Linux does it.
pub fn open(found: Found, flags: i32) -> Result<Arc<dyn File>, Errno> {
    if flags & (O_CREAT | O_EXCL) == O_CREAT | O_EXCL {
        return Err(Errno::EEXIST);
    }
    let wants_directory = flags & O_DIRECTORY != 0;
    match found {
        Found::Open(file) if wants_directory && !is_directory(&*file) => Err(Errno::ENOTDIR),
        Found::Open(file) if flags & O_CREAT != 0 && is_directory(&*file) => Err(Errno::EISDIR),
        Found::Open(file) => file.reopen((flags & !O_CREAT) as u64),
        Found::Image => Ok(Arc::new(there::open(HostPath::new(IMAGE), flags & !O_CREAT, 0)?)),
        Found::Spot(Spot::Link(_)) => Err(Errno::ELOOP),
        Found::Spot(Spot::Text(..)) if wants_directory => Err(Errno::ENOTDIR),
        Found::Spot(Spot::Text(text, thread)) => Ok(Arc::new(TextFile::open(text, thread, flags as u64)?)),
        Found::Spot(Spot::Folder(folder)) => Ok(Arc::new(FolderFile::open(folder, flags as u64)?)),
        Found::Elsewhere(_) => Err(Errno::ELOOP),
    }
}

/// stat(2).
pub fn stat(found: Found) -> Result<Stat, Errno> {
    match found {
        Found::Open(file) => file.stat(),
        Found::Image => stat_of_image(),
        Found::Spot(spot) => Ok(spot.stat()),
        Found::Elsewhere(_) => Err(Errno::ELOOP),
    }
}

/// stat(2) of the program's image.
fn stat_of_image() -> Result<Stat, Errno> {
    there::stat(HostPath::new(IMAGE), 0)
}

/// statfs(2).
pub fn statfs(found: Found) -> Result<StatFs, Errno> {
    match found {
        Found::Open(file) => file.statfs(),
        Found::Image => there::statfs(HostPath::new(IMAGE)),
        Found::Spot(_) => Ok(spot::statfs()),
        Found::Elsewhere(_) => Err(Errno::ELOOP),
    }
}

/// access(2).
pub fn access(found: Found, mode: i32) -> Result<(), Errno> {
    let allowed = match found {
        Found::Image => return there::access(HostPath::new(IMAGE), mode),
        Found::Open(file) => match handle_of(&*file) {
            Some(handle) => return there::access(HostPath { directory: handle.into(), name: b"" }, mode),
            None => file.stat()?.st_mode,
        },
        Found::Spot(spot) => spot.mode(),
        Found::Elsewhere(_) => return Err(Errno::ELOOP),
    };
    let is_refused = mode & X_OK != 0 && allowed & 0o111 == 0 || mode & W_OK != 0 && allowed & 0o222 == 0;
    if is_refused { Err(Errno::EACCES) } else { Ok(()) }
}

/// unlinkat(2): nothing here can be taken away.
pub fn unlink(found: Found, flags: i32) -> Result<(), Errno> {
    let is_folder = matches!(found, Found::Spot(Spot::Folder(_)));
    Err(match (flags & AT_REMOVEDIR != 0, is_folder) {
        (false, true) => Errno::EISDIR,
        (true, false) => Errno::ENOTDIR,
        _ => Errno::EPERM,
    })
}

/// fchmodat(2).
pub fn chmod(found: Found, mode: u32, flags: i32) -> Result<(), Errno> {
    match found {
        Found::Open(file) => file.chmod(mode),
        Found::Image => there::chmod(HostPath::new(IMAGE), mode, 0),
        Found::Spot(Spot::Link(_)) if flags & AT_SYMLINK_NOFOLLOW != 0 => Err(Errno::EOPNOTSUPP),
        Found::Spot(_) | Found::Elsewhere(_) => Err(Errno::EPERM),
    }
}

/// fchownat(2).
pub fn chown(found: Found, uid: u32, gid: u32) -> Result<(), Errno> {
    match found {
        Found::Open(file) => file.chown(uid, gid),
        Found::Image => there::chown(HostPath::new(IMAGE), uid, gid, 0),
        Found::Spot(_) | Found::Elsewhere(_) => Err(Errno::EPERM),
    }
}

/// utimensat(2).
pub fn set_times(found: Found, times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
    match found {
        Found::Open(file) => file.set_times(times),
        Found::Image => there::set_times(HostPath::new(IMAGE), times, 0),
        Found::Spot(_) | Found::Elsewhere(_) => Err(Errno::EPERM),
    }
}

/// readlink(2): at most `max_bytes`.
pub fn readlink(found: Found, max_bytes: usize) -> Result<Vec<u8>, Errno> {
    let Found::Spot(Spot::Link(link)) = found else { return Err(Errno::EINVAL) };
    let mut target = link.target()?;
    target.truncate(max_bytes);
    Ok(target)
}

/// chdir(2). The working directory is the host's, which does not know these folders: `EACCES`.
pub fn chdir(found: Found) -> Result<(), Errno> {
    match found {
        Found::Open(file) if is_directory(&*file) => working::chdir_to(&*file),
        Found::Spot(Spot::Folder(_)) => Err(Errno::EACCES),
        _ => Err(Errno::ENOTDIR),
    }
}

impl Link {
    /// What it says.
    fn target(self) -> Result<Vec<u8>, Errno> {
        Ok(match self {
            Self::Itself => pid().into_bytes(),
            Self::ThreadItself => format!("{}/task/{}", pid(), sched::current().id).into_bytes(),
            Self::DevFd => b"/proc/self/fd".to_vec(),
            Self::Stream(fd) => format!("/proc/self/fd/{fd}").into_bytes(),
            Self::Exe => there::readlink(HostPath::new(IMAGE), MAX_PATH_BYTES as usize)?,
            Self::Cwd => {
                let mut path = working::getcwd()?;
                path.pop();
                path
            }
            Self::Root => b"/".to_vec(),
            Self::Fd(fd) => fd_table::descriptor(fd).map_err(|_| Errno::ENOENT)?.name()?,
        })
    }
}
