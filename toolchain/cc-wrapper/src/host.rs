//! [`Host`]: where the host's compiler and binutils are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How to look for the host's tools.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Folders to search, as in `PATH`.
    pub path: OsString,
    /// `HERMIT_HOST_GCC`: a path or name of the gcc to use.
    pub gcc: Option<OsString>,
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
    /// `HERMIT_HOST_GCC` leads nowhere.
    #[error(
        "HERMIT_HOST_GCC={0}: no such program\nnote: give a path or a name in PATH, or unset it to use gcc"
    )]
    NoChosenGcc(String),
    /// `HERMIT_HOST_GCC` leads back to this driver.
    #[error("HERMIT_HOST_GCC={0} is HermitCore's own driver\nnote: it must name the host's gcc, or be unset")]
    ChosenSelf(String),
    /// A part of binutils is missing.
    #[error("no {0} found in PATH: HermitCore's binutils use the host's\nnote: apt install binutils")]
    NoBinutils(&'static str),
    /// No gdb in `PATH`.
    #[error("no gdb found in PATH: HermitCore's debugger is the host's\nnote: apt install gdb")]
    NoGdb,
}

impl Host {
    /// The host as `PATH` and `HERMIT_HOST_GCC` describe it.
    pub fn of_environment() -> Self {
        Self {
            path: std::env::var_os("PATH").unwrap_or_default(),
            gcc: std::env::var_os("HERMIT_HOST_GCC").filter(|value| !value.is_empty()),
            own: std::env::current_exe().ok(),
        }
    }

    /// The host's gcc. Inside a compilation (`as` and `ld` run by gcc) it is the one that runs.
    pub fn gcc(&self) -> Result<PathBuf, HostError> {
        match &self.gcc {
            None => self.find("gcc".as_ref()).ok_or(HostError::NoGcc),
            Some(chosen) => {
                let shown = || chosen.to_string_lossy().into_owned();
                let found = self.all(chosen).next().ok_or_else(|| HostError::NoChosenGcc(shown()))?;
                if self.is_own(&found) { Err(HostError::ChosenSelf(shown())) } else { Ok(found) }
            }
        }
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

    fn find(&self, name: &std::ffi::OsStr) -> Option<PathBuf> {
        self.all(name).find(|candidate| !self.is_own(candidate))
    }

    fn all(&self, name: &std::ffi::OsStr) -> impl Iterator<Item = PathBuf> {
        let here = std::env::current_dir().unwrap_or_else(|_| "/".into());
        which::which_in_all(name, Some(&self.path), here).into_iter().flatten()
    }

    fn is_own(&self, candidate: &Path) -> bool {
        self.own.is_some() && candidate.canonicalize().ok() == self.own
    }
}
