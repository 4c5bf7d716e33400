//! One test of the suite as a case: built twice, run natively and in the process isle, compared.
//!
//! Key type: [`Conformance`]. Neighbours: [`crate::posix`] builds and schedules, [`super::share`] counts.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::build;
use super::expectations::Expectation;
use super::finding::Finding;
use super::sources::Test;
use crate::case::Case;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::{Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// How often a test may run natively until it passes: some lose a race on a busy machine, and are told as flaky natively.
const NATIVE_RUNS: usize = 3;

/// The longest test sleeps 27 s.
const TIMEOUT: Duration = Duration::from_secs(45);

/// vCPUs of the isle.
const CPUS: &str = "2";

/// A test with what is expected of it.
#[derive(Debug)]
pub struct Conformance {
    name: String,
    test: Test,
    expectation: Expectation,
    native: OnceLock<Result<PathBuf, String>>,
    image: OnceLock<Result<PathBuf, String>>,
    found: Mutex<Found>,
}

/// What the last runs found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Natively.
    pub native: Option<Finding>,
    /// In the process isle.
    pub isle: Option<Finding>,
}

impl Conformance {
    /// Nothing is built or run yet.
    pub fn new(test: Test, expectation: Expectation) -> Self {
        let name = format!("posix/{}", test.name);
        let (native, image) = (OnceLock::new(), OnceLock::new());
        Self { name, test, expectation, native, image, found: Mutex::default() }
    }

    /// Whether nothing else is expected of it than natively.
    pub fn is_as_native(&self) -> bool {
        self.expectation == Expectation::AsNative
    }

    /// What the last runs found.
    pub fn found(&self) -> Found {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `found` what the last runs found.
    pub fn keep(&self, found: Found) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }

    fn executable(&self, lab: &Lab, target: Target) -> Result<&Path, &str> {
        let slot = match target {
            Target::Native => &self.native,
            _ => &self.image,
        };
        let folder = lab.folder(&self.name).join("build").join(target.name());
        let built = slot.get_or_init(|| {
            build::executable(lab, &self.test, target, &folder).map_err(|error| error.to_string())
        });
        built.as_deref().map_err(String::as_str)
    }

    fn launch(&self, lab: &Lab, isle: Isle, executable: &Path) -> Launch {
        let folder = lab.folder(&self.name).join(isle.name());
        let mut launch = match isle {
            Isle::Native => Launch::new(&folder, executable),
            Isle::Process | Isle::Uhyve | Isle::Qemu => {
                Launch::new(&folder, &lab.prefix.proxy()).args([executable]).env("HERMIT_CPUS", CPUS)
            }
        };
        for (name, value) in isle.environment() {
            launch = launch.env(name, value);
        }
        launch.timeout = TIMEOUT;
        launch.args(&self.test.args)
    }

    /// What it finds natively: a pass if it passes in one of a few runs. The verdict is flaky if that was not the first.
    fn natively(&self, lab: &Lab) -> Result<(Finding, Verdict), String> {
        let Ok(executable) = self.executable(lab, Target::Native) else {
            return Ok((Finding::NotBuilt, Verdict::Reference));
        };
        let (mut finding, mut verdict) = (Finding::Untested, Verdict::Reference);
        for _ in 0..NATIVE_RUNS {
            let launch = self.launch(lab, Isle::Native, executable);
            let line = launch.shell_line();
            let outcome = launch.run().map_err(|error| error.to_string())?;
            finding = Finding::of(&outcome);
            // Only these depend on luck.
            if !matches!(finding, Finding::Fail | Finding::Unresolved | Finding::Died) {
                break;
            }
            if verdict == Verdict::Reference {
                verdict = Verdict::Flaky(format!("{}\n{}", finding.word(), told(&outcome, &line)));
            }
        }
        Ok((finding, verdict))
    }

    /// What it finds in the isle, and the verdict that this deserves.
    fn in_isle(&self, lab: &Lab, isle: Isle) -> (Finding, Verdict) {
        let image = match self.executable(lab, Target::Hermit) {
            Ok(image) => image,
            Err(report) => {
                let finding = Finding::of_build(report);
                return (finding, self.judge(finding, report));
            }
        };
        let launch = self.launch(lab, isle, image);
        let line = launch.shell_line();
        match launch.run() {
            Err(error) => (Finding::NotBuilt, Verdict::Failed(error.to_string())),
            Ok(outcome) => {
                let finding = Finding::of(&outcome);
                (finding, self.judge(finding, &told(&outcome, &line)))
            }
        }
    }

    fn judge(&self, finding: Finding, report: &str) -> Verdict {
        match &self.expectation {
            Expectation::Differs { finding: expected, reason } if *expected == finding => {
                Verdict::Known(format!("{}: {reason}", finding.word()))
            }
            Expectation::Differs { .. } if finding == Finding::Pass => Verdict::Failed(
                "unexpectedly passes\nnote: take its line out of tests/posix/expectations".to_owned(),
            ),
            Expectation::Differs { finding: expected, .. } => Verdict::Failed(format!(
                "{}, expected {} (tests/posix/expectations)\n{report}",
                finding.word(),
                expected.word()
            )),
            _ if finding == Finding::Pass => Verdict::Passed,
            _ => Verdict::Failed(format!("{}, passes natively\n{report}", finding.word())),
        }
    }
}

/// The end of a run for a report: what it printed, where it left something behind, how to run it again.
fn told(outcome: &Outcome, line: &str) -> String {
    let mut faults = Faults::new();
    faults.check_end(0, outcome);
    let mut printed = outcome.stdout.clone();
    printed.extend(&outcome.stderr);
    match faults.verdict(&printed, line) {
        Verdict::Failed(report) => report,
        _ => String::new(),
    }
}

impl Case for std::sync::Arc<Conformance> {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        vec![Isle::Native, Isle::Process]
    }

    /// Builds it for both targets.
    fn prepare(&self, lab: &Lab) {
        if !matches!(self.expectation, Expectation::Excluded { .. }) {
            for target in [Target::Native, Target::Hermit] {
                // An error is kept for the run, which reports it.
                let _ = self.executable(lab, target);
            }
        }
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let guests = || isles.iter().copied().filter(|&isle| isle != Isle::Native);
        let skipped = |why: String| guests().map(|isle| (isle, Verdict::Skipped(why.clone()))).collect();
        if let Expectation::Excluded { reason } = &self.expectation {
            return skipped(format!("excluded: {reason}"));
        }
        let (native, reference) = match self.natively(lab) {
            Ok(found) => found,
            Err(error) => return vec![(Isle::Native, Verdict::Failed(error))],
        };
        let mut found = Found { native: Some(native), isle: None };
        let verdicts = if native == Finding::Pass {
            let mut verdicts = vec![(Isle::Native, reference)];
            for isle in guests() {
                let (finding, verdict) = self.in_isle(lab, isle);
                found.isle = Some(finding);
                verdicts.push((isle, verdict));
            }
            verdicts
        } else {
            skipped(format!("{} natively", native.word()))
        };
        self.keep(found);
        verdicts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(expectation: Expectation, finding: Finding) -> Verdict {
        let test = Test { name: "kill/1-1".into(), source: "/kill/1-1.c".into(), args: Vec::new() };
        Conformance::new(test, expectation).judge(finding, "report")
    }

    fn expected(finding: Finding) -> Expectation {
        Expectation::Differs { finding, reason: "alone".into() }
    }

    #[test]
    fn what_nobody_expects_is_a_failure() {
        assert_eq!(judge(Expectation::AsNative, Finding::Pass), Verdict::Passed);
        let failure = Verdict::Failed("died, passes natively\nreport".into());
        assert_eq!(judge(Expectation::AsNative, Finding::Died), failure);
    }

    #[test]
    fn an_expectation_must_come_true() {
        assert_eq!(judge(expected(Finding::Fail), Finding::Fail), Verdict::Known("fail: alone".into()));
        assert!(matches!(judge(expected(Finding::Fail), Finding::Died), Verdict::Failed(_)));
        let Verdict::Failed(report) = judge(expected(Finding::Fail), Finding::Pass) else {
            panic!("accepted")
        };
        assert!(report.starts_with("unexpectedly passes"), "{report}");
    }
}
