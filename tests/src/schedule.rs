//! Runs cases, several at a time, and hands out the rows in their order.
//!
//! Neighbours: [`crate::case`], [`crate::report`].

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::case::{self, Case, Row};
use crate::lab::Lab;

/// Runs `cases` with `jobs` threads; `done` gets each row as soon as it and all before it are complete.
pub fn run<C: Case>(cases: &[C], lab: &Lab, jobs: usize, mut done: impl FnMut(&Row)) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((index, case)) = claim(cases, next) {
                    if sender.send((index, case::run(case, lab))).is_err() {
                        break; // nobody listens any more
                    }
                }
            });
        }
        drop(sender);
        in_order(receiver, &mut done)
    })
}

/// Prepares `cases`, as many at a time as there are CPUs: while they run, compilers shall not take their time.
pub fn prepare<C: Case>(cases: &[C], lab: &Lab) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((_, case)) = claim(cases, &next) {
                    case.prepare(lab);
                }
            });
        }
    });
}

fn claim<'a, C>(cases: &'a [C], next: &AtomicUsize) -> Option<(usize, &'a C)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    cases.get(index).map(|case| (index, case))
}

fn in_order(receiver: mpsc::Receiver<(usize, Row)>, done: &mut impl FnMut(&Row)) -> Vec<Row> {
    let mut early = BTreeMap::new();
    let mut rows = Vec::new();
    for (index, row) in receiver {
        early.insert(index, row);
        while let Some(row) = early.remove(&rows.len()) {
            done(&row);
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isle::Isle;
    use crate::verdict::Verdict;
    use std::time::Duration;

    struct Sleeper(usize, String);

    impl Case for Sleeper {
        fn name(&self) -> &str {
            &self.1
        }

        fn isles(&self) -> Vec<Isle> {
            vec![Isle::Native]
        }

        fn run(&self, _lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
            thread::sleep(Duration::from_millis(10 - self.0 as u64));
            isles.iter().map(|&isle| (isle, Verdict::Passed)).collect()
        }
    }

    #[test]
    fn rows_come_in_order_and_none_is_lost() {
        let cases: Vec<Box<dyn Case>> =
            (0..10).map(|index| Box::new(Sleeper(index, index.to_string())) as Box<dyn Case>).collect();
        let lab = Lab::bare("/".as_ref());
        let mut names = Vec::new();
        let rows = run(&cases, &lab, 4, |row| names.push(row.name.clone()));
        assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        assert!(rows.iter().all(|row| *row.verdict(Isle::Native) == Verdict::Passed));
    }
}
