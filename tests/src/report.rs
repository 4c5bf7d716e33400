//! The table programs x isles, the failures, and the counts.
//!
//! Key types: [`Counts`]. Neighbours: [`crate::schedule`] makes the rows.

use std::collections::BTreeMap;

use crate::case::Row;
use crate::isle::Isle;
use crate::verdict::Verdict;

/// Width of a column, in characters.
const COLUMN: usize = 9;

/// How many runs ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Not run, or known to differ.
    pub skipped: usize,
}

impl Counts {
    /// Counts the verdicts of all rows.
    pub fn of(rows: &[Row]) -> Self {
        let mut counts = Self::default();
        for (_, verdict) in rows.iter().flat_map(|row| &row.verdicts) {
            match verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::Skipped(_) | Verdict::Known(_) => counts.skipped += 1,
                Verdict::Reference | Verdict::Absent => {}
            }
        }
        counts
    }

    /// Whether the whole run is good: something ran, and nothing failed.
    pub const fn is_success(self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// The last line of a report.
    pub fn line(self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The head of the table, for names of at most `width` characters.
pub fn head(width: usize, isles: &[Isle]) -> String {
    let columns: String = columns(isles).map(|isle| format!("{isle:<COLUMN$}")).collect();
    format!("{:<width$}  {}", "", columns.trim_end())
}

/// One row of the table.
pub fn line(row: &Row, width: usize, isles: &[Isle]) -> String {
    let cells: String = columns(isles).map(|isle| format!("{:<COLUMN$}", word(row.verdict(isle)))).collect();
    format!("{:<width$}  {}", row.name, cells.trim_end())
}

/// The columns for `isles`, in the order of all.
fn columns(isles: &[Isle]) -> impl Iterator<Item = Isle> {
    Isle::ALL.into_iter().filter(|isle| isles.contains(isle))
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "ok",
        Verdict::Reference => "ref",
        Verdict::Failed(_) => "FAILED",
        Verdict::Known(_) => "known",
        Verdict::Skipped(_) => "skipped",
        Verdict::Absent => "-",
    }
}

/// Why runs failed, and what the skipped ones lack.
pub fn details(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut lacks: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in rows {
        for (isle, verdict) in &row.verdicts {
            match verdict {
                Verdict::Failed(report) => {
                    text.push_str(&format!("\n--- {} in {isle}\n{report}\n", row.name));
                }
                Verdict::Skipped(lack) => *lacks.entry(("skipped", lack)).or_default() += 1,
                Verdict::Known(reason) => *lacks.entry(("known", reason)).or_default() += 1,
                _ => {}
            }
        }
    }
    for ((word, why), count) in lacks {
        text.push_str(&format!("\n{count} {word}: {why}"));
    }
    text
}

/// How often each failed that failed, if `rows` are those of several rounds.
pub fn failed_some_times(rows: &[Row]) -> String {
    let mut runs: BTreeMap<(&str, Isle), (usize, usize)> = BTreeMap::new();
    for row in rows {
        for (isle, verdict) in &row.verdicts {
            let (failed, all) = runs.entry((&row.name, *isle)).or_default();
            *failed += usize::from(matches!(verdict, Verdict::Failed(_)));
            *all += 1;
        }
    }
    let lines = runs.into_iter().filter(|(_, (failed, all))| *failed > 0 && *all > 1);
    lines
        .map(|((name, isle), (failed, all))| format!("{name} in {isle}: failed {failed} of {all} times\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        vec![
            Row {
                name: "c/hello".into(),
                verdicts: vec![
                    (Isle::Native, Verdict::Reference),
                    (Isle::Process, Verdict::Passed),
                    (Isle::Qemu, Verdict::Skipped("no qemu".into())),
                ],
            },
            Row { name: "c/x".into(), verdicts: vec![(Isle::Process, Verdict::Failed("why".into()))] },
        ]
    }

    #[test]
    fn the_table_has_a_column_for_each_isle() {
        let isles = [Isle::Qemu, Isle::Native, Isle::Process];
        assert_eq!(head(7, &isles), "         native   process  qemu");
        assert_eq!(line(&rows()[0], 7, &isles), "c/hello  ref      ok       skipped");
        assert_eq!(line(&rows()[1], 7, &isles), "c/x      -        FAILED   -");
        assert_eq!(line(&rows()[1], 7, &isles[..2]), "c/x      -        -");
    }

    #[test]
    fn counts_are_of_runs() {
        let counts = Counts::of(&rows());
        assert_eq!(counts.line(), "1 passed, 1 failed, 1 skipped");
        assert!(!counts.is_success());
        assert!(!Counts::default().is_success(), "no test ran");
        assert!(Counts { passed: 1, ..Counts::default() }.is_success());
    }

    #[test]
    fn rounds_are_summed_up() {
        let once = rows();
        assert_eq!(failed_some_times(&once), "");
        let mut twice = once.clone();
        twice.extend(once);
        twice[1].verdicts[0].1 = Verdict::Passed;
        assert_eq!(failed_some_times(&twice), "c/x in process: failed 1 of 2 times\n");
    }

    #[test]
    fn details_name_what_failed_and_what_lacks() {
        let details = details(&rows());
        assert!(
            details.contains("--- c/x in process\nwhy\n") && details.contains("1 skipped: no qemu"),
            "{details}"
        );
    }
}
