//! The one place that knows install paths.
//!
//! [`Prefix`] answers where things are, [`links`] which names are installed as links to the driver and which package
//! owns each, [`gcc_runtime`] which files of the host's compiler the tree takes over. Everything is relative to the
//! tool that asks, so an unpacked tree runs anywhere. Neighbours: `cc-wrapper` (the tools), `xtask` (builds the tree).
#![forbid(unsafe_code)]

pub mod gcc_runtime;
pub mod links;
mod prefix;

pub use prefix::{Prefix, PrefixError};

/// What `-dumpmachine` says and every tool's name begins with.
pub const TARGET: &str = "x86_64-hermit";

/// The version of gcc whose runtime libraries the tree holds.
pub const GCC_MAJOR: &str = "12";
