//! gcc's tests and those of its runtime libraries, unpacked for the suite that runs them.

use std::path::PathBuf;

use anyhow::Result;

use super::gcc_runtimes::source::{GCC, member};
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::step::Step;

/// What is unpacked of gcc's testsuites.
const MEMBERS: &[&str] = &[
    "gcc/testsuite/gcc.c-torture/execute",
    "gcc/testsuite/g++.dg/torture",
    "gcc/testsuite/gfortran.dg",
    "gcc/testsuite/gfortran.fortran-torture/execute",
    "libstdc++-v3/testsuite",
    "include/gomp-constants.h",
    "libgomp/libgomp_g.h",
    "libgomp/testsuite",
];

/// Where they are.
pub fn folder(context: &Context) -> PathBuf {
    context.workspace.build("gcc-testsuite")
}

/// Unpacks them.
pub fn unpack(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    let folder = folder(context);
    let made = folder.clone();
    let step = Step::new("gcc-testsuite", "unpack gcc's tests", file!(), move |job| {
        GCC.unpack_parts(job, &made, &MEMBERS.iter().map(|name| member(name)).collect::<Vec<_>>(), &[])
    });
    Plan::new([step.text("sha256", GCC.sha256).output(folder).packages(&[&package::XZ])]).run(context)
}
