//! Files: descriptors of the program, and what is behind them.
//!
//! From the bottom up: [`file::File`] is what an open file can do, [`ready`] who waits for it. [`device`]s,
//! [`channel`]s (made of [`pipe`]s), [`host`] files and [`memory`] (/tmp, if asked for) implement it, and do
//! not know each other. [`fd_table`] maps descriptors to files, [`poll`] waits for several, [`shared_map`]
//! brings what is written to mapped pages back into their files. [`own`] is what the program sees of itself in
//! /proc and /dev. On top [`calls`] decides by the [`path`] who serves a call.

pub mod calls;
pub mod channel;
pub mod device;
pub mod fd_table;
pub mod file;
pub mod host;
mod listing;
pub mod memory;
pub mod own;
pub mod path;
pub mod pipe;
pub mod poll;
pub mod ready;
pub mod shared_map;
mod working;

use alloc::sync::Arc;

use abi::boot_info::{BootInfo, flag};
use host::HostFile;

pub use fd_table::descriptor;

/// Opens the standard streams, and puts /tmp into memory if the user asks for that.
pub fn init(boot: &BootInfo) {
    for stream in 0..3 {
        // The table is empty, so they become 0, 1, 2.
        let _ = fd_table::insert(Arc::new(HostFile::new(stream)), false);
    }
    if boot.flags & flag::TMPFS != 0 {
        memory::mount();
    }
}
