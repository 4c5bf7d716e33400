//! The suite of small programs: one source file, one behaviour, one row.
//!
//! Key type: [`Program`]. Neighbours: [`crate::directives`] says what is expected, [`crate::compiler`] builds,
//! [`crate::launch`] runs, [`crate::verdict`] compares.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::case::Case;
use crate::compiler::{self, BuildError, Target};
use crate::directives::{self, Comment, Expected, Spec, Stdin};
use crate::isle::Isle;
use crate::lab::{self, Lab};
use crate::launch::{Input, Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// Languages: the folder below `tests/programs`, the ending of its sources, how their comments start.
const LANGUAGES: &[(&str, &str, Comment)] = &[("c", "c", Comment::Slashes)];

/// A source file with its expectations.
#[derive(Clone, Debug)]
pub struct Program {
    name: String,
    source: PathBuf,
    spec: Spec,
}

/// Every program below `folder` (`tests/programs`), sorted by name.
///
/// # Errors
/// A folder that cannot be read, or a source with a bad directive.
pub fn find(folder: &Path) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for &(language, ending, comment) in LANGUAGES {
        let folder = folder.join(language);
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let source = entry?.path();
            if source.extension().is_some_and(|extension| extension == ending) {
                programs.push(Program::read(language, &source, comment)?);
            }
        }
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

/// A run in one isle, and all it takes to repeat it.
struct Run {
    outcome: Outcome,
    rerun: String,
    cwd: PathBuf,
}

impl Program {
    fn read(language: &str, source: &Path, comment: Comment) -> Result<Self> {
        let text = fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
        let spec = directives::parse(&text, comment).with_context(|| source.display().to_string())?;
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self { name: format!("{language}/{stem}"), source: source.to_owned(), spec })
    }

    fn golden(&self) -> PathBuf {
        self.source.with_extension("stdout")
    }

    fn build(&self, lab: &Lab, target: Target) -> Result<PathBuf, BuildError> {
        let folder = lab.folder(&self.name).join("build").join(target.name());
        compiler::build(lab, target, &self.source, &self.spec.cflags, &self.spec.libs, &folder)
    }

    fn launch(&self, lab: &Lab, isle: Isle, executable: &Path) -> Launch {
        let folder = lab.folder(&self.name).join(isle.name());
        let mut launch = match isle {
            Isle::Native => Launch::new(&folder, executable),
            Isle::Process | Isle::Qemu => Launch::new(&folder, &lab.prefix.proxy()).args([executable]),
        };
        launch = launch.args(&self.spec.args);
        launch.env.extend(self.spec.env.iter().cloned());
        for (name, value) in isle.environment() {
            launch = launch.env(name, value);
        }
        if let Some(memory) = &self.spec.mem {
            match isle {
                Isle::Native => launch.address_space_kib = Some(memory.kib),
                Isle::Process | Isle::Qemu => launch = launch.env("HERMIT_MEM", &memory.text),
            }
        }
        launch.stdin = match &self.spec.stdin {
            Stdin::Null => Input::Null,
            Stdin::Text(text) => Input::Bytes(text.clone().into_bytes()),
            Stdin::File(file) => Input::File(self.source.with_file_name(file)),
        };
        launch.sink = self.spec.sink;
        launch.timeout = self.spec.timeout;
        launch
    }

    fn run_in(&self, lab: &Lab, isle: Isle, executable: &Path) -> io::Result<Run> {
        let launch = self.launch(lab, isle, executable);
        let (rerun, cwd) = (launch.shell_line(), launch.cwd());
        let outcome = launch.run()?;
        Ok(Run { outcome, rerun, cwd })
    }

    /// What is wrong with a run, apart from comparing it with the native one.
    fn judge(&self, lab: &Lab, isle: Isle, run: &Run) -> Faults {
        let mut faults = Faults::new();
        faults.check_end(self.spec.status, &run.outcome);
        match &self.spec.stdout {
            Expected::Any | Expected::Native => {}
            Expected::Text(text) => {
                faults.check_bytes("standard output", text.as_bytes(), &run.outcome.stdout)
            }
            Expected::Golden if lab.bless => {
                if let Err(error) = fs::write(self.golden(), &run.outcome.stdout) {
                    faults.add(format!("cannot write {}: {error}", self.golden().display()));
                }
            }
            Expected::Golden => match fs::read(self.golden()) {
                Ok(golden) => faults.check_bytes("standard output", &golden, &run.outcome.stdout),
                Err(error) => {
                    faults.add(format!("no golden {}: {error} (--bless writes it)", self.golden().display()))
                }
            },
        }
        if isle != Isle::Native {
            faults.check_contains("standard error", &self.spec.stderr_contains, &run.outcome.stderr);
        }
        faults
    }

    /// Adds what differs from the native run.
    fn compare(&self, faults: &mut Faults, native: &Run, run: &Run) {
        if self.spec.stdout == Expected::Native {
            faults.check_bytes("standard output", &native.outcome.stdout, &run.outcome.stdout);
        }
        for file in &self.spec.output_files {
            match (fs::read(native.cwd.join(file)), fs::read(run.cwd.join(file))) {
                (Ok(expected), Ok(got)) => faults.check_bytes(file, &expected, &got),
                (Err(error), _) => faults.add(format!("{file}: the native run did not write it: {error}")),
                (_, Err(error)) => faults.add(format!("{file}: not written: {error}")),
            }
        }
    }

    /// The native run, and whether it is as good as its directives say.
    fn reference(&self, lab: &Lab) -> Result<(Run, Verdict), String> {
        let executable = self.build(lab, Target::Native).map_err(|error| error.to_string())?;
        let run = self.run_in(lab, Isle::Native, &executable).map_err(|error| error.to_string())?;
        let verdict = match self.judge(lab, Isle::Native, &run).verdict(&run.outcome.stderr, &run.rerun) {
            Verdict::Passed if !lab.native_counts => Verdict::Reference,
            verdict => verdict,
        };
        Ok((run, verdict))
    }

    fn verdict(
        &self,
        lab: &Lab,
        isle: Isle,
        image: &Result<PathBuf, BuildError>,
        native: Option<&Run>,
    ) -> Verdict {
        let image = match image {
            Ok(image) => image,
            Err(error) => return Verdict::Failed(error.to_string()),
        };
        let run = match self.run_in(lab, isle, image) {
            Ok(run) => run,
            Err(error) => {
                return Verdict::Failed(format!("cannot run {}: {error}", lab.prefix.proxy().display()));
            }
        };
        let mut faults = self.judge(lab, isle, &run);
        if let Some(native) = native {
            self.compare(&mut faults, native, &run);
        }
        faults.verdict(&run.outcome.stderr, &run.rerun)
    }
}

impl Case for Program {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        let native = self.spec.native.then_some(Isle::Native);
        native.into_iter().chain(self.spec.isles.iter().copied()).collect()
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        if let Some(lack) = self.spec.requires.iter().find_map(lab::lacks_requirement) {
            return isles.iter().map(|&isle| (isle, Verdict::Skipped(lack.clone()))).collect();
        }
        let mut verdicts = Vec::new();
        let mut native = None;
        if self.spec.native {
            match self.reference(lab) {
                Ok((run, verdict)) => {
                    verdicts.push((Isle::Native, verdict));
                    native = Some(run);
                }
                Err(error) => return vec![(Isle::Native, Verdict::Failed(error))],
            }
        }
        let guests: Vec<Isle> = isles.iter().copied().filter(|&isle| isle != Isle::Native).collect();
        if !guests.is_empty() {
            let image = self.build(lab, Target::Hermit);
            let run = |&isle: &Isle| (isle, self.verdict(lab, isle, &image, native.as_ref()));
            verdicts.extend(guests.iter().map(run));
        }
        verdicts
    }
}
