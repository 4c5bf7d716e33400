//! zlib: its own test program `example`, and round trips with its own `minigzip`.

use super::recipe::{Build, Recipe, Run, Schedule, Step, StepInput};

/// A text of the sources that is worth compressing.
const TEXT: &str = "ChangeLog";

/// The recipe. `configure` finds out what the C library has by linking; 64 stands for large-file offsets.
pub const RECIPE: Recipe = Recipe {
    name: "zlib",
    sources: "zlib",
    languages: &[],
    schedule: Schedule::Everyday,
    build: &[
        Build::Shell("./configure --static"),
        Build::Make("libz.a example minigzip example64 minigzip64"),
    ],
    runs: &[
        Run {
            name: "example",
            steps: &[Step::program("example", &["file.gz"])],
            output_files: &["file.gz"],
            ..Run::DEFAULT
        },
        Run {
            name: "example64",
            steps: &[Step::program("example64", &["file.gz"])],
            output_files: &["file.gz"],
            ..Run::DEFAULT
        },
        Run {
            name: "minigzip",
            steps: &[
                Step::Program { path: "minigzip", args: &["-9"], stdin: StepInput::Source(TEXT) },
                Step::Program { path: "minigzip", args: &["-d"], stdin: StepInput::Previous },
                Step::Program { path: "minigzip", args: &["-f", "-1"], stdin: StepInput::Previous },
                Step::Program { path: "minigzip64", args: &["-d"], stdin: StepInput::Previous },
            ],
            ..Run::DEFAULT
        },
        Run {
            name: "minigzip-files",
            files: &["text"],
            steps: &[
                Step::program("minigzip", &["text"]),
                Step::program("minigzip", &["-d", "-c", "text.gz"]),
            ],
            output_files: &["text.gz"],
            ..Run::DEFAULT
        },
    ],
};
