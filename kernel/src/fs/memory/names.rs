//! What can be done with a [`Lookup`] in the tree: one function for each file call, named after its C twin.
//! Called while the caller has [`super::lock_tree`].

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::change_working;
use super::contents::Contents;
use super::node::{Body, Directory, Node, now};
use super::open::{OpenNode, may_write};
use super::walk::Lookup;
use abi::c::{AT_REMOVEDIR, S_IFLNK, X_OK};
use abi::errno::Errno;
use abi::file::{Stat, StatFs, TimeSpec};

/// Flags of open(2).
mod flag {
    use abi::c;

    pub const CREAT: u64 = c::O_CREAT as u64;
    pub const EXCL: u64 = c::O_EXCL as u64;
    pub const TRUNC: u64 = c::O_TRUNC as u64;
    pub const DIRECTORY: u64 = c::O_DIRECTORY as u64;
    pub const NOFOLLOW: u64 = c::O_NOFOLLOW as u64;
}

impl Lookup {
    /// What is there: `ENOENT`, or `ENOTDIR` if only a directory would do.
    fn existing(&self) -> Result<&Arc<Node>, Errno> {
        let node = self.node.as_ref().ok_or(Errno::ENOENT)?;
        if self.wants_directory && !node.is_directory() { Err(Errno::ENOTDIR) } else { Ok(node) }
    }

    /// A free name: `EEXIST`.
    fn free(&self) -> Result<(), Errno> {
        if self.node.is_some() { Err(Errno::EEXIST) } else { Ok(()) }
    }

    /// A name that can be taken away from what has it: not the root, `.` or `..`.
    fn named(&self) -> Result<&Arc<Node>, Errno> {
        if self.name.is_empty() { Err(Errno::EBUSY) } else { self.existing() }
    }

    fn insert(&self, node: &Arc<Node>) -> Result<(), Errno> {
        node.with(|inside| inside.nr_links += 1);
        self.parent.with_directory(|directory| directory.insert(&self.name, node.clone()))?;
        self.touch();
        Ok(())
    }

    fn remove(&self) -> Result<(), Errno> {
        let gone = self.parent.with_directory(|directory| directory.entries.remove(&self.name[..]))?;
        if let Some((_, node)) = gone {
            node.with(|inside| {
                inside.nr_links = inside.nr_links.saturating_sub(1);
                inside.times[2] = now();
            });
        }
        self.touch();
        Ok(())
    }

    /// The directory has changed.
    fn touch(&self) {
        self.parent.with(|inside| [inside.times[1], inside.times[2]] = [now(); 2]);
    }
}

/// Whether open(2) with these flags stops at a link.
pub const fn keeps_link(flags: u64) -> bool {
    flags & flag::NOFOLLOW != 0 || flags & (flag::CREAT | flag::EXCL) == flag::CREAT | flag::EXCL
}

/// open(2).
pub fn open(lookup: &Lookup, flags: u64, mode: u32) -> Result<OpenNode, Errno> {
    let node = match &lookup.node {
        None if flags & flag::CREAT == 0 => return Err(Errno::ENOENT),
        None if lookup.wants_directory => return Err(Errno::EISDIR),
        None => {
            let node = Node::new(mode, Body::File(Contents::new()));
            lookup.insert(&node)?;
            node
        }
        Some(_) if flags & (flag::CREAT | flag::EXCL) == flag::CREAT | flag::EXCL => {
            return Err(Errno::EEXIST);
        }
        Some(_) => lookup.existing()?.clone(),
    };
    open_node(node, flags)
}

/// open(2) of what has been found.
pub fn open_node(node: Arc<Node>, flags: u64) -> Result<OpenNode, Errno> {
    match node.is_directory() {
        true if may_write(flags) || flags & flag::CREAT != 0 => return Err(Errno::EISDIR),
        false if flags & flag::DIRECTORY != 0 => return Err(Errno::ENOTDIR),
        _ if node.kind() == S_IFLNK => return Err(Errno::ELOOP),
        _ => {}
    }
    if flags & flag::TRUNC != 0 && may_write(flags) {
        node.with(|inside| match &mut inside.body {
            Body::File(contents) => contents.resize(0),
            _ => Ok(()),
        })?;
    }
    Ok(OpenNode::new(node, flags))
}

/// stat(2).
pub fn stat(lookup: &Lookup) -> Result<Stat, Errno> {
    lookup.existing().map(|node| node.stat())
}

/// statfs(2).
pub fn statfs(lookup: &Lookup) -> Result<StatFs, Errno> {
    lookup.existing().map(|_| super::statfs())
}

/// access(2): there are no users, but not everything is a program.
pub fn access(lookup: &Lookup, mode: i32) -> Result<(), Errno> {
    let stat = stat(lookup)?;
    if mode & X_OK != 0 && stat.st_mode & 0o111 == 0 { Err(Errno::EACCES) } else { Ok(()) }
}

/// unlinkat(2).
pub fn unlink(lookup: &Lookup, flags: i32) -> Result<(), Errno> {
    let node = lookup.named()?;
    match (flags & AT_REMOVEDIR != 0, node.is_directory()) {
        (false, true) => return Err(Errno::EISDIR),
        (true, false) => return Err(Errno::ENOTDIR),
        (true, true) if !is_empty(node)? => return Err(Errno::ENOTEMPTY),
        _ => {}
    }
    lookup.remove()
}

fn is_empty(node: &Node) -> Result<bool, Errno> {
    node.with_directory(|directory| directory.entries.is_empty())
}

/// mkdir(2).
pub fn mkdir(lookup: &Lookup, mode: u32) -> Result<(), Errno> {
    lookup.free()?;
    let directory = Directory::new(Arc::downgrade(&lookup.parent));
    lookup.insert(&Node::new(mode, Body::Directory(directory)))
}

/// chmod(2).
pub fn chmod(lookup: &Lookup, mode: u32) -> Result<(), Errno> {
    let node = lookup.existing()?;
    if node.kind() == S_IFLNK {
        return Err(Errno::EOPNOTSUPP);
    }
    node.with(|inside| inside.change_mode(mode));
    Ok(())
}

/// chown(2).
pub fn chown(lookup: &Lookup, uid: u32, gid: u32) -> Result<(), Errno> {
    lookup.existing().map(|node| node.with(|inside| inside.change_owner(uid, gid)))
}

/// utimensat(2).
pub fn set_times(lookup: &Lookup, times: Option<&[TimeSpec; 2]>) -> Result<(), Errno> {
    lookup.existing()?.with(|inside| inside.set_times(times))
}

/// symlink(2).
pub fn symlink(target: &[u8], lookup: &Lookup) -> Result<(), Errno> {
    lookup.free()?;
    lookup.insert(&Node::new(0o777, Body::Link(target.into())))
}

/// readlink(2): at most `max_bytes` of what the link says.
pub fn readlink(lookup: &Lookup, max_bytes: usize) -> Result<Vec<u8>, Errno> {
    let target = lookup.existing()?.link_target().ok_or(Errno::EINVAL)?;
    Ok(target[..target.len().min(max_bytes)].to_vec())
}

/// link(2).
pub fn link(from: &Lookup, to: &Lookup) -> Result<(), Errno> {
    let node = from.existing()?;
    if node.is_directory() {
        return Err(Errno::EPERM);
    }
    to.free()?;
    to.insert(node)
}

/// rename(2).
pub fn rename(from: &Lookup, to: &Lookup) -> Result<(), Errno> {
    let node = from.named()?;
    if to.name.is_empty() {
        return Err(Errno::EBUSY);
    }
    match (&to.node, node.is_directory()) {
        (Some(there), _) if Arc::ptr_eq(there, node) => return Ok(()),
        (Some(there), true) if !there.is_directory() => return Err(Errno::ENOTDIR),
        (Some(there), false) if there.is_directory() => return Err(Errno::EISDIR),
        (Some(there), true) if !is_empty(there)? => return Err(Errno::ENOTEMPTY),
        (None, false) if to.wants_directory => return Err(Errno::ENOTDIR),
        (_, true) if is_inside(&to.parent, node)? => return Err(Errno::EINVAL),
        _ => {}
    }
    if to.node.is_some() {
        to.remove()?;
    }
    to.insert(node)?;
    from.remove()?;
    if node.is_directory() {
        node.with_directory(|directory| directory.parent = Arc::downgrade(&to.parent))?;
    }
    Ok(())
}

/// Whether `directory` is `ancestor` or below it.
fn is_inside(directory: &Arc<Node>, ancestor: &Arc<Node>) -> Result<bool, Errno> {
    let mut here = directory.clone();
    while !Arc::ptr_eq(&here, ancestor) {
        match here.with_directory(|directory| directory.parent.upgrade())? {
            Some(parent) => here = parent,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// chdir(2).
pub fn chdir(lookup: &Lookup) -> Result<(), Errno> {
    let node = lookup.existing()?;
    if !node.is_directory() {
        return Err(Errno::ENOTDIR);
    }
    change_working(Some(node.clone()));
    Ok(())
}
