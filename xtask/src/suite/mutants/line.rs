//! Mutants on their way: one after the other through the workshop, and from there to whichever stand is free ([`try_all`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};

use super::baseline::Baseline;
use super::judge::{self, Made, Task};
use super::kept::Found;
use super::list::{Isle, Mutant};
use super::stand::{RunnerStand, TestSite};
use super::workshop::{CopyShop, Rest};
use crate::tidy::Tree;

/// Most stands that are of use.
const STANDS: usize = 4;

/// A mutant's number, what was found, and the place, free again.
type Done = (usize, Result<Found>, TestSite);

/// How many stands fit to this machine.
pub fn stands() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(STANDS)
}

/// Runs the cases that will judge, without a fault, on all places at the same time.
pub fn cases_alone(places: &mut [TestSite], mutants: &[Mutant], baseline: &mut Baseline) -> Result<()> {
    let mut names: BTreeMap<Isle, BTreeSet<&str>> = BTreeMap::new();
    for mutant in mutants {
        names.entry(mutant.isle).or_default().extend(mutant.cases());
    }
    for (isle, names) in names {
        let names: Vec<_> = names.into_iter().collect();
        let share = names.len().div_ceil(places.len()).max(1);
        let outcomes: Vec<Result<_>> = thread::scope(|scope| {
            let runs = places.iter_mut().zip(names.chunks(share));
            let runs: Vec<_> =
                runs.map(|(place, names)| scope.spawn(|| place.cases_alone(isle, names))).collect();
            runs.into_iter()
                .map(|run| run.join().unwrap_or_else(|_| Err(anyhow!("a stand has panicked"))))
                .collect()
        });
        for outcome in outcomes {
            baseline.add_cases(isle, &outcome?);
        }
    }
    Ok(())
}

/// Tries all `mutants`; `done` gets each as soon as it has been judged.
pub fn try_all(
    mut rest: Rest,
    tree: &Tree,
    mut places: Vec<TestSite>,
    baseline: &Baseline,
    mutants: &[(Mutant, Task)],
    mut done: impl FnMut(usize, Found) -> Result<()>,
) -> Result<()> {
    let (sender, receiver) = mpsc::channel::<Done>();
    thread::scope(|scope| {
        let mut under_way = 0;
        for (index, (mutant, task)) in mutants.iter().enumerate() {
            if let Some(verdict) = baseline.unfit(mutant) {
                done(index, Found { verdict, seconds: 0.0 })?;
                continue;
            }
            let mut place = match places.pop() {
                Some(place) => place,
                None => {
                    under_way -= 1;
                    take(&receiver, &mut done)?
                }
            };
            let began = Instant::now();
            let mut shop = CopyShop::new(rest, tree, baseline, place.prefix());
            let made = judge::make(&mut shop, mutant, *task);
            rest = shop.close();
            match made? {
                Made::Judged(verdict) => {
                    done(index, Found { verdict, seconds: began.elapsed().as_secs_f64() })?;
                    places.push(place);
                }
                Made::Built => {
                    let sender = sender.clone();
                    under_way += 1;
                    scope.spawn(move || {
                        let mut stand = RunnerStand { place: &mut place, baseline };
                        let verdict = judge::judge(&mut stand, mutant, *task);
                        let found =
                            verdict.map(|verdict| Found { verdict, seconds: began.elapsed().as_secs_f64() });
                        // Nobody listens any more if the suite has failed meanwhile.
                        drop(sender.send((index, found, place)));
                    });
                }
            }
        }
        for _ in 0..under_way {
            take(&receiver, &mut done)?;
        }
        Ok(())
    })
}

fn take(receiver: &Receiver<Done>, done: &mut impl FnMut(usize, Found) -> Result<()>) -> Result<TestSite> {
    let (index, found, place) = receiver.recv().context("every stand has gone")?;
    done(index, found?)?;
    Ok(place)
}
