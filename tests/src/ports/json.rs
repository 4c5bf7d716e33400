//! nlohmann's JSON for Modern C++ 3.11 with its own tests (doctest), through CMake and ctest.

use std::time::Duration;

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::compiler::CXX;
use crate::isle::Isle;

/// What ctest prints that differs from run to run.
const VOLATILE: &[&str] =
    &["changing into directory: ", "Test project ", "   Passed ", "all    =", "Total Test time (real) ="];

/// Two of its tests: for each, the compiler reads 30,000 lines of templates.
pub const EVERYDAY: Recipe = Recipe {
    name: "json",
    sources: "nlohmann-json3",
    languages: &[CXX],
    schedule: Schedule::Everyday,
    build: &[Build::CMake { options: OPTIONS, targets: "test-allocator_cpp11 test-wstring_cpp11" }],
    runs: &[
        Run {
            name: "ctest",
            steps: &[Step::Tests(
                "ctest --test-dir build-here -FA TEST_DATA -R '^test-(allocator|wstring)_cpp11$'",
            )],
            volatile: VOLATILE,
            isles: &[Isle::Process],
            ..Run::DEFAULT
        },
        Run {
            name: "wide-strings",
            steps: &[Step::program(
                "build-here/tests/test-wstring_cpp11",
                &["--no-skip", "--success", "--no-path-filenames"],
            )],
            ..Run::DEFAULT
        },
    ],
};

/// Those that need no test data from the network, but for the slowest.
pub const RECIPE: Recipe = Recipe {
    name: "json-all",
    sources: "nlohmann-json3",
    languages: &[CXX],
    schedule: Schedule::OnRequest,
    build: &[Build::CMake {
        options: OPTIONS,
        targets: "test-algorithms_cpp11 test-class_lexer_cpp11 test-class_parser_cpp11 test-constructor1_cpp11 \
                  test-conversions_cpp11 test-diagnostics_cpp11 test-element_access1_cpp11 test-hash_cpp11 \
                  test-iterators1_cpp11 test-json_pointer_cpp11 test-large_json_cpp11 test-ordered_map_cpp11 \
                  test-regression2_cpp11 test-to_chars_cpp11 test-udt_cpp11 test-user_defined_input_cpp11",
    }],
    runs: &[Run {
        name: "ctest",
        steps: &[Step::Tests(
            "ctest --test-dir build-here -FA TEST_DATA -R '^test-(algorithms|class_lexer|class_parser|constructor1|\
             conversions|diagnostics|element_access1|hash|iterators1|json_pointer|large_json|ordered_map|regression2|\
             to_chars|udt|user_defined_input)_cpp11$'",
        )],
        volatile: VOLATILE,
        isles: &[Isle::Process],
        timeout: Duration::from_secs(1200),
        ..Run::DEFAULT
    }],
};

/// Without optimisation, which takes most of the time.
const OPTIONS: &str = "-DJSON_TestStandards=11 -DJSON_Install=OFF -DCMAKE_CXX_FLAGS=-O0";
