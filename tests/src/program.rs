//! The suite of small programs: one source file, one behaviour, one row for each compiler.
//!
//! Key type: [`Program`]. Neighbours: [`crate::directives`] says what is expected, [`crate::compiler`] builds,
//! [`crate::launch`] runs, [`crate::verdict`] compares.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result};
use sysroot::Prefix;

use crate::case::Case;
use crate::compiler::{self, Family, LANGUAGES, Language, Target};
use crate::directives::{self, Expected, Spec, Stdin};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::lack::Lack;
use crate::launch::{Input, Launch, Outcome};
use crate::verdict::{Faults, Verdict};

/// A source file with its expectations, compiled by one compiler, on one number of vCPUs.
#[derive(Clone, Debug)]
pub struct Program {
    name: String,
    family: Family,
    cpus: Option<u32>,
    origin: Arc<Origin>,
}

/// What the cases of one source share: its expectations, its builds, the native run.
#[derive(Debug)]
struct Origin {
    name: String,
    language: &'static Language,
    source: PathBuf,
    spec: Spec,
    by_gcc: Made,
    by_clang: Made,
}

/// What one compiler makes of a source.
#[derive(Debug, Default)]
struct Made {
    reference: OnceLock<Result<(Run, Verdict), String>>,
    image: OnceLock<Result<PathBuf, String>>,
}

/// What the caller wants of programs that say nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice<'a> {
    /// Who makes all images; none: those whom each program names.
    pub family: Option<Family>,
    /// One run on each of these numbers of vCPUs for a program that names none; empty: one run, as the isle sees fit.
    pub cpus: &'a [u32],
}

/// Every program below `folder` (`tests/programs`) in the languages that the tree has, sorted by name.
///
/// # Errors
/// A folder that cannot be read, or a source with a bad directive.
pub fn find(folder: &Path, prefix: &Prefix, choice: Choice<'_>) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    let is_of = |language: &&Language| choice.family.is_none_or(|family| language.is_of(family));
    for language in LANGUAGES.iter().filter(is_of).filter(|language| language.is_there(prefix)) {
        let folder = folder.join(language.name);
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let source = entry?.path();
            if source.extension().is_some_and(|extension| extension == language.ending) {
                programs.extend(Program::of(&Arc::new(Origin::read(language, &source)?), choice));
            }
        }
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

/// A run in one isle, and all it takes to repeat it.
#[derive(Debug)]
struct Run {
    outcome: Outcome,
    rerun: String,
    cwd: PathBuf,
}

impl Run {
    fn of(launch: Launch) -> io::Result<Self> {
        let (rerun, cwd) = (launch.shell_line(), launch.cwd());
        let outcome = launch.run()?;
        Ok(Run { outcome, rerun, cwd })
    }
}

impl Origin {
    fn read(language: &'static Language, source: &Path) -> Result<Self> {
        let text = fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
        let spec =
            directives::parse(&text, language.comment).with_context(|| source.display().to_string())?;
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{}/{stem}", language.name);
        Ok(Self {
            name,
            language,
            source: source.to_owned(),
            spec,
            by_gcc: Made::default(),
            by_clang: Made::default(),
        })
    }

    fn golden(&self) -> PathBuf {
        self.source.with_extension("stdout")
    }

    fn build(&self, lab: &Lab, target: Target) -> Result<PathBuf, String> {
        let folder = lab.folder(&self.name).join("build").join(target.name());
        compiler::build(
            lab,
            (self.language, target),
            &self.source,
            &self.spec.cflags,
            &self.spec.libs,
            &folder,
        )
        .map_err(|error| error.to_string())
    }

    fn made(&self, family: Family) -> &Made {
        match family {
            Family::Gcc => &self.by_gcc,
            Family::Clang => &self.by_clang,
        }
    }

    /// The image for the isles, built by the first case that asks.
    fn image(&self, lab: &Lab, family: Family) -> Result<&Path, &str> {
        let image =
            self.made(family).image.get_or_init(|| self.build(lab, Target::of(Isle::Process, family)));
        image.as_deref().map_err(String::as_str)
    }

    /// The native run, made by the first case that asks, and whether it is as good as its directives say.
    fn reference(&self, lab: &Lab, family: Family) -> Result<&(Run, Verdict), &str> {
        let reference = self.made(family).reference.get_or_init(|| {
            let target = Target::of(Isle::Native, family);
            let executable = self.build(lab, target)?;
            let mut launch = Launch::new(&lab.folder(&self.name).join(target.name()), &executable);
            launch.address_space_kib = self.spec.mem.as_ref().map(|memory| memory.kib);
            let run = Run::of(self.surroundings(launch)).map_err(|error| error.to_string())?;
            let verdict = match self.judge(lab, Isle::Native, &run).verdict(&run.outcome.stderr, &run.rerun) {
                Verdict::Passed if !lab.native_counts => Verdict::Reference,
                verdict => verdict,
            };
            Ok((run, verdict))
        });
        reference.as_ref().map_err(String::as_str)
    }

    /// Adds what every run gets, native or not.
    fn surroundings(&self, launch: Launch) -> Launch {
        let mut launch = launch.args(&self.spec.args);
        launch.env.extend(self.spec.env.iter().cloned());
        launch.stdin = match &self.spec.stdin {
            Stdin::Null => Input::Null,
            Stdin::Silence => Input::Silence,
            Stdin::Text(text) => Input::Bytes(text.clone().into_bytes()),
            Stdin::File(file) => Input::File(self.source.with_file_name(file)),
        };
        launch.sink = self.spec.sink;
        launch.timeout = self.spec.timeout;
        launch
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
}

impl Program {
    /// The cases of one source: one for each compiler and number of vCPUs.
    fn of(origin: &Arc<Origin>, choice: Choice<'_>) -> Vec<Self> {
        let mut families = origin.spec.compilers.clone().unwrap_or_else(|| vec![Family::Gcc]);
        if let Some(family) = choice.family {
            let may = origin.spec.compilers.is_none() || families.contains(&family);
            families = if may { vec![family] } else { Vec::new() };
        }
        let of_family = |family: Family| {
            let name = format!("{}{}", family.title(), origin.name);
            let one = |name, cpus| Self { name, family, cpus, origin: Arc::clone(origin) };
            let own = origin.spec.cpus.as_slice();
            match if own.is_empty() { choice.cpus } else { own } {
                [] => vec![one(name, None)],
                counts => counts.iter().map(|&cpus| one(format!("{name}@{cpus}"), Some(cpus))).collect(),
            }
        };
        families.into_iter().flat_map(of_family).collect()
    }

    /// What is missing to build it, and to run it in `isle`.
    fn lack(&self, lab: &Lab, isle: Isle) -> Option<Lack> {
        let lack = || self.origin.spec.requires.iter().find_map(|need| lab.lacks_requirement(isle, need));
        lab.lacks_family(self.family).or_else(lack)
    }

    fn launch(&self, lab: &Lab, isle: Isle, image: &Path) -> Launch {
        let launch = Launch::new(&lab.folder(&self.name).join(isle.name()), &lab.prefix.proxy());
        let mut launch = self.origin.surroundings(launch.args([image])).inside(lab, isle);
        if let Some(memory) = &self.origin.spec.mem {
            launch = launch.env("HERMIT_MEM", &memory.text);
        }
        if let Some(cpus) = self.cpus {
            launch = launch.env("HERMIT_CPUS", &cpus.to_string());
        }
        launch
    }

    fn verdict(&self, lab: &Lab, isle: Isle, native: Option<&Run>) -> Verdict {
        let image = match self.origin.image(lab, self.family) {
            Ok(image) => image,
            Err(error) => return Verdict::Failed(error.to_owned()),
        };
        let run = match Run::of(self.launch(lab, isle, image)) {
            Ok(run) => run,
            Err(error) => {
                return Verdict::Failed(format!("cannot run {}: {error}", lab.prefix.proxy().display()));
            }
        };
        let mut faults = self.origin.judge(lab, isle, &run);
        if let Some(native) = native {
            self.origin.compare(&mut faults, native, &run);
        }
        faults.verdict(&run.outcome.stderr, &run.rerun)
    }
}

impl Case for Program {
    fn name(&self) -> &str {
        &self.name
    }

    fn isles(&self) -> Vec<Isle> {
        let native = self.origin.spec.native.then_some(Isle::Native);
        native.into_iter().chain(self.origin.spec.isles.iter().copied()).collect()
    }

    /// The image, and the native run, which is no test of ours.
    fn prepare(&self, lab: &Lab) {
        // An error is kept for the run, which reports it.
        if self.lack(lab, Isle::Native).is_none() && self.origin.spec.native {
            let _ = self.origin.reference(lab, self.family);
        }
        if lab.isles.iter().any(|&isle| isle != Isle::Native && self.lack(lab, isle).is_none()) {
            let _ = self.origin.image(lab, self.family);
        }
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        // Natively first: what cannot run there has no reference.
        if let Some(lack) = self.lack(lab, Isle::Native) {
            return isles.iter().map(|&isle| (isle, lack.verdict())).collect();
        }
        let mut verdicts = Vec::new();
        let mut native = None;
        if self.origin.spec.native {
            match self.origin.reference(lab, self.family) {
                Ok((run, verdict)) => {
                    verdicts.push((Isle::Native, verdict.clone()));
                    native = Some(run);
                }
                Err(error) => return vec![(Isle::Native, Verdict::Failed(error.to_owned()))],
            }
        }
        let guests = isles.iter().filter(|&&isle| isle != Isle::Native);
        verdicts.extend(guests.map(|&isle| {
            let verdict =
                self.lack(lab, isle).map_or_else(|| self.verdict(lab, isle, native), |lack| lack.verdict());
            (isle, verdict)
        }));
        verdicts
    }
}
