//! Configures and builds what comes with CMake: [`Project`], by the crate `cmake`.
//!
//! The crate is made for build scripts: it prints to standard output, panics when CMake fails, and takes what it is not told
//! from the environment. So it runs in a process of its own, this program again with a verb that nobody types
//! ([`Project::command`]); a step runs that as any other command, and its failure is told with command, log and note.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::rust::TARGET;
use crate::tool::Cmd;

/// The verb, in [`crate::options`].
pub const VERB: &str = "cmake";

/// The program that runs, also when cargo has put another one in its place meanwhile (proc(5)).
pub const THIS: &str = "/proc/self/exe";

/// What is built.
#[derive(Clone, Debug, Args)]
pub struct Project {
    /// Folder with CMakeLists.txt
    #[arg(long)]
    pub source: PathBuf,
    /// Folder of the build: what CMake makes is in its folder `build`
    #[arg(long)]
    pub out: PathBuf,
    /// The target that is built, nothing is installed
    #[arg(long)]
    pub target: String,
    /// Compiler for C
    #[arg(long)]
    pub cc: PathBuf,
    /// Compiler for C++
    #[arg(long)]
    pub cxx: PathBuf,
    /// Values of variables, NAME=VALUE
    #[arg(long = "define", allow_hyphen_values = true)]
    pub defines: Vec<String>,
}

impl Project {
    /// The command that builds it: `xtask`, with the verb.
    pub fn command(&self, xtask: &Path) -> Cmd {
        let paths: [(&str, &Path); 4] =
            [("--source", &self.source), ("--out", &self.out), ("--cc", &self.cc), ("--cxx", &self.cxx)];
        let cmd = Cmd::new(xtask).arg(VERB).arg("--target").arg(&self.target);
        let cmd = paths.into_iter().fold(cmd, |cmd, (name, path)| cmd.arg(name).arg(path));
        let cmd = self.defines.iter().fold(cmd, |cmd, define| cmd.arg("--define").arg(define));
        // What the crate would listen to.
        let cmd = ["CMAKE", "CMAKE_GENERATOR", "CMAKE_PREFIX_PATH"].into_iter().fold(cmd, Cmd::env_remove);
        // A trace of the panic would push CMake's reasons out of what is told.
        let cmd = cmd.env("RUST_BACKTRACE", "0").takes_cores();
        let cmd = cmd.note_if("is `cmake` not installed?", "apt-get install cmake");
        cmd.note(format!(
            "the command that failed is the last one after `running:` in the log; CMake's reasons are in {}",
            self.out.join("build/CMakeFiles/CMakeError.log").display()
        ))
    }

    /// Builds it, in the process that [`Self::command`] starts; panics if CMake fails.
    pub fn build(&self) -> ExitCode {
        let compiler = |path: &Path| {
            let mut build = cc::Build::new();
            build.compiler(path).out_dir(&self.out).inherit_rustflags(false).inherit_trim_paths(false);
            build
        };
        let mut config = cmake::Config::new(&self.source);
        config
            .init_c_cfg(compiler(&self.cc))
            .init_cxx_cfg(compiler(&self.cxx))
            .out_dir(&self.out)
            .target("x86_64-unknown-none")
            .host(TARGET)
            .profile("Release")
            .generator("Unix Makefiles")
            .no_default_flags(true)
            .build_target(&self.target);
        for (name, value) in self.defines.iter().filter_map(|define| define.split_once('=')) {
            config.define(name, value);
        }
        config.build();
        ExitCode::SUCCESS
    }
}
