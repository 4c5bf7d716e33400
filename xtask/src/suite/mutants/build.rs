//! What of the tree a change of a file concerns ([`parts`]), and how that is built, alone and fast.

use std::path::Path;

use anyhow::Result;

use crate::context::Context;
use crate::plan::Plan;
use crate::step::Job;
use crate::steps::{self, host_binary, kernel, libc, openmp};

/// A part of the installed tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `libhermit.a`.
    Kernel,
    /// `libc.a`.
    Libc,
    /// The proxy.
    Proxy,
    /// The driver, with elfedit in it.
    Driver,
    /// The command `hermit`.
    Hermit,
    /// `libomp.a`.
    Openmp,
    /// All that programs in C need, as far as the change concerns it.
    Core,
    /// Everything, as far as the change concerns it.
    Whole,
}

/// What has to be built after a change of `file`, relative to the root; none: nobody knows.
pub fn parts(file: &Path) -> Option<&'static [Part]> {
    const PARTS: &[(&str, &[Part])] = &[
        ("abi", &[Part::Core]),
        ("gcc-runtimes", &[Part::Whole]),
        ("kernel/include", &[Part::Core]),
        ("kernel", &[Part::Kernel]),
        ("newlib-port/crt", &[Part::Libc]),
        ("newlib-port/malloc", &[Part::Libc]),
        ("newlib-port/string", &[Part::Libc]),
        ("newlib-port/sys", &[Part::Libc]),
        ("newlib-port", &[Part::Core]),
        ("openmp-shim", &[Part::Openmp]),
        ("proxy", &[Part::Proxy]),
        ("pthread-embedded/src", &[Part::Libc]),
        ("pthread-embedded", &[Part::Core]),
        ("sysroot/src", &[Part::Driver, Part::Hermit]),
        ("sysroot", &[Part::Core]),
        ("toolchain/cc-wrapper", &[Part::Driver]),
        ("toolchain/elfedit", &[Part::Driver]),
        ("toolchain/hermit", &[Part::Hermit]),
    ];
    PARTS.iter().find(|(folder, _)| file.starts_with(folder)).map(|(_, parts)| *parts)
}

/// What must be built once without a fault, before anything is judged by how it was built with one.
pub fn to_warm(part: Part) -> &'static [Part] {
    match part {
        // A change of a header or a patch is built by the steps, which need nothing warm but cargo's own.
        Part::Core | Part::Whole => &[Part::Kernel, Part::Proxy, Part::Driver],
        Part::Kernel => &[Part::Kernel],
        Part::Proxy => &[Part::Proxy],
        Part::Driver => &[Part::Driver],
        Part::Hermit => &[Part::Hermit],
        // Single objects in a library that was not built here.
        Part::Libc | Part::Openmp => &[],
    }
}

/// Whether building it changes more than the installed tree.
pub fn is_deep(part: Part) -> bool {
    matches!(part, Part::Libc | Part::Openmp | Part::Core | Part::Whole)
}

/// Builds `part` in a copy of the tree in which `file` was changed.
pub fn build(copy: &Context, part: Part, file: &Path) -> Result<()> {
    let plan = match part {
        Part::Libc => {
            let mut job = Job::alone(copy, "libc-objects", "compile single objects of libc.a")?;
            if libc::renew::objects(&mut job, &copy.workspace.join(file))? {
                return Ok(());
            }
            steps::core(copy)?
        }
        Part::Kernel => vec![kernel::step(copy)?],
        Part::Proxy => vec![host_binary::proxy(copy)?],
        Part::Driver => vec![host_binary::driver(copy)?],
        Part::Hermit => vec![host_binary::hermit(copy)?],
        Part::Openmp if file.starts_with("openmp-shim/src") => {
            return openmp::renew_shim(&mut Job::alone(
                copy,
                "openmp-shim",
                "compile what we add to OpenMP",
            )?);
        }
        Part::Openmp => openmp::steps(copy),
        Part::Core => steps::core(copy)?,
        Part::Whole => steps::sysroot(copy)?,
    };
    Plan::new(plan).run(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_concerns_what_is_made_of_the_file() {
        for (file, wanted) in [
            ("kernel/src/sched/core.rs", Some(Part::Kernel)),
            ("kernel/include/hermit/syscall.h", Some(Part::Core)),
            ("pthread-embedded/src/cond.c", Some(Part::Libc)),
            ("newlib-port/patches/0001-x.patch", Some(Part::Core)),
            ("toolchain/elfedit/src/edit.rs", Some(Part::Driver)),
            ("docs/testing.md", None),
            ("kernels/a.rs", None),
        ] {
            assert_eq!(parts(Path::new(file)).map(|parts| parts[0]), wanted, "{file}");
        }
    }
}
