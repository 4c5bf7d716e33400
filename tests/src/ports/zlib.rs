//! zlib: its own test program `example`, and round trips with its own `minigzip`.

use super::{Recipe, Run, Step, StepInput};

/// A text of the sources that is worth compressing.
const TEXT: &str = "ChangeLog";

/// The recipe. `configure` finds out what the C library has by linking; 64 stands for large-file offsets.
pub const RECIPE: Recipe = Recipe {
    name: "zlib",
    build: &["./configure --static", "make libz.a example minigzip example64 minigzip64"],
    runs: &[
        Run {
            name: "example",
            files: &[],
            steps: &[Step { program: "example", args: &["file.gz"], stdin: StepInput::Null }],
            output_files: &["file.gz"],
            cpus: None,
        },
        Run {
            name: "example64",
            files: &[],
            steps: &[Step { program: "example64", args: &["file.gz"], stdin: StepInput::Null }],
            output_files: &["file.gz"],
            cpus: None,
        },
        Run {
            name: "minigzip",
            files: &[],
            steps: &[
                Step { program: "minigzip", args: &["-9"], stdin: StepInput::Source(TEXT) },
                Step { program: "minigzip", args: &["-d"], stdin: StepInput::Previous },
                Step { program: "minigzip", args: &["-f", "-1"], stdin: StepInput::Previous },
                Step { program: "minigzip64", args: &["-d"], stdin: StepInput::Previous },
            ],
            output_files: &[],
            cpus: None,
        },
        Run {
            name: "minigzip-files",
            files: &["text"],
            steps: &[
                Step { program: "minigzip", args: &["text"], stdin: StepInput::Null },
                Step { program: "minigzip", args: &["-d", "-c", "text.gz"], stdin: StepInput::Null },
            ],
            output_files: &["text.gz"],
            cpus: None,
        },
    ],
};
