//! What a port is made of: a [`Recipe`] says where the sources are, how they are built ([`Build`]) and what is run
//! ([`Run`], [`Step`]). Only data; [`super::build`] and [`super::run`] act on it.

use std::time::Duration;

use crate::compiler::Language;
use crate::isle::Isle;

/// A program of somebody else.
#[derive(Debug)]
pub struct Recipe {
    /// First part of the names of its runs, and the folder below `tests/ports` with our input.
    pub name: &'static str,
    /// The folder with the sources, as `xtask` unpacks them (`steps/ports.rs`).
    pub sources: &'static str,
    /// What else its build needs in the tree.
    pub languages: &'static [&'static Language],
    /// When it is built and run.
    pub schedule: Schedule,
    /// How to build it in a copy of the sources, one step after another.
    pub build: &'static [Build],
    /// What to run.
    pub runs: &'static [Run],
}

/// When a port is built and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// With all other programs.
    Everyday,
    /// With `--suite ports`.
    OnRequest,
}

/// A step of a build: a build system, with the files that we install for it. See [`super::commands`] for what is called.
#[derive(Clone, Copy, Debug)]
pub enum Build {
    /// A line for a shell, with the variables of [`super::commands::variables`] set.
    Shell(&'static str),
    /// A configure script of autoconf; for hermit through `hermit-configure`.
    Configure(&'static str),
    /// `make` with these arguments.
    Make(&'static str),
    /// CMake: the options of the first call, and the targets that are built.
    CMake {
        /// `-D...`
        options: &'static str,
        /// Empty: all.
        targets: &'static str,
    },
    /// Meson, likewise.
    Meson {
        /// `-D...`
        options: &'static str,
        /// Empty: all.
        targets: &'static str,
    },
}

/// The folder in the copied sources where CMake and Meson build.
pub const BUILD_FOLDER: &str = "build-here";

/// A row of the report: commands that run one after another in one folder.
#[derive(Debug)]
pub struct Run {
    /// Its name below the recipe's.
    pub name: &'static str,
    /// Files that are copied into the working directory first, from `tests/ports/<recipe>`.
    pub files: &'static [&'static str],
    /// The same from the built sources.
    pub source_files: &'static [&'static str],
    /// Variables.
    pub env: &'static [(&'static str, &'static str)],
    /// The commands; each must succeed and print what the native build prints.
    pub steps: &'static [Step],
    /// Files in the working directory that must equal the native run's.
    pub output_files: &'static [&'static str],
    /// What follows one of these texts in its line is not compared: times, and names of folders.
    pub volatile: &'static [&'static str],
    /// Where it runs besides Linux itself.
    pub isles: &'static [Isle],
    /// `HERMIT_CPUS`, if it is not to be the proxy's own choice.
    pub cpus: Option<u32>,
    /// When to give up on a command. Not a performance test.
    pub timeout: Duration,
}

impl Run {
    /// What most runs are: a recipe names the rest.
    pub const DEFAULT: Run = Run {
        name: "",
        files: &[],
        source_files: &[],
        env: &[],
        steps: &[],
        output_files: &[],
        volatile: &[],
        isles: &[Isle::Process, Isle::Uhyve, Isle::Qemu],
        cpus: None,
        timeout: Duration::from_secs(600),
    };
}

/// One command.
#[derive(Debug)]
pub enum Step {
    /// An executable of the built sources.
    Program {
        /// Its path there.
        path: &'static str,
        /// Its arguments.
        args: &'static [&'static str],
        /// Its standard input.
        stdin: StepInput,
    },
    /// The project's own way to run its tests (ctest, meson test, make check): a line for a shell in the built sources.
    /// Where it does not know how to run an image by itself, `$RUNNER` in front of the program does it.
    Tests(&'static str),
}

impl Step {
    /// An executable that reads nothing.
    pub const fn program(path: &'static str, args: &'static [&'static str]) -> Self {
        Self::Program { path, args, stdin: StepInput::Null }
    }

    /// An executable that reads a file of the built sources.
    pub const fn reading(path: &'static str, file: &'static str) -> Self {
        Self::Program { path, args: &[], stdin: StepInput::Source(file) }
    }
}

/// Standard input of a command.
#[derive(Clone, Copy, Debug)]
pub enum StepInput {
    /// /dev/null.
    Null,
    /// A file of the built sources.
    Source(&'static str),
    /// What the command before printed.
    Previous,
}
