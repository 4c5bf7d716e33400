//! Files: descriptors of the program, and what is behind them.
//!
//! [`fd_table`] maps descriptors to open [`file::File`]s; [`host`] makes the file calls that the proxy serves;
//! [`path`] finds the few names that the kernel serves itself; [`channel`]s connect threads of the isle; [`poll`] waits for
//! several files.

pub mod channel;
pub mod fd_table;
pub mod file;
pub mod host;
pub mod path;
pub mod pipe;
pub mod poll;

pub use fd_table::{descriptor, init};
