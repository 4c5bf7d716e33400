//! /tmp in memory, if the user asks for it (`HERMIT_TMPFS=1`): a tree of its own in front of the host's files.
//!
//! [`walk`] follows paths, [`node`] is what they lead to, [`contents`] holds bytes, [`open`] is an open file, [`names`] changes
//! the tree. Which paths lead here is decided by their names: /tmp and what is below it, what is relative to a directory in
//! it, and what its own links say. The host's links to its /tmp lead to the host's.

mod contents;
pub mod names;
mod node;
mod open;
pub mod walk;

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::path::Path;
use crate::mm;
use crate::sync::{SpinLock, Turn};
use abi::errno::Errno;
use abi::file::StatFs;
use abi::hypercall::AT_FDCWD;
use node::{Body, Directory};
use walk::{Found, LastLink};

pub use node::Node;
pub use open::OpenNode;

static IS_MOUNTED: AtomicBool = AtomicBool::new(false);
static TREE: SpinLock<Option<Tree>> = SpinLock::new(None);
/// Whoever changes the tree, or looks and acts on what it has seen.
static TURN: Turn = Turn::new();

struct Tree {
    root: Arc<Node>,
    /// The working directory, if it is here.
    working: Option<Arc<Node>>,
}

/// Puts an empty tree at /tmp.
pub fn mount() {
    let root = Node::new(0o1777, Body::Directory(Directory::new(Weak::new())));
    *TREE.lock() = Some(Tree { root, working: None });
    IS_MOUNTED.store(true, Relaxed);
}

/// `f_type` of a file system in memory (Linux's).
pub const TMPFS_MAGIC: i64 = 0x0102_1994;

/// fstatfs(2): its space is the isle's memory.
pub fn statfs() -> StatFs {
    const BLOCK_BYTES: u64 = 4096;
    let (total_bytes, free_bytes) = mm::statistics();
    let free = free_bytes / BLOCK_BYTES;
    StatFs {
        f_type: TMPFS_MAGIC,
        f_bsize: BLOCK_BYTES as i64,
        f_blocks: total_bytes / BLOCK_BYTES,
        f_bfree: free,
        f_bavail: free,
        f_namelen: 255,
        f_frsize: BLOCK_BYTES as i64,
        ..StatFs::default()
    }
}

/// A place in the tree: see [`Found::Here`].
pub struct Place {
    parent: Arc<Node>,
    name: Vec<u8>,
    node: Option<Arc<Node>>,
    wants_directory: bool,
}

/// Does `here` if a path leads into the tree, else `there` with the path that the host knows.
pub fn at<R>(
    path: &Path<'_>,
    last: LastLink,
    here: impl FnOnce(Place) -> Result<R, Errno>,
    there: impl FnOnce(&Path<'_>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    if !IS_MOUNTED.load(Relaxed) {
        return there(path);
    }
    let found = {
        let _turn = TURN.take();
        match find(path, last)? {
            Some(Found::Here { parent, name, node, wants_directory }) => {
                return here(Place { parent, name, node, wants_directory });
            }
            Some(Found::There(name)) => Some(name),
            None => None,
        }
    };
    match found {
        Some(name) => there(&Path::absolute(&name)),
        None => there(path),
    }
}

/// [`at`] for two paths whose last links are meant themselves. `EXDEV`: one is here, the other is not.
pub fn at_two(
    from: &Path<'_>,
    to: &Path<'_>,
    here: impl FnOnce(&Place, &Place) -> Result<(), Errno>,
    there: impl FnOnce(&Path<'_>, &Path<'_>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    if !IS_MOUNTED.load(Relaxed) {
        return there(from, to);
    }
    let turn = TURN.take();
    let names = [find(from, LastLink::Keep)?, find(to, LastLink::Keep)?];
    let [from_name, to_name] = match names {
        [
            Some(Found::Here { parent, name, node, wants_directory }),
            Some(Found::Here { parent: parent2, name: name2, node: node2, wants_directory: wants2 }),
        ] => {
            let from = Place { parent, name, node, wants_directory };
            let to = Place { parent: parent2, name: name2, node: node2, wants_directory: wants2 };
            return here(&from, &to);
        }
        [Some(Found::Here { .. }), _] | [_, Some(Found::Here { .. })] => return Err(Errno::EXDEV),
        [from, to] => [from, to].map(|found| match found {
            Some(Found::There(name)) => Some(name),
            _ => None,
        }),
    };
    drop(turn);
    let from = from_name.as_deref().map_or_else(|| from.clone(), Path::absolute);
    let to = to_name.as_deref().map_or_else(|| to.clone(), Path::absolute);
    there(&from, &to)
}

/// Where a path leads; `None`: to the host's files, as it is.
fn find(path: &Path<'_>, last: LastLink) -> Result<Option<Found>, Errno> {
    let (root, working) = match &*TREE.lock() {
        Some(tree) => (tree.root.clone(), tree.working.clone()),
        None => return Ok(None),
    };
    let start = match (&path.base, path.name.starts_with(b"/")) {
        (_, true) => {
            let Some(below) = walk::below_root(path.name) else { return Ok(None) };
            return walk::walk(&root, root.clone(), below, last).map(Some);
        }
        (Some(base), false) => base.clone(),
        (None, false) if path.directory == AT_FDCWD => match working {
            Some(working) => working,
            None => return Ok(None),
        },
        (None, false) => return Ok(None),
    };
    walk::walk(&root, start, path.name, last).map(Some)
}

/// Makes `working` the working directory; `None`: it is the host's.
pub fn change_working(working: Option<Arc<Node>>) {
    if let Some(tree) = TREE.lock().as_mut() {
        tree.working = working;
    }
}

/// The path of the working directory, if it is here. `ENOENT` if it has been removed.
pub fn working_path() -> Result<Option<Vec<u8>>, Errno> {
    let (root, working) = match &*TREE.lock() {
        Some(Tree { root, working: Some(working) }) => (root.clone(), working.clone()),
        _ => return Ok(None),
    };
    let _turn = TURN.take();
    let mut path = Vec::new();
    let mut here = working;
    while !Arc::ptr_eq(&here, &root) {
        let parent = here.with_directory(|directory| directory.parent.upgrade())?.ok_or(Errno::ENOENT)?;
        let name = parent.with_directory(|directory| {
            let mut entries = directory.entries.iter();
            entries.find(|(_, (_, node))| Arc::ptr_eq(node, &here)).map(|(name, _)| name.to_vec())
        })?;
        path = [b"/", &name.ok_or(Errno::ENOENT)?[..], &path].concat();
        here = parent;
    }
    Ok(Some([b"/", walk::ROOT_NAME, &path].concat()))
}
