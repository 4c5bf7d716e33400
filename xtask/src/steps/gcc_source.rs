//! gcc's source as Debian has it: the pin, and names of what is inside.

use crate::source::{Kind, Source};

/// The version of gcc; the host's compiler has it as well.
pub const VERSION: &str = "12.2.0";

/// gcc 12.2.0; unpacked in parts, since it has 100,000 files.
pub const GCC: Source = Source {
    package: "gcc-12-source",
    kind: Kind::Binary,
    archive: "usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz",
    sha256: "50c63ff82919323c25fbbb4a9eae259edc974118a0fb30c905190cb782ec11c2",
};

/// A member's name in the archive.
pub fn member(name: &str) -> String {
    format!("gcc-{VERSION}/{name}")
}
