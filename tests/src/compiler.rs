//! Builds one source natively and for the isles, with the same flags.
//!
//! Neighbours: [`crate::program`] asks, [`crate::lab`] says where the toolchain is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use sysroot::Prefix;

use crate::directives::Comment;
use crate::isle::Isle;
use crate::lab::{Lab, has_program};
use crate::{limited, text};

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
    /// clang's twin of that, if the tests use it.
    pub clang: Option<&'static str>,
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
        clang: Some("clang"),
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
        clang: Some("clang++"),
        runtime: Some("libstdc++.a"),
        flags: &["-std=gnu++20", "-O2", "-Wall", "-Wno-unused-result"],
    },
    Language {
        name: "fortran",
        ending: "f90",
        comment: Comment::Exclamation,
        compiler: "gfortran",
        clang: None,
        runtime: Some("libgfortran.a"),
        flags: &["-std=f2018", "-O2", "-Wall"],
    },
    Language {
        name: "openmp",
        ending: "c",
        comment: Comment::Slashes,
        compiler: "gcc",
        clang: None,
        runtime: Some("../libomp.a"),
        flags: &["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-fopenmp"],
    },
];

/// C.
pub static C: &Language = &LANGUAGES[0];
/// C++.
pub static CXX: &Language = &LANGUAGES[1];
/// Fortran.
pub static FORTRAN: &Language = &LANGUAGES[2];

impl Language {
    /// Whether the tree has what programs of this language need.
    pub fn is_there(&self, prefix: &Prefix) -> bool {
        self.runtime.is_none_or(|name| prefix.gcc_lib().join(name).exists())
    }

    /// Whether there are programs of it that this family compiles.
    pub const fn is_of(&self, family: Family) -> bool {
        match family {
            Family::Gcc => true,
            Family::Clang => self.clang.is_some(),
        }
    }
}

/// Who makes a program, natively and for the isles: what is left to a compiler (the order in which arguments are
/// evaluated, `__PRETTY_FUNCTION__`) is no difference then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// gcc, g++, gfortran.
    Gcc,
    /// clang, clang++, and gfortran.
    Clang,
}

impl Family {
    /// As in directives and options.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Gcc => "gcc",
            Family::Clang => "clang",
        }
    }

    /// The family of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Family::Gcc, Family::Clang].into_iter().find(|family| family.name() == name)
    }

    /// What the names of its cases begin with.
    pub const fn title(self) -> &'static str {
        match self {
            Family::Gcc => "",
            Family::Clang => "clang/",
        }
    }
}

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
    /// The tests use no clang for this language.
    #[error("programs of {0} are not built with clang")]
    NoClang(&'static str),
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
    /// The host's gcc, static.
    Native,
    /// Our gcc.
    Hermit,
    /// The host's clang, static.
    NativeClang,
    /// Our clang.
    HermitClang,
}

impl Target {
    /// What runs in `isle`, if `family` makes it.
    pub fn of(isle: Isle, family: Family) -> Self {
        match (isle, family) {
            (Isle::Native, Family::Gcc) => Target::Native,
            (Isle::Native, Family::Clang) => Target::NativeClang,
            (Isle::Process | Isle::Uhyve | Isle::Qemu, Family::Gcc) => Target::Hermit,
            (Isle::Process | Isle::Uhyve | Isle::Qemu, Family::Clang) => Target::HermitClang,
        }
    }

    /// Whether it is for Linux itself.
    pub const fn is_native(self) -> bool {
        matches!(self, Target::Native | Target::NativeClang)
    }

    /// Who makes it.
    pub const fn family(self) -> Family {
        match self {
            Target::Native | Target::Hermit => Family::Gcc,
            Target::NativeClang | Target::HermitClang => Family::Clang,
        }
    }

    /// Name of the folder for what is built.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Native => "native",
            Target::Hermit => "hermit",
            Target::NativeClang => "native-clang",
            Target::HermitClang => "hermit-clang",
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
    let compiler = match target.family() {
        Family::Gcc => language.compiler,
        Family::Clang => language.clang.ok_or(BuildError::NoClang(language.name))?,
    };
    let mut command = if target.is_native() {
        let mut command = Command::new(host_compiler(compiler));
        command.arg("-static");
        command
    } else {
        Command::new(lab.prefix.tool(compiler))
    };
    command.args(language.flags).args(flags);
    if language.comment == Comment::Exclamation {
        // Where gfortran writes modules: else into the folder that the runner was called in.
        command.arg("-J").arg(folder);
    }
    command.arg(source).arg("-o").arg(&executable).args(libs);
    let shown = shown(&command);
    match limited::output(&mut command, limited::COMPILER) {
        Err(error) => Err(BuildError::NoCompiler { command: shown, error }),
        Ok(output) if output.status.success() => Ok(executable),
        Ok(output) => Err(BuildError::Refused {
            command: shown,
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
    }
}

/// The host's program of that name, or the one of the newest version if none has the plain name (`clang-19`), as our
/// driver takes it.
pub fn host_compiler(name: &str) -> String {
    let newest = || (11..=30).rev().map(|version| format!("{name}-{version}"));
    let candidates = std::iter::once(name.to_owned()).chain(newest());
    candidates.into_iter().find(|name| has_program(name)).unwrap_or_else(|| name.to_owned())
}

/// A command as a line for a shell.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| text::quote(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}
