//! libstdc++, libgfortran and libquadmath, built by our own driver as `gcc-runtimes/Makefile` says.

use anyhow::{Result, bail};

use super::source::{self, VERSION};
use crate::context::Context;
use crate::files::{copy, empty_folder};
use crate::package;
use crate::step::{Job, Step};
use crate::steps::libc::interface;
use crate::tool::Cmd;

/// What every object is compiled with: the same on every host, whatever its gcc's defaults are. Images are static, so
/// thread-local variables have fixed places.
const FLAGS: &[&str] = &[
    "-O2",
    "-g0",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-ftls-model=local-exec",
    // libgfortran asks whether there are threads by looking for one function of theirs and then calls others, which a static
    // image may not have: without this it would have all that it calls.
    "-DGTHREAD_USE_WEAK=0",
];

/// What is installed beside libgcc.
const LIBRARIES: &[&str] = &[
    "libstdc++.a",
    "libsupc++.a",
    "libstdc++fs.a",
    "libquadmath.a",
    "libgfortran.a",
    "libcaf_single.a",
    "libgfortran.spec",
];

/// Licences, as gcc's source has them.
const LICENSES: &[&str] = &["COPYING3", "COPYING.RUNTIME", "COPYING.LIB"];

/// Headers that are installed beside those of C.
const HEADERS: &[&str] = &["quadmath.h", "ISO_Fortran_binding.h"];

/// Builds and installs them.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let prefix = workspace.prefix();
    let room = workspace.join("gcc-runtimes");
    let licenses = prefix.licenses().join("gcc");
    let outputs = LIBRARIES.iter().map(|name| prefix.gcc_lib().join(name));
    let outputs = outputs.chain(LICENSES.iter().map(|name| licenses.join(name)));
    let about = "compile libstdc++ and libgfortran";
    let step = Step::new("gcc-runtimes", about, file!(), build);
    let step = step
        // The configure scripts link programs.
        .after(&["gcc-source", "kernel", "build-systems"])
        .file(room.join("Makefile"))
        .tree(room.join("patches"))
        .text("sha256", source::GCC.sha256)
        .output(prefix.include().join("c++/12"))
        .packages(&[&package::GCC, &package::GXX, &package::GFORTRAN, &package::BINUTILS, &package::MAKE]);
    let outputs = outputs.chain(HEADERS.iter().map(|name| prefix.include().join(name)));
    outputs.fold(interface::depends_on(step, workspace), Step::output)
}

fn build(job: &mut Job<'_>) -> Result<()> {
    let workspace = job.workspace().clone();
    let (prefix, source) = (workspace.prefix(), source::folder(&workspace));
    check_version(job)?;
    let scratch = job.scratch()?;
    // Headers of another version would stay.
    empty_folder(&prefix.include().join("c++/12"))?;
    let mut flags = FLAGS.join(" ");
    for (from, to) in [(workspace.target().join("build"), "build"), (prefix.root().to_path_buf(), "hermit")] {
        flags.push_str(&format!(" -ffile-prefix-map={}={to}", from.display()));
    }
    let make = Cmd::new("make").takes_cores().arg("-f");
    let make = make.arg(workspace.join("gcc-runtimes/Makefile")).arg("SOURCE=../gcc-source");
    let make = make.arg(format!("PREFIX={}", prefix.root().display())).arg(format!("CFLAGS={flags}"));
    let make = make.cwd(&scratch).env_remove("MAKELEVEL");
    job.run(make.note("why a configure script gave up is in its folder's config.log"))?;
    debug_assert_eq!(source.file_name(), Some("gcc-source".as_ref()));
    for name in LIBRARIES.iter().filter(|name| name.ends_with(".a")) {
        elfedit::mark(&prefix.gcc_lib().join(name))?;
    }
    LICENSES.iter().try_for_each(|name| copy(&source.join(name), &prefix.licenses().join("gcc").join(name)))
}

/// The compilers write calls for their own version's runtime, and libgcc comes from the host.
fn check_version(job: &mut Job<'_>) -> Result<()> {
    for compiler in ["g++", "gfortran"] {
        let tool = job.workspace().prefix().tool(compiler);
        let found = job.read(Cmd::new(tool).arg("-dumpfullversion"))?;
        if found.trim() != VERSION {
            let major = VERSION.split('.').next().unwrap_or(VERSION);
            bail!(
                "the host's {compiler} is {}, the runtime libraries are those of gcc {VERSION}\nnote: apt install \
                 g++-{major} gfortran-{major} and set HERMIT_HOST_GCC=gcc-{major}, or pin the source of the host's \
                 version in xtask/src/steps/gcc_runtimes/source.rs",
                found.trim()
            );
        }
    }
    Ok(())
}
