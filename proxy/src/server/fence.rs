//! What of the host is not the guest's, whoever runs the proxy: [`Fence`].
//!
//! Files through which Linux shows and changes itself (procfs, sysfs and their kind) may be read and never
//! changed, the folders of processes in procfs are not there, and device nodes may be used and not be changed.
//! What is judged is a file that is held already, never a name.

#![allow(unsafe_code, reason = "structures that Linux fills")]

use super::host;
use super::walk::{Place, Walk};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{OnceLock, PoisonError, RwLock};

/// `f_type` of procfs.
const PROC: i64 = 0x9fa0;
/// `f_type` of the others that are no files but the machine: sysfs, cgroups (both), debugfs, tracefs, securityfs,
/// configfs, binfmt_misc, efivarfs, bpf, pstore, SELinux.
const MACHINE: [i64; 12] = [
    0x6265_6572,
    0x0027_e0eb,
    0x6367_7270,
    0x6462_6720,
    0x7472_6163,
    0x7363_6673,
    0x6265_6570,
    0x4249_4e4d,
    0xde5e_81e4,
    0xcafe_4a11,
    0x6165_676c,
    0xf97c_ff8c,
];

/// What belongs to no process has numbers from here on in procfs (PROC_DYNAMIC_FIRST), but for the root and what
/// is below `sys`.
const FIRST_STATIC_INODE: u64 = 0xf000_0000;
/// Number of procfs's root.
const ROOT_INODE: u64 = 1;

/// Most file systems that are remembered.
const MAX_REMEMBERED: usize = 64;

/// Whose a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Realm {
    /// The user's.
    Files,
    /// procfs's.
    Processes,
    /// That of another file system through which Linux shows itself.
    Machine,
}

/// What fstat(2) tells of a file.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Its file system.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
    mode: u32,
}

/// The judge, and what it remembers.
#[derive(Debug)]
pub struct Fence {
    /// How names are followed: found out at the first of them, when the filter of system calls is in force.
    pub walk: OnceLock<Walk>,
    /// File systems without a disk, by device number, as they were when a file was last read there.
    remembered: RwLock<Vec<(u64, Realm)>>,
}

impl Facts {
    /// Of what is open or held.
    pub fn of(file: &OwnedFd) -> Result<Self, Errno> {
        let mut stat = Stat::default();
        host::call(libc::SYS_fstat, &[file.as_raw_fd() as u64, &raw mut stat as u64])?;
        Ok(Self::from_stat(&stat))
    }

    /// Of a name itself.
    pub fn of_name(dirfd: u64, name: u64) -> Result<Self, Errno> {
        let mut stat = Stat::default();
        let flags = libc::AT_SYMLINK_NOFOLLOW as u64;
        host::call(libc::SYS_newfstatat, &[dirfd, name, &raw mut stat as u64, flags])?;
        Ok(Self::from_stat(&stat))
    }

    /// As they have been told.
    pub const fn from_stat(stat: &Stat) -> Self {
        Self { device: stat.st_dev, inode: stat.st_ino, mode: stat.st_mode }
    }

    fn has_type(self, kind: u32) -> bool {
        self.mode & libc::S_IFMT == kind
    }

    /// Whether it is a symbolic link.
    pub fn is_link(self) -> bool {
        self.has_type(libc::S_IFLNK)
    }

    /// Whether it is a device node: `EPERM`.
    pub fn is_no_device(self) -> Result<(), Errno> {
        let is_device = self.has_type(libc::S_IFCHR) || self.has_type(libc::S_IFBLK);
        if is_device { Err(Errno::EPERM) } else { Ok(()) }
    }

    /// Disks have numbers of their own; what has none gets one from Linux, with 0 as its upper half.
    fn has_disk(self) -> bool {
        libc::major(self.device) != 0
    }
}

impl Fence {
    /// One that remembers nothing yet.
    pub const fn new() -> Self {
        Self { walk: OnceLock::new(), remembered: RwLock::new(Vec::new()) }
    }

    /// How names are followed.
    pub fn walk(&self) -> Walk {
        *self.walk.get_or_init(Walk::probe)
    }

    /// Whether the guest may know of a file and read it: `ENOENT` if it is a process's.
    pub fn may_see(&self, file: &OwnedFd, facts: Facts) -> Result<(), Errno> {
        match self.realm(facts, || realm_of(file))? {
            Realm::Processes if belongs_to_a_process(file, facts.inode) => Err(Errno::ENOENT),
            _ => Ok(()),
        }
    }

    /// Whether the guest may know of what a look at a name has found. If not, it takes a second look at the file.
    pub fn is_plain(&self, facts: Facts) -> bool {
        facts.has_disk() || self.remembers(facts.device) == Some(Realm::Files)
    }

    /// Whether the guest may write to a file: `EACCES` if that would change Linux. Nothing is taken from memory:
    /// device numbers are used again.
    pub fn may_write(&self, file: &OwnedFd, facts: Facts) -> Result<(), Errno> {
        if facts.has_disk() {
            return Ok(());
        }
        match realm_of(file)? {
            Realm::Files => Ok(()),
            Realm::Processes if belongs_to_a_process(file, facts.inode) => Err(Errno::ENOENT),
            Realm::Processes | Realm::Machine => Err(Errno::EACCES),
        }
    }

    /// Whether the guest may change what is said of a file, or its names: `EPERM` for device nodes, and [`Self::may_write`].
    pub fn may_change(&self, file: &OwnedFd) -> Result<(), Errno> {
        let facts = Facts::of(file)?;
        facts.is_no_device()?;
        self.may_write(file, facts)
    }

    /// Whether the guest may change the names in a place: `EACCES`, unless something has the name. Linux lets nobody do so in
    /// procfs and sysfs, whatever is remembered.
    pub fn may_name(&self, place: &Place) -> Result<(), Errno> {
        let facts = Facts::of_name(place.dirfd(), c".".as_ptr() as u64)?;
        let look = || realm_of(&self.walk().directory(place.dirfd(), c".")?);
        let [dirfd, name] = place.args();
        match self.realm(facts, look)? {
            Realm::Files => Ok(()),
            _ if Facts::of_name(dirfd, name).is_ok() => Ok(()),
            Realm::Processes | Realm::Machine => Err(Errno::EACCES),
        }
    }

    /// Whether the guest may take a name away, or give it to something else: `EPERM` from a device node, `EACCES` from what Linux
    /// shows itself through.
    pub fn may_unname(&self, place: &Place) -> Result<(), Errno> {
        let [dirfd, name] = place.args();
        let facts = Facts::of_name(dirfd, name)?;
        facts.is_no_device()?;
        let look = || realm_of(&self.walk().directory(dirfd, c".")?);
        match self.realm(facts, look)? {
            Realm::Files => Ok(()),
            Realm::Processes | Realm::Machine => Err(Errno::EACCES),
        }
    }

    fn realm(&self, facts: Facts, look: impl FnOnce() -> Result<Realm, Errno>) -> Result<Realm, Errno> {
        if facts.has_disk() {
            return Ok(Realm::Files);
        }
        if let Some(realm) = self.remembers(facts.device) {
            return Ok(realm);
        }
        let realm = look()?;
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() < MAX_REMEMBERED {
            remembered.push((facts.device, realm));
        }
        Ok(realm)
    }

    fn remembers(&self, device: u64) -> Option<Realm> {
        let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        remembered.iter().find(|(known, _)| *known == device).map(|(_, realm)| *realm)
    }
}

fn realm_of(file: &OwnedFd) -> Result<Realm, Errno> {
    let mut statfs = StatFs::default();
    let args = [file.as_raw_fd() as u64, &raw mut statfs as u64];
    host::retry(|| host::call(libc::SYS_fstatfs, &args))?;
    Ok(match statfs.f_type {
        PROC => Realm::Processes,
        kind if MACHINE.contains(&kind) => Realm::Machine,
        _ => Realm::Files,
    })
}

/// Whether a link is one of those that lead to what is open: those of processes.
pub fn is_magic(link: &OwnedFd) -> Result<bool, Errno> {
    let facts = Facts::of(link)?;
    Ok(!facts.has_disk() && realm_of(link)? == Realm::Processes && belongs_to_a_process(link, facts.inode))
}

/// Whether a file of procfs is below the folder of a process. What Linux keeps there for all processes, and has an old
/// name for (`/proc/net`, `/proc/mounts`), does not count.
fn belongs_to_a_process(file: &OwnedFd, inode: u64) -> bool {
    let is_number = |name: &[u8]| !name.is_empty() && name.iter().all(u8::is_ascii_digit);
    let path = link_text(AT_FDCWD as u64, &own_link(file.as_raw_fd())).unwrap_or_default();
    let mut names = path.split(|&byte| byte == b'/').skip(1);
    if names.next() == Some(b"proc") {
        let first = names.next().unwrap_or_default();
        return is_number(first) && !(is_own_pid(first) && matches!(names.next(), Some(b"net" | b"mounts")));
    }
    // Mounted elsewhere, all of it or a part: the number of the file tells as well.
    path.split(|&byte| byte == b'/').any(is_number) || inode < FIRST_STATIC_INODE && inode != ROOT_INODE
}

fn is_own_pid(name: &[u8]) -> bool {
    name == std::process::id().to_string().as_bytes()
}

/// Linux's link to a file that we have open or hold.
pub fn own_link(fd: i32) -> std::ffi::CString {
    std::ffi::CString::new(format!("/proc/self/fd/{fd}")).unwrap_or_default()
}

/// What a link says.
pub fn link_text(dirfd: u64, name: &CStr) -> Result<Vec<u8>, Errno> {
    let mut text = vec![0; MAX_PATH_BYTES as usize];
    let args = [dirfd, name.as_ptr() as u64, text.as_mut_ptr() as u64, text.len() as u64];
    let len = host::call(libc::SYS_readlinkat, &args)?;
    text.truncate(len as usize);
    Ok(text)
}
