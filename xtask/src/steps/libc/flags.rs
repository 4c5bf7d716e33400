//! How the C library's objects are compiled.

use crate::objects;
use crate::workspace::Workspace;

/// What every object of the C library is compiled with: the same on every host, whatever its gcc's defaults are.
/// `memcpy` and its kin must not be compiled into calls to themselves; the stack protector needs what libc sets up.
const FLAGS: &[&str] = &[
    "-O2",
    "-g0",
    "-fno-builtin",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-ftls-model=local-exec",
    "-Wa,--noexecstack",
];

/// The flags as one word list, with this checkout's path taken out of `__FILE__`.
pub fn flags(workspace: &Workspace) -> Vec<String> {
    let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
    let maps = [(workspace.target().join("build"), "build"), (workspace.root().to_path_buf(), "hermit")];
    flags.extend(maps.map(|(from, to)| format!("-ffile-prefix-map={}={to}", from.display())));
    flags
}

/// How its objects are compiled.
pub fn build(workspace: &Workspace) -> cc::Build {
    let mut build = objects::build(workspace);
    build.flags(flags(workspace)).std("gnu17").define("_GNU_SOURCE", None);
    build
}
