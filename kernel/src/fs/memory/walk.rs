//! From a path to a node: names, `.` and `..`, links, and the way out to the host's files.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::node::{Body, Node};
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
    Here {
        /// The directory.
        parent: Arc<Node>,
        /// The name in it.
        name: Vec<u8>,
        /// What has it.
        node: Option<Arc<Node>>,
        /// The path ends with a slash: only a directory will do.
        wants_directory: bool,
    },
    /// To the host's files, by this absolute path.
    There(Vec<u8>),
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
    let mut rest = skip_slashes(path).to_vec();
    let mut links = 0;
    let mut nameless = Found::Here {
        parent: here.clone(),
        name: Vec::new(),
        node: Some(here.clone()),
        wants_directory: true,
    };
    while !rest.is_empty() {
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let wants_directory = !after.is_empty();
        let (name, after) = (name.to_vec(), skip_slashes(after).to_vec());
        if name.len() > MAX_NAME_BYTES {
            return Err(Errno::ENAMETOOLONG);
        }
        rest = after;
        if name == b"." || name == b".." {
            if name == b".." {
                let Some(parent) = here.with_directory(|directory| directory.parent.upgrade())? else {
                    return Ok(Found::There([b"/", &rest[..]].concat()));
                };
                here = parent;
            }
            nameless = Found::Here {
                parent: here.clone(),
                name: Vec::new(),
                node: Some(here.clone()),
                wants_directory: true,
            };
            continue;
        }
        let node =
            here.with_directory(|directory| directory.entries.get(&name[..]).map(|(_, node)| node.clone()))?;
        let is_last = rest.is_empty();
        let target = node.as_ref().and_then(|node| node.with(|inside| link_target(&inside.body)));
        match (node, target) {
            (_, Some(target)) if !is_last || wants_directory || last == LastLink::Follow => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Errno::ELOOP);
                }
                let whole = [&target[..], b"/", &rest[..]].concat();
                let whole = if is_last && !wants_directory { target } else { whole };
                if whole.len() as u64 >= MAX_PATH_BYTES {
                    return Err(Errno::ENAMETOOLONG);
                }
                match below_root(&whole) {
                    Some(below) => (here, rest) = (root.clone(), skip_slashes(below).to_vec()),
                    None if whole.starts_with(b"/") => return Ok(Found::There(whole)),
                    None => rest = whole,
                }
                nameless = Found::Here {
                    parent: here.clone(),
                    name: Vec::new(),
                    node: Some(here.clone()),
                    wants_directory: true,
                };
            }
            (node, _) if is_last => return Ok(Found::Here { parent: here, name, node, wants_directory }),
            (Some(node), _) => here = node,
            (None, _) => return Err(Errno::ENOENT),
        }
    }
    Ok(nameless)
}

fn link_target(body: &Body) -> Option<Vec<u8>> {
    match body {
        Body::Link(target) => Some(target.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::memory::node::Directory;
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
            Ok(Found::Here { name, node, .. }) => {
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
