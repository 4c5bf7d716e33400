//! Options and environment of the proxy, one definition for both: [`Options`].
//!
//! [`parse`] stops at the image's name: what follows belongs to the program. Without options clap is not asked, so that
//! `./hello` does not pay for it; a test holds both ways together.

mod cpus;
mod debugger;
mod isle;
mod memory;

pub use cpus::Cpus;
pub use debugger::Debugger;
pub use isle::IsleChoice;
pub use memory::{LEAST_BYTES as LEAST_MEMORY_BYTES, MemorySize};

use crate::command_line::CommandLine;
use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use core::ffi::CStr;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// Runs a HermitCore image.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "proxy",
    version,
    about,
    override_usage = "proxy [OPTIONS] IMAGE [ARGUMENTS]...",
    max_term_width = 100
)]
pub struct Options {
    /// Where to run: auto, process, uhyve, qemu, or the number of a NUMA node.
    #[arg(long, env = "HERMIT_ISLE", value_name = "ISLE", default_value_t = IsleChoice::Auto, hide_env_values = true)]
    pub isle: IsleChoice,

    /// vCPUs: a count, or a list such as 0-3,6 of the host's CPUs to pin them to [default: process: all CPUs, not
    /// pinned; qemu: 1].
    #[arg(long, env = "HERMIT_CPUS", value_name = "CPUS", hide_env_values = true)]
    pub cpus: Option<Cpus>,

    /// RAM, such as 512M or 2G [default: process, uhyve: three quarters of the host's; qemu: 512M].
    #[arg(long, env = "HERMIT_MEM", value_name = "SIZE", hide_env_values = true)]
    pub mem: Option<MemorySize>,

    /// Show the kernel's log on stderr.
    #[arg(long, env = "HERMIT_VERBOSE", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "1",
          value_parser = switch)]
    pub verbose: bool,

    /// Give the program a /tmp of its own, empty and in memory.
    #[arg(long, env = "HERMIT_TMPFS", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "1",
          value_parser = switch)]
    pub tmpfs: bool,

    /// qemu isle: use KVM (1), or never (0) [default: 0; the isle for KVM is uhyve].
    #[arg(long, env = "HERMIT_KVM", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_missing_value = "1",
          value_parser = switch)]
    pub kvm: Option<bool>,

    /// qemu isle: the QEMU to use.
    #[arg(long, env = "HERMIT_QEMU", value_name = "PROGRAM", default_value = DEFAULT_QEMU, hide_env_values = true)]
    pub qemu: PathBuf,

    /// uhyve isle: back RAM with large pages that were reserved (vm.nr_hugepages).
    #[arg(long, env = "HERMIT_HUGE_PAGES", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "1",
          value_parser = switch)]
    pub huge_pages: bool,

    /// uhyve isle: let Linux merge equal pages of RAM, also with those of other machines (KSM).
    #[arg(long, env = "HERMIT_KSM", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "1",
          value_parser = switch)]
    pub ksm: bool,

    /// uhyve isle: tell on stderr at the end why each vCPU left the guest, and how often.
    #[arg(long, env = "HERMIT_STATS", value_name = "0|1", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "1",
          value_parser = switch)]
    pub stats: bool,

    /// Tell whether KVM really works here, for the uhyve isle; run nothing.
    #[arg(long)]
    pub probe: bool,

    /// Wait for a debugger (see x86_64-hermit-gdb); qemu, uhyve: at this port of localhost, or at 1234 (1).
    #[arg(long, env = "HERMIT_DEBUG", value_name = "0|1|PORT", hide_env_values = true,
          num_args = 0..=1, require_equals = true, default_value_t = Debugger::None, hide_default_value = true,
          default_missing_value = "1")]
    pub debug: Debugger,

    /// The image, and the program's arguments.
    #[arg(value_name = "IMAGE", required_unless_present = "probe", num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true,
          hide = true)]
    command: Vec<OsString>,
}

const DEFAULT_QEMU: &str = "qemu-system-x86_64";

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
    Run(Invocation),
    /// Ask KVM whether it works.
    Probe,
    /// Nothing more: help or version has been printed.
    Shown,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            isle: IsleChoice::Auto,
            cpus: None,
            mem: None,
            verbose: false,
            tmpfs: false,
            kvm: None,
            qemu: PathBuf::from(DEFAULT_QEMU),
            huge_pages: false,
            ksm: false,
            stats: false,
            probe: false,
            debug: Debugger::None,
            command: Vec::new(),
        }
    }
}

/// Reads options and variables. clap, which costs a tenth of a hello's life, sees them only when there is an option, or
/// a variable that has to be explained to the user.
pub fn parse(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    match command_line.arguments.get(1) {
        Some(image) if !image.to_bytes().starts_with(b"-") => match by_variables(&command_line.environment) {
            Some(options) => Ok(Parsed::Run(Invocation { options, image_index: 1 })),
            None => parse_with_clap(command_line),
        },
        _ => parse_with_clap(command_line),
    }
}

/// Options by variables alone, as clap would read them; `None` if any is unknown here or makes no sense.
fn by_variables(environment: &[&CStr]) -> Option<Options> {
    let mut options = Options::default();
    for entry in environment {
        let Some(ours) = entry.to_bytes().strip_prefix(b"HERMIT_") else { continue };
        let (name, value) = core::str::from_utf8(ours).ok()?.split_once('=')?;
        match name {
            "ISLE" => options.isle = value.parse().ok()?,
            "CPUS" => options.cpus = Some(value.parse().ok()?),
            "MEM" => options.mem = Some(value.parse().ok()?),
            "VERBOSE" => options.verbose = switch(value).ok()?,
            "TMPFS" => options.tmpfs = switch(value).ok()?,
            "KSM" => options.ksm = switch(value).ok()?,
            "HUGE_PAGES" => options.huge_pages = switch(value).ok()?,
            "STATS" => options.stats = switch(value).ok()?,
            "KVM" => options.kvm = Some(switch(value).ok()?),
            "DEBUG" => options.debug = value.parse().ok()?,
            "QEMU" if !value.is_empty() => options.qemu = value.into(),
            _ => return None,
        }
    }
    Some(options)
}

fn parse_with_clap(command_line: &CommandLine<'_>) -> Result<Parsed, BadOption> {
    let arguments = command_line.arguments.iter().map(|argument| OsStr::from_bytes(argument.to_bytes()));
    match Options::try_parse_from(arguments) {
        Ok(options) if options.probe => Ok(Parsed::Probe),
        Ok(options) => {
            let image_index = command_line.arguments.len() - options.command.len();
            // clap takes an unknown option for the image; after `--` it may be one.
            if let [.., before, image] = &command_line.arguments[..=image_index]
                && image.to_bytes().starts_with(b"-")
                && before.to_bytes() != b"--"
            {
                let option = image.to_string_lossy();
                return Err(BadOption(format!("unknown option {option}; see proxy --help")));
            }
            let options = Options { command: Vec::new(), ..options };
            Ok(Parsed::Run(Invocation { options, image_index }))
        }
        Err(error) if !error.use_stderr() => {
            // Help or version; a closed stdout is nobody's problem here.
            let _ = error.print();
            Ok(Parsed::Shown)
        }
        Err(error) => Err(BadOption(one_line(&error))),
    }
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
    {
        let both = format!("{option} or HERMIT_{}", name.to_ascii_uppercase().replace('-', "_"));
        text = text.replace(&format!("'{argument}'"), &both);
    }
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}; see proxy --help", line.strip_prefix("error: ").unwrap_or(&line))
}

/// Value of the options that are on or off.
fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("give 1 or 0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &[&str]) -> Result<Parsed, BadOption> {
        let owned: Vec<_> = words.iter().map(|w| std::ffi::CString::new(*w).unwrap()).collect();
        parse_with_clap(&CommandLine {
            arguments: owned.iter().map(|w| w.as_c_str()).collect(),
            environment: Vec::new(),
        })
    }

    fn run_of(words: &[&str]) -> Invocation {
        match parse_words(words).unwrap() {
            Parsed::Run(invocation) => invocation,
            other => panic!("{words:?} is {other:?}"),
        }
    }

    #[test]
    fn fast_path_means_the_same_as_clap() {
        assert_eq!(run_of(&["proxy", "./hello"]).options, Options::default());
    }

    /// Whatever the short way understands, clap understands in the same way; and it knows every variable.
    #[test]
    fn variables_mean_the_same_as_options() {
        use clap::CommandFactory;
        let values = [
            "auto",
            "process",
            "qemu",
            "3",
            "0-1,4",
            "512M",
            "1",
            "0",
            "yes",
            "off",
            "abc",
            "",
            "/usr/bin/qemu",
        ];
        let mut understood = 0;
        for argument in Options::command().get_arguments() {
            let (Some(variable), Some(long)) = (argument.get_env(), argument.get_long()) else { continue };
            for value in values {
                let variable = variable.to_str().unwrap();
                let entry = std::ffi::CString::new(format!("{variable}={value}")).unwrap();
                let by_option = parse_words(&["proxy", &format!("--{long}={value}"), "x"]);
                if let Some(options) = by_variables(&[&entry]) {
                    let Parsed::Run(expected) = by_option.unwrap() else {
                        panic!("{entry:?} shows something")
                    };
                    assert_eq!(options, expected.options, "{entry:?}");
                    understood += 1;
                }
            }
        }
        assert!(understood >= 20, "only {understood}");
        assert_eq!(by_variables(&[c"HERMIT_ISLE=mars"]), None);
        assert_eq!(by_variables(&[c"HERMIT_NETIF=tap0"]), None, "clap ignores what it does not know");
    }

    #[test]
    fn switches_have_four_words_each() {
        assert_eq!(["1", "true", "yes", "on"].map(switch), [Ok(true); 4]);
        assert_eq!(["0", "false", "no", "off"].map(switch), [Ok(false); 4]);
        assert!(["", "2", "Yes", "on "].iter().all(|word| switch(word).is_err()));
    }

    #[test]
    fn options_end_at_the_image() {
        let invocation = run_of(&["proxy", "--mem", "64M", "./hello", "--mem", "abc", "-x", "--", "y"]);
        assert_eq!(invocation.image_index, 3);
        assert_eq!(invocation.options.mem.map(|mem| mem.bytes()), Some(64 << 20));
        assert_eq!(run_of(&["proxy", "--", "./hello", "-x"]).image_index, 2);
        assert!(run_of(&["proxy", "--verbose", "./hello"]).options.verbose);
        assert_eq!(run_of(&["proxy", "--kvm=0", "./hello"]).options.kvm, Some(false));
    }

    #[test]
    fn bad_values_say_what_is_accepted() {
        for (words, expected) in [
            (["proxy", "--mem", "abc", "x"], "512M"),
            (["proxy", "--cpus", "0", "x"], "at least 1"),
            (["proxy", "--isle", "mars", "x"], "qemu"),
        ] {
            let message = parse_words(&words).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
        for unknown in ["--bogus", "--no-bogus", "-x"] {
            let message = parse_words(&["proxy", unknown, "x"]).unwrap_err().to_string();
            assert!(message.contains(&format!("unknown option {unknown}")), "{message}");
        }
        assert!(parse_words(&["proxy"]).unwrap_err().to_string().contains("no image"));
    }
}
