//! Lua 5.4: the interpreter and its compiler, with scripts of ours (`tests/ports/lua5.4`).

use super::{Recipe, Run, Step, StepInput};

/// The recipe.
pub const RECIPE: Recipe = Recipe {
    name: "lua5.4",
    build: &[
        // `generic` is ISO C: no dlopen, no popen.
        r#"make -C src generic CC="$CC -std=gnu99" AR="$AR rcu" RANLIB="$RANLIB""#,
    ],
    runs: &[
        Run {
            name: "files",
            files: &["files.lua"],
            steps: &[lua(&["files.lua", "an argument"])],
            output_files: &["table.txt", "copy.txt"],
            cpus: None,
        },
        Run {
            name: "strings",
            files: &["strings.lua"],
            steps: &[lua(&["strings.lua"])],
            output_files: &[],
            cpus: None,
        },
        Run {
            name: "math",
            files: &["math.lua"],
            steps: &[lua(&["math.lua"])],
            output_files: &[],
            cpus: None,
        },
        Run { name: "os", files: &["os.lua"], steps: &[lua(&["os.lua"])], output_files: &[], cpus: None },
        Run {
            name: "garbage",
            files: &["garbage.lua"],
            steps: &[lua(&["garbage.lua"])],
            output_files: &[],
            cpus: None,
        },
        Run {
            name: "errors",
            files: &["errors.lua"],
            steps: &[lua(&["errors.lua"])],
            output_files: &[],
            cpus: None,
        },
        Run {
            name: "programs",
            files: &["programs.lua"],
            steps: &[lua(&["programs.lua"])],
            output_files: &[],
            cpus: None,
        },
        Run {
            name: "compiler",
            files: &["programs.lua"],
            steps: &[
                Step {
                    program: "src/luac",
                    args: &["-o", "program.luac", "programs.lua"],
                    stdin: StepInput::Null,
                },
                lua(&["program.luac"]),
            ],
            output_files: &["program.luac"],
            cpus: None,
        },
        Run {
            name: "standard-input",
            files: &[],
            steps: &[
                lua(&["-e", "for i = 1, 3 do print('io.write([[line ' .. i .. ' ]])') end"]),
                Step { program: "src/lua", args: &["-"], stdin: StepInput::Previous },
            ],
            output_files: &[],
            cpus: None,
        },
    ],
};

const fn lua(args: &'static [&'static str]) -> Step {
    Step { program: "src/lua", args, stdin: StepInput::Null }
}
