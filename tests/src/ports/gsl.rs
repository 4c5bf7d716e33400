//! The GNU Scientific Library 2.7, with autotools: the test programs of its folders, which tell each of their thousands
//! of checks, and some folders as `make check` runs them.

use std::time::Duration;

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::isle::Isle;

/// The tests of one folder of the library.
macro_rules! folder {
    ($name:literal) => {
        folder!($name, &[])
    };
    ($name:literal, $volatile:expr) => {
        Run { volatile: $volatile, env: &[("GSL_TEST_VERBOSE", "1")], ..folder!(silent $name) }
    };
    // Where each check tells so much that it comes to gigabytes.
    (silent $name:literal) => {
        Run {
            name: $name,
            steps: &[Step::program(concat!($name, "/test"), &[])],
            isles: &[Isle::Process],
            timeout: Duration::from_secs(600),
            ..Run::DEFAULT
        }
    };
}

/// What is behind it tells the last bit of a sine or of a hypotenuse, which is not the same in every C library.
const LAST_BITS: &[&str] = &[" ("];

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "gsl",
    sources: "gsl",
    languages: &[],
    schedule: Schedule::OnRequest,
    build: &[
        Build::Configure("--disable-shared CFLAGS=-O1"),
        // The folders in the order of their Makefile. (All of them take twice as long, and the last one, the documentation,
        // has lost its sources in Debian's archive.)
        Build::Shell(
            "for folder in gsl utils sys test err complex block vector matrix permutation sort ieee-utils cblas blas \
             linalg eigen specfunc rng fft poly sum integration interpolation roots deriv; do \
             make -j2 -C $folder || exit; done",
        ),
        Build::Shell(
            "for folder in sys err complex block vector matrix permutation sort cblas blas linalg eigen specfunc rng fft \
             poly sum integration interpolation roots deriv; do make -j2 -C $folder check TESTS= || exit; done",
        ),
    ],
    runs: &[
        Run {
            name: "make-check",
            steps: &[Step::Tests(
                "for folder in err sys complex poly rng; do \
                 make -s -C $folder check LOG_COMPILER=\"$RUNNER\" 2>/dev/null || exit; done",
            )],
            isles: &[Isle::Process],
            ..Run::DEFAULT
        },
        folder!("block"),
        folder!("cblas"),
        folder!("complex"),
        folder!("deriv", LAST_BITS),
        folder!("eigen", LAST_BITS),
        folder!("err"),
        folder!("fft"),
        folder!("integration", LAST_BITS),
        folder!("interpolation"),
        folder!(silent "linalg"),
        folder!("matrix"),
        folder!("permutation"),
        folder!("poly"),
        folder!("rng"),
        folder!("roots"),
        folder!("sort"),
        folder!(silent "specfunc"),
        folder!("sum"),
        folder!("sys"),
        folder!("vector"),
    ],
};
