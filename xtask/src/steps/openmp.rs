//! OpenMP: LLVM's (Intel's) runtime from Debian's source of LLVM, patched for hermit, built by CMake with our own
//! driver, and what libgomp has beyond it (`openmp-shim/`, which is the room to read).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sysroot::Prefix;

use crate::cmake::{self, Project};
use crate::context::Context;
use crate::files::{copy, empty_folder, link, write};
use crate::objects::{self, Folder, Object};
use crate::package;
use crate::patches;
use crate::source::{Kind, Source};
use crate::step::{Job, Step};
use crate::steps::libc::interface;
use crate::tool::Cmd;
use crate::workspace::Workspace;

/// LLVM 19.1.7 as Debian has it, whose `openmp` we build.
pub const LLVM: Source = Source {
    package: "llvm-toolchain-19",
    kind: Kind::Source,
    archive: "llvm-toolchain-19_19.1.7.orig.tar.xz",
    sha256: "ae498f3bc58ae2d9f64ef5f0c035c4240152bf015a5b7738b15c22e93bdc97ce",
};

/// What is unpacked of it.
const PARTS: [&str; 2] = ["openmp", "cmake"];

/// The archive's top folder.
const TOP: &str = "llvm-toolchain-19_19.1.7";

/// How CMake is asked for a static library without what an isle has no use for: ITT is for Intel's profilers, OMPD for
/// debuggers that load a library of ours, the tools are for Linux.
const OPTIONS: &[&str] = &[
    "LIBOMP_ENABLE_SHARED=OFF",
    "LIBOMP_OMPT_SUPPORT=ON",
    "LIBOMP_USE_ITT_NOTIFY=OFF",
    "LIBOMP_OMPD_SUPPORT=OFF",
    "OPENMP_ENABLE_OMPT_TOOLS=OFF",
    "OPENMP_ENABLE_LIBOMPTARGET=OFF",
];

/// What the runtime's objects are compiled with beside CMake's own flags.
const FLAGS: &[&str] = &[
    "-g0",
    "-ftls-model=local-exec",
    "-ffunction-sections",
    "-fdata-sections",
    "-fcf-protection=none",
    "-Wno-psabi",
];

/// Sources of what we add.
const SHIM: [&str; 3] = ["target", "device_memory", "message"];

/// Headers for users that CMake makes.
const HEADERS: &[&str] = &["omp.h", "ompx.h", "omp-tools.h"];

/// What gfortran finds beside its own modules: `use omp_lib`.
const MODULES: &[&str] = &["omp_lib.mod", "omp_lib_kinds.mod"];

/// Where they come from, beside them.
const MODULE_SOURCE: &str = "omp_lib.F90";

/// For Fortran without modules: `include 'omp_lib.h'`. LLVM's own is for Intel's compiler, so this one is ours.
const FORTRAN_HEADER: &str = "omp_lib.h";

/// The licence, as LLVM's source has it.
const LICENSE: &str = "LICENSE.TXT";

/// The library under the names by which compilers ask for it; the first is the file.
const LIBRARIES: &[&str] = &["libomp.a", "libgomp.a", "libiomp5.a"];

/// What gcc reads for -fopenmp; it looks for the file where it looks for `as`.
const SPEC: &str = "*link_gomp:\n-lomp\n";

/// Where things are while it is built.
#[derive(Clone, Debug)]
struct Rooms {
    shim: PathBuf,
    source: PathBuf,
    /// Where CMake builds, in the folder `build`.
    out: PathBuf,
    build: PathBuf,
    target: PathBuf,
    prefix: Prefix,
}

impl Rooms {
    fn new(workspace: &Workspace) -> Self {
        let out = workspace.build("openmp");
        Self {
            shim: workspace.join("openmp-shim"),
            source: out.join("source"),
            build: out.join("build"),
            out,
            target: workspace.target().to_path_buf(),
            prefix: workspace.prefix(),
        }
    }

    /// Where CMake leaves what it makes.
    fn made(&self) -> PathBuf {
        self.build.join("runtime/src")
    }
}

/// The steps: unpacking takes as long as some others do beside it.
pub fn steps(context: &Context) -> Vec<Step> {
    vec![source(context), step(context)]
}

/// Unpacks and patches LLVM's source.
fn source(context: &Context) -> Step {
    let rooms = Rooms::new(&context.workspace);
    let (made, ours) = (rooms.source.clone(), rooms.shim.join("patches"));
    let step = Step::new("openmp-source", "unpack the source of OpenMP's runtime", file!(), move |job| {
        let members = PARTS.map(|part| format!("{TOP}/{part}"));
        LLVM.unpack_parts(job, &rooms.source, &members, &[])?;
        patches::apply_all(job, &rooms.shim.join("patches"), &rooms.source.join("openmp"))
    });
    step.text("sha256", LLVM.sha256).tree(ours).output(made).packages(&[&package::XZ, &package::PATCH])
}

/// Builds and installs it.
fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let rooms = Rooms::new(workspace);
    let prefix = workspace.prefix();
    let step = Step::new("openmp", "compile OpenMP's runtime", file!(), {
        let rooms = rooms.clone();
        move |job| {
            compile(job, &rooms)?;
            compile_shim(job, &rooms)?;
            compile_modules(job, &rooms)?;
            install(&rooms)
        }
    });
    let step = step
        // It is written in C++, and CMake tries out programs, with the proxy.
        .after(&["openmp-source", "gcc-runtimes", "proxy"])
        .text("sha256", LLVM.sha256)
        .tree(rooms.shim.clone())
        .tree(prefix.include().join("c++"))
        .output(prefix.compiler_tools().join("libgomp.spec"))
        .output(license(&prefix))
        .packages(&[&package::CMAKE, &package::MAKE, &package::PYTHON])
        .packages(&[&package::GXX, &package::GFORTRAN]);
    let headers = HEADERS.iter().map(|name| prefix.openmp_include().join(name));
    let modules = MODULES.iter().chain([&FORTRAN_HEADER]).map(|name| prefix.fortran_modules().join(name));
    let libraries = LIBRARIES.iter().map(|name| prefix.lib().join(name));
    headers.chain(modules).chain(libraries).fold(interface::depends_on(step, workspace), Step::output)
}

fn compile(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    empty_folder(&rooms.build)?;
    let map = format!("-ffile-prefix-map={}=build", rooms.target.join("build").display());
    let include = format!("-isystem {}", rooms.shim.join("include").display());
    let toolchain = rooms.prefix.cmake().join("hermit-gcc.cmake");
    let defines = [
        format!("CMAKE_TOOLCHAIN_FILE={}", toolchain.display()),
        // Nothing of what the user has in CFLAGS.
        "CMAKE_C_FLAGS=".to_owned(),
        "CMAKE_ASM_FLAGS=".to_owned(),
        format!("CMAKE_CXX_FLAGS={} {map} {include}", FLAGS.join(" ")),
    ];
    let project = Project {
        source: rooms.source.join("openmp"),
        out: rooms.out.clone(),
        target: "omp".to_owned(),
        cc: rooms.prefix.tool("gcc"),
        cxx: rooms.prefix.tool("g++"),
        defines: OPTIONS.iter().map(ToString::to_string).chain(defines).collect(),
    };
    job.run(project.command(Path::new(cmake::THIS)))
}

/// Adds our objects to the archive.
fn compile_shim(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    let mut build = objects::build(job.workspace());
    build.flag("-O2").flags(FLAGS).include(rooms.made());
    let object = |name: &str| Object {
        name: format!("hermit_{name}.o"),
        source: rooms.shim.join("src").join(format!("{name}.c")),
        build: build.clone(),
    };
    let folder = Folder { path: rooms.build.join("shim"), basis: String::new() };
    folder.compile(job, &SHIM.map(object))?;
    // In this order.
    let objects = SHIM.map(|name| folder.path.join(object(name).name));
    job.run(Cmd::new(rooms.prefix.tool("ar")).arg("rcsD").arg(rooms.made().join("libomp.a")).args(objects))
}

/// Only what we add, in a library that is there: for trials ([`crate::suite::mutants`]).
pub fn renew_shim(job: &mut Job<'_>) -> Result<()> {
    let rooms = Rooms::new(job.workspace());
    compile_shim(job, &rooms)?;
    copy(&rooms.made().join(LIBRARIES[0]), &rooms.prefix.lib().join(LIBRARIES[0]))
}

/// The modules have no code: their procedures are the library's own.
fn compile_modules(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    // gfortran takes the values of some schedules for too large. The source's name is inside of the modules.
    let cmd = Cmd::new(rooms.prefix.tool("gfortran")).args(["-cpp", "-fsyntax-only", "-fno-range-check"]);
    job.run(cmd.arg(MODULE_SOURCE).cwd(rooms.made()))
}

fn license(prefix: &Prefix) -> PathBuf {
    prefix.licenses().join("libomp").join(LICENSE)
}

fn install(rooms: &Rooms) -> Result<()> {
    let prefix = &rooms.prefix;
    for name in MODULES {
        copy(&rooms.made().join(name), &prefix.fortran_modules().join(name))?;
    }
    let header = rooms.shim.join("fortran").join(FORTRAN_HEADER);
    copy(&header, &prefix.fortran_modules().join(FORTRAN_HEADER))?;
    for name in HEADERS {
        copy(&rooms.made().join(name), &prefix.openmp_include().join(name))?;
    }
    let (first, others) = LIBRARIES.split_first().context("the library has a name")?;
    copy(&rooms.made().join(first), &prefix.lib().join(first))?;
    others.iter().try_for_each(|name| link(Path::new(first), &prefix.lib().join(name)))?;
    copy(&rooms.source.join("openmp").join(LICENSE), &license(prefix))?;
    write(&prefix.compiler_tools().join("libgomp.spec"), SPEC)
}
