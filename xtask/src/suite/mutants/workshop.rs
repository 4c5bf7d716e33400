//! Where mutants are put in and built: the copy of the checkout ([`CopyShop`]).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::baseline::Baseline;
use super::copy::{Copy, Extent, mirror};
use super::judge::{Tried, Workshop};
use super::list::{Catcher, Mutant};
use super::listen::{Ending, listen, sweep};
use super::outcome::{End, Listener, Outcome};
use super::{build, names};
use crate::context::Context;
use crate::log::Log;
use crate::tidy::Tree;
use crate::tool::Cmd;

/// How long compiling tests may take, and running them without a fault.
const PATIENCE: Duration = Duration::from_secs(900);

/// The copy, and what is known of tests.
#[derive(Debug)]
pub struct CopyShop<'a> {
    copy: Copy,
    tree: &'a Tree,
    baseline: &'a Baseline,
    log: Log,
    /// The installed tree of the stand that gets what is built.
    prefix: &'a Path,
    /// The text without the fault that is in now.
    before: String,
}

/// The copy and the log go from one shop to the next.
pub type Rest = (Copy, Log);

impl<'a> CopyShop<'a> {
    /// A shop that builds for the stand with this installed tree.
    pub fn new((copy, log): Rest, tree: &'a Tree, baseline: &'a Baseline, prefix: &'a Path) -> Self {
        Self { copy, tree, baseline, log, prefix, before: String::new() }
    }

    /// Closes it.
    pub fn close(self) -> Rest {
        (self.copy, self.log)
    }
}

/// Makes the copy.
pub fn open(context: &Context) -> Result<Rest> {
    // An interrupted run may have left something that hangs.
    sweep(&context.workspace.target().join("mutants"))?;
    Ok((Copy::make(context)?, Log::create(context.workspace.log("mutants"))?))
}

/// Builds without a fault what will be built with one, and installs it for the stands.
pub fn warm_up((copy, _): &mut Rest, mutants: &[Mutant], prefixes: &[&Path]) -> Result<()> {
    let mutants = mutants.iter().filter(|mutant| mutant.cases().next().is_some());
    let parts = mutants.filter_map(|mutant| build::parts(&mutant.file)).flatten();
    let parts: BTreeSet<_> = parts.flat_map(|part| build::to_warm(*part)).copied().collect();
    parts.iter().try_for_each(|part| build::build(&copy.context, *part, Path::new("")))?;
    let made = copy.context.workspace.prefix();
    prefixes.iter().try_for_each(|prefix| mirror(made.root(), prefix))?;
    copy.mend(Extent::Tree)
}

/// Runs those tests of crates without a fault that will run with one.
pub fn units_alone(
    (copy, log): &mut Rest,
    tree: &Tree,
    mutants: &[Mutant],
    baseline: &mut Baseline,
) -> Result<()> {
    let all = mutants.iter().flat_map(|mutant| &mutant.caught_by);
    let units: BTreeSet<_> = all.filter(|catcher| matches!(catcher, Catcher::Unit { .. })).collect();
    if !units.is_empty() {
        copy.take_over_crates(tree)?;
    }
    for unit in units {
        let began = Instant::now();
        match run_unit(copy, log, tree, unit, PATIENCE)? {
            Ok(outcome) => baseline.add_unit(unit, &outcome, began.elapsed()),
            Err(what) => bail!("{unit} does not compile without a mutant: {what}"),
        }
    }
    Ok(())
}

fn run_unit(copy: &Copy, log: &mut Log, tree: &Tree, unit: &Catcher, limit: Duration) -> Result<Tried> {
    let Catcher::Unit { package, filter } = unit else { bail!("{unit} is no test of a crate") };
    let targets = names::targets(tree, package, filter.as_deref());
    let cmd = Cmd::cargo_for_tests().args(["test", "--locked", "--package", package]).args(targets);
    let cmd = cmd.cwd(copy.root()).env_remove("CARGO_TARGET_DIR").env("CARGO_TERM_COLOR", "never");
    let mut said = Vec::new();
    let compile = cmd.clone().arg("--no-run").within(PATIENCE);
    if !compile.status(log, |line| said.push(line.to_owned()))?.success() {
        return Ok(Err(essence(&said)));
    }
    let cmd = cmd.arg("--no-fail-fast").arg("--").args(filter);
    let mut listener = Listener::start();
    let ending = listen(&cmd, copy.root(), limit, log, |line| listener.libtest(line))?;
    let mut outcome = listener.done();
    match ending {
        Ending::Killed => outcome.add(unit.to_string(), End::Hung, limit),
        // A test that has taken the whole process with it says nothing any more.
        Ending::Badly if outcome.caught().0.is_empty() => {
            outcome.add(unit.to_string(), End::Failed, Duration::ZERO);
        }
        Ending::Badly | Ending::Well => {}
    }
    Ok(Ok(outcome))
}

impl Workshop for CopyShop<'_> {
    fn apply(&mut self, mutant: &Mutant) -> Result<()> {
        self.before = self.copy.apply(mutant)?;
        Ok(())
    }

    fn units(&mut self, mutant: &Mutant) -> Result<Tried> {
        let mut all = Outcome::default();
        for unit in &mutant.caught_by {
            let Some(limit) = self.baseline.unit_limit(unit) else { continue };
            match run_unit(&self.copy, &mut self.log, self.tree, unit, limit)? {
                Ok(outcome) => all.extend(outcome),
                Err(what) => return Ok(Err(what)),
            }
            if !all.caught().0.is_empty() {
                break;
            }
        }
        Ok(Ok(all))
    }

    fn build(&mut self, mutant: &Mutant) -> Result<Result<(), String>> {
        let parts = build::parts(&mutant.file).unwrap_or_default();
        let result = parts.iter().try_for_each(|part| build::build(&self.copy.context, *part, &mutant.file));
        if let Err(error) = result {
            return Ok(Err(essence(&format!("{error:#}").lines().collect::<Vec<_>>())));
        }
        mirror(self.copy.context.workspace.prefix().root(), self.prefix).map(Ok)
    }

    fn restore(&mut self, mutant: &Mutant) -> Result<()> {
        self.copy.take_out(mutant, &self.before)?;
        let is_deep =
            build::parts(&mutant.file).is_some_and(|parts| parts.iter().any(|part| build::is_deep(*part)));
        self.copy.mend(if is_deep { Extent::All } else { Extent::Tree })
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
