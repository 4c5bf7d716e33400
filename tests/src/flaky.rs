//! What failed is kept for the end of a long run, in the file that [`FAILED`] names; what failed and then passed is never a pass and never
//! forgotten, in `target/flaky.txt`. [`keep`] adds to both.
//!
//! Neighbours: [`crate::posix`] and [`crate::foreign`] run again what failed, [`crate::report`] counts and shows.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::case::Row;
use crate::standing;
use crate::verdict::Verdict;

/// Where flaky ones are kept, below the source tree.
pub const FILE: &str = "target/flaky.txt";

/// The variable with the file in which failed ones are kept, if anybody wants to know: `cargo xtask test` shows it at its end.
pub const FAILED: &str = "HERMIT_FAILED";

/// How much of a report is kept, in lines.
const LINES: usize = 12;

/// Adds the flaky cases of `rows` to their file in the source tree `root`, and the failed ones to `failures`: date, name, isle, and the head
/// of the report.
///
/// # Errors
/// A file that cannot be written.
pub fn keep(root: &Path, rows: &[Row], failures: Option<&Path>) -> Result<()> {
    let today = standing::today()?;
    let flaky = |verdict: &Verdict| matches!(verdict, Verdict::Flaky(_));
    let failed = |verdict: &Verdict| matches!(verdict, Verdict::Failed(_));
    add(&root.join(FILE), &entries(rows, &today, flaky))?;
    failures.map_or(Ok(()), |file| add(file, &entries(rows, &today, failed)))
}

fn add(path: &Path, entries: &str) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let write = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        OpenOptions::new().create(true).append(true).open(path)?.write_all(entries.as_bytes())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn entries(rows: &[Row], date: &str, is_kept: impl Fn(&Verdict) -> bool) -> String {
    let mut text = String::new();
    for (name, (isle, verdict)) in rows.iter().flat_map(|row| row.verdicts.iter().map(|v| (&row.name, v))) {
        let (Verdict::Flaky(report) | Verdict::Failed(report)) = verdict else { continue };
        if !is_kept(verdict) {
            continue;
        }
        // A String takes everything.
        let _ = writeln!(text, "{date} {name} in {isle}");
        for line in report.lines().take(LINES) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isle::Isle;

    #[test]
    fn only_what_is_flaky_is_kept_with_the_head_of_its_report() {
        let report = "line\n".repeat(LINES + 5);
        let verdicts = vec![
            (Isle::Native, Verdict::Reference),
            (Isle::Process, Verdict::Flaky(report)),
            (Isle::Qemu, Verdict::Failed("why".into())),
        ];
        let row = Row { name: "posix/kill/1-1".into(), verdicts };
        let kept =
            entries(std::slice::from_ref(&row), "2026-11-30", |verdict| matches!(verdict, Verdict::Flaky(_)));
        assert_eq!(kept, format!("2026-11-30 posix/kill/1-1 in process\n{}", "    line\n".repeat(LINES)));
        let all = entries(&[row], "2026-11-30", |_| true);
        assert!(all.ends_with("2026-11-30 posix/kill/1-1 in qemu\n    why\n"), "{all}");
    }

    #[test]
    fn entries_are_added_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let row = Row { name: "gcc/a".into(), verdicts: vec![(Isle::Process, Verdict::Flaky("why".into()))] };
        keep(root, std::slice::from_ref(&row), None).unwrap();
        let failures = root.join("failed.txt");
        let failed =
            Row { name: "c/b".into(), verdicts: vec![(Isle::Process, Verdict::Failed("why".into()))] };
        keep(root, &[row, failed], Some(&failures)).unwrap();
        assert!(fs::read_to_string(failures).unwrap().ends_with(" c/b in process\n    why\n"));
        let kept = fs::read_to_string(root.join(FILE)).unwrap();
        assert_eq!(kept.matches(" gcc/a in process\n    why\n").count(), 2, "{kept}");
    }
}
