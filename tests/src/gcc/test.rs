//! One of gcc's tests at one level of optimisation, as a case: [`Test`].
//!
//! It runs in the isle first; only one that does not pass there is built and run natively, since a test that passes in
//! the isle says all that is asked. Neighbours: [`super::build`] compiles, [`crate::foreign`] compares.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use regex_lite::RegexBuilder;

use super::build;
use super::directives::Directives;
use super::suites::Suite;
use super::workshop::Workshop;
use crate::compiler::{Family, Target};
use crate::foreign::kept::Kept;
use crate::foreign::{Attempt, Bar, Foreign, Found};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::{Launch, Outcome};
use crate::verdict::Faults;

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

    /// On how many vCPUs it runs, one run after the other.
    fn numbers_of_cpus(&self, isle: Isle) -> Vec<Option<u32>> {
        match self.suite.cpus {
            cpus if cpus.is_empty() || isle == Isle::Native => vec![None],
            cpus => cpus.iter().copied().map(Some).collect(),
        }
    }

    /// Standard output and error come in one pipe, as the terminal that DejaGnu reads.
    fn launch(&self, lab: &Lab, isle: Isle, image: &Path, cpus: Option<u32>) -> Launch {
        let folder = lab.folder(&self.name).join(isle.name());
        let mut launch = Launch::new(&folder, Path::new("/bin/sh"));
        launch.timeout = TIMEOUT;
        launch.env = self.directives.env.clone();
        launch.env.extend(cpus.map(|cpus| ("HERMIT_CPUS".to_owned(), cpus.to_string())));
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
}

impl Foreign for Test {
    fn name(&self) -> &str {
        &self.name
    }

    fn bar(&self) -> Bar {
        Bar { suite: self.suite.name, per_mille: self.suite.bar_per_mille }
    }

    fn key(&self) -> String {
        format!("{} {:?} {} {:?}", self.name, self.directives, self.is_plain, self.data)
    }

    fn kept(&self) -> &Kept {
        &self.workshop.kept
    }

    fn difference(&self) -> Option<(&str, String)> {
        let list = format!("tests/gcc/{}.txt", self.suite.name);
        self.difference.as_deref().map(|reason| (reason, list))
    }

    fn found(&self) -> &Mutex<Found> {
        &self.found
    }

    fn attempt(&self, lab: &Lab, isle: Isle) -> Attempt {
        let mut attempt = Attempt { rerun: self.source.display().to_string(), ..Attempt::default() };
        let image = match build::executable(lab, &self.workshop, self, Target::of(isle, Family::Gcc)) {
            Ok(image) => image,
            Err(why) => {
                attempt.faults.add(why);
                return attempt;
            }
        };
        attempt.is_built = true;
        for cpus in self.numbers_of_cpus(isle) {
            let launch = self.launch(lab, isle, &image, cpus);
            attempt.rerun = launch.shell_line();
            match self.outcome(launch) {
                Ok(outcome) => {
                    self.judge(&outcome, &mut attempt.faults);
                    attempt.printed = [outcome.stdout, outcome.stderr].concat();
                }
                Err(error) => attempt.faults.add(format!("cannot run it: {error}")),
            }
            if !attempt.faults.is_empty() {
                break;
            }
        }
        attempt
    }
}
