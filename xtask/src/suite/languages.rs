//! C++, Fortran and OpenMP: the runner in `tests/`, on a tree with their runtime libraries.

use anyhow::Result;

use super::{Tally, programs};
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::verb;

/// Builds the tree with the libraries, and runs the programs of these languages.
pub fn run(context: &Context) -> Result<Tally> {
    verb::sysroot::build(context)?;
    verb::sysroot::build_languages(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    let with = |cmd: crate::tool::Cmd| cmd.args(["cxx/", "fortran/", "openmp/"]);
    programs::run_runner(context, "languages", "C++, Fortran and OpenMP", "tests", with)
}
