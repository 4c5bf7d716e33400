//! Files: descriptors of the program, and what is behind them.
//!
//! [`fd_table`] maps descriptors to open [`file::File`]s; [`host`] makes the file calls that the proxy serves;
//! [`path`] finds the few names that the kernel serves itself; [`channel`]s connect threads of the isle; [`poll`] waits for
//! several files; [`memory`] is /tmp, if asked for; [`shared_map`] brings what is written to mapped pages back into their files.

pub mod channel;
pub mod fd_table;
pub mod file;
pub mod host;
pub mod memory;
pub mod path;
pub mod pipe;
pub mod poll;
pub mod shared_map;

use abi::boot_info::{BootInfo, flag};

pub use fd_table::descriptor;

/// Opens the standard streams, and puts /tmp into memory if the user asks for that.
pub fn init(boot: &BootInfo) {
    fd_table::init();
    if boot.flags & flag::TMPFS != 0 {
        memory::mount();
    }
}
