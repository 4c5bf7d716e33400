//! Do the tests notice when the product breaks? Every mutant of `tests/mutants` is put into a copy of the checkout, built and run
//! against the tests that ought to catch it.
//!
//! | module | noun |
//! |---|---|
//! | [`list`], [`names`], [`check`] | the lists as they are written, and what is wrong with them |
//! | [`choice`] | which mutants are tried |
//! | [`copy`], [`crates`], [`build`] | where they live, and how what they concern is built |
//! | [`workshop`], [`stand`], [`line`] | where they are put in and built, where programs run with them, side by side |
//! | [`outcome`], [`baseline`], [`listen`] | what tests say, with a fault and without, and that they come to an end |
//! | [`judge`], [`kept`], [`proven`] | what became of each, and which were seen to come out as they should |
//! | [`tool`] | the suite cargo-mutants: faults that a tool makes |
//! | [`page`] | `docs/mutants.md` |

pub mod baseline;
pub mod build;
pub mod check;
pub mod choice;
pub mod copy;
pub mod crates;
pub mod judge;
pub mod kept;
pub mod line;
pub mod list;
pub mod listen;
pub mod names;
pub mod outcome;
pub mod page;
pub mod proven;
pub mod stand;
pub mod tool;
pub mod workshop;

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Result, bail};

use super::extent::Extent;
use super::rules;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::steps::{self, bed, ports};
use crate::tidy::Tree;
use crate::tool::Cmd;
use baseline::Baseline;
use choice::Choice;
use judge::{Task, Verdict};
use kept::{Found, Kept, Trust};
use list::{Isle, Mutant};
use stand::TestSite;
use workshop::Rest;

/// What the user typed for this suite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection<'a> {
    /// Which mutants, instead of the day's tenth or all.
    pub which: Option<&'a str>,
    /// Whether to note what came out, and write the page if all were tried.
    pub record: bool,
}

/// Checks the lists, tries the chosen mutants.
pub fn run(context: &Context, extent: Extent, wish: Selection<'_>) -> Result<Tally> {
    let tree = Tree::read(context.workspace.root())?;
    let (mutants, findings) = check::read(&tree);
    rules::print(&findings);
    if !findings.is_empty() {
        return Ok(findings.iter().map(|_| Tally::FAILED).sum());
    }
    let choice = match (wish.which, extent) {
        (Some(text), _) => Choice::parse(text).map_err(anyhow::Error::msg)?,
        (None, Extent::Whole) => Choice::All,
        (None, Extent::Everyday) => Choice::of_day(context.source_date_epoch()?),
    };
    let choice = choice.or_list(&mutants);
    let all = mutants.len();
    let is_daily = wish.which.is_none() && extent == Extent::Everyday;
    let chosen = choice.of(if is_daily { proven::of(&tree, mutants) } else { mutants });
    println!("{} of {all} mutants", chosen.len());
    if chosen.is_empty() && is_daily {
        println!("skipped: none of this day's tenth has been tried on purpose yet");
        return Ok(Tally::SKIPPED);
    }
    if chosen.is_empty() {
        bail!("no mutant is chosen by {choice:?}");
    }
    let found = try_all(context, &tree, &chosen, (&choice, extent), wish.record)?;
    if wish.record && choice.is_whole() {
        let date = Cmd::new("date").args(["-u", "+%F"]).read()?;
        let of =
            chosen.iter().cloned().zip(found.iter().map(|found| found.verdict.clone())).collect::<Vec<_>>();
        page::record(context.workspace.root(), &of, date.trim())?;
    }
    Ok(sum_up(&chosen, &found))
}

/// Tries those of which nothing is kept; a line for each.
fn try_all(
    context: &Context,
    tree: &Tree,
    chosen: &[Mutant],
    (choice, extent): (&Choice, Extent),
    record: bool,
) -> Result<Vec<Found>> {
    // Who records a list goes through its survivors; trying all the others again for each test that is added takes hours.
    let trust = if record { Trust::Caught } else { Trust::ThisState };
    let kept = Kept::new(context.workspace.target().join("mutants/kept"), tree, trust);
    let width = chosen.iter().map(|mutant| mutant.title().len()).max().unwrap_or_default();
    let tell = |mutant: &Mutant, found: &Found| {
        let (tally, words) = found.verdict.told(mutant);
        println!("{:<width$}  {:>4.0} s  {words}", mutant.title(), found.seconds);
        // One by one: a run that is interrupted has noted what it found.
        if record { proven::note(context.workspace.root(), mutant, tally == Tally::PASSED) } else { Ok(()) }
    };
    let by_all = |mutant: &Mutant| {
        // Parts are for looking quickly.
        let is_whole = extent == Extent::Whole && choice.is_whole();
        is_whole && mutant.isle == Isle::Process && mutant.survives.is_none()
    };
    let mut all = BTreeMap::new();
    let mut new = Vec::new();
    for (index, mutant) in chosen.iter().enumerate() {
        let by_all = by_all(mutant);
        // Who names mutants wants to see them tried.
        match kept.get(mutant, by_all).filter(|_| !matches!(choice, Choice::Named(_))) {
            Some(found) => {
                tell(mutant, &found)?;
                all.insert(index, found);
            }
            None => new.push((index, by_all)),
        }
    }
    if !new.is_empty() {
        let of: Vec<_> = new.iter().map(|(index, _)| chosen[*index].clone()).collect();
        let (rest, places, baseline) = prepare(context, tree, &of)?;
        let task = |(mutant, (_, by_all)): (Mutant, &(usize, bool))| {
            let has_cases = baseline.cases(&mutant).is_some();
            (mutant, Task { has_cases, by_all: *by_all })
        };
        let tasks: Vec<_> = of.into_iter().zip(&new).map(task).collect();
        line::try_all(rest, tree, places, &baseline, &tasks, |number, found| {
            let (mutant, task) = &tasks[number];
            tell(mutant, &found)?;
            kept.put(mutant, task.by_all, &found)?;
            all.insert(new[number].0, found);
            Ok(())
        })?;
    }
    Ok(all.into_values().collect())
}

/// Makes copy and stands, and learns what the tests do without a fault.
fn prepare(context: &Context, tree: &Tree, mutants: &[Mutant]) -> Result<(Rest, Vec<TestSite>, Baseline)> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    if mutants.iter().any(|mutant| mutant.isle == Isle::Uhyve) {
        let _lock = context.lock()?;
        Plan::new(bed::steps(context)?).run(context)?;
    }
    ports::fetch(context)?;
    let began = Instant::now();
    let tell = |what: &str| println!("{what}: {:.0} s", began.elapsed().as_secs_f64());
    let mut rest = workshop::open(context)?;
    let mut places = stand::places(context, line::stands())?;
    tell("copied");
    let prefixes: Vec<_> = places.iter().map(TestSite::prefix).collect();
    workshop::warm_up(&mut rest, mutants, &prefixes)?;
    tell("built without a fault");
    let mut baseline = Baseline::default();
    workshop::units_alone(&mut rest, tree, mutants, &mut baseline)?;
    line::cases_alone(&mut places, mutants, &mut baseline)?;
    tell("tested without a fault");
    for name in baseline.failed() {
        println!("{name} fails without a fault: it cannot judge");
    }
    Ok((rest, places, baseline))
}

/// The last words, and the tally.
fn sum_up(chosen: &[Mutant], found: &[Found]) -> Tally {
    let verdicts = || found.iter().map(|found| &found.verdict);
    let caught = verdicts().filter(|verdict| matches!(verdict, Verdict::Caught { .. })).count();
    let hung = verdicts().filter(|verdict| matches!(verdict, Verdict::Caught { hung: true, .. })).count();
    let survived = verdicts().filter(|verdict| **verdict == Verdict::Survived).count();
    let judged = caught + survived;
    println!(
        "\n{caught} caught, {hung} of them by a hang, {survived} survived: {:.1} % of {judged} caught; {:.1} s each",
        100.0 * caught as f64 / judged.max(1) as f64,
        found.iter().map(|found| found.seconds).sum::<f64>() / found.len().max(1) as f64
    );
    chosen.iter().zip(found).map(|(mutant, found)| found.verdict.told(mutant).0).sum()
}
