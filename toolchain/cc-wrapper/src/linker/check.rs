//! Every object and archive member that a link names must be marked: [`inputs`].
//!
//! An object for another operating system links without complaint and fails at run time in ways that nobody
//! understands: other errno, other stdio, other thread-local storage.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use elfedit::{Depth, ElfType, Osabi, Place};

use super::line::Input;
use crate::command::quoted;

/// Why something cannot be linked.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// An object or member without HermitCore's mark.
    #[error(
        "{place} was not compiled for HermitCore: its OSABI is {got}, not {wanted}{others}\n\
         note: if it does fit, mark it: {target}-elfedit --output-osabi {wanted} {file}",
        wanted = Osabi::HERMIT, target = sysroot::TARGET, others = and_others(*.others)
    )]
    Unmarked {
        /// `object` or `archive(member)`.
        place: String,
        /// The file to mark, quoted for a shell.
        file: String,
        /// Its OSABI.
        got: Osabi,
        /// How many further members of the same archive are unmarked.
        others: usize,
    },
    /// A shared library.
    #[error(
        "{0} is a shared library: HermitCore has no dynamic linker\nnote: link its static twin (lib*.a), built for HermitCore"
    )]
    Shared(String),
    /// A file for another machine, or a damaged one.
    #[error(transparent)]
    File(#[from] elfedit::Error),
    /// `-fopenmp` without the package that brings it.
    #[error("OpenMP's library ({0}) is not installed\nnote: -fopenmp needs the package libomp-hermit")]
    NoOpenMp(String),
}

fn and_others(others: usize) -> String {
    if others == 0 { String::new() } else { format!(" ({others} more members likewise)") }
}

/// What the checked inputs ask of the linker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// A section must survive garbage collection (SHF_GNU_RETAIN). GNU ld looks at that flag only if the OSABI is GNU's.
    pub retain: bool,
}

/// Checks everything that the link names. What is not there, is no ELF file and no archive (a linker script, say) is
/// the linker's business.
pub fn inputs(inputs: &[Input], search: &[PathBuf]) -> Result<Demands, InputError> {
    let mut demands = Demands::default();
    for input in inputs {
        match resolve(input, search) {
            Some(path) => demands.retain |= check(&path)?,
            None => explain_missing(input)?,
        }
    }
    Ok(demands)
}

fn resolve(input: &Input, search: &[PathBuf]) -> Option<PathBuf> {
    let name = match input {
        Input::File(path) => return Some(path.clone()),
        Input::Exact(name) => name.clone(),
        Input::Library(name) => {
            let mut file = std::ffi::OsString::from("lib");
            file.push(name);
            file.push(".a");
            file
        }
    };
    search.iter().map(|folder| folder.join(&name)).find(|path| path.is_file())
}

/// Returns whether a section must be retained.
fn check(path: &Path) -> Result<bool, InputError> {
    let found = match elfedit::places(path, Depth::Header) {
        Ok(found) => found,
        Err(elfedit::Error::NotElf { .. } | elfedit::Error::NotRegular(_)) => return Ok(false),
        Err(elfedit::Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    if let Some(shared) = found.iter().find(|place| place.elf_type == ElfType::Shared) {
        return Err(InputError::Shared(shared.name.clone()));
    }
    let mut unmarked = found.iter().filter(|place| place.osabi != Osabi::HERMIT);
    match unmarked.next() {
        None => Ok(found.iter().any(|place| place.retains)),
        Some(Place { name, osabi, .. }) => Err(InputError::Unmarked {
            place: name.clone(),
            file: quoted(&path.display().to_string()),
            got: *osabi,
            others: unmarked.count(),
        }),
    }
}

fn explain_missing(input: &Input) -> Result<(), InputError> {
    match input {
        Input::Library(name) if name == "gomp" || name == "omp" || name == "iomp5" => {
            Err(InputError::NoOpenMp(format!("lib{}", name.to_string_lossy())))
        }
        _ => Ok(()),
    }
}
