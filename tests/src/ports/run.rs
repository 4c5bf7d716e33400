//! Runs what was built, natively and in isles, and compares.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::build::Port;
use super::{Run, Step, StepInput};
use crate::case::Case;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::{Input, Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// One run of a port: a row.
#[derive(Debug)]
pub struct PortCase {
    port: Arc<Port>,
    run: &'static Run,
    name: String,
}

/// What the steps of one run did in one isle.
#[derive(Default)]
struct Trace {
    steps: Vec<(Outcome, String)>,
    /// Content of each output file.
    files: Vec<io::Result<Vec<u8>>>,
}

impl PortCase {
    /// The case for a run of a port.
    pub fn new(port: Arc<Port>, run: &'static Run) -> Self {
        let name = format!("ports/{}/{}", port.recipe.name, run.name);
        Self { port, run, name }
    }

    fn trace(&self, lab: &Lab, isle: Isle) -> Result<Trace, String> {
        let built = self.port.built(lab, Target::of(isle))?;
        let folder = lab.folder(&self.name).join(isle.name());
        self.steps(lab, isle, built, &folder)
            .map_err(|error| format!("cannot run in {}: {error}", folder.display()))
    }

    fn steps(&self, lab: &Lab, isle: Isle, built: &Path, folder: &Path) -> io::Result<Trace> {
        let mut trace = Trace::default();
        for (index, step) in self.run.steps.iter().enumerate() {
            let previous = trace.steps.last().map(|(outcome, _)| outcome.stdout.clone());
            let mut launch = launch(lab, isle, built, folder, step);
            if let Some(cpus) = self.run.cpus {
                launch = launch.env("HERMIT_CPUS", &cpus.to_string());
            }
            launch.stdin = match step.stdin {
                StepInput::Null => Input::Null,
                StepInput::Source(file) => Input::File(built.join(file)),
                StepInput::Previous => Input::Bytes(previous.unwrap_or_default()),
            };
            if index == 0 {
                launch.prepare()?;
                for file in self.run.files {
                    let data = lab.root.join("tests/ports").join(self.port.recipe.name).join(file);
                    fs::copy(data, launch.cwd().join(file))?;
                }
            }
            let line = launch.shell_line();
            trace.steps.push((launch.start()?.finish()?, line));
        }
        let cwd = folder.join("cwd");
        trace.files = self.run.output_files.iter().map(|file| fs::read(cwd.join(file))).collect();
        Ok(trace)
    }

    fn judge(&self, trace: &Trace, native: Option<&Trace>) -> Verdict {
        for (index, (outcome, line)) in trace.steps.iter().enumerate() {
            let mut faults = Faults::new();
            faults.check_end(0, outcome);
            if let Some((expected, _)) = native.and_then(|native| native.steps.get(index)) {
                faults.check_bytes("standard output", &expected.stdout, &outcome.stdout);
            }
            match faults.verdict(&outcome.stderr, line) {
                Verdict::Passed => {}
                failed => return failed, // what follows depends on it
            }
        }
        let mut faults = Faults::new();
        for (index, file) in self.run.output_files.iter().enumerate() {
            let expected = native.unwrap_or(trace).files.get(index);
            match (expected, trace.files.get(index)) {
                (Some(Ok(expected)), Some(Ok(got))) => faults.check_bytes(file, expected, got),
                _ => faults.add(format!("{file} was not written")),
            }
        }
        let line = trace.steps.last().map_or("", |(_, line)| line);
        faults.verdict(b"", line)
    }
}

fn launch(lab: &Lab, isle: Isle, built: &Path, folder: &Path, step: &Step) -> Launch {
    let program = built.join(step.program);
    let mut launch = match isle {
        Isle::Native => Launch::new(folder, &program),
        _ => Launch::new(folder, &lab.prefix.proxy()).args([program]).inside(lab, isle),
    };
    launch.timeout = Duration::from_secs(120);
    launch.args(step.args.iter().copied())
}

impl Case for PortCase {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        Isle::ALL.to_vec()
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let sources = self.port.sources(lab);
        if !sources.is_dir() {
            let lack = format!("no {} (cargo xtask test fetches it)", sources.display());
            return isles.iter().map(|&isle| (isle, Verdict::Skipped(lack.clone()))).collect();
        }
        let native = match self.trace(lab, Isle::Native) {
            Ok(trace) => trace,
            Err(report) => return vec![(Isle::Native, Verdict::Failed(report))],
        };
        let reference = match self.judge(&native, None) {
            Verdict::Passed if !lab.native_counts => Verdict::Reference,
            verdict => verdict,
        };
        let mut verdicts = vec![(Isle::Native, reference)];
        for &isle in isles.iter().filter(|&&isle| isle != Isle::Native) {
            let verdict = match self.trace(lab, isle) {
                Ok(trace) => self.judge(&trace, Some(&native)),
                Err(report) => Verdict::Failed(report),
            };
            verdicts.push((isle, verdict));
        }
        verdicts
    }
}
