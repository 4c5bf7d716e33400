//! [`Host`]: where the host's compilers and binutils are.
//!
//! A compiler is, in this order: what the variable `HERMIT_HOST_<NAME>` says, what a [`crate::choices`] file says, the
//! program of that name in `PATH`. Of gcc that is the one whose version our runtime libraries have, if there are several. A name with a version (`x86_64-hermit-gcc-12`) means the host's program of just
//! that version; variables do not change it, files may say where it is.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::choices::{Choice, Choices};

/// Versions that a compiler's name may end in, newest first, for hosts that have no unversioned name (Debian's
/// package `clang-19` brings only `clang-19`).
const VERSIONS: std::ops::RangeInclusive<u32> = 11..=30;

/// How to look for the host's tools.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Folders to search, as in `PATH`.
    pub path: OsString,
    /// Which compilers the user chose.
    pub choices: Choices,
    /// The version in the name we were called by: `12` of `x86_64-hermit-gcc-12`.
    pub version: Option<String>,
    /// This driver without links: a tool that leads here is not the host's.
    pub own: Option<PathBuf>,
}

/// A tool of the host is missing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HostError {
    /// No gcc in `PATH`.
    #[error("no gcc found in PATH: HermitCore's compiler drives the host's\nnote: apt install gcc")]
    NoGcc,
    /// gcc is there, but not this member of its family.
    #[error(
        "no {0} found beside gcc or in PATH: HermitCore's compilers drive the host's\nnote: apt install {0}"
    )]
    NoCompiler(&'static str),
    /// No such foreign compiler.
    #[error(
        "no {name} found in PATH: HermitCore's {name} drives the host's\n\
         note: {cure}, or name it with {variable}=PROGRAM",
        variable = crate::choices::variable(name)
    )]
    NoForeign {
        /// The program.
        name: &'static str,
        /// Where it comes from.
        cure: &'static str,
    },
    /// A name with a version that the host does not have.
    #[error(
        "no {0} found in PATH: the name asks for just this version\nnote: install it, or call the tool without the version"
    )]
    NoVersion(String),
    /// A choice leads nowhere.
    #[error("{0}: no such program\nnote: give a path or a name in PATH, or leave the choice out")]
    NoChosen(Choice),
    /// A choice leads back to this driver.
    #[error("{0} is HermitCore's own driver\nnote: it must name a compiler of the host, or be left out")]
    ChosenSelf(Choice),
    /// A part of binutils is missing.
    #[error("no {0} found in PATH: HermitCore's binutils use the host's\nnote: apt install binutils")]
    NoBinutils(&'static str),
    /// No gdb in `PATH`.
    #[error("no gdb found in PATH: HermitCore's debugger is the host's\nnote: apt install gdb")]
    NoGdb,
}

/// The major version of a compiler that is installed as Debian's are: links lead to a file `x86_64-linux-gnu-g++-12`.
pub fn major_of(compiler: &Path) -> Option<String> {
    let real = compiler.canonicalize().ok()?;
    crate::personality::version(&real.file_name()?.to_string_lossy()).map(str::to_owned)
}

impl Host {
    /// The host's gcc. Inside a compilation (`as` and `ld` run by gcc) it is the one that runs.
    pub fn gcc(&self) -> Result<PathBuf, HostError> {
        match self.selected("gcc")? {
            Some(gcc) => Ok(gcc),
            None => self.fitting_gcc().ok_or(HostError::NoGcc),
        }
    }

    /// The gcc in `PATH`, or `gcc-12` if that one is known to be of another version, or is not there.
    fn fitting_gcc(&self) -> Option<PathBuf> {
        let plain = self.find("gcc".as_ref());
        let fits = |gcc: &PathBuf| major_of(gcc).is_none_or(|major| major == sysroot::GCC_MAJOR);
        plain
            .clone()
            .filter(fits)
            .or_else(|| self.find(format!("gcc-{}", sysroot::GCC_MAJOR).as_ref()))
            .or(plain)
    }

    /// A compiler that is not of gcc's family.
    pub fn foreign(&self, name: &'static str, cure: &'static str) -> Result<PathBuf, HostError> {
        if let Some(found) = self.selected(name)? {
            return Ok(found);
        }
        let newest = || VERSIONS.rev().find_map(|version| self.find(format!("{name}-{version}").as_ref()));
        self.find(name.as_ref()).or_else(newest).ok_or(HostError::NoForeign { name, cure })
    }

    /// A tool of the host's binutils.
    pub fn binutils(&self, name: &'static str) -> Result<PathBuf, HostError> {
        self.find(name.as_ref()).ok_or(HostError::NoBinutils(name))
    }

    /// The host's gdb.
    pub fn gdb(&self) -> Result<PathBuf, HostError> {
        self.find("gdb".as_ref()).ok_or(HostError::NoGdb)
    }

    /// A tool that is installed together with gcc and named like it: for `gcc-12`, `gcc-ar` is `gcc-ar-12`. Falls back
    /// to the plain name in `PATH`.
    pub fn beside_gcc(&self, name: &'static str) -> Result<PathBuf, HostError> {
        if let Some(found) = self.selected(name)? {
            return Ok(found);
        }
        let gcc = self.gcc()?;
        let file_name = gcc.file_name().unwrap_or_default().to_string_lossy();
        let sibling = gcc.with_file_name(file_name.replacen("gcc", name, 1));
        if sibling.is_file() {
            return Ok(sibling);
        }
        self.find(name.as_ref()).ok_or(match name {
            "g++" | "gfortran" => HostError::NoCompiler(name),
            _ => HostError::NoGcc,
        })
    }

    /// The program that the version in our own name, a variable or a file asks for.
    fn selected(&self, name: &str) -> Result<Option<PathBuf>, HostError> {
        let exact = self.version.as_ref().map(|version| format!("{name}-{version}"));
        if let Some(choice) = self.choices.of(exact.as_deref().unwrap_or(name)) {
            let found = self.all(&choice.program).next();
            let found = found.ok_or_else(|| HostError::NoChosen(choice.clone()))?;
            return if self.is_own(&found) { Err(HostError::ChosenSelf(choice)) } else { Ok(Some(found)) };
        }
        match exact {
            None => Ok(None),
            Some(exact) => match self.find(exact.as_ref()) {
                Some(found) => Ok(Some(found)),
                None => Err(HostError::NoVersion(exact)),
            },
        }
    }

    fn find(&self, name: &OsStr) -> Option<PathBuf> {
        self.all(name).find(|candidate| !self.is_own(candidate))
    }

    fn all(&self, name: &OsStr) -> impl Iterator<Item = PathBuf> {
        let here = std::env::current_dir().unwrap_or_else(|_| "/".into());
        which::which_in_all(name, Some(&self.path), here).into_iter().flatten()
    }

    fn is_own(&self, candidate: &Path) -> bool {
        self.own.is_some() && candidate.canonicalize().ok() == self.own
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::OpenOptionsExt;

    use super::*;

    /// A host whose only folder has these programs.
    fn with(programs: &[&str]) -> (tempfile::TempDir, Host) {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            let mut options = std::fs::File::options();
            options.write(true).create_new(true).mode(0o755).open(folder.path().join(program)).unwrap();
        }
        let host = Host { path: folder.path().into(), ..Host::default() };
        (folder, host)
    }

    #[test]
    fn the_newest_clang_is_taken() {
        let (folder, host) = with(&["clang-11", "clang-14", "clang-19", "clang-9"]);
        assert_eq!(host.foreign("clang", "apt install clang"), Ok(folder.path().join("clang-19")));
    }

    #[test]
    fn a_member_of_gccs_family_has_its_version() {
        let gcc = format!("gcc-{}", sysroot::GCC_MAJOR);
        let gxx = format!("g++-{}", sysroot::GCC_MAJOR);
        let (folder, host) = with(&[&gcc, &gxx, "g++"]);
        assert_eq!(host.beside_gcc("g++"), Ok(folder.path().join(gxx)));
    }
}
