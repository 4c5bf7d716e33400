//! libm against MPFR and the host's glibc: accuracy in every direction of rounding, the same bits without fused multiply-add, special
//! values with errno and exceptions; loops over vectors against loops without. The programs are in `tests/math`.
//!
//! MPFR computes the references on this machine. A run of the whole suite leaves the table of `docs/numbers.md` in
//! `target/numbers.md`.

mod accuracy;
mod specials;
mod vectors;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::extent::Extent;
use super::failed::Failed;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::files;
use crate::package;
use crate::step::Job;
use crate::steps;
use crate::tool::Cmd;

/// Flags of every program: the functions are called, and called when the program says so.
const FLAGS: &[&str] = &["-O1", "-fno-builtin", "-frounding-math", "-D_GNU_SOURCE"];

/// A floating-point type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Float,
    Double,
    LongDouble,
}

impl Type {
    const ALL: [Self; 3] = [Self::Float, Self::Double, Self::LongDouble];

    /// The macro that `tests/math/types.h` knows.
    const fn macro_name(self) -> &'static str {
        match self {
            Self::Float => "FLOAT",
            Self::Double => "DOUBLE",
            Self::LongDouble => "LONG_DOUBLE",
        }
    }

    /// As in C.
    const fn name(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Double => "double",
            Self::LongDouble => "long double",
        }
    }
}

/// Runs it: all of it if it was asked for, a slice every day.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().chain(package::FOR_MATH_TEST).copied())?;
    let mut job = Job::alone(context, "math", "libm against MPFR and glibc")?;
    let scratch = context.workspace.build("tests-math");
    files::empty_folder(&scratch)?;
    let mut tally = Tally::default();
    let mut table = accuracy::Table::default();
    for kind in Type::ALL {
        let programs = Programs::build(&mut job, &scratch, kind)?;
        tally += report(context, specials::check(&mut job, &programs)?);
        tally += report(context, accuracy::check(&mut job, &programs, extent, &mut table)?);
    }
    tally += report(context, vectors::check(&mut job, &scratch, extent)?);
    if extent == Extent::Whole {
        files::write(&context.workspace.target().join("numbers.md"), table.markdown())?;
    }
    job.done();
    Ok(tally)
}

/// One test: its name, and what was wrong.
struct Finding {
    name: String,
    faults: Vec<String>,
}

/// At most so many faults of a test are printed.
const MOST_FAULTS: usize = 20;

fn report(context: &Context, findings: Vec<Finding>) -> Tally {
    let mut tally = Tally::default();
    for Finding { name, faults } in findings {
        if faults.is_empty() {
            tally += Tally::PASSED;
            continue;
        }
        println!("FAILED  math: {name}, {} faults", faults.len());
        faults.iter().take(MOST_FAULTS).for_each(|fault| println!("    {fault}"));
        Failed::of(context).add(&format!("math: {name}"));
        tally += Tally::FAILED;
    }
    tally
}

/// The programs for a type.
struct Programs {
    kind: Type,
    folder: PathBuf,
    sources: PathBuf,
}

impl Programs {
    fn build(job: &mut Job<'_>, scratch: &Path, kind: Type) -> Result<Self> {
        let programs = Self {
            kind,
            folder: scratch.join(kind.macro_name()),
            sources: job.workspace().join("tests/math"),
        };
        files::create_folder(&programs.folder)?;
        let ours = job.workspace().prefix().tool("gcc");
        for name in ["values", "specials"] {
            job.run(programs.compile(&ours, name, "isle").arg("-lm"))?;
            job.run(programs.compile(Path::new("gcc"), name, "native").arg("-DNATIVE").arg("-lm"))?;
        }
        let reference = programs.compile(Path::new("gcc"), "reference", "native");
        job.run(reference.args(["-lmpfr", "-lgmp", "-lm"]))?;
        Ok(programs)
    }

    fn compile(&self, compiler: &Path, name: &str, end: &str) -> Cmd {
        let cmd = Cmd::new(compiler).args(FLAGS).arg(format!("-D{}", self.kind.macro_name()));
        cmd.arg(self.sources.join(format!("{name}.c"))).arg("-o").arg(self.program(name, end))
    }

    fn program(&self, name: &str, end: &str) -> PathBuf {
        self.folder.join(format!("{name}.{end}"))
    }

    /// What a program writes, into a file beside it.
    fn written(&self, name: &str, end: &str, args: &[&str]) -> Result<PathBuf> {
        let cmd = Cmd::new(self.program(name, end)).args(args).env_default("HERMIT_ISLE", "process");
        let bytes = cmd.read_bytes()?;
        if bytes.is_empty() {
            bail!("{name}.{end} wrote nothing");
        }
        let file = self.folder.join(format!("{name}.{end}.{}", args.join("-")));
        files::write(&file, bytes).context("results are written")?;
        Ok(file)
    }
}
