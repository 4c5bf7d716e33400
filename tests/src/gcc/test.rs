//! One of gcc's tests at one level of optimisation, as a case: [`Test`].
//!
//! It runs in the isle first; only one that does not pass there is built and run natively, since a test that passes in
//! the isle says all that is asked. Neighbours: [`super::build`] compiles, [`super::kept`] remembers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use regex_lite::RegexBuilder;

use super::build;
use super::directives::Directives;
use super::suites::Suite;
use super::workshop::Workshop;
use crate::case::Case;
use crate::compiler::{Family, Target};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::{Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// Generous: the machine may be busy, and a native run that is killed would count as a failure.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A test at a level.
#[derive(Debug)]
pub struct Test {
    /// `gcc/SUITE/PATH@LEVEL`.
    pub name: String,
    /// What it belongs to.
    pub suite: &'static Suite,
    /// Its main source.
    pub source: PathBuf,
    /// What it says about itself.
    pub directives: Directives,
    /// Files that it reads.
    pub data: Vec<PathBuf>,
    /// Whether precompiled headers may stand before it.
    pub is_plain: bool,
    /// Why it is known to differ, if it does.
    pub difference: Option<String>,
    workshop: Arc<Workshop>,
    found: Mutex<Found>,
}

/// What the last run found; `None` if it did not run there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Whether it passes in the isle.
    pub isle: Option<bool>,
    /// Whether it passes natively. One that passes in the isle is taken to.
    pub native: Option<bool>,
}

impl Test {
    /// Nothing has run yet.
    pub fn new(
        name: String,
        suite: &'static Suite,
        source: PathBuf,
        directives: Directives,
        workshop: Arc<Workshop>,
    ) -> Self {
        let (data, difference, found) = (Vec::new(), None, Mutex::default());
        Self { name, suite, source, directives, data, is_plain: true, difference, workshop, found }
    }

    /// What the last run found.
    pub fn found(&self) -> Found {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that its result depends on beside the compilers and libraries.
    fn key(&self) -> String {
        format!("{} {:?} {} {:?}", self.name, self.directives, self.is_plain, self.data)
    }

    /// Builds and runs it; the faults, standard error and the command to run it again.
    fn faults(&self, lab: &Lab, isle: Isle) -> (Faults, Vec<u8>, String) {
        let mut faults = Faults::new();
        let image = match build::executable(lab, &self.workshop, self, Target::of(isle, Family::Gcc)) {
            Ok(image) => image,
            Err(why) => {
                faults.add(why);
                return (faults, Vec::new(), self.source.display().to_string());
            }
        };
        let launch = self.launch(lab, isle, &image);
        let rerun = launch.shell_line();
        match self.outcome(launch) {
            Ok(outcome) => {
                self.judge(&outcome, &mut faults);
                (faults, [outcome.stdout, outcome.stderr].concat(), rerun)
            }
            Err(error) => {
                faults.add(format!("cannot run it: {error}"));
                (faults, Vec::new(), rerun)
            }
        }
    }

    /// Standard output and error come in one pipe, as the terminal that DejaGnu reads.
    fn launch(&self, lab: &Lab, isle: Isle, image: &Path) -> Launch {
        let folder = lab.folder(&self.name).join(isle.name());
        let mut launch = Launch::new(&folder, Path::new("/bin/sh"));
        launch.timeout = TIMEOUT;
        let launch = launch.args(["-c", "exec \"$@\" 2>&1", "sh"]);
        match isle {
            Isle::Native => launch.args([image]),
            Isle::Process | Isle::Uhyve | Isle::Qemu => {
                launch.args([lab.prefix.proxy().as_path(), image]).inside(lab, isle)
            }
        }
    }

    fn outcome(&self, launch: Launch) -> io::Result<Outcome> {
        launch.prepare()?;
        for file in &self.data {
            fs::copy(file, launch.cwd().join(file.file_name().unwrap_or_default()))?;
        }
        launch.start()?.finish()
    }

    fn judge(&self, outcome: &Outcome, faults: &mut Faults) {
        match outcome.status {
            None => faults.add(format!("killed after {} s", outcome.elapsed.as_secs())),
            Some(0) if self.directives.fails => faults.add("exit status 0, expected another"),
            Some(status) if status != 0 && !self.directives.fails => {
                faults.add(format!("exit status {status}, expected 0"));
            }
            Some(_) => {}
        }
        let Some(pattern) = &self.directives.output else { return };
        let printed = String::from_utf8_lossy(&outcome.stdout);
        // Tcl's dot takes newlines in.
        match RegexBuilder::new(pattern).dot_matches_new_line(true).build() {
            Ok(wanted) if wanted.is_match(printed.trim_start_matches('\n')) => {}
            Ok(_) => faults.add(format!("no match for `{pattern}`")),
            Err(error) => faults.add(format!("cannot read its dg-output: {error}")),
        }
    }

    /// Whether the host's compiler makes a program of it that passes: as it was found before, or now.
    fn passes_natively(&self, lab: &Lab) -> bool {
        self.workshop.kept.natively(&self.key(), || self.faults(lab, Isle::Native).0.is_empty())
    }

    fn verdict(&self, lab: &Lab, isle: Isle) -> (Found, Verdict) {
        let passed = Found { isle: Some(true), native: Some(true) };
        if self.workshop.kept.has_passed(&self.key()) {
            return (passed, self.of_pass());
        }
        if self.difference.is_none() && self.workshop.kept.has_failed_natively(&self.key()) {
            return (Found { isle: None, native: Some(false) }, not_natively());
        }
        let (faults, printed, rerun) = self.faults(lab, isle);
        match faults.verdict(&printed, &rerun) {
            Verdict::Passed => {
                self.workshop.kept.passed(&self.key());
                (passed, self.of_pass())
            }
            failure => {
                let native = self.passes_natively(lab);
                let verdict = match &self.difference {
                    _ if !native => not_natively(),
                    Some(reason) => Verdict::Known(reason.clone()),
                    None => failure,
                };
                (Found { isle: Some(false), native: Some(native) }, verdict)
            }
        }
    }

    /// What a pass is worth.
    fn of_pass(&self) -> Verdict {
        match &self.difference {
            None => Verdict::Passed,
            Some(reason) => Verdict::Failed(format!(
                "passes, though tests/gcc/{}.txt says: {reason}\nnote: take the line out",
                self.suite.name
            )),
        }
    }
}

fn not_natively() -> Verdict {
    Verdict::Skipped("does not pass natively".to_owned())
}

impl Case for Arc<Test> {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        vec![Isle::Process]
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let mut verdicts = Vec::new();
        for &isle in isles {
            let (found, verdict) = self.verdict(lab, isle);
            *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found;
            verdicts.push((isle, verdict));
        }
        if !verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Failed(_))) {
            // Ten thousand tests with an executable each; an error leaves a file more.
            let _ = fs::remove_dir_all(lab.folder(&self.name));
        }
        verdicts
    }
}
