//! From a name to a file without a detour through procfs's links to what is open: [`Walk`].
//!
//! Those links (`/proc/PID/fd/N`, `exe`, `cwd`, ...) lead to what the proxy has open, not to what they say.
//! openat2(2) refuses to follow them; before Linux 5.6, and where a container forbids the call, names are
//! followed here, link by link.

#![allow(unsafe_code, reason = "takes over descriptors that Linux has made")]

use super::answer::Answer;
use super::fence::{self, Facts};
use super::host;
use abi::errno::Errno;
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES};
use std::ffi::{CStr, CString, c_long};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Most links on the way (Linux: 40).
const MAX_LINKS: u32 = 40;

/// Flags of open(2) that openat2(2) knows: the older call ignores the others, as programs expect.
const KNOWN_FLAGS: i32 = libc::O_ACCMODE
    | libc::O_CREAT
    | libc::O_EXCL
    | libc::O_NOCTTY
    | libc::O_TRUNC
    | libc::O_APPEND
    | libc::O_NONBLOCK
    | libc::O_SYNC
    | libc::O_DIRECT
    | libc::O_LARGEFILE
    | libc::O_DIRECTORY
    | libc::O_NOFOLLOW
    | libc::O_NOATIME
    | libc::O_CLOEXEC
    | libc::O_PATH
    | libc::O_TMPFILE;
/// O_LARGEFILE of Linux, which the C library calls 0.
const LARGE_FILE: i32 = 0o100_000;
/// The flags that mean something beside O_PATH.
const PATH_FLAGS: i32 = libc::O_PATH | libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC;

/// `struct open_how` of openat2(2).
#[repr(C)]
struct OpenHow {
    flags: u64,
    mode: u64,
    resolve: u64,
}

/// How a system call is made: so that a signal may end it, or not.
pub type Call = fn(c_long, &[u64]) -> Answer;

/// Who follows names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Linux, by openat2(2).
    Linux,
    /// We.
    ByHand,
}

/// What to do with a link that a name ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastLink {
    /// Go on to what it names.
    Follow,
    /// It is what is meant.
    Keep,
}

/// A directory and a name in it.
pub struct Place {
    /// Held while the name is used.
    directory: Option<OwnedFd>,
    dirfd: u64,
    /// Perhaps with slashes at its end, which mean that only a directory will do.
    pub name: CString,
}

impl Place {
    /// The directory, as an argument of a system call.
    pub fn dirfd(&self) -> u64 {
        self.directory.as_ref().map_or(self.dirfd, |directory| directory.as_raw_fd() as u64)
    }

    /// [`Self::dirfd`] and the name, as the first arguments of a system call.
    pub fn args(&self) -> [u64; 2] {
        [self.dirfd(), self.name.as_ptr() as u64]
    }
}

impl Walk {
    /// What this Linux offers, and the filter of system calls that is in force.
    pub fn probe() -> Self {
        match openat2(host::call, AT_FDCWD as u64, c".", libc::O_PATH, 0) {
            Ok(_) => Self::Linux,
            // `ENOSYS`, also for strict programs, or whatever a container's filter says.
            Err(_) => Self::ByHand,
        }
    }

    /// openat(2) of what may block, with O_CLOEXEC: `call` makes the call. `ELOOP`: the way leads through one of
    /// procfs's links.
    pub fn open_by(
        self,
        call: Call,
        dirfd: u64,
        path: &CStr,
        flags: i32,
        mode: u32,
    ) -> Result<OwnedFd, Errno> {
        match self {
            Self::Linux => openat2(call, dirfd, path, flags, mode),
            Self::ByHand => {
                let creates_new = flags & (libc::O_CREAT | libc::O_EXCL) == libc::O_CREAT | libc::O_EXCL;
                let keep = creates_new || flags & libc::O_NOFOLLOW != 0;
                let last = if keep { LastLink::Keep } else { LastLink::Follow };
                let place = by_hand(dirfd, path.to_bytes(), last)?;
                // Nothing is followed any more: it would be what has taken the name's place meanwhile.
                let flags = (flags | libc::O_NOFOLLOW | libc::O_CLOEXEC) as u32;
                let [dirfd, name] = place.args();
                let args = [dirfd, name, u64::from(flags), u64::from(mode)];
                owned(call(libc::SYS_openat, &args))
            }
        }
    }

    /// The same, of what does not block.
    fn open(self, dirfd: u64, path: &CStr, flags: i32) -> Result<OwnedFd, Errno> {
        self.open_by(host::call, dirfd, path, flags, 0)
    }

    /// The directory with this name, held without being opened.
    pub fn directory(self, dirfd: u64, path: &CStr) -> Result<OwnedFd, Errno> {
        self.open(dirfd, path, libc::O_PATH | libc::O_DIRECTORY)
    }

    /// The file with this name, held without being opened.
    pub fn hold(self, dirfd: u64, path: &CStr, last: LastLink) -> Result<OwnedFd, Errno> {
        let flags = if last == LastLink::Keep { libc::O_PATH | libc::O_NOFOLLOW } else { libc::O_PATH };
        self.open(dirfd, path, flags)
    }

    /// The directory in which a path ends, and its last name.
    pub fn place(self, dirfd: u64, path: &CStr) -> Result<Place, Errno> {
        let (parent, name) = split(path.to_bytes());
        let directory = parent.map(|parent| self.directory(dirfd, &c_string(parent)?)).transpose()?;
        Ok(Place { directory, dirfd, name: c_string(name)? })
    }
}

/// A path's directory, if it says one, and the rest. What has no last name of its own (`/`, `a/..`) ends in itself.
fn split(path: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let Some(end) = path.iter().rposition(|&byte| byte != b'/') else {
        return if path.is_empty() { (None, path) } else { (Some(b"/"), b".") };
    };
    match path[..=end].iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (Some(&path[..=slash]), &path[slash + 1..]),
        None => (None, path),
    }
}

fn c_string(bytes: &[u8]) -> Result<CString, Errno> {
    CString::new(bytes).map_err(|_| Errno::EINVAL)
}

/// The descriptor that a system call has answered.
pub fn owned(answer: Answer) -> Result<OwnedFd, Errno> {
    // SAFETY: Linux has just made this descriptor for us.
    answer.map(|fd| unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

fn openat2(call: Call, dirfd: u64, path: &CStr, flags: i32, mode: u32) -> Result<OwnedFd, Errno> {
    let known = if flags & libc::O_PATH != 0 { PATH_FLAGS } else { KNOWN_FLAGS | LARGE_FILE };
    let flags = flags & known | libc::O_CLOEXEC;
    let makes = flags & libc::O_CREAT != 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE;
    let how = OpenHow {
        flags: u64::from(flags as u32),
        mode: if makes { u64::from(mode & 0o7777) } else { 0 },
        resolve: libc::RESOLVE_NO_MAGICLINKS,
    };
    let args = [dirfd, path.as_ptr() as u64, &raw const how as u64, size_of::<OpenHow>() as u64];
    owned(call(libc::SYS_openat2, &args))
}

fn openat(dirfd: u64, name: &[u8], flags: i32) -> Result<OwnedFd, Errno> {
    let (name, flags) = (c_string(name)?, (flags | libc::O_PATH | libc::O_CLOEXEC) as u64);
    owned(host::call(libc::SYS_openat, &[dirfd, name.as_ptr() as u64, flags]))
}

/// Where a path ends, with every link on the way followed here.
fn by_hand(dirfd: u64, path: &[u8], last: LastLink) -> Result<Place, Errno> {
    if path.is_empty() {
        return Err(Errno::ENOENT);
    }
    let (mut directory, mut rest, mut links) = (None::<OwnedFd>, path.to_vec(), 0);
    loop {
        if rest.starts_with(b"/") {
            directory = Some(openat(AT_FDCWD as u64, b"/", 0)?);
            rest = rest.iter().copied().skip_while(|&byte| byte == b'/').collect();
        }
        let here = directory.as_ref().map_or(dirfd, |directory| directory.as_raw_fd() as u64);
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        let after: Vec<u8> = rest[end..].iter().copied().skip_while(|&byte| byte == b'/').collect();
        let is_last = after.is_empty();
        // A slash at the end asks for a directory, which a link may lead to.
        let follows = !is_last || end < rest.len() || last == LastLink::Follow;
        let file = match openat(here, if end == 0 { b"." } else { &rest[..end] }, libc::O_NOFOLLOW) {
            // It may be made.
            Err(Errno::ENOENT) if is_last => None,
            file => Some(file?),
        };
        let is_link = file.as_ref().map(Facts::of).transpose()?.is_some_and(|facts| facts.is_link());
        match file.filter(|_| !is_last || is_link && follows) {
            Some(link) if is_link => {
                links += 1;
                if links > MAX_LINKS || fence::is_magic(&link)? {
                    return Err(Errno::ELOOP);
                }
                let mut target = fence::link_text(link.as_raw_fd() as u64, c"")?;
                target.extend_from_slice(&rest[end..]);
                if target.len() as u64 >= MAX_PATH_BYTES {
                    return Err(Errno::ENAMETOOLONG);
                }
                rest = target;
            }
            Some(file) => (directory, rest) = (Some(file), after),
            None => {
                let name = if end == 0 { b".".to_vec() } else { rest };
                return Ok(Place { directory, dirfd, name: c_string(&name)? });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_names() {
        for (path, parent, name) in [
            ("a", None, "a"),
            ("a/", None, "a/"),
            ("a/b", Some("a/"), "b"),
            ("a//b//", Some("a//"), "b//"),
            ("/a", Some("/"), "a"),
            ("/", Some("/"), "."),
            ("//", Some("/"), "."),
            ("a/..", Some("a/"), ".."),
            ("", None, ""),
        ] {
            let expected = (parent.map(str::as_bytes), name.as_bytes());
            assert_eq!(split(path.as_bytes()), expected, "{path}");
        }
    }

    /// Both ways lead to the same file, or the same error.
    #[test]
    fn by_hand_as_linux_does_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("dir")).unwrap();
        std::fs::write(at("dir/file"), "x").unwrap();
        let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, at(name)).unwrap();
        link("dir", "to-dir");
        link("dir/file", "to-file");
        link("../dir/file", "dir/back");
        link("/dev/null", "absolute");
        link("nowhere", "broken");
        link("loop", "loop");
        link("/proc/self/fd", "descriptors");
        link("/proc/self/exe", "exe");
        let root = std::fs::File::open(folder.path()).unwrap();
        let dirfd = root.as_raw_fd() as u64;
        for path in [
            ".",
            "..",
            "dir",
            "dir/",
            "dir/.",
            "dir/..",
            "dir//file",
            "dir/file/",
            "dir/file/x",
            "to-dir",
            "to-dir/",
            "to-dir/file",
            "to-dir/back",
            "to-file",
            "to-file/",
            "absolute",
            "broken",
            "loop",
            "loop/x",
            "none",
            "none/x",
            "/",
            "//",
            "/dev/null",
            "/dev/../dev/zero",
            "exe",
            "/proc/self/exe",
            "/proc/self/cwd/x",
            "descriptors/0",
            "to-dir/../to-dir/back",
            "/proc/cpuinfo",
            "",
        ] {
            for last in [LastLink::Follow, LastLink::Keep] {
                let [linux, hand] = [Walk::Linux, Walk::ByHand].map(|walk| {
                    let file = walk.hold(dirfd, &c_string(path.as_bytes()).unwrap(), last)?;
                    Facts::of(&file).map(|facts| (facts.device, facts.inode))
                });
                assert_eq!(hand, linux, "{path} {last:?}");
            }
        }
    }
}
