//! Lua 5.4: the interpreter and its compiler, with scripts of ours (`tests/ports/lua5.4`).

use super::recipe::{Build, Recipe, Run, Schedule, Step, StepInput};

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "lua5.4",
    sources: "lua5.4",
    languages: &[],
    schedule: Schedule::Everyday,
    build: &[
        // `generic` is ISO C: no dlopen, no popen.
        Build::Make(r#"-C src generic CC="$CC -std=gnu99" AR="$AR rcu" RANLIB="$RANLIB""#),
    ],
    runs: &[
        Run {
            name: "files",
            files: &["files.lua"],
            steps: &[lua(&["files.lua", "an argument"])],
            output_files: &["table.txt", "copy.txt"],
            ..Run::DEFAULT
        },
        Run { name: "strings", files: &["strings.lua"], steps: &[lua(&["strings.lua"])], ..Run::DEFAULT },
        Run { name: "math", files: &["math.lua"], steps: &[lua(&["math.lua"])], ..Run::DEFAULT },
        Run { name: "os", files: &["os.lua"], steps: &[lua(&["os.lua"])], ..Run::DEFAULT },
        Run { name: "garbage", files: &["garbage.lua"], steps: &[lua(&["garbage.lua"])], ..Run::DEFAULT },
        Run { name: "errors", files: &["errors.lua"], steps: &[lua(&["errors.lua"])], ..Run::DEFAULT },
        Run { name: "programs", files: &["programs.lua"], steps: &[lua(&["programs.lua"])], ..Run::DEFAULT },
        Run {
            name: "compiler",
            files: &["programs.lua"],
            steps: &[
                Step::program("src/luac", &["-o", "program.luac", "programs.lua"]),
                lua(&["program.luac"]),
            ],
            output_files: &["program.luac"],
            ..Run::DEFAULT
        },
        Run {
            name: "standard-input",
            steps: &[
                lua(&["-e", "for i = 1, 3 do print('io.write([[line ' .. i .. ' ]])') end"]),
                Step::Program { path: "src/lua", args: &["-"], stdin: StepInput::Previous },
            ],
            ..Run::DEFAULT
        },
    ],
};

const fn lua(args: &'static [&'static str]) -> Step {
    Step::program("src/lua", args)
}
