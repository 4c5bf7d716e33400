//! The runtime libraries of C++ and Fortran in the tree are those of one version of gcc, and a compiler of another
//! version calls what they do not have, or calls it differently: [`check`] says so before anything is compiled.

use std::ffi::OsString;
use std::path::Path;

use super::FrontEnd;
use crate::command::Command;
use crate::{Context, Error, host};
use sysroot::GCC_MAJOR;

/// The library that a front end's programs cannot do without.
const fn library(front_end: FrontEnd) -> Option<(&'static str, &'static str)> {
    match front_end {
        FrontEnd::Gxx => Some(("g++", "libstdc++")),
        FrontEnd::Gfortran => Some(("gfortran", "libgfortran")),
        FrontEnd::Gcc | FrontEnd::Cpp | FrontEnd::Foreign(_) => None,
    }
}

/// Fails if `compiler` is of another version than the library in the tree. Without a file to work on (`-dumpversion`,
/// `-v`) or without a library there is nothing to say.
pub fn check(
    front_end: FrontEnd,
    context: &Context,
    compiler: &Path,
    expanded: &[OsString],
) -> Result<(), Error> {
    let Some((name, library)) = library(front_end) else { return Ok(()) };
    let is_file = |argument: &OsString| argument == "-" || !argument.as_encoded_bytes().starts_with(b"-");
    let is_there = || context.prefix.gcc_lib().join(library).with_extension("a").is_file();
    if !expanded.iter().any(is_file) || !is_there() {
        return Ok(());
    }
    let found = match host::major_of(compiler) {
        Some(major) => major,
        None => ask(compiler)?,
    };
    if found.split('.').next() == Some(GCC_MAJOR) {
        return Ok(());
    }
    Err(Error::OtherVersion { name, program: compiler.to_owned(), found, library })
}

/// What the compiler itself says: its file's name may be anything, and a launcher's.
fn ask(compiler: &Path) -> Result<String, Error> {
    let (text, _) = Command::new(compiler.to_owned(), &["-dumpversion".into()]).capture()?;
    Ok(String::from_utf8_lossy(&text).trim().to_owned())
}
