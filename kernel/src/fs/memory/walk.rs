//! From a path to a node: names, `.` and `..`, links, and the way out.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::node::Node;
use abi::errno::Errno;
use abi::hypercall::MAX_PATH_BYTES;

/// The root's name, without slashes.
pub const ROOT_NAME: &[u8] = b"tmp";
/// Most links on the way (Linux: 40).
const MAX_LINKS: u32 = 40;
/// NAME_MAX.
const MAX_NAME_BYTES: usize = 255;

/// What to do with a link that the path ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastLink {
    /// Go on to what it names.
    Follow,
    /// It is what is meant.
    Keep,
}

/// Where a path leads.
pub enum Found {
    /// Into a directory here, to a name that something has or not; the root and `..` have no name.
    Here(Lookup),
    /// Out of the tree, by this absolute path.
    There(Vec<u8>),
}

/// What a path names: what namei is elsewhere.
pub struct Lookup {
    /// The directory.
    pub parent: Arc<Node>,
    /// The name in it.
    pub name: Vec<u8>,
    /// What has it.
    pub node: Option<Arc<Node>>,
    /// The path ends with a slash: only a directory will do.
    pub wants_directory: bool,
}

impl Lookup {
    /// A directory itself.
    fn of(directory: &Arc<Node>) -> Self {
        let node = Some(directory.clone());
        Self { parent: directory.clone(), name: Vec::new(), node, wants_directory: true }
    }
}

/// What follows the root's name in an absolute path, if it begins with it.
pub fn below_root(path: &[u8]) -> Option<&[u8]> {
    let rest = skip_slashes(path.strip_prefix(b"/")?);
    let below = rest.strip_prefix(ROOT_NAME)?;
    (below.is_empty() || below.starts_with(b"/")).then_some(below)
}

fn skip_slashes(path: &[u8]) -> &[u8] {
    let first = path.iter().position(|&byte| byte != b'/').unwrap_or(path.len());
    &path[first..]
}

/// Follows `path` from `start`. Errors: `ENOENT`, `ENOTDIR`, `ELOOP`, `ENAMETOOLONG`.
pub fn walk(root: &Arc<Node>, start: Arc<Node>, path: &[u8], last: LastLink) -> Result<Found, Errno> {
    let mut here = start;
    // Of the path until a link replaces it.
    let mut rest = Cow::Borrowed(skip_slashes(path));
    let mut links = 0;
    loop {
        let (name, after) = first_name(&rest);
        if name.len() > MAX_NAME_BYTES {
            return Err(Errno::ENAMETOOLONG);
        }
        let (is_last, wants_directory) = (skip_slashes(after).is_empty(), !after.is_empty());
        match name {
            b"" => return Ok(Found::Here(Lookup::of(&here))),
            b"." => {}
            b".." => match here.with_directory(|directory| directory.parent.upgrade())? {
                Some(parent) => here = parent,
                None => return Ok(Found::There([b"/", skip_slashes(after)].concat())),
            },
            _ => {
                let node = here.with_directory(|directory| directory.node(name))?;
                let follows = !is_last || wants_directory || last == LastLink::Follow;
                if let Some(target) = node.as_ref().filter(|_| follows).and_then(|node| node.link_target()) {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::ELOOP);
                    }
                    let whole = [&target[..], after].concat();
                    if whole.len() as u64 >= MAX_PATH_BYTES {
                        return Err(Errno::ENAMETOOLONG);
                    }
                    if whole.starts_with(b"/") {
                        let Some(below) = below_root(&whole) else { return Ok(Found::There(whole)) };
                        here = root.clone();
                        rest = Cow::Owned(skip_slashes(below).to_vec());
                    } else {
                        rest = Cow::Owned(whole);
                    }
                    continue;
                }
                match node {
                    node if is_last => {
                        return Ok(Found::Here(Lookup {
                            parent: here,
                            name: name.to_vec(),
                            node,
                            wants_directory,
                        }));
                    }
                    Some(node) => here = node,
                    None => return Err(Errno::ENOENT),
                }
            }
        }
        let used = rest.len() - skip_slashes(after).len();
        rest = match rest {
            Cow::Borrowed(rest) => Cow::Borrowed(&rest[used..]),
            Cow::Owned(mut rest) => Cow::Owned(rest.split_off(used)),
        };
    }
}

/// A path's first name, and what follows it from the slash on.
fn first_name(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(path.iter().position(|&byte| byte == b'/').unwrap_or(path.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::memory::node::{Body, Directory};
    use alloc::sync::Weak;

    fn add(parent: &Arc<Node>, name: &str, body: Body) -> Arc<Node> {
        let node = Node::new(0o755, body);
        parent.with_directory(|directory| directory.insert(name.as_bytes(), node.clone())).unwrap();
        node
    }

    /// /tmp/dir/file, /tmp/dir/up -> .., /tmp/abs -> /tmp/dir, /tmp/out -> /etc/x, /tmp/loop -> loop
    fn tree() -> Arc<Node> {
        let root = Node::new(0o1777, Body::Directory(Directory::new(Weak::new())));
        let dir = add(&root, "dir", Body::Directory(Directory::new(Arc::downgrade(&root))));
        add(&dir, "file", Body::File(super::super::contents::Contents::new()));
        let link = |target: &[u8]| Body::Link(target.into());
        add(&dir, "up", link(b".."));
        add(&root, "abs", link(b"/tmp/dir"));
        add(&root, "out", link(b"/etc/x"));
        add(&root, "loop", link(b"loop"));
        root
    }

    fn find(path: &str, last: LastLink) -> String {
        let root = tree();
        match walk(&root, root.clone(), path.as_bytes(), last) {
            Err(errno) => format!("{errno:?}"),
            Ok(Found::There(path)) => String::from_utf8(path).unwrap(),
            Ok(Found::Here(Lookup { name, node, .. })) => {
                format!("{}{}", String::from_utf8(name).unwrap(), if node.is_some() { "" } else { " new" })
            }
        }
    }

    #[test]
    fn paths() {
        for (path, expected) in [
            ("", ""),
            ("dir/file", "file"),
            ("dir//./file", "file"),
            ("dir/../dir/file", "file"),
            ("dir/up/dir/up/abs/file", "file"),
            ("dir/nothing", "nothing new"),
            ("nothing/more", "ENOENT"),
            ("dir/file/more", "ENOTDIR"),
            ("../etc/passwd", "/etc/passwd"),
            ("dir/../..", "/"),
            ("out", "/etc/x"),
            ("out/y", "/etc/x/y"),
            ("loop", "ELOOP"),
            ("abs", "dir"),
        ] {
            assert_eq!(find(path, LastLink::Follow), expected, "{path}");
        }
        assert_eq!(find("loop", LastLink::Keep), "loop");
        assert_eq!(find("abs", LastLink::Keep), "abs");
        assert_eq!(find("abs/", LastLink::Keep), "dir");
    }

    #[test]
    fn root_names() {
        assert_eq!(below_root(b"/tmp"), Some(&b""[..]));
        assert_eq!(below_root(b"//tmp/x"), Some(&b"/x"[..]));
        assert_eq!(below_root(b"/tmpx"), None);
        assert_eq!(below_root(b"tmp/x"), None);
    }
}
