//! What is missing so that a test cannot run, and what that is worth: [`Lack`].
//!
//! A test that does not run is no pass. Elsewhere it is a skip, counted and told; where `CI=true`, what `cargo xtask test`
//! installs must be there, and its absence is a failure. Neighbours: [`crate::lab`] finds lacks, [`crate::verdict`] has a
//! verdict for them; unit tests of other crates call [`Lack::skip`], which `xtask/src/suite/unit.rs` counts.

use std::env;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::thread;

use crate::verdict::Verdict;

/// The variable that names the file to which skipped unit tests are written, a line `CRATE::TEST: WHY` for each.
pub const SKIPPED: &str = "HERMIT_SKIPPED";

/// Why a test cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Something that `cargo xtask test` builds or installs.
    Installed(String),
    /// Something that a machine has or has not: a CPU's feature, a device.
    Machine(String),
}

impl Lack {
    /// The verdict on a case that cannot run for it.
    pub fn verdict(&self) -> Verdict {
        self.verdict_if(is_ci())
    }

    fn verdict_if(&self, is_ci: bool) -> Verdict {
        match self {
            Self::Installed(what) if is_ci => Verdict::Failed(missing(what)),
            Self::Installed(what) | Self::Machine(what) => Verdict::Skipped(what.clone()),
        }
    }

    /// What a unit test calls before it returns, on its own thread, whose name is the test's.
    ///
    /// # Panics
    /// Where `CI=true`, about what should have been installed; and if the skip cannot be noted, since it would pass for a pass.
    pub fn skip(&self) {
        if let Verdict::Failed(report) = self.verdict() {
            panic!("{report}");
        }
        eprintln!("skipped: {self}");
        if let Some(file) = env::var_os(SKIPPED) {
            let this = thread::current();
            let test = this.name().unwrap_or("a test").to_owned();
            let name = env::var("CARGO_PKG_NAME").unwrap_or_default();
            if let Err(error) = note(Path::new(&file), &format!("{name}::{test}: {self}")) {
                panic!("cannot note in {} that this test is skipped: {error}", file.display());
            }
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Installed(what) | Self::Machine(what)) = self;
        f.pad(what)
    }
}

/// Whether this is a machine on which nothing that can be installed may be missing.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

fn missing(what: &str) -> String {
    format!("{what}\nnote: CI=true, and `cargo xtask test` should have installed it (xtask/src/package.rs)")
}

/// One write for a line: several tests may do it at a time.
fn note(file: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(format!("{}\n", line.replace('\n', " ")).as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_what_a_machine_has_not_may_be_missing_in_ci() {
        let (qemu, kvm) = (Lack::Installed("no qemu".into()), Lack::Machine("no /dev/kvm".into()));
        assert_eq!(qemu.verdict_if(false), Verdict::Skipped("no qemu".into()));
        assert_eq!(kvm.verdict_if(true), Verdict::Skipped("no /dev/kvm".into()));
        let Verdict::Failed(report) = qemu.verdict_if(true) else { panic!("skipped") };
        assert!(report.starts_with("no qemu\nnote: "), "{report}");
    }

    #[test]
    fn a_note_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("skipped");
        note(&file, "proxy::one: why\nand more").unwrap();
        note(&file, "proxy::two: why").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "proxy::one: why and more\nproxy::two: why\n");
    }
}
