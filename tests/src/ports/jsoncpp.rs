//! JsonCpp 1.9, with Meson: its unit tests as `meson test` runs them and by themselves, and its program that reads a
//! document and writes it in three ways. (Meson's other tests are Python scripts that start an image as if it were the
//! build machine's.)

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::compiler::CXX;
use crate::isle::Isle;

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "jsoncpp",
    sources: "jsoncpp",
    languages: &[CXX],
    schedule: Schedule::Everyday,
    build: &[Build::Meson { options: "-Dbuildtype=plain -Dcpp_args=-O1", targets: "" }],
    runs: &[
        Run {
            name: "meson-test",
            steps: &[Step::Tests("meson test -C build-here --no-rebuild unittest_jsoncpp_test")],
            volatile: &["OK ", "Full log written to "],
            isles: &[Isle::Process],
            ..Run::DEFAULT
        },
        Run { name: "unit-tests", steps: &[Step::program("build-here/jsoncpp_test", &[])], ..Run::DEFAULT },
        Run {
            name: "documents",
            source_files: &["test/data/legacy_test_complex_01.json", "test/data/legacy_test_real_12.json"],
            steps: &[
                Step::program("build-here/jsontestrunner", &["legacy_test_complex_01.json"]),
                Step::program("build-here/jsontestrunner", &["legacy_test_real_12.json"]),
            ],
            output_files: &[
                "legacy_test_complex_01.actual",
                "legacy_test_complex_01.rewrite",
                "legacy_test_real_12.actual",
            ],
            ..Run::DEFAULT
        },
    ],
};
