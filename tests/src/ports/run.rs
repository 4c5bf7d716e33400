//! Runs what was built, natively and in isles, and compares.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::build::Port;
use super::recipe::{Run, Step, StepInput};
use super::{commands, volatile};
use crate::case::Case;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::lack::Lack;
use crate::launch::{Input, Launch, Outcome};
use crate::text;
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
        let name = format!("{}ports/{}/{}", port.family.title(), port.recipe.name, run.name);
        Self { port, run, name }
    }

    fn trace(&self, lab: &Lab, isle: Isle) -> Result<Trace, String> {
        let built = self.port.built(lab, isle)?;
        let folder = lab.folder(&self.name).join(isle.name());
        self.steps(lab, isle, built, &folder)
            .map_err(|error| format!("cannot run in {}: {error}", folder.display()))
    }

    fn steps(&self, lab: &Lab, isle: Isle, built: &Path, folder: &Path) -> io::Result<Trace> {
        let mut trace = Trace::default();
        for (index, step) in self.run.steps.iter().enumerate() {
            let previous = trace.steps.last().map(|(outcome, _)| outcome.stdout.clone());
            let launch = self.launch(lab, isle, built, folder, step);
            let launch = Launch { stdin: stdin(step, built, previous), ..launch };
            if index == 0 {
                launch.prepare()?;
                let input = lab.root.join("tests/ports").join(self.port.recipe.name);
                let ours = self.run.files.iter().map(|file| input.join(file));
                for file in ours.chain(self.run.source_files.iter().map(|file| built.join(file))) {
                    fs::copy(&file, launch.cwd().join(file.file_name().unwrap_or_default()))?;
                }
            }
            let line = launch.shell_line();
            trace.steps.push((launch.start()?.finish()?, line));
        }
        let cwd = folder.join("cwd");
        trace.files = self.run.output_files.iter().map(|file| fs::read(cwd.join(file))).collect();
        Ok(trace)
    }

    fn launch(&self, lab: &Lab, isle: Isle, built: &Path, folder: &Path, step: &Step) -> Launch {
        let launch = match (step, isle) {
            (Step::Program { path, args, .. }, Isle::Native) => {
                Launch::new(folder, &built.join(path)).args(*args)
            }
            (Step::Program { path, args, .. }, _) => {
                let launch = Launch::new(folder, &lab.prefix.proxy()).args([built.join(path)]);
                launch.args(*args).inside(lab, isle)
            }
            (Step::Tests(line), _) => {
                let line = format!("cd {} && {line}", text::quote(&built.display().to_string()));
                let launch = Launch::new(folder, Path::new("/bin/sh")).args(["-c", &line]).inside(lab, isle);
                let variables =
                    commands::variables(lab, self.port.recipe, Target::of(isle, self.port.family));
                variables.iter().fold(launch, |launch, (name, value)| launch.env(name, value))
            }
        };
        let launch = self.run.env.iter().fold(launch, |launch, (name, value)| launch.env(name, value));
        let cpus = self.run.cpus.map(|cpus| cpus.to_string());
        let launch = cpus.iter().fold(launch, |launch, cpus| launch.env("HERMIT_CPUS", cpus));
        Launch { timeout: self.run.timeout, ..launch }
    }

    fn judge(&self, trace: &Trace, native: Option<&Trace>) -> Verdict {
        let cut = |text: &[u8]| volatile::cut(text, self.run.volatile);
        for (index, (outcome, line)) in trace.steps.iter().enumerate() {
            let mut faults = Faults::new();
            faults.check_end(0, outcome);
            if let Some((expected, _)) = native.and_then(|native| native.steps.get(index)) {
                faults.check_bytes("standard output", &cut(&expected.stdout), &cut(&outcome.stdout));
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
                (Some(Ok(expected)), Some(Ok(got))) => faults.check_bytes(file, &cut(expected), &cut(got)),
                _ => faults.add(format!("{file} was not written")),
            }
        }
        let line = trace.steps.last().map_or("", |(_, line)| line);
        faults.verdict(b"", line)
    }
}

fn stdin(step: &Step, built: &Path, previous: Option<Vec<u8>>) -> Input {
    match step {
        Step::Tests(_) | Step::Program { stdin: StepInput::Null, .. } => Input::Null,
        Step::Program { stdin: StepInput::Source(file), .. } => Input::File(built.join(file)),
        Step::Program { stdin: StepInput::Previous, .. } => Input::Bytes(previous.unwrap_or_default()),
    }
}

impl Case for PortCase {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        std::iter::once(Isle::Native).chain(self.run.isles.iter().copied()).collect()
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        let sources = self.port.sources(lab);
        if !sources.is_dir() {
            let lack = Lack::Installed(format!("no {} (cargo xtask test fetches it)", sources.display()));
            return isles.iter().map(|&isle| (isle, lack.verdict())).collect();
        }
        if let Some(lack) = lab.lacks_family(self.port.family) {
            return isles.iter().map(|&isle| (isle, lack.verdict())).collect();
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
