//! SQLite 3.40: its shell, on a database file of 100,000 rows, which the native build must make byte for byte too.

use super::recipe::{Build, Recipe, Run, Schedule, Step, StepInput};

/// The recipe. An isle has neither popen nor dlopen; -O1, since nobody waits for the tests gladly.
pub const RECIPE: Recipe = Recipe {
    name: "sqlite3",
    sources: "sqlite3",
    languages: &[],
    schedule: Schedule::Everyday,
    build: &[
        Build::Configure(
            "--disable-shared --disable-tcl --disable-readline --disable-load-extension ac_cv_header_zlib_h=no \
             config_BUILD_CC=gcc CFLAGS='-O1 -DSQLITE_OMIT_POPEN'",
        ),
        Build::Make("sqlite3"),
    ],
    runs: &[
        Run {
            name: "file-database",
            files: &["fill.sql", "queries.sql"],
            steps: &[
                sqlite(&["data.db", ".read fill.sql"]),
                sqlite(&["data.db", ".read queries.sql"]),
                sqlite(&["data.db", ".backup copy.db"]),
                sqlite(&["-readonly", "copy.db", ".sha3sum"]),
            ],
            output_files: &["data.db", "copy.db"],
            ..Run::DEFAULT
        },
        Run {
            name: "dump-and-restore",
            files: &["fill.sql"],
            steps: &[
                sqlite(&[":memory:", ".read fill.sql"]),
                sqlite(&[
                    "data.db",
                    "CREATE TABLE t AS SELECT 1 AS a, 'it''s' AS b, 2.5 AS c, x'00ff' AS d, NULL AS e",
                ]),
                sqlite(&["data.db", ".dump"]),
                Step::Program { path: "sqlite3", args: &["restored.db"], stdin: StepInput::Previous },
                sqlite(&["restored.db", "SELECT *, hex(d), e IS NULL FROM t"]),
            ],
            output_files: &["restored.db"],
            ..Run::DEFAULT
        },
        Run {
            name: "locks-and-journals",
            files: &["locks.sql"],
            steps: &[sqlite(&["locks.db", ".read locks.sql"])],
            output_files: &["locks.db"],
            ..Run::DEFAULT
        },
    ],
};

const fn sqlite(args: &'static [&'static str]) -> Step {
    Step::program("sqlite3", args)
}
