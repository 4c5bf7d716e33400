//! What a run is worth: passed, failed with reasons, flaky, or skipped with what is missing.
//!
//! Key types: [`Verdict`], [`Faults`]. Neighbours: [`crate::report`] shows them.

use crate::launch::Outcome;
use crate::text;

/// Longest part of a program's standard error that a report shows, in bytes.
const MAX_STDERR_BYTES: usize = 3000;

/// The result of one case in one isle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything as expected.
    Passed,
    /// The native run that the others were compared with; not counted.
    Reference,
    /// Not as expected: the whole report, several lines.
    Failed(String),
    /// Not as expected, and as expected when it ran again: the report of the first run. Never counted as passed.
    Flaky(String),
    /// Not as it should be, and known to be so: why. Counted as skipped.
    Known(String),
    /// Not run: what is missing.
    Skipped(String),
    /// Not made for this isle; not counted.
    Absent,
}

/// What was wrong with one run, in the order in which it was found.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<String>);

impl Faults {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fault.
    pub fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares the exit status, and sees to it that nothing was left behind.
    pub fn check_end(&mut self, expected: u8, outcome: &Outcome) {
        match outcome.status {
            None => self.add(format!("killed after {} s (timeout-s)", outcome.elapsed.as_secs())),
            Some(status) if status != expected => {
                self.add(format!("exit status {status}, expected {expected}"));
            }
            Some(_) => {}
        }
        for process in &outcome.left_processes {
            self.add(format!("left a process behind: {process}"));
        }
        for file in &outcome.left_files {
            self.add(format!("left a file behind: {}", file.display()));
        }
    }

    /// Compares bytes.
    pub fn check_bytes(&mut self, what: &str, expected: &[u8], got: &[u8]) {
        if let Some(difference) = text::difference(expected, got) {
            self.add(format!("{what} differs (- expected, + got):\n{difference}"));
        }
    }

    /// Looks for texts.
    pub fn check_contains(&mut self, what: &str, texts: &[String], got: &[u8]) {
        let got = String::from_utf8_lossy(got);
        for text in texts.iter().filter(|text| !got.contains(text.as_str())) {
            self.add(format!("{what} does not contain `{text}`"));
        }
    }

    /// The verdict; a failure ends with standard error and how to `rerun` it.
    pub fn verdict(self, stderr: &[u8], rerun: &str) -> Verdict {
        if self.0.is_empty() {
            return Verdict::Passed;
        }
        let mut report = self.0.join("\n");
        if !stderr.is_empty() {
            let shown = &stderr[..stderr.len().min(MAX_STDERR_BYTES)];
            report.push_str("\nstandard error:\n");
            for line in String::from_utf8_lossy(shown).lines() {
                report.push_str(&format!("  | {line}\n"));
            }
        }
        Verdict::Failed(format!("{}\nrerun: {rerun}", report.trim_end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn outcome(status: Option<u8>) -> Outcome {
        Outcome {
            status,
            stdout: Vec::new(),
            stderr: b"oops\n".into(),
            left_processes: Vec::new(),
            left_files: Vec::new(),
            elapsed: Duration::from_secs(3),
        }
    }

    #[test]
    fn no_fault_is_a_pass() {
        let mut faults = Faults::new();
        faults.check_end(7, &outcome(Some(7)));
        faults.check_bytes("stdout", b"a", b"a");
        faults.check_contains("stderr", &["oops".into()], b"oops\n");
        assert_eq!(faults.verdict(b"", "true"), Verdict::Passed);
    }

    #[test]
    fn each_fault_is_a_failure() {
        let check = |fault: &dyn Fn(&mut Faults)| {
            let mut faults = Faults::new();
            fault(&mut faults);
            let Verdict::Failed(report) = faults.verdict(b"oops\n", "rerun me") else { panic!("passed") };
            assert!(report.ends_with("  | oops\nrerun: rerun me"), "{report}");
        };
        check(&|faults| faults.check_end(7, &outcome(Some(8))));
        check(&|faults| faults.check_end(0, &outcome(None)));
        check(&|faults| {
            faults.check_end(0, &Outcome { left_processes: vec!["qemu".into()], ..outcome(Some(0)) })
        });
        check(&|faults| {
            faults.check_end(0, &Outcome { left_files: vec!["/tmp/x".into()], ..outcome(Some(0)) })
        });
        check(&|faults| faults.check_bytes("stdout", b"a", b"b"));
        check(&|faults| faults.check_contains("stderr", &["help".into()], b"oops\n"));
    }
}
