//! Reads and changes the EI_OSABI byte of objects, archives and images.
//!
//! [`places`] finds every ELF header in a file (its own, or those of an archive's members), [`edit`] changes their
//! bytes after every check has passed, [`cli::run`] is the command `x86_64-hermit-elfedit`. The rest is shorthand:
//! [`set_osabi`], [`osabi_of`], [`mark`], [`copy_marked`]. [`record_prefix`] writes another thing into images: where they come from. Neighbours: `cc-wrapper` marks what `as` and `ld` write
//! and checks what `ld` reads; `xtask` marks the host compiler's runtime.
#![forbid(unsafe_code)]

pub mod cli;
mod edit;
mod error;
mod osabi;
mod place;
mod prefix;
mod window;

pub use edit::{copy_marked, edit, mark, set_osabi};
pub use error::Error;
pub use osabi::{Osabi, UnknownOsabi};
pub use place::{Depth, ElfType, Place, osabi_of, places};
pub use prefix::record_prefix;
