//! Where programs run with a fault: an installed tree that belongs to one mutant at a time, and the runner ([`RunnerStand`]).

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use super::baseline::{Baseline, Cases};
use super::judge::Stand;
use super::list::{Isle, Mutant};
use super::listen::{Ending, listen};
use super::outcome::{End, Listener, Outcome};
use crate::context::Context;
use crate::files::create_folder;
use crate::log::Log;
use crate::tool::Cmd;

/// How long a case may take without a fault, and in a run of all.
const CASE: Duration = Duration::from_secs(240);

/// How long a run of all may take.
const ALL: Duration = Duration::from_secs(3600);

/// How long the runner may take beside its cases: a bed boots.
const AROUND: Duration = Duration::from_secs(120);

/// How much slower the bed is, as the runner takes it.
const BED_SLOWNESS: u32 = 10;

/// A folder for one mutant at a time.
#[derive(Debug)]
pub struct TestSite {
    folder: PathBuf,
    prefix: PathBuf,
    runner: PathBuf,
    root: PathBuf,
    sources: PathBuf,
    bed: PathBuf,
    log: Log,
}

/// One with what is known of tests.
#[derive(Debug)]
pub struct RunnerStand<'a> {
    /// Where.
    pub place: &'a mut TestSite,
    /// Which cases can judge.
    pub baseline: &'a Baseline,
}

/// Builds the runner of the real checkout and makes `count` places.
pub fn places(context: &Context, count: usize) -> Result<Vec<TestSite>> {
    let workspace = &context.workspace;
    let mut log = Log::create(workspace.log("mutants-runner"))?;
    let build = Cmd::cargo().args(["build", "--quiet", "--locked", "--package", "tests"]);
    build.cwd(workspace.root()).logged(&mut log, |_| {})?;
    let place = |number| {
        let folder = workspace.target().join(format!("mutants/stand-{number}"));
        create_folder(&folder)?;
        Ok(TestSite {
            prefix: folder.join("sysroot"),
            folder,
            runner: workspace.target().join("debug/hermit-tests"),
            root: workspace.root().to_path_buf(),
            sources: workspace.ports(),
            bed: workspace.bed(),
            log: Log::create(workspace.log(&format!("mutants-{number}")))?,
        })
    };
    (1..=count).map(place).collect()
}

impl TestSite {
    /// Runs these cases without a fault, one at a time: their durations are wanted.
    pub fn cases_alone(&mut self, isle: Isle, names: &[&str]) -> Result<Outcome> {
        let cmd = self.cmd(isle).args(["--jobs", "1", "--exact"]).args(names);
        self.hear(&cmd, within(isle, CASE, names.len()))
    }

    fn cmd(&self, isle: Isle) -> Cmd {
        let cmd = Cmd::with_default_signals(&self.runner)
            .args(["--isle", isle.name()])
            .arg("--root")
            .arg(&self.root);
        let cmd = cmd.arg("--prefix").arg(&self.prefix).arg("--sources").arg(&self.sources);
        let cmd = cmd.arg("--work").arg(self.folder.join("work")).cwd(&self.folder);
        // Where a fault hides a compiler, its tests must fail, not be skipped.
        let cmd = cmd.env("CI", "true");
        if isle == Isle::Uhyve { cmd.arg("--bed").arg(&self.bed) } else { cmd }
    }

    fn hear(&mut self, cmd: &Cmd, limit: Duration) -> Result<Outcome> {
        let mut listener = Listener::start();
        let ending = listen(cmd, &self.folder, limit, &mut self.log, |line| listener.runner(line))?;
        let mut outcome = listener.done();
        if ending == Ending::Killed {
            outcome.add("the whole run", End::Hung, limit);
        } else if outcome.is_empty() {
            bail!("the runner said nothing of any test: see {}", self.log.path().display());
        }
        Ok(outcome)
    }

    /// Its installed tree.
    pub fn prefix(&self) -> &Path {
        &self.prefix
    }
}

/// How long so many cases may take.
fn within(isle: Isle, each: Duration, count: usize) -> Duration {
    let slowness = if isle == Isle::Uhyve { BED_SLOWNESS } else { 1 };
    AROUND * slowness.min(2) + each * slowness * u32::try_from(count).unwrap_or(u32::MAX)
}

impl Stand for RunnerStand<'_> {
    fn cases(&mut self, mutant: &Mutant) -> Result<Outcome> {
        let Some(Cases { names, limit }) = self.baseline.cases(mutant) else { return Ok(Outcome::default()) };
        // The runner multiplies it for the bed, whose durations are long already.
        let each = if mutant.isle == Isle::Uhyve { limit / BED_SLOWNESS } else { limit };
        let cmd = self.place.cmd(mutant.isle).args([
            "--jobs",
            "2",
            "--limit-s",
            &each.as_secs().max(1).to_string(),
        ]);
        self.place.hear(&cmd.arg("--exact").args(&names), within(mutant.isle, each, names.len()))
    }

    fn all(&mut self) -> Result<Outcome> {
        let cmd = self.place.cmd(Isle::Process).args(["--skip", "ports/", "--limit-s"]);
        self.place.hear(&cmd.arg(CASE.as_secs().to_string()), ALL)
    }
}
