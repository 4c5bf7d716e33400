//! Open files that are read and written in order and make their callers wait: [`Stream`]; and what those have in common that are in no
//! file system: [`anonymous`], [`no_file_system`].

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::ready::Blocking;
use abi::c;
use abi::file::{Stat, StatFs};

const O_NONBLOCK: u64 = c::O_NONBLOCK as u64;

/// `f_type` of what has no files (Linux's `PIPEFS_MAGIC`).
const PIPEFS_MAGIC: i64 = 0x5049_5045;

/// What makes an open file a stream: it has no positions, and O_NONBLOCK.
pub struct Stream {
    is_nonblocking: AtomicBool,
}

impl Stream {
    /// A new one.
    pub const fn new(is_nonblocking: bool) -> Self {
        Self { is_nonblocking: AtomicBool::new(is_nonblocking) }
    }

    /// Whether O_NONBLOCK is set.
    pub fn is_nonblocking(&self) -> bool {
        self.is_nonblocking.load(Relaxed)
    }

    /// What its callers do when nothing can be done now.
    pub fn blocking(&self) -> Blocking {
        if self.is_nonblocking() { Blocking::Refuse } else { Blocking::Wait }
    }

    /// Flags of open(2) that are set.
    pub fn flags(&self) -> u64 {
        if self.is_nonblocking() { O_NONBLOCK } else { 0 }
    }

    /// fcntl(2) F_SETFL.
    pub fn set_flags(&self, flags: u64) {
        self.is_nonblocking.store(flags & O_NONBLOCK != 0, Relaxed);
    }
}

/// fstat(2) of what is no file of any type (Linux's anonymous inodes).
pub fn anonymous() -> Stat {
    Stat { st_nlink: 1, st_mode: 0o600, st_blksize: 4096, ..Stat::default() }
}

/// The file system of what is in none.
pub fn no_file_system() -> StatFs {
    StatFs { f_type: PIPEFS_MAGIC, f_bsize: 4096, f_frsize: 4096, f_namelen: 255, ..StatFs::default() }
}
