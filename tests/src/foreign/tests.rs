//! Unit tests of verdicts: a test that passes and fails as it was told.

use std::path::PathBuf;

use super::*;

/// What each attempt comes to, in the isle and natively, in this order; there are no more.
struct Told {
    isle: Mutex<Vec<bool>>,
    native: Mutex<Vec<bool>>,
    is_built: bool,
    difference: Option<&'static str>,
    kept: Kept,
    found: Mutex<Found>,
}

impl Foreign for Told {
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
struct Place(PathBuf, Lab);

impl Place {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("hermit-foreign-{name}-{}", std::process::id()));
        let lab = Lab::bare(&folder);
        Self(folder, lab)
    }

    fn test(&self, isle: &[bool], native: &[bool]) -> Told {
        let kept = Kept::of(&self.1, "1", &[], "").unwrap();
        let (isle, native) = (Mutex::new(isle.to_vec()), Mutex::new(native.to_vec()));
        Told { isle, native, is_built: true, difference: None, kept, found: Mutex::default() }
    }

    fn verdicts(&self, test: &Told) -> Vec<(Isle, Verdict)> {
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

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn skipped() -> Verdict {
    not_natively()
}

#[test]
fn a_pass_is_kept() {
    let place = Place::new("pass");
    assert_eq!(place.verdict(&[true], &[]), (Verdict::Passed, false));
    assert_eq!(place.verdict(&[], &[]), (Verdict::Passed, false), "known");
}

#[test]
fn a_failure_is_tried_twice() {
    let place = Place::new("failure");
    let (verdict, is_flaky) = place.verdict(&[false, false], &[true]);
    let Verdict::Failed(report) = verdict else { panic!("{verdict:?}") };
    assert!(report.starts_with("1 more in process") && !is_flaky, "the first report: {report}");
}

#[test]
fn what_passes_the_second_time_is_flaky_and_not_kept() {
    let place = Place::new("flaky");
    assert!(matches!(place.verdict(&[false, true], &[true]), (Verdict::Flaky(_), false)));
    let test = place.test(&[false, true], &[]);
    place.verdicts(&test);
    let found = *test.found().lock().unwrap();
    assert_eq!(
        (found.isle, found.native),
        (Some(false), Some(true)),
        "it does not count as a pass in the share"
    );
}

#[test]
fn one_native_failure_hides_nothing() {
    let place = Place::new("native-luck");
    let (verdict, is_flaky) = place.verdict(&[false, false], &[false, true]);
    assert!(matches!(verdict, Verdict::Failed(_)) && is_flaky, "{verdict:?}");
    assert!(
        matches!(place.verdict(&[false, true], &[false, false, true]), (Verdict::Flaky(_), true)),
        "not kept"
    );
}

#[test]
fn what_never_passes_natively_is_skipped_for_good() {
    let place = Place::new("native-failure");
    assert_eq!(place.verdict(&[false], &[false, false, false]), (skipped(), false));
    assert_eq!(place.verdict(&[], &[]), (skipped(), false), "known");
}

#[test]
fn what_is_not_built_natively_is_not_tried_again() {
    let place = Place::new("not-built");
    let test = Told { is_built: false, ..place.test(&[false], &[false]) };
    assert_eq!(place.verdicts(&test), [(Isle::Process, skipped())]);
}

#[test]
fn a_difference_is_known() {
    let place = Place::new("difference");
    let test = Told { difference: Some("no fork"), ..place.test(&[false], &[true]) };
    assert_eq!(place.verdicts(&test), [(Isle::Process, Verdict::Known("no fork".into()))]);
}
