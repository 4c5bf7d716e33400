//! Files: descriptors of the program, and what is behind them.
//!
//! From the bottom up: [`file::File`] is what an open file can do ([`socket::Socket`]: a socket), [`ready`] who waits for it. [`device`]s,
//! [`channel`]s (made of [`pipe`]s; what makes callers wait is a [`stream::Stream`]), [`host`] files and [`memory`] (/tmp, if asked for) implement it, and do
//! not know each other. [`fd_table`] maps descriptors to files, [`poll`] waits for several, [`epoll`] keeps those that it waits for; [`timer_file`]s are read when their time has come, [`signal_file`]s when a signal has, [`shared_map`]
//! brings what is written to mapped pages back into their files, [`beyond`] knows those that no file has. [`own`] is what the program sees of itself in
//! /proc and /dev. On top [`calls`] decides by the [`path`] who serves a call.

pub mod beyond;
pub mod calls;
pub mod channel;
pub mod device;
pub mod epoll;
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
pub mod signal_file;
pub mod socket;
pub mod stream;
pub mod timer_file;
mod working;

use alloc::sync::Arc;

use abi::boot_info::{BootInfo, flag};
use host::HostFile;

pub use fd_table::descriptor;

/// Linux's number of the limit of descriptors (setrlimit(2)).
const RLIMIT_NOFILE: usize = 7;

/// Opens what the program has of its parent, or the standard streams where nobody says what that is, and puts /tmp into
/// memory if the user asks for that.
pub fn init(boot: &BootInfo) {
    let inherit = |number: usize| fd_table::inherit(number, Arc::new(HostFile::new(number as i32)));
    match boot.inheritance() {
        Some(inherited) => {
            inherited.descriptors().for_each(inherit);
            fd_table::set_limit(inherited.limits[RLIMIT_NOFILE][0]);
        }
        None => (0..3).for_each(inherit),
    }
    if boot.flags & flag::TMPFS != 0 {
        memory::mount();
    }
}
