//! pigz 2.8: gzip with threads, on zlib, which its recipe builds beside it. What it writes does not depend on how many
//! threads wrote it, nor on how many vCPUs there are.

use super::recipe::{Build, Recipe, Run, Schedule, Step, StepInput};

/// Some MiB made of the sources.
const DATA: &str = "data";

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "pigz",
    sources: "pigz",
    languages: &[],
    schedule: Schedule::Everyday,
    build: &[
        Build::Shell("cp -a \"$SOURCES/zlib\" zlib && cd zlib && ./configure --static && make libz.a"),
        Build::Make("pigz CC=\"$CC\" CFLAGS='-O2 -Izlib' LDFLAGS=-Lzlib"),
        Build::Shell(
            "for i in 1 2 3 4 5 6 7 8 9 10; do cat pigz.c yarn.c try.c zopfli/src/zopfli/*.c; echo $i; done >data",
        ),
    ],
    runs: &[
        round_trip("one-thread", ROUND_TRIP_1, 1),
        round_trip("two-threads", ROUND_TRIP_2, 2),
        round_trip("four-threads", ROUND_TRIP_4, 4),
        round_trip("four-threads-on-one-core", ROUND_TRIP_4, 1),
        Run {
            name: "files",
            files: &["text"],
            steps: &[
                pigz(&["-n", "-k", "-p", "4", "-b", "128", "text"], StepInput::Null),
                pigz(&["-t", "text.gz"], StepInput::Null),
                pigz(&["-dc", "text.gz"], StepInput::Null),
                pigz(&["-z", "-k", "-p", "2", "text"], StepInput::Null),
            ],
            output_files: &["text.gz"],
            cpus: Some(2),
            ..Run::DEFAULT
        },
    ],
};

const ROUND_TRIP_1: &[Step] = &[
    pigz(&["-n", "-c", "-p", "1"], StepInput::Source(DATA)),
    pigz(&["-d", "-c", "-p", "1"], StepInput::Previous),
];
const ROUND_TRIP_2: &[Step] = &[
    pigz(&["-n", "-c", "-p", "2"], StepInput::Source(DATA)),
    pigz(&["-d", "-c", "-p", "2"], StepInput::Previous),
];
const ROUND_TRIP_4: &[Step] = &[
    pigz(&["-n", "-c", "-p", "4"], StepInput::Source(DATA)),
    pigz(&["-d", "-c", "-p", "4"], StepInput::Previous),
];

const fn round_trip(name: &'static str, steps: &'static [Step], cpus: u32) -> Run {
    Run { name, steps, cpus: Some(cpus), ..Run::DEFAULT }
}

const fn pigz(args: &'static [&'static str], stdin: StepInput) -> Step {
    Step::Program { path: "pigz", args, stdin }
}
