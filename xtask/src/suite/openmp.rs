//! OpenMP's conformance: libgomp's tests out of gcc's source and LLVM's tests of its runtime, run by the runner in `tests/`.

use anyhow::Result;

use super::extent::Extent;
use super::tally::Tally;
use super::{gcc, programs};
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps::{self, gcc_testsuite};
use crate::tool::Cmd;

/// LLVM's tests, in the source that the runtime is built from: they include a header of its.
const LLVM_TESTS: &str = "openmp/source/openmp/runtime/test";

/// What belongs to every `cargo xtask test` of LLVM's tests; libgomp's are in the part of gcc's tests that does.
const EVERYDAY_PART: &str = "1/20";

/// All of them.
const WHOLE: &str = "1/1";

/// Builds the tree, unpacks gcc's tests, and runs both suites, or every day a part of LLVM's.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().chain(package::FOR_OPENMP_TEST).copied())?;
    gcc_testsuite::unpack(context)?;
    let with = |cmd: Cmd, part| cmd.args(["--isle", "process", "--part", part]);
    let (gcc, llvm) = (gcc_testsuite::folder(context), context.workspace.build(LLVM_TESTS));
    let libomp = |part| {
        programs::run_runner(context, "libomp", "LLVM's tests of libomp", "libomp-tests", |cmd| {
            with(cmd, part).arg("--libomp").arg(&llvm)
        })
    };
    if extent == Extent::Everyday {
        return libomp(EVERYDAY_PART);
    }
    let libgomp = programs::run_runner(context, "libgomp", "libgomp's tests", gcc::WORK, |cmd| {
        with(cmd, WHOLE).arg("--gcc").arg(&gcc).arg("gcc/libgomp")
    })?;
    Ok(libgomp + libomp(WHOLE)?)
}
