//! Where a case of the suite works: [`Desk`] builds images, runs commands and collects what is wrong.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::compiler::{self, Target};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::lack::Lack;
use crate::launch::{Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// What a command should do.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// Exit status; `None`: any but 0 and those of signals.
    pub status: Option<u8>,
    /// What standard output must be.
    pub stdout: &'a str,
    /// What standard error must contain.
    pub stderr: &'a [&'a str],
}

/// The place of one case in one isle.
pub struct Desk<'a> {
    /// The laboratory.
    pub lab: &'a Lab,
    /// The isle.
    pub isle: Isle,
    folder: PathBuf,
    faults: Faults,
    lack: Option<Lack>,
    commands: usize,
}

impl<'a> Desk<'a> {
    /// An empty desk.
    pub fn new(lab: &'a Lab, isle: Isle, folder: PathBuf) -> Self {
        Self { lab, isle, folder, faults: Faults::new(), lack: None, commands: 0 }
    }

    /// The desk's own folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Builds a source below `tests/programs`.
    ///
    /// # Errors
    /// When it cannot be compiled.
    pub fn build(&self, target: Target, source: &str) -> Result<PathBuf> {
        self.build_with(target, source, &[])
    }

    /// [`Desk::build`] with flags for the compiler.
    ///
    /// # Errors
    /// When it cannot be compiled.
    pub fn build_with(&self, target: Target, source: &str, flags: &[&str]) -> Result<PathBuf> {
        let flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        let source = self.lab.root.join("tests/programs").join(source);
        let folder = self.folder.join("build").join(target.name());
        Ok(compiler::build(self.lab, (compiler::C, target), &source, &flags, &[], &folder)?)
    }

    /// Writes a file into the desk's folder.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// A command with a folder of its own.
    pub fn command<I: IntoIterator<Item: Into<OsString>>>(&mut self, program: &Path, args: I) -> Launch {
        self.commands += 1;
        let folder = self.folder.join(format!("run-{}", self.commands));
        Launch::new(&folder, program).args(args).inside(self.lab, self.isle)
    }

    /// The proxy with `args`, told to take the desk's isle.
    pub fn proxy<I: IntoIterator<Item: Into<OsString>>>(&mut self, args: I) -> Launch {
        let proxy = self.lab.prefix.proxy();
        self.command(&proxy, args)
    }

    /// A tool of the toolchain with `args`.
    pub fn tool<I: IntoIterator<Item: Into<OsString>>>(&mut self, name: &str, args: I) -> Launch {
        let tool = self.lab.prefix.tool(name);
        self.command(&tool, args)
    }

    /// Runs a command and compares.
    ///
    /// # Errors
    /// When it cannot be run at all.
    pub fn check(&mut self, what: &str, launch: Launch, expect: Expect<'_>) -> Result<Outcome> {
        let rerun = launch.shell_line();
        let outcome = launch.run().with_context(|| format!("{what}: cannot run {rerun}"))?;
        self.judge(what, &rerun, &outcome, expect);
        Ok(outcome)
    }

    /// Compares how a command ended.
    pub fn judge(&mut self, what: &str, rerun: &str, outcome: &Outcome, expect: Expect<'_>) {
        let mut faults = Faults::new();
        let status =
            outcome.status.filter(|_| expect.status.is_none()).filter(|&status| status != 0 && status < 128);
        faults.check_end(expect.status.or(status).unwrap_or(1), outcome);
        faults.check_bytes("standard output", expect.stdout.as_bytes(), &outcome.stdout);
        let texts: Vec<String> = expect.stderr.iter().map(|&text| text.to_owned()).collect();
        faults.check_contains("standard error", &texts, &outcome.stderr);
        if tool_panicked(&outcome.stderr) {
            faults.add("a tool of ours panicked");
        }
        if let Verdict::Failed(report) = faults.verdict(&outcome.stderr, rerun) {
            self.fault(format!("{what}: {report}"));
        }
    }

    /// Lets the next command have the folder of the first: for those who run thousands.
    pub const fn begin_anew(&mut self) {
        self.commands = 0;
    }

    /// Whether something is wrong already.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Adds a fault.
    pub fn fault(&mut self, fault: impl Into<String>) {
        self.faults.add(fault);
    }

    /// The case cannot be tried: this is missing.
    pub fn skip(&mut self, lack: Lack) {
        self.lack = Some(lack);
    }

    /// The verdict on all commands.
    pub fn verdict(self) -> Verdict {
        if let Some(lack) = self.lack {
            return lack.verdict();
        }
        self.faults.verdict(b"", "the commands above")
    }
}

/// Whether a program of the host panicked, by what is on standard error; the kernel in the isle says so in other words.
pub fn tool_panicked(stderr: &[u8]) -> bool {
    String::from_utf8_lossy(stderr).replace("kernel panicked at", "").contains("panicked at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tools_panic() {
        assert!(tool_panicked(b"\nthread 'main' (7) panicked at proxy/src/image.rs:12:5:\n"));
        assert!(!tool_panicked(b"./a.out: kernel panicked at kernel/src/boot.rs:7:1: no memory\n"));
    }
}
