//! The laboratory: where everything is that the tests use, and what this machine offers.
//!
//! Key type: [`Lab`], made once by `main` and shared by all cases. Neighbours: [`crate::compiler`] and
//! [`crate::launch`] take their paths from here.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use sysroot::Prefix;

use crate::bed::Bed;
use crate::compiler::Family;
use crate::directives::Requirement;
use crate::isle::Isle;
use crate::lack::Lack;
use crate::limited;

/// Paths and choices of one run of the tests.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The folder that holds `tests/`.
    pub root: PathBuf,
    /// The installed tree.
    pub prefix: Prefix,
    /// Where `xtask` unpacks upstream sources, one folder each.
    pub sources: PathBuf,
    /// What the tests may fill: one folder for each case.
    pub work: PathBuf,
    /// Where to run; [`Isle::Native`] is always there as the reference.
    pub isles: Vec<Isle>,
    /// What no program may exceed in an isle, whatever it says itself.
    pub limit: Option<Duration>,
    /// Whether native runs count as tests of their own.
    pub native_counts: bool,
    /// Whether to write goldens instead of comparing with them.
    pub bless: bool,
    /// Cases of endurance do one part of so many.
    pub scale: u32,
    /// Where [`Isle::Uhyve`] is; without it, on the host's own KVM.
    pub bed: Option<Arc<Bed>>,
}

impl Lab {
    /// A laboratory with nothing in it but a folder to work in, for unit tests.
    #[cfg(test)]
    pub fn bare(work: &Path) -> Self {
        Self {
            root: "/".into(),
            prefix: Prefix::new("/nowhere"),
            sources: "/".into(),
            work: work.to_owned(),
            isles: vec![Isle::Native],
            limit: None,
            native_counts: true,
            bless: false,
            scale: 1,
            bed: None,
        }
    }

    /// The folder of one case in this run, below [`Lab::work`].
    pub fn folder(&self, case: &str) -> PathBuf {
        self.work.join(case)
    }

    /// What this machine lacks to run images in `isle`.
    pub fn lacks(&self, isle: Isle) -> Option<Lack> {
        if isle == Isle::Native {
            return lacks_program("gcc");
        }
        for needed in [self.prefix.proxy(), self.prefix.tool("gcc")] {
            if !needed.exists() {
                let what = format!("no {} (cargo xtask sysroot makes it)", needed.display());
                return Some(Lack::Installed(what));
            }
        }
        match isle {
            Isle::Qemu => match env::var("HERMIT_QEMU") {
                Ok(qemu) if Path::new(&qemu).exists() => None,
                _ => lacks_program("qemu-system-x86_64"),
            },
            Isle::Uhyve if self.bed.is_none() => self.lacks_kvm(),
            Isle::Native | Isle::Process | Isle::Uhyve => None,
        }
    }

    /// What this machine lacks to make images with a family of compilers.
    pub fn lacks_family(&self, family: Family) -> Option<Lack> {
        let Family::Clang = family else { return None };
        let mut clang = Command::new(self.prefix.tool("clang"));
        let version = limited::output(clang.arg("--version"), limited::PROBE);
        let works = version.is_ok_and(|version| version.status.success());
        (!works).then(|| Lack::Installed("no clang that x86_64-hermit-clang can drive".to_owned()))
    }

    /// What the proxy's own probe says of the host's KVM.
    fn lacks_kvm(&self) -> Option<Lack> {
        let probe = limited::output(Command::new(self.prefix.proxy()).arg("--probe"), limited::PROBE).ok()?;
        (!probe.status.success())
            .then(|| Lack::Machine(String::from_utf8_lossy(&probe.stdout).trim().to_owned()))
    }

    /// What is missing in `isle` to meet a requirement.
    pub fn lacks_requirement(&self, isle: Isle, requirement: &Requirement) -> Option<Lack> {
        let bed = self.bed.as_ref().filter(|_| isle == Isle::Uhyve);
        lacks_requirement(requirement, bed.map(|bed| bed.cpuinfo()))
    }
}

fn lacks_requirement(requirement: &Requirement, cpuinfo: Option<&str>) -> Option<Lack> {
    match requirement {
        Requirement::Program(name) => lacks_program(name),
        Requirement::Cpu(flag) => {
            let here = || fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
            let cpuinfo = cpuinfo.map_or_else(here, str::to_owned);
            let has = cpuinfo
                .lines()
                .filter(|line| line.starts_with("flags"))
                .any(|line| line.split_whitespace().any(|word| word == flag));
            (!has).then(|| Lack::Machine(format!("no {flag} in this CPU")))
        }
    }
}

/// What is missing to run the program `name`.
pub fn lacks_program(name: &str) -> Option<Lack> {
    (!has_program(name)).then(|| Lack::Installed(format!("no {name} in PATH")))
}

/// Whether there is a program `name` in PATH.
pub fn has_program(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Makes `folder` and its parents anew and empty.
///
/// # Errors
/// Those of the file system.
pub fn empty_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(folder)
}
