//! /tmp in memory, if the user asks for it (`HERMIT_TMPFS=1`): a tree of its own.
//!
//! [`walk`] follows paths, [`node`] is what they lead to, [`contents`] holds bytes, [`open`] is an open file,
//! [`names`] changes the tree. Which paths lead here is decided by their names: /tmp and what is below it,
//! what is relative to a directory in it, and what its own links say. [`super::calls`] asks here first.

mod contents;
pub mod names;
mod node;
mod open;
pub mod walk;

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::file::TMPFS_MAGIC;
use crate::mm;
use crate::sync::{Mutex, MutexGuard, SpinLock};
use abi::errno::Errno;
use abi::file::StatFs;
use node::{Body, Directory};

pub use walk::{Found, LastLink, Lookup};

pub use node::Node;
pub use open::{OpenNode, node_of};

static IS_MOUNTED: AtomicBool = AtomicBool::new(false);
static TREE: SpinLock<Option<Tree>> = SpinLock::new(None);
/// Whoever changes the tree, or looks and acts on what it has seen.
static CHANGES: Mutex<()> = Mutex::new(());

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

/// Whether there is a tree.
pub fn is_mounted() -> bool {
    IS_MOUNTED.load(Relaxed)
}

/// The right to change the tree, and to act on what [`find`] has found.
pub fn lock_tree() -> MutexGuard<'static, ()> {
    CHANGES.lock()
}

/// Where `name` leads, from the directory `base` or the working directory, while the caller has
/// [`lock_tree`]; `None`: to somebody else's files, as it is.
pub fn find(base: Option<&Arc<Node>>, name: &[u8], last: LastLink) -> Result<Option<Found>, Errno> {
    let (root, working) = match &*TREE.lock() {
        Some(tree) => (tree.root.clone(), tree.working.clone()),
        None => return Ok(None),
    };
    if name.starts_with(b"/") {
        let Some(below) = walk::below_root(name) else { return Ok(None) };
        return walk::walk(&root, root.clone(), below, last).map(Some);
    }
    let Some(start) = base.cloned().or(working) else { return Ok(None) };
    walk::walk(&root, start, name, last).map(Some)
}

/// Makes `working` the working directory; `None`: it is elsewhere.
pub fn change_working(working: Option<Arc<Node>>) {
    if let Some(tree) = TREE.lock().as_mut() {
        tree.working = working;
    }
}

/// The path of something in the tree; what has no name any more is told as Linux tells it, by its number.
fn path_of(node: &Arc<Node>) -> Vec<u8> {
    let root = TREE.lock().as_ref().map(|tree| tree.root.clone());
    let _changes = CHANGES.lock();
    let top = [b"/", walk::ROOT_NAME].concat();
    root.and_then(|root| path_below(&root, node, top.clone()))
        .unwrap_or_else(|| [&top[..], alloc::format!("/#{} (deleted)", node.number()).as_bytes()].concat())
}

/// The path of `node`, if it is `here` or below it, where `here` has the path `path`.
fn path_below(here: &Arc<Node>, node: &Arc<Node>, path: Vec<u8>) -> Option<Vec<u8>> {
    if Arc::ptr_eq(here, node) {
        return Some(path);
    }
    let entries = here.with_directory(|directory| {
        let named = directory.entries.iter();
        named.map(|(name, (_, entry))| (name.to_vec(), entry.clone())).collect::<Vec<_>>()
    });
    let mut entries = entries.unwrap_or_default().into_iter();
    entries.find_map(|(name, entry)| path_below(&entry, node, [&path[..], b"/", &name].concat()))
}

/// The path of the working directory, if it is here. `ENOENT` if it has been removed.
pub fn working_path() -> Result<Option<Vec<u8>>, Errno> {
    let (root, working) = match &*TREE.lock() {
        Some(Tree { root, working: Some(working) }) => (root.clone(), working.clone()),
        _ => return Ok(None),
    };
    let _changes = CHANGES.lock();
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
