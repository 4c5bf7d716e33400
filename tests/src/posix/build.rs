//! Compiles tests, unless an earlier run has: there are more than a thousand, and each is built twice.
//!
//! As for make, an executable is good if it is younger than all it was made of.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use super::sources::{self, Test};
use crate::compiler::{self, BuildError, Target};
use crate::lab::Lab;

/// Behind the source, for both compilers. glibc has it all in libc, and so do we.
const LIBS: &[&str] = &["-lpthread", "-lrt", "-lm"];

/// The executable of `test` for `target`, in `folder`.
///
/// # Errors
/// See [`BuildError`].
pub fn executable(lab: &Lab, test: &Test, target: Target, folder: &Path) -> Result<PathBuf, BuildError> {
    let kept = folder.join(test.source.file_stem().unwrap_or(test.source.as_os_str()));
    if is_fresh(&kept, lab, test, target) {
        return Ok(kept);
    }
    let headers = sources::headers(&lab.sources.join(sources::FOLDER));
    // The suite is of 2004: its warnings are not ours to mend.
    let flags = ["-w".to_owned(), format!("-I{}", headers.display())];
    let libs: Vec<String> = LIBS.iter().map(|&lib| lib.to_owned()).collect();
    compiler::build(lab, (compiler::C, target), &test.source, &flags, &libs, folder)
}

fn is_fresh(executable: &Path, lab: &Lab, test: &Test, target: Target) -> bool {
    let Some(made) = modified(executable) else { return false };
    let toolchain = match target {
        Target::Native => Some(SystemTime::UNIX_EPOCH),
        _ => toolchain_made(lab),
    };
    let runner = std::env::current_exe().ok().and_then(|runner| modified(&runner));
    [modified(&test.source), toolchain, runner].iter().all(|part| part.is_some_and(|part| part < made))
}

/// When the youngest file of the installed tree was written.
fn toolchain_made(lab: &Lab) -> Option<SystemTime> {
    static MADE: OnceLock<Option<SystemTime>> = OnceLock::new();
    *MADE.get_or_init(|| youngest(lab.prefix.root()))
}

fn youngest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(
            |entry| if entry.path().is_dir() { youngest(&entry.path()) } else { modified(&entry.path()) },
        )
        .max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}
