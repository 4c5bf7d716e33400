//! One test at one level of optimisation: [`Torture`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::options;
use crate::case::Case;
use crate::compiler::{Target, shown};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::{Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// A test at a level.
#[derive(Clone, Debug)]
pub struct Torture {
    name: String,
    source: PathBuf,
    flags: Vec<String>,
    /// Why it is known to differ, if it does.
    difference: Option<String>,
}

impl Torture {
    /// The test in `source`, compiled with `flags` and its own.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub fn read(name: &str, source: &Path, flags: &[&str], difference: Option<String>) -> Result<Self> {
        let text = fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        let mut flags: Vec<_> = flags.iter().map(ToString::to_string).collect();
        flags.extend(options::of(&String::from_utf8_lossy(&text)));
        Ok(Self { name: format!("gcc/{name}"), source: source.to_owned(), flags, difference })
    }

    fn build(&self, lab: &Lab, target: Target) -> Result<PathBuf, String> {
        let executable = lab.folder(&self.name).join(format!("{}.out", target.name()));
        let mut command = match target {
            Target::Native => Command::new("gcc"),
            _ => Command::new(lab.prefix.tool("gcc")),
        };
        command
            .args(["-w", "-static"])
            .args(&self.flags)
            .arg(&self.source)
            .arg("-o")
            .arg(&executable)
            .arg("-lm");
        let output =
            command.output().map_err(|error| format!("cannot run `{}`: {error}", shown(&command)))?;
        if output.status.success() {
            return Ok(executable);
        }
        Err(format!("`{}` failed:\n{}", shown(&command), String::from_utf8_lossy(&output.stderr)))
    }

    fn launch(&self, lab: &Lab, isle: Isle, executable: &Path) -> Launch {
        let folder = lab.folder(&self.name).join(isle.name());
        match isle {
            Isle::Native => Launch::new(&folder, executable),
            _ => {
                let launch = Launch::new(&folder, &lab.prefix.proxy()).args([executable]);
                isle.environment().iter().fold(launch, |launch, (name, value)| launch.env(name, value))
            }
        }
    }

    /// Whether the host's compiler makes a program of it that ends with 0.
    fn passes_natively(&self, lab: &Lab) -> bool {
        let Ok(executable) = self.build(lab, Target::Native) else { return false };
        let outcome = self.launch(lab, Isle::Native, &executable).run();
        outcome.is_ok_and(|outcome| outcome.status == Some(0))
    }

    fn faults(&self, lab: &Lab, isle: Isle) -> (Faults, Vec<u8>, String) {
        let mut faults = Faults::new();
        let image = match self.build(lab, Target::Hermit) {
            Ok(image) => image,
            Err(why) => {
                faults.add(why);
                return (faults, Vec::new(), self.source.display().to_string());
            }
        };
        let launch = self.launch(lab, isle, &image);
        let rerun = launch.shell_line();
        match launch.run() {
            Ok(Outcome { stderr, status, elapsed, .. }) => {
                match status {
                    Some(0) => {}
                    Some(status) => faults.add(format!("exit status {status}, expected 0")),
                    None => faults.add(format!("killed after {} s", elapsed.as_secs())),
                }
                (faults, stderr, rerun)
            }
            Err(error) => {
                faults.add(format!("cannot run it: {error}"));
                (faults, Vec::new(), rerun)
            }
        }
    }

    fn verdict(&self, lab: &Lab, isle: Isle) -> Verdict {
        if !self.passes_natively(lab) {
            return Verdict::Skipped("does not pass natively".to_owned());
        }
        let (faults, stderr, rerun) = self.faults(lab, isle);
        match (faults.verdict(&stderr, &rerun), &self.difference) {
            (Verdict::Passed, Some(reason)) => {
                Verdict::Failed(format!("passes, though tests/gcc says: {reason}\nnote: take the line out"))
            }
            (Verdict::Failed(_), Some(reason)) => Verdict::Skipped(format!("differs: {reason}")),
            (verdict, _) => verdict,
        }
    }
}

impl Case for Torture {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        vec![Isle::Process]
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let verdicts = isles.iter().map(|&isle| (isle, self.verdict(lab, isle))).collect();
        // 5,000 tests with two executables each.
        let _ = fs::remove_dir_all(lab.folder(&self.name));
        verdicts
    }
}
