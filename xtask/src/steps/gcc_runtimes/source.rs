//! gcc's source, the parts that the runtime libraries are made of: unpacked and patched.

use std::path::PathBuf;

use crate::context::Context;
use crate::package;
use crate::patches;
use crate::source::{Kind, Source};
use crate::step::Step;
use crate::workspace::Workspace;

/// The version of gcc; the host's compiler must have it as well.
pub const VERSION: &str = "12.2.0";

/// gcc 12.2.0 as Debian has it.
pub const GCC: Source = Source {
    package: "gcc-12-source",
    kind: Kind::Binary,
    archive: "usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz",
    sha256: "50c63ff82919323c25fbbb4a9eae259edc974118a0fb30c905190cb782ec11c2",
};

/// What is unpacked of 100,000 files.
const MEMBERS: &[&str] = &[
    "COPYING.LIB",
    "COPYING.RUNTIME",
    "COPYING3",
    "compile",
    "config",
    "config-ml.in",
    "config.guess",
    "config.sub",
    "depcomp",
    "gcc/BASE-VER",
    "gcc/DATESTAMP",
    "gcc/fortran/libgfortran.h",
    "include",
    "install-sh",
    "libbacktrace",
    "libgcc",
    "libgfortran",
    "libiberty",
    "libquadmath",
    "libstdc++-v3",
    "libtool-ldflags",
    "ltmain.sh",
    "missing",
    "mkdep",
    "mkinstalldirs",
    "move-if-change",
];

/// Tests and manuals stay behind (but for what configure scripts make files of), and the change logs of thirty years.
const EXCLUDED: &[&str] = &["*/testsuite/*/*", "*/doc/html", "*/doc/xml", "*/ChangeLog*"];

/// Where it is unpacked.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.build("gcc-source")
}

/// A member's name in the archive.
pub fn member(name: &str) -> String {
    format!("gcc-{VERSION}/{name}")
}

/// Unpacks and patches it.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let (made, ours) = (folder(workspace), workspace.join("gcc-runtimes/patches"));
    let (source, numbered) = (made.clone(), ours.clone());
    let step = Step::new("gcc-source", "unpack gcc's source", file!(), move |job| {
        let members: Vec<_> = MEMBERS.iter().map(|name| member(name)).collect();
        GCC.unpack_parts(job, &source, &members, EXCLUDED)?;
        patches::apply_all(job, &numbered, &source)
    });
    step.tree(ours).output(made).packages(&[&package::XZ, &package::PATCH])
}
