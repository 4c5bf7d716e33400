//! The table programs x isles, the failures, and the counts.
//!
//! Key types: [`Counts`]. Neighbours: [`crate::schedule`] makes the rows.

use std::collections::BTreeMap;

use crate::case::Row;
use crate::flaky;
use crate::isle::Isle;
use crate::verdict::Verdict;

/// Width of a column, in characters.
const COLUMN: usize = 9;

/// How many flaky cases are luck: so many, or a hundredth of all that ran. With more of them, all have failed.
const FEW_FLAKY: usize = 3;

/// How many runs ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Not run, or known to differ.
    pub skipped: usize,
    /// Failed, and passed when they ran again.
    pub flaky: usize,
    /// The same natively, which says nothing about us.
    pub flaky_natively: usize,
}

impl Counts {
    /// Counts the verdicts of all rows.
    pub fn of(rows: &[Row]) -> Self {
        let mut counts = Self::default();
        for (isle, verdict) in rows.iter().flat_map(|row| &row.verdicts) {
            match verdict {
                Verdict::Flaky(_) if *isle == Isle::Native => counts.flaky_natively += 1,
                Verdict::Flaky(_) => counts.flaky += 1,
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
        self.failed == 0 && self.passed > 0 && !self.is_too_flaky()
    }

    const fn is_too_flaky(self) -> bool {
        let ran = self.passed + self.failed + self.flaky;
        self.flaky > FEW_FLAKY && self.flaky * 100 > ran
    }

    /// The lines before the last: one for each kind of flaky cases, if there are any.
    pub fn flaky_lines(self) -> String {
        let worth =
            if self.is_too_flaky() { "too many for luck: counted as failed" } else { "counted as skipped" };
        let of = |number: usize, what: &str| match number {
            0 => String::new(),
            _ => format!("{number} {what} ({})\n", flaky::FILE),
        };
        of(self.flaky, &format!("flaky: they failed, and passed when they ran again; {worth}"))
            + &of(self.flaky_natively, "flaky natively: so did their native runs, which count as passes")
    }

    /// The last line of a report. A flaky case is no pass: it counts as skipped, and as failed where there are too many.
    pub fn line(self) -> String {
        let (failed, skipped) = if self.is_too_flaky() { (self.flaky, 0) } else { (0, self.flaky) };
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed + failed, self.skipped + skipped)
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
        Verdict::Flaky(_) => "flaky",
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
                Verdict::Flaky(report) => text.push_str(&format!(
                    "\n--- {} in {isle} is flaky: it passed when it ran again, after this\n{report}\n",
                    row.name
                )),
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
    fn flaky_is_no_pass() {
        let mut rows = rows();
        rows[1].verdicts[0].1 = Verdict::Flaky("lost a wake-up".into());
        rows[0].verdicts[0].1 = Verdict::Flaky("lost a race".into());
        let counts = Counts::of(&rows);
        assert_eq!(counts.line(), "1 passed, 0 failed, 2 skipped");
        assert!(counts.is_success());
        let lines = counts.flaky_lines();
        assert!(lines.starts_with("1 flaky: ") && lines.contains("\n1 flaky natively: "), "{lines}");
        assert!(details(&rows).contains("c/x in process is flaky"), "{}", details(&rows));
        assert_eq!(line(&rows[1], 3, &[Isle::Process]), "c/x  flaky");
    }

    #[test]
    fn many_flaky_cases_are_failures() {
        let of = |passed, flaky| Counts { passed, flaky, skipped: 5, ..Counts::default() };
        assert!(of(10, 3).is_success() && of(996, 10).is_success());
        assert!(!of(10, 4).is_success() && !of(900, 10).is_success());
        assert_eq!(of(10, 4).line(), "10 passed, 4 failed, 5 skipped");
        assert_eq!(of(10, 3).line(), "10 passed, 0 failed, 8 skipped");
        let natively = Counts { passed: 1, flaky_natively: 50, ..Counts::default() };
        assert!(natively.is_success(), "it says nothing about us");
        assert_eq!(natively.line(), "1 passed, 0 failed, 0 skipped");
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
