//! Builds one source natively and for the isles, with the same flags.
//!
//! Neighbours: [`crate::program`] asks, [`crate::lab`] says where the toolchain is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::directives::Comment;
use crate::isle::Isle;
use crate::lab::Lab;
use crate::text;

/// A language: its sources and its compiler.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// The folder below `tests/programs`, and the first part of names.
    pub name: &'static str,
    /// The ending of its sources.
    pub ending: &'static str,
    /// How its comments start.
    pub comment: Comment,
    /// The host's compiler; the one for the isles has `x86_64-hermit-` before it.
    pub compiler: &'static str,
    /// Its runtime library, in the folder of the compiler's own: without it there are no programs.
    pub runtime: Option<&'static str>,
    /// Flags of every program.
    flags: &'static [&'static str],
}

/// All of them.
pub static LANGUAGES: &[Language] = &[
    // A function without prototype would be called wrongly on x86-64 (variadic or pointers), and a header that lacks one
    // is a fault of the C library.
    Language {
        name: "c",
        ending: "c",
        comment: Comment::Slashes,
        compiler: "gcc",
        runtime: None,
        flags: &[
            "-std=gnu11",
            "-D_GNU_SOURCE",
            "-O2",
            "-Wall",
            "-Wno-unused-result",
            "-Werror=implicit-function-declaration",
        ],
    },
    Language {
        name: "cxx",
        ending: "cc",
        comment: Comment::Slashes,
        compiler: "g++",
        runtime: Some("libstdc++.a"),
        flags: &["-std=gnu++20", "-O2", "-Wall", "-Wno-unused-result"],
    },
    Language {
        name: "fortran",
        ending: "f90",
        comment: Comment::Exclamation,
        compiler: "gfortran",
        runtime: Some("libgfortran.a"),
        flags: &["-std=f2018", "-O2", "-Wall"],
    },
    Language {
        name: "openmp",
        ending: "c",
        comment: Comment::Slashes,
        compiler: "gcc",
        runtime: Some("../libomp.a"),
        flags: &["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-fopenmp"],
    },
];

/// C.
pub static C: &Language = &LANGUAGES[0];

/// Why there is no executable.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The compiler could not be started.
    #[error("cannot run `{command}`: {error}")]
    NoCompiler {
        /// The command line.
        command: String,
        /// Why.
        error: io::Error,
    },
    /// The compiler found fault with the source.
    #[error("`{command}` failed:\n{output}")]
    Refused {
        /// The command line.
        command: String,
        /// What the compiler said.
        output: String,
    },
    /// The folder for the executable cannot be made.
    #[error("cannot make {folder}: {error}")]
    NoFolder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Which compiler: all isles run the same image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The host's compiler, static.
    Native,
    /// Ours.
    Hermit,
}

impl Target {
    /// What runs in `isle`.
    pub fn of(isle: Isle) -> Self {
        match isle {
            Isle::Native => Target::Native,
            Isle::Process | Isle::Uhyve | Isle::Qemu => Target::Hermit,
        }
    }

    /// Name of the folder for what is built.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Native => "native",
            Target::Hermit => "hermit",
        }
    }
}

/// Compiles `source` with `flags` and `libs` to an executable of `name` in `folder`.
///
/// # Errors
/// See [`BuildError`].
pub fn build(
    lab: &Lab,
    (language, target): (&Language, Target),
    source: &Path,
    flags: &[String],
    libs: &[String],
    folder: &Path,
) -> Result<PathBuf, BuildError> {
    fs::create_dir_all(folder).map_err(|error| BuildError::NoFolder { folder: folder.to_owned(), error })?;
    let executable = folder.join(source.file_stem().unwrap_or(source.as_os_str()));
    let mut command = match target {
        Target::Native => {
            let mut command = Command::new(language.compiler);
            command.arg("-static");
            command
        }
        Target::Hermit => Command::new(lab.prefix.tool(language.compiler)),
    };
    command.args(language.flags).args(flags);
    if language.comment == Comment::Exclamation {
        // Where gfortran writes modules: else into the folder that the runner was called in.
        command.arg("-J").arg(folder);
    }
    command.arg(source).arg("-o").arg(&executable).args(libs);
    let shown = shown(&command);
    match command.output() {
        Err(error) => Err(BuildError::NoCompiler { command: shown, error }),
        Ok(output) if output.status.success() => Ok(executable),
        Ok(output) => Err(BuildError::Refused {
            command: shown,
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
    }
}

/// A command as a line for a shell.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| text::quote(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}
