//! Unit tests of verdicts: a test that passes and fails as it was told.

use tempfile::TempDir;

use super::*;

/// What each attempt comes to, in the isle and natively, in this order; there are no more.
struct Recorded {
    isle: Mutex<Vec<bool>>,
    native: Mutex<Vec<bool>>,
    is_built: bool,
    difference: Option<&'static str>,
    kept: Kept,
    found: Mutex<Found>,
}

impl Foreign for Recorded {
    fn name(&self) -> &str {
        "told/test"
    }

    fn bar(&self) -> Bar {
        Bar { suite: "told", per_mille: 1000 }
    }

    fn key(&self) -> String {
        "key".into()
    }

    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn difference(&self) -> Option<(&str, String)> {
        self.difference.map(|reason| (reason, "list".into()))
    }

    fn found(&self) -> &Mutex<Found> {
        &self.found
    }

    fn attempt(&self, _lab: &Lab, isle: Isle) -> Attempt {
        let attempts = if isle == Isle::Native { &self.native } else { &self.isle };
        let mut attempts = attempts.lock().unwrap();
        assert!(!attempts.is_empty(), "one attempt too many in {isle}");
        let mut attempt = Attempt { is_built: self.is_built, ..Attempt::default() };
        if !attempts.remove(0) {
            attempt.faults.add(format!("{} more in {isle}", attempts.len()));
        }
        attempt
    }
}

/// A folder for what is kept, and a laboratory there.
struct Site(#[expect(dead_code, reason = "it is removed with this")] TempDir, Lab);

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lab = Lab::bare(folder.path());
        Self(folder, lab)
    }

    fn test(&self, isle: &[bool], native: &[bool]) -> Recorded {
        let kept = Kept::of(&self.1, "1", &[], "").unwrap();
        let (isle, native) = (Mutex::new(isle.to_vec()), Mutex::new(native.to_vec()));
        Recorded { isle, native, is_built: true, difference: None, kept, found: Mutex::default() }
    }

    fn verdicts(&self, test: &Recorded) -> Vec<(Isle, Verdict)> {
        let verdicts = test.run(&self.1, &[Isle::Process]);
        assert!(
            test.isle.lock().unwrap().is_empty() && test.native.lock().unwrap().is_empty(),
            "not all tried"
        );
        verdicts
    }

    /// The verdict in the isle, and whether natively it is flaky.
    fn verdict(&self, isle: &[bool], native: &[bool]) -> (Verdict, bool) {
        let verdicts = self.verdicts(&self.test(isle, native));
        let [before @ .., (Isle::Process, verdict)] = verdicts.as_slice() else { panic!("{verdicts:?}") };
        (verdict.clone(), matches!(before, [(Isle::Native, Verdict::Flaky(_))]))
    }
}

fn skipped() -> Verdict {
    not_natively()
}

#[test]
fn a_pass_is_kept() {
    let site = Site::new();
    assert_eq!(site.verdict(&[true], &[]), (Verdict::Passed, false));
    assert_eq!(site.verdict(&[], &[]), (Verdict::Passed, false), "known");
}

#[test]
fn a_failure_is_tried_twice() {
    let site = Site::new();
    let (verdict, is_flaky) = site.verdict(&[false, false], &[true]);
    let Verdict::Failed(report) = verdict else { panic!("{verdict:?}") };
    assert!(report.starts_with("1 more in process") && !is_flaky, "the first report: {report}");
}

#[test]
fn what_passes_the_second_time_is_flaky_and_not_kept() {
    let site = Site::new();
    assert!(matches!(site.verdict(&[false, true], &[true]), (Verdict::Flaky(_), false)));
    let test = site.test(&[false, true], &[]);
    site.verdicts(&test);
    let found = *test.found().lock().unwrap();
    assert_eq!(
        (found.isle, found.native),
        (Some(false), Some(true)),
        "it does not count as a pass in the share"
    );
}

#[test]
fn one_native_failure_hides_nothing() {
    let site = Site::new();
    let (verdict, is_flaky) = site.verdict(&[false, false], &[false, true]);
    assert!(matches!(verdict, Verdict::Failed(_)) && is_flaky, "{verdict:?}");
    assert!(
        matches!(site.verdict(&[false, true], &[false, false, true]), (Verdict::Flaky(_), true)),
        "not kept"
    );
}

#[test]
fn what_never_passes_natively_is_skipped_for_good() {
    let site = Site::new();
    assert_eq!(site.verdict(&[false], &[false, false, false]), (skipped(), false));
    assert_eq!(site.verdict(&[], &[]), (skipped(), false), "known");
}

#[test]
fn what_is_not_built_natively_is_not_tried_again() {
    let site = Site::new();
    let test = Recorded { is_built: false, ..site.test(&[false], &[false]) };
    assert_eq!(site.verdicts(&test), [(Isle::Process, skipped())]);
}

#[test]
fn a_difference_is_known() {
    let site = Site::new();
    let test = Recorded { difference: Some("no fork"), ..site.test(&[false], &[true]) };
    assert_eq!(site.verdicts(&test), [(Isle::Process, Verdict::Known("no fork".into()))]);
}
