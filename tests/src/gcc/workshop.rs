//! What all of gcc's tests share: results of earlier runs, and what libstdc++'s tests are built with.
//!
//! Key type: [`Workshop`]. libstdc++'s own harness has the same two means: a library of what its tests have in common
//! (`libtestc++.a`), and a precompiled header of everything, without which the tests would take three times as long.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Result;

use super::suites::SUITES;
use crate::compiler::{Target, host_compiler, shown};
use crate::foreign::kept::{self, Kept};
use crate::lab::Lab;
use crate::limited;

/// To be changed when tests are built or run in another way than before: what was kept is void then.
const EDITION: &str = "1";

/// What `libstdc++.exp` puts into `libtestc++.a`, as far as tests that run use it.
const SOURCES: &[&str] =
    &["testsuite_abi.cc", "testsuite_allocator.cc", "testsuite_character.cc", "testsuite_hooks.cc"];

/// Flags of everything that is built for libstdc++'s tests. All with threads: one precompiled header for each standard.
pub const LIBSTDCXX_FLAGS: &[&str] = &["-pthread", "-fmessage-length=0"];

type Once = Arc<OnceLock<Result<PathBuf, String>>>;

/// See above.
#[derive(Debug)]
pub struct Workshop {
    /// gcc's source, unpacked.
    pub gcc: PathBuf,
    /// Results of earlier runs.
    pub kept: Kept,
    folder: PathBuf,
    made: Mutex<BTreeMap<(&'static str, String), Once>>,
}

impl Workshop {
    /// Looks at the toolchains and the tests below `gcc`, and opens what is kept of them.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn open(lab: &Lab, gcc: &Path) -> Result<Self> {
        let mut tests: Vec<_> = SUITES.iter().map(|suite| gcc.join(suite.root)).collect();
        tests.sort();
        tests.dedup();
        let tests: Vec<_> = tests.iter().map(PathBuf::as_path).collect();
        // Another runner may be at work beside this one.
        let folder = lab.work.join("support").join(std::process::id().to_string());
        let kept = Kept::of(lab, EDITION, &tests, &host_compilers()?)?;
        Ok(Self { gcc: gcc.to_owned(), kept, folder, made: Mutex::default() })
    }

    /// Where libstdc++'s tests have their headers.
    pub fn libstdcxx_headers(&self) -> PathBuf {
        self.gcc.join("libstdc++-v3/testsuite/util")
    }

    /// Where libgomp's tests have their headers.
    pub fn libgomp_headers(&self) -> [PathBuf; 2] {
        ["include", "libgomp"].map(|folder| self.gcc.join(folder))
    }

    /// `libtestc++.a`.
    ///
    /// # Errors
    /// What the compiler said.
    pub fn libtestcxx(&self, lab: &Lab, target: Target) -> Result<PathBuf, String> {
        self.once(target, "libtestc++.a".to_owned(), |folder| {
            let archive = folder.join("libtestc++.a");
            let mut members = Vec::new();
            for name in SOURCES {
                let object = folder.join(name).with_extension("o");
                let mut command = self.compiler(lab, target);
                command.args(["-O2", "-w", "-c"]).arg(self.libstdcxx_headers().join(name));
                run(command.arg("-o").arg(&object))?;
                members.push(object);
            }
            run(Command::new("ar").arg("rcs").arg(&archive).args(members))?;
            Ok(archive)
        })
    }

    /// A header with everything, precompiled for a standard (`-std=gnu++20`; nothing for the compiler's own).
    ///
    /// # Errors
    /// What the compiler said.
    pub fn header(&self, lab: &Lab, target: Target, standard: &str) -> Result<PathBuf, String> {
        let name = format!("all{}.h", standard.trim_start_matches("-std="));
        self.once(target, name.clone(), |folder| {
            let header = folder.join(&name);
            fs::write(&header, "#include <bits/stdc++.h>\n")
                .map_err(|error| format!("cannot write {}: {error}", header.display()))?;
            let mut command = self.compiler(lab, target);
            command
                .args(["-O0", "-w", "-x", "c++-header"])
                .args(Some(standard).filter(|flag| !flag.is_empty()));
            run(command.arg(&header).arg("-o").arg(folder.join(format!("{name}.gch"))))?;
            Ok(header)
        })
    }

    fn compiler(&self, lab: &Lab, target: Target) -> Command {
        let mut command = command(lab, target, "g++");
        command.args(LIBSTDCXX_FLAGS).arg("-I").arg(self.libstdcxx_headers());
        command
    }

    fn once(
        &self,
        target: Target,
        name: String,
        make: impl FnOnce(&Path) -> Result<PathBuf, String>,
    ) -> Result<PathBuf, String> {
        let slot = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(made.entry((target.name(), name)).or_default())
        };
        slot.get_or_init(|| {
            let folder = self.folder.join(target.name());
            fs::create_dir_all(&folder)
                .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
            make(&folder)
        })
        .clone()
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // A precompiled header has 100 MB, and is made in seconds.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A compiler, natively for static programs as ours are.
pub fn command(lab: &Lab, target: Target, compiler: &str) -> Command {
    if !target.is_native() {
        return Command::new(lab.prefix.tool(compiler));
    }
    let mut command = Command::new(host_compiler(compiler));
    command.arg("-static");
    command
}

/// Runs a compiler.
///
/// # Errors
/// What it said.
pub fn run(command: &mut Command) -> Result<(), String> {
    let output = limited::output(command, limited::COMPILER)
        .map_err(|error| format!("cannot run `{}`: {error}", shown(command)))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed:\n{}", shown(command), String::from_utf8_lossy(&output.stderr)))
}

/// What the host's compilers say of themselves, and what they link.
fn host_compilers() -> Result<String> {
    let mut text = String::new();
    for compiler in ["gcc", "g++", "gfortran", "clang"] {
        // One that is not there says nothing, natively nothing passes then, and the runner says so.
        let mut command = Command::new(host_compiler(compiler));
        let Ok(output) = limited::output(command.arg("-v"), limited::PROBE) else { continue };
        text.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    for library in ["libc.a", "libm.a", "libstdc++.a", "libgfortran.a", "libgomp.a"] {
        let mut command = Command::new("gcc");
        command.arg(format!("-print-file-name={library}"));
        let Ok(output) = limited::output(&mut command, limited::PROBE) else { continue };
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        text.push_str(&kept::digest(library, &[&path])?);
    }
    Ok(text)
}
