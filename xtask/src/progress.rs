//! What the user sees while steps run: a spinner with elapsed time on a terminal, plain lines elsewhere.
//!
//! [`Progress`] prints whole lines; [`Running`] is one step (or command) under way.

use std::env;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// How to talk to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Spinners on stderr.
    Terminal,
    /// One line when something starts and one when it ends.
    Lines,
    /// Nothing: somebody else talks.
    Nothing,
}

/// The display; clones share the terminal.
#[derive(Clone, Debug)]
pub struct Progress {
    style: Style,
    /// The spinners of what runs side by side.
    bars: MultiProgress,
}

/// Position of a step in its plan, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// This step.
    pub step: usize,
    /// All steps.
    pub of: usize,
}

/// Something under way; dropping it without [`Running::done`] leaves its line as failed.
#[derive(Debug)]
pub struct Running {
    bars: MultiProgress,
    bar: Option<ProgressBar>,
    label: String,
    started: Instant,
    /// Whether its end is told.
    is_told: bool,
    finished: bool,
}

impl Progress {
    /// Spinners if stderr is a terminal and `CI` is not set.
    pub fn new() -> Self {
        let lines = env::var_os("CI").is_some() || !std::io::stderr().is_terminal();
        Self::with(if lines { Style::Lines } else { Style::Terminal })
    }

    /// Nothing is shown.
    pub fn quiet() -> Self {
        Self::with(Style::Nothing)
    }

    fn with(style: Style) -> Self {
        Self { style, bars: MultiProgress::new() }
    }

    /// Prints one line to stderr.
    pub fn line(&self, text: &str) {
        self.bars.suspend(|| eprintln!("{text}"));
    }

    /// Shows that a step was skipped because nothing changed; silent where lines are kept.
    pub fn fresh(&self, position: Position, name: &str) {
        if self.style == Style::Terminal {
            self.line(&format!("{position} {name}: up to date"));
        }
    }

    /// Shows that a step has started.
    pub fn start(&self, position: Position, name: &str, about: &str) -> Running {
        self.begin(format!("{position} {name}"), about)
    }

    /// Shows that something outside of a plan has started.
    pub fn begin(&self, label: String, about: &str) -> Running {
        let bar = match self.style {
            Style::Nothing => None,
            Style::Lines => {
                eprintln!("{label}: {about}");
                None
            }
            Style::Terminal => {
                let bar =
                    ProgressBar::new_spinner().with_prefix(label.clone()).with_message(about.to_owned());
                let style = ProgressStyle::with_template("{prefix} {spinner} {elapsed} {wide_msg:.dim}");
                bar.set_style(style.expect("the template is a constant with known keys"));
                let bar = self.bars.add(bar);
                bar.enable_steady_tick(Duration::from_millis(100));
                Some(bar)
            }
        };
        let is_told = self.style != Style::Nothing;
        Running { bars: self.bars.clone(), bar, label, started: Instant::now(), is_told, finished: false }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Running {
    /// Shows the newest line of output behind the spinner.
    pub fn output(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.trim().to_owned());
        }
    }

    /// Runs `print` while the spinners are away, for output that belongs to the user.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bars.suspend(print)
    }

    /// It succeeded.
    pub fn done(mut self) {
        self.finished = true;
        self.end("");
    }

    fn end(&self, verdict: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.is_told {
            let text = format!("{}: {verdict}{:.1} s", self.label, self.started.elapsed().as_secs_f64());
            self.bars.suspend(|| eprintln!("{text}"));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.finished {
            self.end("failed after ");
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}/{}]", self.step, self.of)
    }
}
