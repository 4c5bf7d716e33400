//! MPI: MPICH from Debian's source, patched in one function, built by its own configure script with our driver
//! (`mpich-port/`, which is the room to read). It takes minutes, and is built for those who ask for it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sysroot::Prefix;

use crate::context::Context;
use crate::files::{copy, empty_folder, link};
use crate::package;
use crate::patches;
use crate::plan::Plan;
use crate::source::{Kind, Source};
use crate::step::{Job, Step};
use crate::steps;
use crate::steps::libc::interface;
use crate::tool::Cmd;

/// MPICH 4.0.2 as Debian has it.
pub const MPICH: Source = Source {
    package: "mpich",
    kind: Kind::Source,
    archive: "mpich_4.0.2.orig.tar.xz",
    sha256: "b27039f964afeb6b8a3e009c56b441cbe368c26d6d6476ad3bb7190996875860",
};

/// How it is configured. The device shares memory on a host and uses TCP between hosts; the launcher is the host's.
const OPTIONS: &[&str] = &[
    "--with-device=ch3:nemesis",
    "--with-pm=no",
    "--with-pmi=simple",
    "--enable-static",
    "--disable-shared",
    "--enable-cxx",
    "--enable-fortran=all",
    "--disable-romio",
    "--without-yaksa",
    "--without-hwloc",
    "--disable-opencl",
    "--without-ze",
    "--without-cuda",
    "--without-hip",
    "--enable-fast=O2,ndebug",
    "--disable-debuginfo",
    // MPICH calls its own procedures with arguments of many types.
    "FFLAGS=-fallow-argument-mismatch",
    "FCFLAGS=-fallow-argument-mismatch",
];

/// Archives, below `lib/.libs` of the build.
const LIBRARIES: &[&str] = &["libmpi.a", "libmpicxx.a", "libmpifort.a"];

/// Headers, in the build.
const HEADERS: &[&str] = &["src/include/mpi.h", "src/binding/cxx/mpicxx.h"];

/// Of the source.
const PROTOTYPES: &str = "src/include/mpi_proto.h";

/// Where the build leaves what Fortran's programs use.
const FORTRAN: &[&str] = &["src/binding/fortran/use_mpi", "src/binding/fortran/use_mpi_f08"];

/// For Fortran without modules.
const FORTRAN_HEADER: &str = "src/binding/fortran/mpif_h/mpif.h";

/// The compilers' names with MPI; the first is the file.
const WRAPPERS: &[&str] = &["mpicc", "mpicxx", "mpic++", "mpif77", "mpif90", "mpifort"];

/// The licence, as the source has it.
const LICENSE: &str = "COPYRIGHT";

#[derive(Clone, Debug)]
struct Rooms {
    port: PathBuf,
    source: PathBuf,
    build: PathBuf,
    target: PathBuf,
    prefix: Prefix,
}

impl Rooms {
    fn new(context: &Context) -> Self {
        let workspace = &context.workspace;
        let out = workspace.build("mpich");
        Self {
            port: workspace.join("mpich-port"),
            source: out.join("source"),
            build: out.join("build"),
            target: workspace.target().to_path_buf(),
            prefix: workspace.prefix(),
        }
    }
}

/// Builds the whole tree, and MPICH.
pub fn build(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    let mut all = steps::sysroot(context)?;
    all.extend([source(context), step(context)]);
    Plan::new(all).run(context)
}

/// Unpacks and patches its source.
fn source(context: &Context) -> Step {
    let rooms = Rooms::new(context);
    let (made, ours) = (rooms.source.clone(), rooms.port.join("patches"));
    let step = Step::new("mpich-source", "unpack the source of MPICH", file!(), move |job| {
        MPICH.unpack(job, &rooms.source)?;
        patches::apply_all(job, &rooms.port.join("patches"), &rooms.source)
    });
    step.text("sha256", MPICH.sha256).tree(ours).output(made).packages(&[&package::XZ, &package::PATCH])
}

/// Builds and installs it.
fn step(context: &Context) -> Step {
    let rooms = Rooms::new(context);
    let prefix = rooms.prefix.clone();
    let wrapper = rooms.port.join("wrapper");
    let patches = rooms.port.join("patches");
    let step = Step::new("mpich", "compile MPICH", file!(), move |job| {
        compile(job, &rooms)?;
        install(&rooms)
    });
    let step = step
        // It is written in C++ and Fortran, too, and configure tries out programs, with the proxy.
        .after(&["mpich-source", "gcc-runtimes", "openmp", "build-systems", "config-sub", "kernel", "proxy"])
        .text("sha256", MPICH.sha256)
        .tree(patches)
        .file(wrapper)
        .output(prefix.licenses().join("mpich").join(LICENSE))
        .packages(&[&package::MAKE, &package::GXX, &package::GFORTRAN]);
    let libraries = LIBRARIES.iter().map(|name| prefix.lib().join(name));
    let wrappers = WRAPPERS.iter().map(|name| prefix.tool(name));
    libraries.chain(wrappers).fold(interface::depends_on(step, &context.workspace), Step::output)
}

fn compile(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    empty_folder(&rooms.build)?;
    let map = format!("-ffile-prefix-map={}=build", rooms.target.join("build").display());
    let tool = |name: &str, variable: &str| format!("{variable}={}", rooms.prefix.tool(name).display());
    let configure = Cmd::new(rooms.prefix.bin().join("hermit-configure"))
        .arg(rooms.source.join("configure"))
        .args(OPTIONS)
        .args([tool("gcc", "CC"), tool("g++", "CXX"), tool("gfortran", "F77"), tool("gfortran", "FC")])
        .args([format!("MPICHLIB_CFLAGS=-g0 {map}"), format!("MPICHLIB_CXXFLAGS=-g0 {map}")])
        .cwd(&rooms.build);
    // What the user has for other compilers.
    let configure =
        ["CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LIBS"].into_iter().fold(configure, Cmd::env_remove);
    job.run(
        configure.note(format!("configure's reasons are in {}", rooms.build.join("config.log").display())),
    )?;
    // libtool calls ar and its kin by their names, as hermit-configure lets them be found.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [rooms.prefix.bin()].into_iter().chain(std::env::split_paths(&path));
    let make = Cmd::new("make").takes_cores().env("PATH", std::env::join_paths(folders)?);
    job.run(make.cwd(&rooms.build).env_remove("MAKELEVEL"))
}

fn install(rooms: &Rooms) -> Result<()> {
    let prefix = &rooms.prefix;
    for name in LIBRARIES {
        copy(&rooms.build.join("lib/.libs").join(name), &prefix.lib().join(name))?;
    }
    let into = |from: &Path, folder: &Path| match from.file_name() {
        Some(name) => copy(from, &folder.join(name)),
        None => Ok(()),
    };
    for name in HEADERS {
        into(&rooms.build.join(name), &prefix.include())?;
    }
    into(&rooms.source.join(PROTOTYPES), &prefix.include())?;
    // gfortran looks for both there by itself.
    into(&rooms.build.join(FORTRAN_HEADER), &prefix.fortran_modules())?;
    for folder in FORTRAN {
        for module in crate::files::list_with(&rooms.build.join(folder), &["mod"])? {
            into(&module, &prefix.fortran_modules())?;
        }
    }
    copy(&rooms.port.join("wrapper"), &prefix.tool(WRAPPERS[0]))?;
    for name in &WRAPPERS[1..] {
        let first = prefix.tool(WRAPPERS[0]);
        link(Path::new(first.file_name().unwrap_or_default()), &prefix.tool(name))?;
    }
    copy(&rooms.source.join(LICENSE), &prefix.licenses().join("mpich").join(LICENSE))
}
