//! Where mutants are tried: the copy of the checkout with the runner and cargo's tests at hand ([`Workbench`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::copy::Copy;
use super::judge::{Site, Tried, Verdict};
use super::list::{Catcher, Isle, Mutant};
use super::outcome::{End, Listener, Outcome};
use super::{build, names};
use crate::context::Context;
use crate::log::Log;
use crate::tidy::Tree;
use crate::tool::Cmd;

/// How long a test may take beyond a multiple of its time without a fault.
const GRACE: Duration = Duration::from_secs(10);

/// The multiple: a machine has other work to do.
const SLOWER: u32 = 4;

/// How long a program of the whole run may take.
const WHOLE_RUN_CASE: Duration = Duration::from_secs(120);

/// How long compiling tests may take.
const COMPILE: Duration = Duration::from_secs(600);

/// The copy, and what tries it.
#[derive(Debug)]
pub struct Workbench<'a> {
    copy: Copy,
    real: &'a Context,
    tree: &'a Tree,
    runner: PathBuf,
    log: Log,
    /// Every test that is used, without a fault: cases by isle and name, crates' tests by what they are called with.
    baseline: BTreeMap<(Isle, String), (End, Duration)>,
    /// The text without the fault that is in now.
    before: String,
    is_built: bool,
}

impl<'a> Workbench<'a> {
    /// Copies the checkout, builds the runner of the real one.
    pub fn new(real: &'a Context, tree: &'a Tree, log: Log) -> Result<Self> {
        let copy = Copy::make(real)?;
        let mut bench = Self {
            copy,
            real,
            tree,
            runner: real.workspace.target().join("debug/hermit-tests"),
            log,
            baseline: BTreeMap::new(),
            before: String::new(),
            is_built: false,
        };
        let build = Cmd::cargo().args(["build", "--quiet", "--locked", "--package", "tests"]);
        build.cwd(real.workspace.root()).logged(&mut bench.log, |_| {})?;
        Ok(bench)
    }

    /// Builds without a fault what will be built with one, and runs every test that will be used. What fails then cannot
    /// judge: its names are returned.
    pub fn prepare(&mut self, mutants: &[Mutant]) -> Result<Vec<String>> {
        let with_programs = mutants.iter().filter(|mutant| mutant.cases().next().is_some());
        let parts = with_programs.filter_map(|mutant| build::parts(&mutant.file)).flatten();
        let parts: BTreeSet<_> = parts.flat_map(|part| build::to_warm(*part)).copied().collect();
        parts.iter().try_for_each(|part| build::build(&self.copy.context, *part, Path::new("")))?;
        let mut cases: BTreeMap<Isle, BTreeSet<&str>> = BTreeMap::new();
        let mut units = BTreeSet::new();
        for mutant in mutants {
            cases.entry(mutant.isle).or_default().extend(mutant.cases());
            units.extend(mutant.caught_by.iter().filter(|catcher| matches!(catcher, Catcher::Unit { .. })));
        }
        for (isle, names) in cases.into_iter().filter(|(_, names)| !names.is_empty()) {
            let names: Vec<_> = names.into_iter().collect();
            // One at a time: their durations are wanted.
            let outcome = self.run_cases(isle, &names, None, 1)?;
            self.baseline
                .extend(outcome.iter().map(|(name, end, took)| ((isle, name.to_owned()), (end, took))));
        }
        for unit in units {
            let began = Instant::now();
            let end = match self.run_unit(unit, None)? {
                Err(what) => bail!("{unit} does not compile without a mutant: {what}"),
                Ok(outcome) if outcome.caught().0.is_empty() && !outcome.is_empty() => End::Good,
                Ok(_) => End::Failed,
            };
            self.baseline.insert((Isle::Process, unit.to_string()), (end, began.elapsed()));
        }
        self.copy.mend()?;
        let failed = self.baseline.iter().filter(|(_, (end, _))| matches!(end, End::Failed | End::Hung));
        Ok(failed.map(|((isle, name), _)| format!("{name} ({})", isle.name())).collect())
    }

    /// What is to be said of a mutant before it is tried: none of its tests can judge it.
    pub fn unfit(&self, mutant: &Mutant) -> Option<Verdict> {
        let known: Vec<_> =
            mutant.caught_by.iter().flat_map(|catcher| self.known(mutant.isle, catcher)).collect();
        let has = |end| known.iter().any(|(_, is, _)| *is == end);
        if has(End::Good) || mutant.caught_by.is_empty() {
            None
        } else if has(End::Skipped) {
            Some(Verdict::Skipped)
        } else {
            Some(Verdict::Unjudged("its tests fail without it, or there are none of these names".to_owned()))
        }
    }

    /// The tests that a catcher stands for, as they were without a fault.
    fn known(&self, isle: Isle, catcher: &Catcher) -> Vec<(String, End, Duration)> {
        let (isle, wanted) = match catcher {
            Catcher::Case(name) => (isle, name.clone()),
            Catcher::Unit { .. } => (Isle::Process, catcher.to_string()),
        };
        let is_wanted = |name: &str| {
            name == wanted || name.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('@'))
        };
        let all = self.baseline.iter().filter(|((of, name), _)| *of == isle && is_wanted(name));
        all.map(|((_, name), (end, took))| (name.clone(), *end, *took)).collect()
    }

    /// Runs a command that belongs to tests in the copy; whatever it started is gone after `limit`.
    fn listen(&mut self, cmd: &Cmd, limit: Duration, mut hear: impl FnMut(&str)) -> Result<bool> {
        let (ended, wait) = mpsc::channel::<()>();
        let (copy, log) = (&self.copy, &mut self.log);
        let cmd = cmd.clone().within(limit);
        thread::scope(|scope| {
            // What does not belong to the command's process group may keep its output open.
            scope.spawn(move || {
                if wait.recv_timeout(limit + GRACE) == Err(mpsc::RecvTimeoutError::Timeout) {
                    copy.sweep().unwrap_or_default();
                }
            });
            let status = cmd.status(log, &mut hear);
            drop(ended);
            Ok(matches!(status?.code(), Some(124 | 137)))
        })
    }

    fn run_cases(
        &mut self,
        isle: Isle,
        names: &[&str],
        limit: Option<Duration>,
        jobs: usize,
    ) -> Result<Outcome> {
        let names = names.iter().copied();
        let each = limit.unwrap_or(WHOLE_RUN_CASE * 2);
        let whole = GRACE + each * u32::try_from(names.len()).unwrap_or(u32::MAX);
        let mut cmd = self.runner(isle, jobs).arg("--exact").args(names);
        if let Some(limit) = limit {
            cmd = cmd.args(["--limit-s", &limit.as_secs().to_string()]);
        }
        self.hear_runner(&cmd, whole)
    }

    fn hear_runner(&mut self, cmd: &Cmd, limit: Duration) -> Result<Outcome> {
        let mut listener = Listener::new();
        let was_killed = self.listen(cmd, limit, |line| listener.runner(line))?;
        let mut outcome = listener.done();
        if was_killed {
            outcome.add("the whole run", End::Hung, limit);
        } else if outcome.is_empty() {
            bail!("the runner said nothing of any test: see {}", self.log.path().display());
        }
        self.copy.sweep()?;
        Ok(outcome)
    }

    fn runner(&self, isle: Isle, jobs: usize) -> Cmd {
        let (here, real) = (&self.copy.context.workspace, &self.real.workspace);
        let cmd = Cmd::new(&self.runner).args(["--jobs", &jobs.to_string(), "--isle", isle.name()]);
        let cmd = cmd.arg("--root").arg(here.root()).arg("--prefix").arg(here.prefix().root());
        let cmd =
            cmd.arg("--sources").arg(real.ports()).arg("--work").arg(here.build("tests")).cwd(here.root());
        if isle == Isle::Uhyve { cmd.arg("--bed").arg(real.bed()) } else { cmd }
    }

    fn run_unit(&mut self, catcher: &Catcher, limit: Option<Duration>) -> Result<Tried> {
        let Catcher::Unit { package, filter } = catcher else { bail!("{catcher} is no test of a crate") };
        let targets = names::targets(self.tree, package, filter.as_deref());
        let cmd = Cmd::cargo().args(["test", "--locked", "--package", package]).args(targets);
        let cmd = cmd.cwd(self.copy.root()).env_remove("CARGO_TARGET_DIR").env("CARGO_TERM_COLOR", "never");
        let mut said = Vec::new();
        let compile = cmd.clone().arg("--no-run").within(COMPILE);
        if !compile.status(&mut self.log, |line| said.push(line.to_owned()))?.success() {
            return Ok(Err(essence(&said)));
        }
        let cmd = cmd.arg("--no-fail-fast").arg("--").args(filter);
        let mut listener = Listener::new();
        let was_killed = self.listen(&cmd, limit.unwrap_or(COMPILE), |line| listener.libtest(line))?;
        let mut outcome = listener.done();
        if was_killed {
            outcome.add(catcher.to_string(), End::Hung, Duration::ZERO);
            self.copy.sweep()?;
        }
        Ok(Ok(outcome))
    }

    /// Builds what the mutant concerns, unless that has been done.
    fn build(&mut self, mutant: &Mutant) -> std::result::Result<(), String> {
        if !self.is_built {
            let parts = build::parts(&mutant.file).unwrap_or_default();
            let result =
                parts.iter().try_for_each(|part| build::build(&self.copy.context, *part, &mutant.file));
            result.map_err(|error| essence(&format!("{error:#}").lines().collect::<Vec<_>>()))?;
            self.is_built = true;
        }
        Ok(())
    }
}

impl Site for Workbench<'_> {
    fn apply(&mut self, mutant: &Mutant) -> Result<()> {
        self.before = self.copy.apply(mutant)?;
        self.is_built = false;
        Ok(())
    }

    fn try_set(&mut self, mutant: &Mutant) -> Result<Tried> {
        let mut all = Outcome::default();
        // In the list's order, the cases together.
        let mut cases: Vec<_> =
            mutant.cases().flat_map(|name| self.known(mutant.isle, &Catcher::Case(name.into()))).collect();
        cases.retain(|(_, end, _)| *end == End::Good);
        for catcher in &mutant.caught_by {
            let outcome = match catcher {
                Catcher::Unit { .. } => {
                    let known = self.known(mutant.isle, catcher);
                    let Some((_, End::Good, took)) = known.first() else { continue };
                    self.run_unit(catcher, Some(GRACE + *took * SLOWER))?
                }
                Catcher::Case(_) if cases.is_empty() => continue,
                Catcher::Case(_) => {
                    if let Err(what) = self.build(mutant) {
                        return Ok(Err(what));
                    }
                    let cases = std::mem::take(&mut cases);
                    let longest = cases.iter().map(|(_, _, took)| *took).max().unwrap_or_default();
                    let names: Vec<_> = cases.iter().map(|(name, _, _)| name.as_str()).collect();
                    self.run_cases(mutant.isle, &names, Some(GRACE + longest * SLOWER), 2).map(Ok)?
                }
            };
            match outcome {
                Ok(outcome) => all.extend(outcome),
                Err(what) => return Ok(Err(what)),
            }
            if !all.caught().0.is_empty() {
                break;
            }
        }
        Ok(Ok(all))
    }

    fn try_all(&mut self, mutant: &Mutant) -> Result<Tried> {
        if let Err(what) = self.build(mutant) {
            return Ok(Err(what));
        }
        let cmd = self.runner(Isle::Process, 2).args(["--skip", "ports/", "--limit-s"]);
        let cmd = cmd.arg(WHOLE_RUN_CASE.as_secs().to_string());
        self.hear_runner(&cmd, WHOLE_RUN_CASE * 15).map(Ok)
    }

    fn restore(&mut self, mutant: &Mutant) -> Result<()> {
        self.copy.take_out(mutant, &self.before)?;
        if self.is_built { self.copy.mend() } else { Ok(()) }
    }
}

/// What is worth telling of what a compiler said.
fn essence<T: AsRef<str>>(lines: &[T]) -> String {
    let mut lines = lines.iter().map(|line| line.as_ref().trim().trim_start_matches("| "));
    let is_error = |line: &&str| line.starts_with("error") || line.contains(": error:");
    let first = lines.clone().find(is_error).or_else(|| lines.next_back());
    first.unwrap_or("it said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::essence;

    #[test]
    fn the_first_error_is_told() {
        let lines = [
            "the step `kernel` did not succeed",
            "  | warning: x",
            "  | error[E0308]: mismatched types",
            "error: y",
        ];
        assert_eq!(essence(&lines), "error[E0308]: mismatched types");
        assert_eq!(essence(&["a", "b"]), "b");
        assert_eq!(essence::<&str>(&[]), "it said nothing");
    }
}
