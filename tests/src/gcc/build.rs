//! Compiles one of gcc's tests, natively or for the isles: [`executable`].

use std::fs;
use std::path::{Path, PathBuf};

use super::directives::NO_PCH;
use super::suites::Support;
use super::test::Test;
use super::workshop::{LIBSTDCXX_FLAGS, Workshop, command, run};
use crate::compiler::Target;
use crate::lab::Lab;

/// The executable of `test`.
///
/// # Errors
/// What the compiler said.
pub fn executable(lab: &Lab, workshop: &Workshop, test: &Test, target: Target) -> Result<PathBuf, String> {
    // Compilers leave modules and more where they run.
    let folder = lab.folder(&test.name).join(format!("build-{}", target.name()));
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let image = folder.join("test");
    let mut command = command(lab, target, test.suite.compiler);
    command.current_dir(&folder).arg("-w");
    if test.suite.support == Support::Libstdcxx {
        command.args(LIBSTDCXX_FLAGS).arg("-I").arg(workshop.libstdcxx_headers());
        if let Some(standard) = standard_of_header(test) {
            command.arg("-include").arg(workshop.header(lab, target, standard)?);
        }
    }
    if test.suite.support == Support::Libgomp {
        command.args(workshop.libgomp_headers().iter().flat_map(|folder| [Path::new("-I"), folder]));
    }
    // Libraries among the flags must come behind what needs them.
    let is_library = |flag: &&String| flag.starts_with("-l");
    let flags = &test.directives.flags;
    command.args(flags.iter().filter(|flag| !is_library(flag)));
    let beside = test.source.parent().unwrap_or(&test.source);
    let (modules, sources) = (&test.directives.modules, &test.directives.sources);
    command.args(modules.iter().map(|name| beside.join(name)));
    command.arg(&test.source).args(sources.iter().map(|name| beside.join(name)));
    if test.suite.support == Support::Libstdcxx {
        command.arg(workshop.libtestcxx(lab, target)?);
    }
    command.args(flags.iter().filter(is_library)).arg("-lm").arg("-o").arg(&image);
    run(&mut command)?;
    Ok(image)
}

/// The standard whose precompiled header serves `test`: the header is made without optimisation and further flags, and
/// macros that change headers would come too late.
fn standard_of_header(test: &Test) -> Option<&str> {
    let mut standard = "";
    for flag in &test.directives.flags {
        match flag.as_str() {
            NO_PCH => return None,
            "-O0" | "-pthread" => {}
            flag if flag.starts_with("-std=") => standard = flag,
            flag if flag.starts_with("-l") || flag.starts_with("-W") => {}
            _ => return None,
        }
    }
    test.is_plain.then_some(standard)
}
