//! The command line: [`Options`]. Manual pages and completions are generated of it ([`crate::pages`]).

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

/// Runs HermitCore images and tells about the installation.
///
/// HermitCore is a library operating system for high-performance computing: x86_64-hermit-gcc links a program with its
/// operating system into one image, and `hermit run` (or the image's name alone) runs it.
#[derive(Clone, Debug, Parser)]
#[command(name = "hermit", max_term_width = 100, disable_version_flag = true)]
pub struct Options {
    /// Print the version of every component
    #[arg(short = 'V', long)]
    pub version: bool,

    /// What to do
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What can be asked for.
#[derive(Clone, Debug, Subcommand)]
pub enum Verb {
    /// Run an image; options are those of the proxy, see hermit-proxy(1)
    ///
    /// Becomes the proxy: everything after `run` is its command line, `--isle`, `--cpus`, `--mem` and the others, then
    /// the image and the program's arguments. `hermit run --help` shows them.
    #[command(disable_help_flag = true)]
    Run {
        /// The proxy's options, the image, the program's arguments
        #[arg(value_name = "OPTION|IMAGE|ARGUMENT", num_args = 0.., trailing_var_arg = true, allow_hyphen_values = true,
              value_hint = ValueHint::AnyPath)]
        command: Vec<OsString>,
    },

    /// Tell what works on this host, and why something does not
    ///
    /// Ends with status 0 if programs can be compiled and run at all.
    Doctor(DoctorOptions),

    /// Print flags and paths for build systems (also called hermit-config)
    Config(ConfigOptions),

    /// Print the completions for a shell
    ///
    /// For example: hermit completions bash > ~/.local/share/bash-completion/completions/hermit
    Completions {
        /// The shell
        shell: Shell,
    },

    /// Write manual pages and completions into a folder
    #[command(hide = true)]
    Pages {
        /// The folder
        folder: PathBuf,
    },
}

/// Options of `doctor`.
#[derive(Args, Clone, Debug, Default)]
pub struct DoctorOptions {
    /// One line for each check, fields separated by tabs: verdict, name, what was found, what to do
    #[arg(long)]
    pub porcelain: bool,
}

/// `hermit-config`, as a command of its own.
#[derive(Clone, Debug, Parser)]
#[command(name = "hermit-config", version, max_term_width = 100)]
pub struct ConfigCommand {
    /// What is asked.
    #[command(flatten)]
    pub options: ConfigOptions,
}

/// Prints flags and paths for build systems
///
/// The answers come in the order below, each on a line of its own.
#[derive(Args, Clone, Debug, Default)]
#[group(required = true, multiple = true)]
pub struct ConfigOptions {
    /// Root of the tree
    #[arg(long)]
    pub prefix: bool,
    /// Folder with the target's headers and libraries
    #[arg(long)]
    pub sysroot: bool,
    /// Flags for a compiler that is not driven by us (icc, say): headers and macros; mark its objects with
    /// x86_64-hermit-elfedit
    #[arg(long)]
    pub cflags: bool,
    /// Flags for linking with x86_64-hermit-gcc: none but the library folder
    #[arg(long)]
    pub ldflags: bool,
    /// Libraries that every image is linked with
    #[arg(long)]
    pub libs: bool,
    /// Arguments for bindgen, behind its `--`
    #[arg(long)]
    pub bindgen: bool,
    /// Toolchain file for CMake
    #[arg(long)]
    pub cmake: bool,
    /// Cross file for Meson
    #[arg(long)]
    pub meson: bool,
    /// Program that runs images
    #[arg(long)]
    pub runner: bool,
    /// Assignments for a shell: eval "$(hermit-config --env)" sets CC, CXX, FC, AR, ...
    #[arg(long)]
    pub env: bool,
}

/// The help text.
pub fn help() -> String {
    Options::command().render_help().to_string()
}

/// Names the verb that was meant. clap compares letters at almost the same places, by which `rn` is not like `run`.
pub fn with_suggestion(mut error: clap::Error) -> clap::Error {
    use clap::error::{ContextKind, ContextValue};
    let verbs = Options::command();
    let meant = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(typed)) if error.get(ContextKind::SuggestedSubcommand).is_none() => {
            let visible =
                verbs.get_subcommands().filter(|verb| !verb.is_hide_set()).map(clap::Command::get_name);
            let distance = |verb: &&str| strsim::damerau_levenshtein(typed, verb);
            // Half of the letters must be right.
            visible.min_by_key(distance).filter(|verb| 2 * distance(verb) <= verb.len().min(typed.len()) + 1)
        }
        _ => None,
    };
    if let Some(verb) = meant {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![verb.to_owned()]));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_no_contradiction() {
        Options::command().debug_assert();
        ConfigCommand::command().debug_assert();
    }

    #[test]
    fn everything_behind_run_is_the_proxys() {
        let words = ["hermit", "run", "--mem", "1G", "--help", "./a", "-V"];
        let Some(Verb::Run { command }) = Options::try_parse_from(words).unwrap().verb else {
            panic!("not run");
        };
        assert_eq!(command, ["--mem", "1G", "--help", "./a", "-V"]);
    }

    #[test]
    fn config_must_be_asked_something() {
        assert!(ConfigCommand::try_parse_from(["hermit-config"]).is_err());
        assert!(ConfigCommand::try_parse_from(["hermit-config", "--cflags", "--libs"]).is_ok());
    }

    #[test]
    fn a_misspelt_verb_gets_a_suggestion() {
        for (typed, meant) in [
            ("rn", Some("run")),
            ("urn", Some("run")),
            ("doctr", Some("doctor")),
            ("cnfig", Some("config")),
            ("xyz", None),
        ] {
            let error = with_suggestion(Options::try_parse_from(["hermit", typed]).unwrap_err());
            let text = error.to_string();
            let expected = meant.map(|verb| format!("'{verb}'"));
            assert_eq!(text.contains("similar"), meant.is_some(), "{text}");
            assert!(expected.is_none_or(|expected| text.contains(&expected)), "{text}");
        }
    }
}
