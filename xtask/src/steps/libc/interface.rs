//! What the C library promises, for the steps of libraries that are built on it: [`depends_on`].

use std::path::PathBuf;

use super::rooms::{NEWLIB, Rooms};
use crate::step::Step;
use crate::workspace::Workspace;

/// Headers of newlib that promise what is not there (fork, wordexp, user accounting, a database on disk),
/// that mean another machine, or that the compiler brings itself (stdatomic.h).
pub const LEFT_OUT: &[&str] =
    &["devctl.h", "ndbm.h", "regdef.h", "rpc", "spawn.h", "stdatomic.h", "sys/dir.h", "utmp.h", "wordexp.h"];

/// For libraries built on the C library: `step` depends on what it promises (headers, and the names that configure
/// scripts ask for) and on how programs are compiled, not on how its functions work.
pub fn depends_on(step: Step, workspace: &Workspace) -> Step {
    let (rooms, prefix) = (Rooms::new(workspace), workspace.prefix());
    step.after(&["libc"])
        .text("newlib", NEWLIB.sha256)
        .tree(rooms.port.join("patches"))
        .tree(rooms.port.join("include"))
        .tree(rooms.threads.join("include"))
        .file(names_file(workspace))
        .file(prefix.specs())
        // It comes from the host's compiler, so another compiler is noticed as well.
        .file(prefix.gcc_lib().join("libgcc.a"))
}

/// Where the names are that the libraries define.
pub fn names_file(workspace: &Workspace) -> PathBuf {
    workspace.build("libc").join("names")
}
