//! What has a name in `/proc/self` and its kin: [`Spot`], and what lstat(2) says of it.

use alloc::format;
use alloc::string::String;

use crate::fs::fd_table;
use crate::given;
use crate::sched::TaskId;
use abi::c;
use abi::file::{Stat, StatFs};

/// The name by which the proxy knows the program's image.
pub const IMAGE: &[u8] = b"/proc/self/exe";

/// `f_type` of procfs.
const PROC_MAGIC: i64 = 0x9fa0;
/// A device number that no host has: `st_dev` of everything here.
const DEVICE: u64 = 0xffff_fffe;

/// The main thread.
pub const MAIN: TaskId = 1;

/// Something that has a name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A directory.
    Folder(Folder),
    /// A file that says something about a thread, or about the program.
    Text(Text, TaskId),
    /// A link.
    Link(Link),
}

/// A directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// `/proc/self`.
    Process,
    /// `/proc/self/task/N`.
    Thread(TaskId),
    /// `/proc/self/fd`.
    Fd,
    /// `/proc/self/fdinfo`.
    FdInfo,
    /// `/proc/self/task`.
    Task,
}

/// What a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Arguments.
    CmdLine,
    /// The thread's name; can be written.
    Comm,
    /// The environment that the program was given.
    Environ,
    /// Mappings.
    Maps,
    /// Nothing: it cannot be opened.
    Mem,
    /// Numbers, in one line.
    Stat,
    /// Sizes, in pages.
    StatM,
    /// Numbers, with their names.
    Status,
    /// A descriptor's position and flags.
    FdInfo(i32),
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `/proc/self`.
    Itself,
    /// `/proc/thread-self`.
    ThreadItself,
    /// `/dev/fd`.
    DevFd,
    /// `/dev/stdin`, `/dev/stdout`, `/dev/stderr`.
    Stream(i32),
    /// The image.
    Exe,
    /// The working directory.
    Cwd,
    /// `/`.
    Root,
    /// `/proc/self/fd/N`.
    Fd(i32),
}

impl Spot {
    /// A number that nothing else here has.
    pub const fn number(self) -> u64 {
        let (kind, which) = match self {
            Self::Folder(Folder::Process) => (1, 0),
            Self::Folder(Folder::Thread(id)) => (2, id),
            Self::Folder(Folder::Fd) => (3, 0),
            Self::Folder(Folder::FdInfo) => (4, 0),
            Self::Folder(Folder::Task) => (5, 0),
            Self::Text(Text::CmdLine, id) => (16, id),
            Self::Text(Text::Comm, id) => (17, id),
            Self::Text(Text::Environ, id) => (18, id),
            Self::Text(Text::Maps, id) => (19, id),
            Self::Text(Text::Mem, id) => (20, id),
            Self::Text(Text::Stat, id) => (21, id),
            Self::Text(Text::StatM, id) => (22, id),
            Self::Text(Text::Status, id) => (23, id),
            Self::Text(Text::FdInfo(fd), _) => (24, fd),
            Self::Link(Link::Itself) => (32, 0),
            Self::Link(Link::ThreadItself) => (33, 0),
            Self::Link(Link::DevFd) => (34, 0),
            Self::Link(Link::Stream(fd)) => (35, fd),
            Self::Link(Link::Exe) => (36, 0),
            Self::Link(Link::Cwd) => (37, 0),
            Self::Link(Link::Root) => (38, 0),
            Self::Link(Link::Fd(fd)) => (39, fd),
        };
        (kind << 32) | which as u32 as u64
    }

    /// Type and permissions.
    pub fn mode(self) -> u32 {
        use abi::c::{S_IFDIR, S_IFLNK, S_IFREG};
        match self {
            Self::Folder(Folder::Fd) => S_IFDIR | 0o500,
            Self::Folder(_) => S_IFDIR | 0o555,
            Self::Text(Text::Comm, _) => S_IFREG | 0o644,
            Self::Text(Text::Environ, _) => S_IFREG | 0o400,
            Self::Text(Text::Mem, _) => S_IFREG | 0o600,
            Self::Text(..) => S_IFREG | 0o444,
            Self::Link(Link::Fd(fd)) => S_IFLNK | mode_of_link(fd),
            Self::Link(_) => S_IFLNK | 0o777,
        }
    }

    /// lstat(2).
    pub fn stat(self) -> Stat {
        let nr_links = if let Self::Folder(_) = self { 2 } else { 1 };
        Stat {
            st_dev: DEVICE,
            st_ino: self.number(),
            st_nlink: nr_links,
            st_mode: self.mode(),
            st_size: if let Self::Link(Link::Fd(_)) = self { 64 } else { 0 },
            st_blksize: 1024,
            ..Stat::default()
        }
    }
}

/// statfs(2) of all of it.
pub fn statfs() -> StatFs {
    StatFs { f_type: PROC_MAGIC, f_bsize: 4096, f_frsize: 4096, f_namelen: 255, ..StatFs::default() }
}

/// The program's number, in decimal.
pub fn pid() -> String {
    format!("{}", given::info().pid)
}

impl Folder {
    /// Its path.
    pub fn path(self) -> String {
        let pid = pid();
        match self {
            Self::Process => format!("/proc/{pid}"),
            Self::Thread(id) => format!("/proc/{pid}/task/{id}"),
            Self::Fd => format!("/proc/{pid}/fd"),
            Self::FdInfo => format!("/proc/{pid}/fdinfo"),
            Self::Task => format!("/proc/{pid}/task"),
        }
    }
}

/// Files by their names in the folder of a process or thread.
pub const TEXTS: [(&[u8], Text); 8] = [
    (b"cmdline", Text::CmdLine),
    (b"comm", Text::Comm),
    (b"environ", Text::Environ),
    (b"maps", Text::Maps),
    (b"mem", Text::Mem),
    (b"stat", Text::Stat),
    (b"statm", Text::StatM),
    (b"status", Text::Status),
];

/// Links, in the same way.
pub const LINKS: [(&[u8], Link); 3] = [(b"cwd", Link::Cwd), (b"exe", Link::Exe), (b"root", Link::Root)];

impl Text {
    /// Its name in its folder.
    pub fn name(self) -> String {
        match self {
            Self::FdInfo(fd) => format!("{fd}"),
            text => TEXTS
                .iter()
                .find(|(_, known)| *known == text)
                .map_or(String::new(), |(name, _)| String::from_utf8_lossy(name).into_owned()),
        }
    }

    /// The folder that it is in.
    pub fn folder(self, thread: TaskId) -> Folder {
        match self {
            Self::FdInfo(_) => Folder::FdInfo,
            _ if thread == MAIN => Folder::Process,
            _ => Folder::Thread(thread),
        }
    }
}

/// Permissions of a link in `fd`: what the descriptor is open for.
fn mode_of_link(fd: i32) -> u32 {
    let flags = fd_table::descriptor(fd).and_then(|file| file.flags()).unwrap_or(0);
    match flags as i32 & c::O_ACCMODE {
        c::O_RDONLY => 0o500,
        c::O_WRONLY => 0o300,
        _ => 0o700,
    }
}
