//! libevent: its own tests of what does not need a process for each test, over epoll, poll and select.

use super::recipe::{Build, Recipe, Run, Schedule, Step};

/// Nothing is installed, and nothing needs another library.
const OPTIONS: &str = "--disable-shared --disable-openssl --disable-samples CFLAGS=-O1";

/// The tests mention fork, of which an isle has none.
const MAKE: &str = "case $CC in *hermit*) refused=-lrefused ;; esac; make LIBS=$refused";

/// Groups that need no process of their own, without the tests that fork.
const GROUPS: &[&str] = &["--no-fork", "heap/..", "rpc/..", "evtag/..", "signal/.."];

/// The same by another way to wait.
const NO_EPOLL: &[(&str, &str)] = &[("EVENT_NOEPOLL", "1")];

/// And another one.
const ONLY_SELECT: &[(&str, &str)] = &[("EVENT_NOEPOLL", "1"), ("EVENT_NOPOLL", "1")];

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "libevent",
    sources: "libevent",
    languages: &[],
    schedule: Schedule::OnRequest,
    build: &[Build::Configure(OPTIONS), Build::Shell(MAKE)],
    runs: &[
        Run { name: "epoll", steps: &[Step::program("test/regress", GROUPS)], ..Run::DEFAULT },
        Run { name: "poll", env: NO_EPOLL, steps: &[Step::program("test/regress", GROUPS)], ..Run::DEFAULT },
        Run {
            name: "select",
            env: ONLY_SELECT,
            steps: &[Step::program("test/regress", GROUPS)],
            ..Run::DEFAULT
        },
    ],
};
