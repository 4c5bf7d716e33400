//! Which host file a handle names: [`Handles`].
//!
//! The guest sees indices of this table only; file descriptors of the proxy's own can never be among them.

use abi::errno::Errno;
use abi::hypercall::AT_FDCWD;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, PoisonError, RwLock};

/// The table. A file stays open while a call uses it, even if another vCPU closes its handle.
#[derive(Debug)]
pub struct Handles {
    table: RwLock<Table>,
}

#[derive(Debug)]
struct Table {
    files: Vec<Option<Arc<OwnedFd>>>,
    /// Below it all handles are taken.
    all_taken: usize,
}

/// Where a relative path starts.
#[derive(Debug)]
pub enum Directory {
    /// The proxy's working directory.
    Working,
    /// An open directory.
    Open(Arc<OwnedFd>),
}

impl Handles {
    /// Handles 0, 1, ... for `files`.
    pub fn new(files: Vec<Option<OwnedFd>>) -> Self {
        let files = files.into_iter().map(|file| file.map(Arc::new)).collect();
        Self { table: RwLock::new(Table { files, all_taken: 0 }) }
    }

    /// The file of `handle`.
    pub fn get(&self, handle: u64) -> Result<Arc<OwnedFd>, Errno> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let index = usize::try_from(handle).map_err(|_| Errno::EBADF)?;
        table.files.get(index).and_then(Clone::clone).ok_or(Errno::EBADF)
    }

    /// Gives `file` the lowest free handle.
    pub fn insert(&self, file: OwnedFd) -> i64 {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let free = (table.all_taken..table.files.len()).find(|&index| table.files[index].is_none());
        let index = free.unwrap_or(table.files.len());
        if index == table.files.len() {
            table.files.push(None);
        }
        table.files[index] = Some(Arc::new(file));
        table.all_taken = index + 1;
        index as i64
    }

    /// Takes `handle` out of the table; the file is closed when its last user is done.
    pub fn remove(&self, handle: u64) -> Result<Arc<OwnedFd>, Errno> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let index = usize::try_from(handle).map_err(|_| Errno::EBADF)?;
        let file = table.files.get_mut(index).and_then(Option::take).ok_or(Errno::EBADF)?;
        table.all_taken = table.all_taken.min(index);
        Ok(file)
    }

    /// The directory that `dirfd` names: a handle or `AT_FDCWD`.
    pub fn directory(&self, dirfd: u64) -> Result<Directory, Errno> {
        // An `int` widened without its sign is meant just as well.
        if dirfd as i32 as i64 == AT_FDCWD {
            Ok(Directory::Working)
        } else {
            self.get(dirfd).map(Directory::Open)
        }
    }
}

impl Directory {
    /// As an argument of a system call.
    pub fn as_arg(&self) -> u64 {
        match self {
            Directory::Working => AT_FDCWD as u64,
            Directory::Open(file) => file.as_raw_fd() as u64,
        }
    }
}
