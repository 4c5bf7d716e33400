//! Functions on vectors: loops that gcc, gfortran and clang make of vectors, with every set of instructions that the CPU has, against
//! the functions that round correctly (`tests/math/vectors.c`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Finding, Type};
use crate::files;
use crate::step::Job;
use crate::suite::Extent;
use crate::tool::Cmd;

/// How many units in the last place a result may be off.
const MOST_ERROR: f64 = 4.0;

/// What keeps the compilers from calling functions on vectors.
const OFF: &str = "-DHERMIT_NO_VECTOR_MATH";

/// A set of instructions.
#[derive(Clone, Copy, Debug)]
struct Set {
    name: &'static str,
    /// Its letter in the vector ABI.
    letter: char,
    flags: &'static [&'static str],
}

const SSE2: Set = Set { name: "SSE2", letter: 'b', flags: &[] };
const AVX: Set = Set { name: "AVX", letter: 'c', flags: &["-mavx"] };
const AVX2: Set = Set { name: "AVX2", letter: 'd', flags: &["-mavx2", "-mfma"] };
const AVX512: Set = Set { name: "AVX-512", letter: 'e', flags: &["-mavx512f", "-mprefer-vector-width=512"] };

/// A compiler, and what it needs to know.
#[derive(Debug)]
struct Compiler {
    tool: &'static str,
    source: &'static str,
    flags: &'static [&'static str],
    /// How many functions it calls for vectors; of other compilers' versions there may be more.
    functions: usize,
    /// Whether it has names for this set.
    knows: fn(Set) -> bool,
}

/// gfortran has no intrinsic functions for some; clang 19 knows libmvec as it once was.
const COMPILERS: [Compiler; 3] = [
    Compiler {
        tool: "gcc",
        source: "vector_loops.c",
        flags: &["-O3", "-ffast-math"],
        functions: 26,
        knows: |_| true,
    },
    Compiler {
        tool: "gfortran",
        source: "vector_loops.f90",
        flags: &["-cpp", "-Ofast"],
        functions: 20,
        knows: |_| true,
    },
    Compiler {
        tool: "clang-19",
        source: "vector_loops.c",
        flags: &["-O3", "-ffast-math", "-fveclib=libmvec"],
        functions: 5,
        knows: |set| matches!(set.letter, 'b' | 'd'),
    },
];

/// Compiles and runs all of them.
pub fn check(job: &mut Job<'_>, scratch: &Path, extent: Extent) -> Result<Vec<Finding>> {
    let number = if extent == Extent::Whole { "1000000" } else { "20000" };
    let mut findings = Vec::new();
    for compiler in &COMPILERS {
        for kind in [Type::Double, Type::Float] {
            let folder = scratch.join(format!("vectors-{}-{}", compiler.tool, kind.macro_name()));
            files::create_folder(&folder)?;
            let programs = Programs { compiler, kind, folder };
            for set in sets().into_iter().filter(|set| (compiler.knows)(*set)) {
                job.tell(&format!("{} of {} by {}", set.name, kind.name(), compiler.tool))?;
                findings.push(programs.loops(job, set, number)?);
            }
            if compiler.tool != "clang-19" {
                findings.push(programs.none(job, "not with the macro", &[OFF])?);
                findings.push(programs.none(job, "not without -ffast-math", &["-O3", "-fno-fast-math"])?);
            }
        }
    }
    Ok(findings)
}

/// What this CPU has.
fn sets() -> Vec<Set> {
    let has = [
        (SSE2, true),
        (AVX, is_x86_feature_detected!("avx")),
        (AVX2, is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")),
        (AVX512, is_x86_feature_detected!("avx512f")),
    ];
    has.into_iter().filter_map(|(set, has)| has.then_some(set)).collect()
}

/// What one compiler makes of loops over one type.
struct Programs<'a> {
    compiler: &'a Compiler,
    kind: Type,
    folder: PathBuf,
}

impl Programs<'_> {
    fn name(&self, what: &str) -> String {
        format!("vectors of {} by {}, {what}", self.kind.name(), self.compiler.tool)
    }

    /// Every loop calls the function on vectors, and the results are right.
    fn loops(&self, job: &mut Job<'_>, set: Set, number: &str) -> Result<Finding> {
        let called = self.compile(job, set.flags)?;
        let of_set = called.iter().filter(|name| name.starts_with(&format!("_ZGV{}N", set.letter))).count();
        let mut faults = Vec::new();
        if of_set < self.compiler.functions {
            faults.push(format!("loops call {of_set} functions of {}: {called:?}", self.compiler.functions));
        }
        let program = self.folder.join("program");
        let gcc = job.workspace().prefix().tool("gcc");
        let cmd = Cmd::new(gcc).args(super::FLAGS).arg(format!("-D{}", self.kind.macro_name()));
        let cmd = cmd.arg(job.workspace().join("tests/math/vectors.c")).arg(self.object());
        job.run(cmd.arg("-o").arg(&program).arg("-lm"))?;
        let text = Cmd::new(program).arg(number).env_default("HERMIT_ISLE", "process").read()?;
        faults.extend(wrong(&text));
        Ok(Finding { name: self.name(set.name), faults })
    }

    /// No loop calls one.
    fn none(&self, job: &mut Job<'_>, why: &str, flags: &[&str]) -> Result<Finding> {
        let faults = self.compile(job, flags)?.into_iter().collect();
        Ok(Finding { name: self.name(why), faults })
    }

    fn object(&self) -> PathBuf {
        self.folder.join("loops.o")
    }

    /// The functions on vectors that the loops call.
    fn compile(&self, job: &mut Job<'_>, flags: &[&str]) -> Result<BTreeSet<String>> {
        let workspace = job.workspace();
        let cmd = Cmd::new(workspace.prefix().tool(self.compiler.tool)).args(self.compiler.flags).args(flags);
        let cmd = cmd.arg(format!("-D{}", self.kind.macro_name())).args(fortran(self.kind));
        let source = workspace.join("tests/math").join(self.compiler.source);
        job.run(cmd.arg("-c").arg(source).arg("-o").arg(self.object()))?;
        let text = Cmd::new("nm").arg("--undefined-only").arg(self.object()).read()?;
        let names = text.split_whitespace().filter(|word| word.starts_with("_ZGV"));
        Ok(names.map(str::to_owned).collect())
    }
}

/// What `vector_loops.f90` asks for; the others do not mind.
const fn fortran(kind: Type) -> [&'static str; 2] {
    match kind {
        Type::Float => ["-DREAL_KIND=4", "-DEND=\"f\""],
        Type::Double | Type::LongDouble => ["-DREAL_KIND=8", "-DEND=\"\""],
    }
}

/// Lines that tell of wrong results, and functions with too large errors.
fn wrong(text: &str) -> Vec<String> {
    let is_good = |line: &&str| {
        let error = line.split_once(' ').and_then(|(_, error)| error.parse::<f64>().ok());
        error.is_some_and(|error| error <= MOST_ERROR)
    };
    let mut faults: Vec<_> = text.lines().filter(|line| !is_good(line)).map(str::to_owned).collect();
    if text.is_empty() {
        faults.push("no loop was there".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn errors_have_a_bound() {
        assert_eq!(wrong("sin 3.00\ncos 4.00\n"), [""; 0]);
        assert_eq!(wrong("sin 5.00\n"), ["sin 5.00"]);
        assert_eq!(wrong("wrong: sin(1, 0) = 2, not 3\nsin inf\n").len(), 2);
        assert_eq!(wrong("").len(), 1);
    }
}
