//! Names from the program, and where they start.

use alloc::sync::Arc;

use super::file::File;
use super::host::handle_of;
use super::memory::{Node, node_of};
use super::own::file::folder_of;
use super::own::spot::Folder;
use crate::user::{Text, UserStr};
use abi::errno::Errno;
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES};

/// A path and the directory that it starts from.
#[derive(Clone)]
pub struct Path {
    /// Where a relative name starts.
    pub start: Start,
    /// Without NUL, not empty.
    pub name: Text,
}

/// Where a path starts.
#[derive(Clone)]
pub enum Start {
    /// At the working directory, or at the root.
    Working,
    /// At a directory of the host's, by its handle.
    Host(i32),
    /// At a directory in memory.
    Memory(Arc<Node>),
    /// In a folder of what the program sees of itself.
    Own(Folder),
}

impl Start {
    /// What is open there; `None` if paths cannot start at it.
    pub fn of(file: &dyn File) -> Option<Self> {
        let host = || handle_of(file).map(Self::Host);
        node_of(file).map(Self::Memory).or_else(|| folder_of(file).map(Self::Own)).or_else(host)
    }
}

impl Path {
    /// The C string at `name`, relative to the working directory. Errors: `EFAULT`, `ENOENT` empty,
    /// `ENAMETOOLONG`.
    #[inline]
    pub fn new(name: UserStr) -> Result<Self, Errno> {
        let name = name.read(MAX_PATH_BYTES as usize)?;
        if name.is_empty() { Err(Errno::ENOENT) } else { Ok(Self { start: Start::Working, name }) }
    }

    /// [`Self::new`], relative to what descriptor `fd` names, or to the working directory for `AT_FDCWD`.
    #[inline]
    pub fn at(fd: i32, name: UserStr) -> Result<Self, Errno> {
        let path = Self::new(name)?;
        if fd as i64 == AT_FDCWD || path.name.starts_with(b"/") {
            return Ok(path);
        }
        let file = super::descriptor(fd)?;
        let start = Start::of(&*file).ok_or(Errno::ENOTDIR)?;
        Ok(Self { start, ..path })
    }

    /// One that does not come from the program.
    pub fn from_bytes(start: Start, name: &[u8]) -> Self {
        Self { start, name: Text::from_bytes(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_names() {
        assert_eq!(Path::new(UserStr::new(c"".as_ptr())).err(), Some(Errno::ENOENT));
        let long = std::ffi::CString::new(vec![b'a'; 4096]).unwrap();
        assert_eq!(Path::new(UserStr::new(long.as_ptr())).err(), Some(Errno::ENAMETOOLONG));
        assert_eq!(Path::new(UserStr::new(c"/dev".as_ptr())).unwrap().name[..], b"/dev"[..]);
    }
}
