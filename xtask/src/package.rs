//! Debian packages that verbs and steps need, one table: [`Package`] and how to see that it is there.

use std::ffi::OsString;
use std::path::Path;

/// A Debian package.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// How to see that what it brings is there, however it was installed.
    proof: Proof,
}

#[derive(Debug, PartialEq, Eq)]
enum Proof {
    /// A program in `PATH`.
    Program(&'static str),
    /// A file.
    File(&'static str),
}

const fn program(name: &'static str, program: &'static str) -> Package {
    Package { name, proof: Proof::Program(program) }
}

const fn file(name: &'static str, path: &'static str) -> Package {
    Package { name, proof: Proof::File(path) }
}

/// The host's compiler, which the driver drives.
pub static GCC: Package = program("gcc", "gcc");
/// The host's C++ compiler.
pub static GXX: Package = program("g++", "g++");
/// The host's Fortran compiler.
pub static GFORTRAN: Package = program("gfortran", "gfortran");
/// as, ld, objcopy, ar.
pub static BINUTILS: Package = program("binutils", "objcopy");
/// Computes what libm's results are compared with.
pub static MPFR: Package = file("libmpfr-dev", "/usr/include/mpfr.h");
/// Host headers: native builds to compare with.
pub static LIBC_DEV: Package = file("libc6-dev", "/usr/include/stdio.h");
/// newlib's build.
pub static MAKE: Package = program("make", "make");
/// OpenMP's build makes its messages with it.
pub static PYTHON: Package = program("python3", "python3");
/// Applies our patches to upstream sources.
pub static PATCH: Package = program("patch", "patch");
/// Unpacks upstream archives.
pub static XZ: Package = program("xz-utils", "xz");
/// Unpacks upstream archives.
pub static BZIP2: Package = program("bzip2", "bzip2");
/// SQLite's build (a port); modulecmd is written in it.
pub static TCL: Package = program("tcl", "tclsh");
/// dpkg-source, dpkg-scanpackages.
pub static DPKG_DEV: Package = program("dpkg-dev", "dpkg-source");
/// apt-ftparchive.
pub static APT_FTPARCHIVE: Package = program("apt-utils", "apt-ftparchive");
/// Signs the repository.
pub static GNUPG: Package = program("gnupg", "gpg");
/// Checks the packages.
pub static LINTIAN: Package = program("lintian", "lintian");
/// Debugs programs in both isles.
pub static GDB: Package = program("gdb", "gdb");
/// The qemu isle.
pub static QEMU: Package = program("qemu-system-x86", "qemu-system-x86_64");

/// Build systems and launchers that the tests drive.
pub static CMAKE: Package = program("cmake", "cmake");
/// See [`CMAKE`].
pub static MESON: Package = program("meson", "meson");
/// See [`CMAKE`].
pub static AUTOCONF: Package = program("autoconf", "autoconf");
/// See [`CMAKE`].
pub static PKG_CONFIG: Package = program("pkg-config", "pkg-config");
/// See [`CMAKE`].
pub static CCACHE: Package = program("ccache", "ccache");
/// See [`CMAKE`].
pub static DISTCC: Package = program("distcc", "distcc");
/// See [`CMAKE`].
pub static MODULES: Package = program("environment-modules", "modulecmd");
/// The user's Go, which the driver drives.
pub static GO: Package = program("golang-go", "go");
/// Asks a server that the tests start.
pub static CURL: Package = program("curl", "curl");
/// The second family of compilers.
pub static CLANG: Package = program("clang-19", "clang-19");
/// What bindgen reads C headers with.
pub static LIBCLANG: Package = file("libclang1-19", "/usr/lib/llvm-19/lib/libclang-19.so.1");
/// Where it is.
pub const LIBCLANG_FOLDER: &str = "/usr/lib/llvm-19/lib";
/// Its OpenMP runtime for the host.
pub static LIBOMP: Package = file("libomp-19-dev", "/usr/lib/llvm-19/lib/libomp.so");
/// FileCheck and `not`, with which LLVM's tests are written.
pub static LLVM_TOOLS: Package = file("llvm-19-tools", "/usr/lib/llvm-19/bin/FileCheck");

/// Starts ranks, isles too.
pub static MPICH: Package = program("mpich", "mpiexec.hydra");
/// Native builds to compare with.
pub static MPICH_DEV: Package = program("libmpich-dev", "mpicc.mpich");

/// Installed by `demo` if it can be, and by `run` if it is asked for, for the qemu isle.
pub const FOR_QEMU: &[&Package] = &[&QEMU];
/// Programs x isles, compared with native builds; unit tests of what stands around them. One list for every suite that runs
/// programs, so that none relies on what another has installed.
pub const FOR_TEST: &[&Package] = &[
    &GCC,
    &GXX,
    &GFORTRAN,
    &BINUTILS,
    &QEMU,
    &LIBC_DEV,
    &GDB,
    &MAKE,
    &CMAKE,
    &MESON,
    &AUTOCONF,
    &PKG_CONFIG,
    &CCACHE,
    &DISTCC,
    &MODULES,
    &TCL,
    &CLANG,
    &GO,
    &CURL,
];
/// Measurements: native twins, and Debian's build of LLVM's OpenMP runtime.
pub const FOR_BENCH: &[&Package] = &[&GCC, &BINUTILS, &LIBC_DEV, &GDB, &QEMU, &LIBOMP];
/// libm's tests, beside what all tests need.
pub const FOR_MATH_TEST: &[&Package] = &[&MPFR];
/// LLVM's tests of its OpenMP runtime, compared with Debian's build of it.
pub const FOR_OPENMP_TEST: &[&Package] = &[&LIBOMP, &LLVM_TOOLS, &PYTHON];
/// Programs with MPI, compared with native builds.
pub const FOR_MPI_TEST: &[&Package] = &[&MPICH, &MPICH_DEV];
/// Packages and their repository.
pub const FOR_DIST: &[&Package] = &[&APT_FTPARCHIVE, &GNUPG, &LINTIAN, &DPKG_DEV];

impl Package {
    /// Whether what the package brings is there.
    pub fn is_there(&self) -> bool {
        match self.proof {
            Proof::File(path) => Path::new(path).exists(),
            Proof::Program(name) => {
                which::which_in_global(name, Some(folders())).is_ok_and(|mut found| found.next().is_some())
            }
        }
    }
}

/// `PATH`, and where Debian keeps some tools that only root's has.
fn folders() -> OsString {
    let mut folders = std::env::var_os("PATH").unwrap_or_default();
    folders.push(":/usr/sbin:/sbin");
    folders
}

#[cfg(test)]
mod tests;
