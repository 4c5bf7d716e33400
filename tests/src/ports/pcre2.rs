//! PCRE2 with its compiler of patterns into machine code, which `HERMIT_JIT=1` allows: its own tests of that, and its first test
//! data with every pattern compiled.

use super::recipe::{Build, Recipe, Run, Schedule, Step};

/// Code is written first and becomes executable then: sljit's allocator for systems where no page may be both.
const OPTIONS: &str = "--enable-jit --disable-shared --disable-pcre2grep-callout \
    CPPFLAGS=-DSLJIT_WX_EXECUTABLE_ALLOCATOR=1 CFLAGS=-O1";

/// What allows it.
const JIT: &[(&str, &str)] = &[("HERMIT_JIT", "1")];

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "pcre2",
    sources: "pcre2",
    languages: &[],
    schedule: Schedule::OnRequest,
    build: &[Build::Configure(OPTIONS), Build::Make("pcre2_jit_test pcre2test")],
    runs: &[
        Run { name: "jit-tests", env: JIT, steps: &[Step::program("pcre2_jit_test", &[])], ..Run::DEFAULT },
        Run {
            name: "test-data",
            env: JIT,
            source_files: &["testdata/testinput1"],
            steps: &[Step::program("pcre2test", &["-q", "-jit", "testinput1"])],
            ..Run::DEFAULT
        },
    ],
};
