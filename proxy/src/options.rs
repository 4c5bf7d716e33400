//! Options and environment of the proxy: [`Options`].
//!
//! Each option is defined once, in [`definitions`]: from there clap knows the options, with their help, and
//! [`parse`] the variables. It stops at the image's name: what follows belongs to the program. Without
//! options clap is not asked, so that `./hello` does not pay for it.

mod backing;
mod cpus;
mod debugger;
mod definitions;
mod idle;
mod isle;
mod memory;
mod network;
mod sandbox;
mod switch;
mod unknown;

pub use backing::Memory;
pub use cpus::Cpus;
pub use debugger::DebuggerChoice;
pub use idle::IdleChoice;
pub use isle::IsleChoice;
pub use memory::{LEAST_BYTES as LEAST_MEMORY_BYTES, MOST_BYTES as MOST_MEMORY_BYTES, MemorySize, StackSize};
pub use network::{Network, Published, Transport};
pub use sandbox::{Descriptors, FileAccess, Files, Level, Variables};

use crate::command_line::{CommandLine, OptionsBefore};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use core::ffi::CStr;
use definitions::{DEFINITIONS, Definition, Value};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// What the user asks for; [`definitions`] says how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--isle`.
    pub isle: IsleChoice,
    /// `--cpus`; without it each isle has its own default, as for the following.
    pub cpus: Option<Cpus>,
    /// `--idle`.
    pub idle: IdleChoice,
    /// `--mem`.
    pub mem: Option<MemorySize>,
    /// `--memory`.
    pub memory: Memory,
    /// `--stack`; without it the soft limit of the proxy's own stack (RLIMIT_STACK) counts.
    pub stack: Option<StackSize>,
    /// `--sandbox`.
    pub sandbox: Level,
    /// `--files`; this and the two that follow only with [`Level::Strict`].
    pub files: Option<Files>,
    /// `--env`.
    pub env: Option<Variables>,
    /// `--fds`.
    pub fds: Option<Descriptors>,
    /// `--net`; without it the level decides.
    pub net: Option<Network>,
    /// `--publish`.
    pub publish: Published,
    /// `--verbose`.
    pub verbose: bool,
    /// `--tmpfs`.
    pub tmpfs: bool,
    /// `--jit`.
    pub jit: bool,
    /// `--kvm`.
    pub kvm: bool,
    /// `--qemu`.
    pub qemu: Option<PathBuf>,
    /// `--huge-pages`.
    pub huge_pages: bool,
    /// `--ksm`.
    pub ksm: bool,
    /// `--stats`.
    pub stats: bool,
    /// `--debug`.
    pub debug: DebuggerChoice,
}

/// A parsed command line.
#[derive(Debug)]
pub struct Invocation {
    /// The proxy's options.
    pub options: Options,
    /// Which argument names the image.
    pub image_index: usize,
}

/// An option or variable that makes no sense: one line that says what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadOption(String);

/// What the command line asks for.
#[derive(Debug)]
pub enum Parsed {
    /// Run an image.
    Run(Box<Invocation>),
    /// Ask KVM whether it works.
    Probe,
    /// Nothing more: help or version has been printed.
    Shown,
}

/// Reads options and variables, and warns of variables that nobody knows.
pub fn parse(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    unknown::warn(&command_line.environment);
    understand(command_line)
}

/// [`parse`] without the warnings.
pub fn understand(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    let parsed = read(command_line)?;
    if let Parsed::Run(invocation) = &parsed {
        invocation.options.check()?;
    }
    Ok(parsed)
}

impl Options {
    /// Which addresses the program may reach.
    pub fn network(&self) -> Network {
        let unnamed = if self.sandbox == Level::Strict { Network::None } else { Network::Host };
        self.net.clone().unwrap_or(unnamed)
    }

    /// What each option for itself cannot judge. A list of what a strict program may reach would promise, at another level, what
    /// nobody keeps.
    fn check(&self) -> Result<(), BadOption> {
        let lists =
            [("files", self.files.is_some()), ("env", self.env.is_some()), ("fds", self.fds.is_some())];
        match lists.iter().find(|(_, given)| *given && self.sandbox != Level::Strict) {
            Some((name, _)) => Err(BadOption(format!(
                "--{name} or HERMIT_{} is for HERMIT_SANDBOX=strict alone: set that, or leave the list out",
                name.to_ascii_uppercase()
            ))),
            None => self.check_memory(),
        }
    }

    /// Without a size RAM is as large as the host could bear if all were touched, which nobody means to happen.
    fn check_memory(&self) -> Result<(), BadOption> {
        let Memory { lock, populate, .. } = self.memory;
        match (self.mem, populate || lock && self.isle == IsleChoice::Qemu) {
            (None, true) => Err(BadOption(
                "--memory or HERMIT_MEMORY would take three quarters of the host's memory at once (populate; in the qemu isle \
                 lock, too): say how much RAM by HERMIT_MEM"
                    .into(),
            )),
            _ => Ok(()),
        }
    }
}

/// clap, which costs a tenth of a hello's life, sees them only when there is an
/// option, or a variable that has to be explained to the user.
fn read(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    let may_be_options = command_line.options == OptionsBefore::Possible;
    let is_option = |name: &CStr| may_be_options && name.to_bytes().starts_with(b"-");
    match command_line.arguments.get(1) {
        Some(image) if !is_option(image) => match by_variables(&command_line.environment) {
            Some(options) => Ok(Parsed::Run(Box::new(Invocation { options, image_index: 1 }))),
            None => parse_with_clap(command_line),
        },
        _ => parse_with_clap(command_line),
    }
}

/// Options by variables alone, as clap would read them; `None` if any makes no sense.
fn by_variables(environment: &[&CStr]) -> Option<Options> {
    let mut options = Options::default();
    for entry in environment.iter().map(|entry| entry.to_bytes()) {
        if !entry.starts_with(b"HERMIT_") {
            continue;
        }
        let (name, value) = entry.split_at(entry.iter().position(|&byte| byte == b'=')?);
        let known = DEFINITIONS.iter().find(|definition| definition.variable.as_bytes() == name);
        // Others say nothing to the proxy: HERMIT_PROXY is for images that start themselves (`abi::start`).
        let Some(definition) = known else { continue };
        (definition.set)(&mut options, OsStr::from_bytes(&value[1..])).ok()?;
    }
    Some(options)
}

/// Name of the option that runs nothing, which has no variable.
const PROBE: &str = "probe";

/// Name of what is no option: the image, and the program's arguments.
const PROGRAM: &str = "IMAGE";

/// The command line as clap knows it.
fn command() -> Command {
    let probe = Arg::new(PROBE)
        .long(PROBE)
        .action(ArgAction::SetTrue)
        .help("Tell whether KVM really works here, for the uhyve isle; run nothing");
    let program = Arg::new(PROGRAM)
        .required_unless_present(PROBE)
        .num_args(1..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true)
        .value_parser(OsStringValueParser::new())
        .hide(true);
    Command::new(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .override_usage("proxy [OPTIONS] IMAGE [ARGUMENTS]...")
        .max_term_width(100)
        .args(DEFINITIONS.iter().map(argument))
        .args([probe, program])
}

fn argument(definition: &'static Definition) -> Arg {
    let check = |text: OsString| (definition.set)(&mut Options::default(), &text).map(|()| text);
    let argument = Arg::new(definition.name)
        .long(definition.name)
        .env(definition.variable)
        .hide_env_values(true)
        .value_name(definition.value_name)
        .value_parser(OsStringValueParser::new().try_map(check))
        .help(definition.help);
    match definition.value {
        Value::Needed => argument,
        Value::One => argument.num_args(0..=1).require_equals(true).default_missing_value("1"),
    }
}

fn parse_with_clap(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    let arguments = command_line.arguments.iter().map(|argument| OsStr::from_bytes(argument.to_bytes()));
    // What is no option is not taken for one.
    let end = (command_line.options == OptionsBefore::Never).then(|| OsStr::new("--"));
    let mut arguments: Vec<_> = arguments.collect();
    arguments.splice(1..1, end);
    match command().try_get_matches_from(arguments) {
        Ok(matches) if matches.get_flag(PROBE) => Ok(Parsed::Probe),
        Ok(matches) => {
            let program = matches.get_many::<OsString>(PROGRAM).unwrap_or_default();
            let image_index = command_line.arguments.len() - program.len();
            // clap takes an unknown option for the image; after `--` it may be one.
            if command_line.options == OptionsBefore::Possible
                && let [.., before, image] = &command_line.arguments[..=image_index]
                && image.to_bytes().starts_with(b"-")
                && before.to_bytes() != b"--"
            {
                let option = image.to_string_lossy();
                return Err(BadOption(format!("unknown option {option}; see proxy --help")));
            }
            Ok(Parsed::Run(Box::new(Invocation { options: by_matches(&matches)?, image_index })))
        }
        Err(error) if !error.use_stderr() => {
            // Help or version; a closed stdout is nobody's problem here.
            let _ = error.print();
            Ok(Parsed::Shown)
        }
        Err(error) => Err(BadOption(one_line(&error))),
    }
}

fn by_matches(matches: &ArgMatches) -> Result<Options, BadOption> {
    let mut options = Options::default();
    for definition in &DEFINITIONS {
        if let Some(text) = matches.get_one::<OsString>(definition.name) {
            (definition.set)(&mut options, text).map_err(|error| BadOption(error.to_string()))?;
        }
    }
    Ok(options)
}

/// clap's first paragraph on one line, without its prefix, and with the variable beside the option.
fn one_line(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::MissingRequiredArgument {
        return "no image given; usage: proxy [OPTIONS] IMAGE [ARGUMENTS]..., or proxy --help".into();
    }
    let mut text = error.render().to_string();
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg)
        && let Some(option) = argument.split([' ', '[', '=']).next()
        && let Some(name) = option.strip_prefix("--")
        && let Some(definition) = DEFINITIONS.iter().find(|definition| definition.name == name)
    {
        let both = format!("{option} or {}", definition.variable);
        text = text.replace(&format!("'{argument}'"), &both);
    }
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}; see proxy --help", line.strip_prefix("error: ").unwrap_or(&line))
}

#[cfg(test)]
mod tests;
