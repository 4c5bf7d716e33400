//! Builds a recipe, once for each target, in a copy of its sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Recipe;
use crate::compiler::Target;
use crate::lab::{Lab, empty_folder};
use crate::text;

/// How much of a log a failure shows, in lines.
const LOG_LINES: usize = 25;

/// A recipe and what has been built of it.
#[derive(Debug)]
pub struct Port {
    /// The recipe.
    pub recipe: &'static Recipe,
    native: OnceLock<Result<PathBuf, String>>,
    hermit: OnceLock<Result<PathBuf, String>>,
    reported: AtomicBool,
}

impl Port {
    /// Nothing is built yet.
    pub const fn new(recipe: &'static Recipe) -> Self {
        Self { recipe, native: OnceLock::new(), hermit: OnceLock::new(), reported: AtomicBool::new(false) }
    }

    /// Where its sources must be.
    pub fn sources(&self, lab: &Lab) -> PathBuf {
        lab.sources.join(self.recipe.name)
    }

    /// The folder with the sources built for `target`; the first caller builds, the others wait.
    ///
    /// # Errors
    /// The report of the build that failed, in full for the first who asks.
    pub fn built(&self, lab: &Lab, target: Target) -> Result<&Path, String> {
        let slot = match target {
            Target::Native => &self.native,
            Target::Hermit => &self.hermit,
        };
        match slot.get_or_init(|| self.build(lab, target)) {
            Ok(folder) => Ok(folder),
            Err(report) if !self.reported.swap(true, Ordering::Relaxed) => Err(report.clone()),
            Err(_) => Err(format!("the build of {} failed, as reported for another run", self.recipe.name)),
        }
    }

    fn build(&self, lab: &Lab, target: Target) -> Result<PathBuf, String> {
        let folder = lab.folder("ports").join(self.recipe.name).join("build").join(target.name());
        let log = folder.with_extension("log");
        copy(&self.sources(lab), &folder)?;
        let mut text = String::new();
        for line in self.recipe.build {
            let mut command = Command::new("/bin/sh");
            command
                .arg("-c")
                .arg(line)
                .current_dir(&folder)
                .envs(self.variables(lab, target))
                .env("LC_ALL", "C");
            let output = command.output().map_err(|error| format!("cannot run /bin/sh: {error}"))?;
            text.push_str(&String::from_utf8_lossy(&output.stdout));
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            fs::write(&log, &text).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
            if !output.status.success() {
                return Err(report(&self.variables(lab, target), line, &folder, &log, &text));
            }
        }
        Ok(folder)
    }

    /// The environment that says which compiler: the names that Makefiles and configure scripts know; and our own input.
    fn variables(&self, lab: &Lab, target: Target) -> Vec<(&'static str, String)> {
        let input = lab.root.join("tests/ports").join(self.recipe.name).display().to_string();
        let sources = lab.sources.display().to_string();
        let tool = |name: &str| lab.prefix.tool(name).display().to_string();
        match target {
            Target::Native => vec![
                ("CC", "gcc -static".into()),
                ("AR", "ar".into()),
                ("RANLIB", "ranlib".into()),
                ("CHOST", String::new()),
                ("INPUT", input),
                ("SOURCES", sources),
            ],
            Target::Hermit => vec![
                ("CC", tool("gcc")),
                ("AR", tool("ar")),
                ("RANLIB", tool("ranlib")),
                ("CHOST", sysroot::TARGET.into()),
                ("INPUT", input),
                ("SOURCES", sources),
            ],
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    empty_folder(to).map_err(|error| format!("cannot make {}: {error}", to.display()))?;
    let output = Command::new("cp").arg("-a").arg("--").arg(from.join(".")).arg(to).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => Err(format!("cannot run cp: {error}")),
    }
}

fn report(variables: &[(&str, String)], line: &str, folder: &Path, log: &Path, output: &str) -> String {
    let tail: Vec<&str> = output.lines().rev().take(LOG_LINES).collect();
    let tail: Vec<String> = tail.into_iter().rev().map(|line| format!("  | {line}")).collect();
    let variables: Vec<String> =
        variables.iter().map(|(name, value)| format!("{name}={}", text::quote(value))).collect();
    format!(
        "the build failed; the end of {}:\n{}\nrerun: cd {} && env {} sh -c {}",
        log.display(),
        tail.join("\n"),
        text::quote(&folder.display().to_string()),
        variables.join(" "),
        text::quote(line)
    )
}
