//! What a name under /tmp stands for: files, directories and symbolic links.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::contents::Contents;
use crate::sync::Mutex;
use crate::time;
use abi::c::{S_IFDIR, S_IFLNK, S_IFREG};
use abi::errno::Errno;
use abi::file::{Stat, TimeSpec};

/// `st_dev`: no device of the host's has this number.
const DEVICE: u64 = 0xfff_fffff;

/// A file, directory or link. Lives as long as it has a name or is open.
pub struct Node {
    number: u64,
    state: Mutex<NodeState>,
}

/// What a node's lock guards.
pub struct NodeState {
    /// Permissions.
    pub mode: u32,
    /// User and group: kept and told, nothing more.
    pub owner: (u32, u32),
    /// Names of a file.
    pub nr_links: u64,
    /// Last access, change of contents, change of status.
    pub times: [TimeSpec; 3],
    /// What it is.
    pub body: Body,
}

/// What a node is.
pub enum Body {
    /// A file.
    File(Contents),
    /// A directory.
    Directory(Directory),
    /// A symbolic link and what it says.
    Link(Box<[u8]>),
}

impl Body {
    /// File type, as in `st_mode`.
    const fn kind(&self) -> u32 {
        match self {
            Body::File(_) => S_IFREG,
            Body::Directory(_) => S_IFDIR,
            Body::Link(_) => S_IFLNK,
        }
    }
}

/// Names and what they stand for.
pub struct Directory {
    /// Where `..` leads; nowhere for the root.
    pub parent: Weak<Node>,
    /// By name; with each a number by which a reader of the directory finds its place again.
    pub entries: BTreeMap<Box<[u8]>, (u64, Arc<Node>)>,
    next_cookie: u64,
}

impl Directory {
    /// An empty one.
    pub const fn new(parent: Weak<Node>) -> Self {
        Self { parent, entries: BTreeMap::new(), next_cookie: FIRST_COOKIE }
    }

    /// What has this name.
    pub fn node(&self, name: &[u8]) -> Option<Arc<Node>> {
        self.entries.get(name).map(|(_, node)| node.clone())
    }

    /// Gives `node` a name, which replaces what had it.
    pub fn insert(&mut self, name: &[u8], node: Arc<Node>) -> Option<Arc<Node>> {
        self.next_cookie += 1;
        self.entries.insert(name.into(), (self.next_cookie, node)).map(|(_, old)| old)
    }
}

/// Below are `.` and `..`.
pub const FIRST_COOKIE: u64 = 2;

impl Node {
    /// A node without a name.
    pub fn new(mode: u32, body: Body) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let state = NodeState { mode: mode & 0o7777, owner: (0, 0), nr_links: 0, times: [now(); 3], body };
        Arc::new(Self { number: NEXT.fetch_add(1, Relaxed), state: Mutex::new(state) })
    }

    /// Uses what is inside.
    pub fn with<R>(&self, work: impl FnOnce(&mut NodeState) -> R) -> R {
        work(&mut self.state.lock())
    }

    /// Uses a directory; `ENOTDIR`.
    pub fn with_directory<R>(&self, work: impl FnOnce(&mut Directory) -> R) -> Result<R, Errno> {
        self.with(|state| match &mut state.body {
            Body::Directory(directory) => Ok(work(directory)),
            _ => Err(Errno::ENOTDIR),
        })
    }

    /// Whether it is one.
    pub fn is_directory(&self) -> bool {
        self.with(|state| matches!(state.body, Body::Directory(_)))
    }

    /// What it says, if it is a link.
    pub fn link_target(&self) -> Option<Vec<u8>> {
        self.with(|state| match &state.body {
            Body::Link(target) => Some(target.to_vec()),
            _ => None,
        })
    }

    /// Its number, `st_ino`.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// File type, as in `st_mode`.
    pub fn kind(&self) -> u32 {
        self.with(|state| state.body.kind())
    }

    /// fstat(2).
    pub fn stat(&self) -> Stat {
        self.with(|state| {
            let (size, used, nr_links) = match &state.body {
                Body::File(contents) => (contents.size_bytes(), contents.used_bytes(), state.nr_links),
                Body::Directory(directory) => (directory.entries.len() as u64 * 32, 0, 2),
                Body::Link(target) => (target.len() as u64, 0, state.nr_links),
            };
            let [st_atim, st_mtim, st_ctim] = state.times;
            Stat {
                st_dev: DEVICE,
                st_ino: self.number,
                st_nlink: nr_links,
                st_mode: state.body.kind() | state.mode,
                st_uid: state.owner.0,
                st_gid: state.owner.1,
                st_size: size as i64,
                st_blksize: 4096,
                st_blocks: (used / 512) as i64,
                st_atim,
                st_mtim,
                st_ctim,
                ..Stat::default()
            }
        })
    }
}

/// The wall clock; there is none under test.
pub fn now() -> TimeSpec {
    if cfg!(test) {
        return TimeSpec::default();
    }
    let ns = time::realtime_ns();
    TimeSpec { tv_sec: (ns / 1_000_000_000) as i64, tv_nsec: (ns % 1_000_000_000) as i64 }
}
