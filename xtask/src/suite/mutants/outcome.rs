//! What runs of tests say: [`Outcome`], read from the lines of the runner and of libtest.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Good,
    /// Otherwise.
    Failed,
    /// Not at all: it was killed at its limit.
    Hung,
    /// The machine lacks something.
    Skipped,
}

/// How the tests of a run ended, and how long each took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome(BTreeMap<String, (End, Duration)>);

/// Listens to a run.
#[derive(Debug)]
pub struct Listener {
    outcome: Outcome,
    last: Instant,
    /// Whose failure is being explained.
    about: Option<String>,
}

impl Outcome {
    /// Adds one.
    pub fn add(&mut self, name: impl Into<String>, end: End, took: Duration) {
        self.0.insert(name.into(), (end, took));
    }

    /// Adds another run's.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How a test ended.
    pub fn end(&self, name: &str) -> Option<End> {
        self.0.get(name).map(|(end, _)| *end)
    }

    /// Those that noticed something, and whether all of them by not ending.
    pub fn caught(&self) -> (Vec<String>, bool) {
        let noticed = self.0.iter().filter(|(_, (end, _))| matches!(end, End::Failed | End::Hung));
        let (names, ends): (Vec<_>, Vec<_>) = noticed.map(|(name, (end, _))| (name.clone(), *end)).unzip();
        let all_hung = ends.iter().all(|end| *end == End::Hung);
        (names, all_hung)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, End, Duration)> {
        self.0.iter().map(|(name, (end, took))| (name.as_str(), *end, *took))
    }

    /// Whether nothing ran.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Listener {
    /// From now on.
    pub fn start() -> Self {
        Self { outcome: Outcome::default(), last: Instant::now(), about: None }
    }

    /// A line of the runner: a row of its table, or a reason.
    pub fn runner(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("--- ") {
            self.about = rest.rsplit_once(" in ").map(|(name, _)| name.to_owned());
        } else if let Some((name, end)) = row(line) {
            self.end(name, end);
        } else if line.starts_with("killed after ")
            && let Some(entry) = self.about.as_ref().and_then(|name| self.outcome.0.get_mut(name))
        {
            entry.0 = End::Hung;
        }
    }

    /// A line of libtest.
    pub fn libtest(&mut self, line: &str) {
        let Some((name, verdict)) = line.strip_prefix("test ").and_then(|rest| rest.rsplit_once(" ... "))
        else {
            return;
        };
        match verdict.split([' ', ',']).next() {
            Some("ok") => self.end(name, End::Good),
            Some("FAILED") => self.end(name, End::Failed),
            Some("ignored") => self.end(name, End::Skipped),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, end: End) {
        let now = Instant::now();
        self.outcome.add(name, end, now - self.last);
        self.last = now;
    }

    /// What was heard.
    pub fn done(self) -> Outcome {
        self.outcome
    }
}

/// A row of the runner's table, `c/hello  ref  ok`: the last column that says anything is the isle's, or the native run's of a
/// case without isle.
fn row(line: &str) -> Option<(&str, End)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| name.contains('/') && !line.starts_with(' '))?;
    let mut last = None;
    for word in words {
        last = match word {
            "ok" => Some(End::Good),
            "FAILED" => Some(End::Failed),
            "known" | "skipped" | "flaky" => Some(End::Skipped),
            "ref" | "-" => last,
            _ => return None,
        };
    }
    Some((name, last?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runner_is_understood() {
        let mut listener = Listener::start();
        for line in [
            "              native   process",
            "c/hello       ref      ok",
            "c/preemption@1  ref      FAILED",
            "c/pipe        ref      FAILED",
            "c/avx512      ref      skipped",
            "cli/no-image  FAILED   -",
            "c/slashes are in this sentence",
            "",
            "--- c/preemption@1 in process",
            "killed after 12 s (timeout-s)",
            "--- c/pipe in process",
            "standard output differs (- expected, + got):",
        ] {
            listener.runner(line);
        }
        let outcome = listener.done();
        let ends: Vec<_> = outcome.iter().map(|(name, end, _)| (name, end)).collect();
        let wanted = [
            ("c/avx512", End::Skipped),
            ("c/hello", End::Good),
            ("c/pipe", End::Failed),
            ("c/preemption@1", End::Hung),
            ("cli/no-image", End::Failed),
        ];
        assert_eq!(ends, wanted);
        let names = ["c/pipe", "c/preemption@1", "cli/no-image"].map(str::to_owned).to_vec();
        assert_eq!(outcome.caught(), (names, false));
    }

    #[test]
    fn libtest_is_understood() {
        let mut listener = Listener::start();
        for line in [
            "running 3 tests",
            "test sched::a ... ok",
            "test b ... FAILED",
            "test c ... ignored, needs KVM",
            "test result: FAILED. 1 passed; 1 failed",
        ] {
            listener.libtest(line);
        }
        assert_eq!(listener.done().iter().count(), 3);
    }

    #[test]
    fn what_only_hangs_is_told_apart() {
        let mut outcome = Outcome::default();
        assert_eq!(outcome.caught(), (vec![], true));
        outcome.add("a", End::Good, Duration::ZERO);
        outcome.add("b", End::Hung, Duration::ZERO);
        assert_eq!(outcome.caught(), (vec!["b".to_owned()], true));
        outcome.add("c", End::Failed, Duration::ZERO);
        assert!(!outcome.caught().1);
    }
}
