//! Do the tests notice when the product breaks? Every mutant of `tests/mutants` is put into a copy of the checkout, built and run
//! against the tests that ought to catch it.
//!
//! | module | noun |
//! |---|---|
//! | [`list`], [`names`], [`check`] | the lists as they are written, and what is wrong with them |
//! | [`choice`] | which mutants are tried |
//! | [`copy`], [`build`] | where they live, and how what they concern is built |
//! | [`site`], [`outcome`] | how they are tried, and what tests say |
//! | [`judge`], [`kept`] | what became of each |
//! | [`page`] | `docs/mutants.md` |

pub mod build;
pub mod check;
pub mod choice;
pub mod copy;
pub mod judge;
pub mod kept;
pub mod list;
pub mod names;
pub mod outcome;
pub mod page;
pub mod site;

use std::time::Instant;

use anyhow::{Result, bail};

use super::{Extent, Tally};
use crate::apt;
use crate::context::Context;
use crate::log::Log;
use crate::package;
use crate::plan::Plan;
use crate::steps::{bed, ports};
use crate::tidy::Tree;
use crate::tool::Cmd;
use crate::verb;
use choice::Choice;
use judge::{Verdict, judge};
use kept::{Found, Kept};
use list::{Isle, Mutant};
use site::Workbench;

/// What the user typed for this suite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// Which mutants, instead of the day's tenth or all.
    pub which: Option<&'a str>,
    /// Whether to write the page.
    pub record: bool,
}

/// Checks the lists, tries the chosen mutants.
pub fn run(context: &Context, extent: Extent, wish: Wish<'_>) -> Result<Tally> {
    let tree = Tree::read(context.workspace.root())?;
    let (mutants, findings) = check::read(&tree);
    for finding in &findings {
        println!("{}: {}\n  cure: {}", finding.place, finding.what, finding.cure);
    }
    if !findings.is_empty() {
        return Ok(findings.iter().map(|_| Tally::FAILED).sum());
    }
    let choice = match (wish.which, extent) {
        (Some(text), _) => Choice::parse(text).map_err(anyhow::Error::msg)?,
        (None, Extent::Whole) => Choice::All,
        (None, Extent::Everyday) => Choice::of_day(context.source_date_epoch()?),
    };
    if wish.record && choice != Choice::All {
        bail!("--record wants all mutants, {choice:?} are some: leave --mutants out");
    }
    let all = mutants.len();
    let chosen = choice.of(mutants);
    println!("{} of {all} mutants", chosen.len());
    if chosen.is_empty() {
        bail!("no mutant is chosen by {choice:?}");
    }
    let found = try_all(context, &tree, &chosen, &choice, extent)?;
    if wish.record {
        let date = Cmd::new("date").args(["-u", "+%F"]).read()?;
        let of =
            chosen.iter().cloned().zip(found.iter().map(|found| found.verdict.clone())).collect::<Vec<_>>();
        page::renew(context.workspace.root(), page::Part::ByHand, &page::by_hand(&of, date.trim())?)?;
    }
    Ok(sum_up(&chosen, &found))
}

/// Tries those of which nothing is kept; a line for each.
fn try_all(
    context: &Context,
    tree: &Tree,
    chosen: &[Mutant],
    choice: &Choice,
    extent: Extent,
) -> Result<Vec<Found>> {
    let by_all = extent == Extent::Whole;
    let kept = Kept::new(context.workspace.target().join("mutants/kept"), tree);
    // Who names mutants wants to see them tried.
    let known =
        |mutant: &Mutant| if matches!(choice, Choice::Named(_)) { None } else { kept.get(mutant, by_all) };
    let known: Vec<_> = chosen.iter().map(known).collect();
    let new: Vec<_> =
        chosen.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(m, _)| m.clone()).collect();
    let mut bench = if new.is_empty() { None } else { Some(workbench(context, tree, &new)?) };
    let width = chosen.iter().map(|mutant| mutant.title().len()).max().unwrap_or_default();
    let mut all = Vec::new();
    for (mutant, known) in chosen.iter().zip(known) {
        let found = match (known, &mut bench) {
            (Some(found), _) => found,
            (None, Some(bench)) => {
                let found = try_one(bench, mutant, by_all && mutant.isle == Isle::Process)?;
                kept.put(mutant, by_all, &found)?;
                found
            }
            (None, None) => bail!("there is no place to try {}: a defect of this suite", mutant.title()),
        };
        let words = found.verdict.told(mutant).1;
        println!("{:<width$}  {:>4.0} s  {words}", mutant.title(), found.seconds);
        all.push(found);
    }
    Ok(all)
}

fn workbench<'a>(context: &'a Context, tree: &'a Tree, mutants: &[Mutant]) -> Result<Workbench<'a>> {
    verb::sysroot::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    if mutants.iter().any(|mutant| mutant.isle == Isle::Uhyve) {
        let _lock = context.lock()?;
        Plan::new(bed::steps(context)?).run(context)?;
    }
    ports::fetch(context)?;
    let began = Instant::now();
    let mut bench = Workbench::new(context, tree, Log::create(context.workspace.log("mutants"))?)?;
    println!("the copy is there after {:.0} s", began.elapsed().as_secs_f64());
    for name in bench.prepare(mutants)? {
        println!("{name} fails without a mutant: it cannot judge");
    }
    println!("the tests without a mutant took {:.0} s with that", began.elapsed().as_secs_f64());
    Ok(bench)
}

fn try_one(bench: &mut Workbench<'_>, mutant: &Mutant, by_all: bool) -> Result<Found> {
    let began = Instant::now();
    let verdict = bench.unfit(mutant).map_or_else(|| judge(bench, mutant, by_all), Ok)?;
    Ok(Found { verdict, seconds: began.elapsed().as_secs_f64() })
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
