//! Builds a recipe, once for each target, in a copy of its sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::commands;
use super::recipe::Recipe;
use crate::compiler::{Family, Target};
use crate::isle::Isle;
use crate::lab::{Lab, empty_folder};
use crate::{limited, text};

/// How much of a log a failure shows, in lines.
const LOG_LINES: usize = 25;

/// A recipe and what has been built of it.
#[derive(Debug)]
pub struct Port {
    /// The recipe.
    pub recipe: &'static Recipe,
    /// Who makes its images.
    pub family: Family,
    native: OnceLock<Result<PathBuf, String>>,
    hermit: OnceLock<Result<PathBuf, String>>,
    reported: AtomicBool,
}

impl Port {
    /// Nothing is built yet.
    pub const fn new(recipe: &'static Recipe, family: Family) -> Self {
        Self {
            recipe,
            family,
            native: OnceLock::new(),
            hermit: OnceLock::new(),
            reported: AtomicBool::new(false),
        }
    }

    /// Where its sources must be.
    pub fn sources(&self, lab: &Lab) -> PathBuf {
        lab.sources.join(self.recipe.sources)
    }

    /// The folder with the sources built for `isle`; the first caller builds, the others wait.
    ///
    /// # Errors
    /// The report of the build that failed, in full for the first who asks.
    pub fn built(&self, lab: &Lab, isle: Isle) -> Result<&Path, String> {
        let target = Target::of(isle, self.family);
        let slot = if target.is_native() { &self.native } else { &self.hermit };
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
        let variables = commands::variables(lab, self.recipe, target);
        for &step in self.recipe.build {
            let line = commands::line(step, target);
            let mut command = Command::new("/bin/sh");
            command.args(["-c", &line]).current_dir(&folder).envs(variables.iter().cloned());
            let output = limited::output(&mut command, limited::BUILD)
                .map_err(|error| format!("cannot build {}: {error}", self.recipe.name))?;
            text.push_str(&String::from_utf8_lossy(&output.stdout));
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            fs::write(&log, &text).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
            if !output.status.success() {
                return Err(report(&variables, &line, &folder, &log, &text));
            }
        }
        Ok(folder)
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    empty_folder(to).map_err(|error| format!("cannot make {}: {error}", to.display()))?;
    let mut copy = Command::new("cp");
    copy.arg("-a").arg("--").arg(from.join(".")).arg(to);
    match limited::output(&mut copy, limited::COMPILER) {
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
