//! The expectations that a test program carries in its own source, as `//# key: value` lines.
//!
//! Key type: [`Spec`], made by [`parse`]. A key that does not exist, a value that makes no sense, a directive given
//! twice, and a line that almost looks like a directive are errors: an expectation must never be lost silently.
//! `docs/testing.md` is the reference page. Neighbours: [`crate::program`] runs what is said here.

use std::time::Duration;

use abi::boot_info::MAX_CPUS;
use serde::{Deserialize, Serialize};

use crate::compiler::Family;
use crate::isle::Isle;
use crate::text;

/// What a directive may be about; [`parse`] names the line.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {problem}")]
pub struct ParseError {
    /// Line in the source, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with one directive.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Problem {
    /// Looks like a directive, but is not spelled `//# key: value`.
    #[error("malformed directive, expected `{marker} key: value`, got `{line}`")]
    Malformed {
        /// How a directive starts in this language.
        marker: &'static str,
        /// The line.
        line: String,
    },
    /// No such key.
    #[error("unknown directive `{0}` (docs/testing.md lists them)")]
    UnknownKey(String),
    /// The key may be given once only.
    #[error("directive `{0}` is given twice")]
    Twice(String),
    /// The value cannot be understood.
    #[error("`{key}: {value}`: expected {expected}")]
    BadValue {
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What is possible.
        expected: &'static str,
    },
    /// Neither native build, golden, failure status nor text on stderr: the test could not fail.
    #[error("`compare: none` without `stdout`, `stderr-contains` or a `status` other than 0 checks nothing")]
    ChecksNothing,
}

/// Where standard input comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stdin {
    /// /dev/null.
    #[default]
    Null,
    /// A pipe that carries this text.
    Text(String),
    /// A pipe that stays open and empty.
    Silence,
    /// A file beside the source.
    File(String),
}

/// Where standard output goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sink {
    /// A pipe that the runner reads.
    #[default]
    Pipe,
    /// A regular file.
    File,
    /// A pipe that nobody reads any more.
    ClosedPipe,
}

/// What standard output must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// What the native build of the same source prints.
    #[default]
    Native,
    /// The file `<program>.stdout` beside the source; `--bless` writes it.
    Golden,
    /// This text.
    Text(String),
    /// Anything.
    Any,
}

/// Everything that a program's directives say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Arguments, without argv\[0\].
    pub args: Vec<String>,
    /// Environment on top of the runner's own small one.
    pub env: Vec<(String, String)>,
    /// Standard input.
    pub stdin: Stdin,
    /// Where standard output goes.
    pub sink: Sink,
    /// Exit status as a shell sees it (128 + n after signal n).
    pub status: u8,
    /// Standard output.
    pub stdout: Expected,
    /// Whether the source is built and run natively too.
    pub native: bool,
    /// Texts that must appear on standard error in the isles (a native run is not asked).
    pub stderr_contains: Vec<String>,
    /// Files in the working directory that must equal the native run's.
    pub output_files: Vec<String>,
    /// Isles that the program is made for.
    pub isles: Vec<Isle>,
    /// Who makes its images and who may: gcc, and all, if it does not say.
    pub compilers: Option<Vec<Family>>,
    /// `HERMIT_MEM`, and the address space limit of the native run.
    pub mem: Option<Memory>,
    /// `HERMIT_CPUS`: one run in each isle for each of these numbers; none: one run with the proxy's own choice.
    pub cpus: Vec<u32>,
    /// Compiler flags on top of `-O2`.
    pub cflags: Vec<String>,
    /// What the compiler driver gets behind the source (libraries).
    pub libs: Vec<String>,
    /// What the machine must have, else the program is skipped.
    pub requires: Vec<Requirement>,
    /// When to give up. Not a performance test.
    pub timeout: Duration,
}

/// An amount of memory, as `HERMIT_MEM` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// As written, such as `512M`.
    pub text: String,
    /// The same in KiB.
    pub kib: u64,
}

/// Something that not every machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A flag in /proc/cpuinfo.
    Cpu(String),
    /// A program in PATH.
    Program(String),
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            args: Vec::new(),
            env: Vec::new(),
            stdin: Stdin::default(),
            sink: Sink::default(),
            status: 0,
            stdout: Expected::default(),
            native: true,
            stderr_contains: Vec::new(),
            output_files: Vec::new(),
            isles: vec![Isle::Process, Isle::Uhyve, Isle::Qemu],
            compilers: None,
            mem: None,
            cpus: Vec::new(),
            cflags: Vec::new(),
            libs: Vec::new(),
            requires: Vec::new(),
            timeout: Duration::from_secs(60),
        }
    }
}

/// Reads the directives of a source whose comments start with `comment` (`//` or `!`).
///
/// # Errors
/// The first line that is not a good directive, see [`Problem`].
pub fn parse(source: &str, comment: Comment) -> Result<Spec, ParseError> {
    let mut spec = Spec::default();
    let mut seen: Vec<&str> = Vec::new();
    let mut last_line = 0;
    for (index, line) in source.lines().enumerate() {
        let at = |problem| ParseError { line: index + 1, problem };
        let Some((key, value)) = split(line, comment).map_err(at)? else { continue };
        if seen.contains(&key) && !REPEATABLE.contains(&key) {
            return Err(at(Problem::Twice(key.to_owned())));
        }
        seen.push(key);
        apply(&mut spec, key, value).map_err(at)?;
        last_line = index + 1;
    }
    if !spec.native && spec.stdout == Expected::Native {
        if spec.status == 0 && spec.stderr_contains.is_empty() {
            return Err(ParseError { line: last_line, problem: Problem::ChecksNothing });
        }
        spec.stdout = Expected::Any;
    }
    Ok(spec)
}

/// How comments, and so directives, start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comment {
    /// `//`: C, C++, Go.
    Slashes,
    /// `!`: Fortran.
    Exclamation,
}

impl Comment {
    const fn opener(self) -> &'static str {
        match self {
            Comment::Slashes => "//",
            Comment::Exclamation => "!",
        }
    }

    const fn marker(self) -> &'static str {
        match self {
            Comment::Slashes => "//#",
            Comment::Exclamation => "!#",
        }
    }
}

const REPEATABLE: &[&str] = &["env", "stderr-contains", "output-file", "requires"];

/// Key and value of a line, or `None` if it is not meant as a directive.
fn split(line: &str, comment: Comment) -> Result<Option<(&str, &str)>, Problem> {
    let Some(rest) = line.trim_start().strip_prefix(comment.opener()) else { return Ok(None) };
    if !rest.trim_start().starts_with('#') {
        return Ok(None);
    }
    let malformed = || Problem::Malformed { marker: comment.marker(), line: line.to_owned() };
    if !line.starts_with(comment.marker()) {
        return Err(malformed());
    }
    let (key, value) =
        rest[1..].strip_prefix(' ').and_then(|rest| rest.split_once(':')).ok_or_else(malformed)?;
    let value = match value {
        "" => "",
        value => value.strip_prefix(' ').ok_or_else(malformed)?,
    };
    Ok(Some((key, value)))
}

fn apply(spec: &mut Spec, key: &str, value: &str) -> Result<(), Problem> {
    let bad = |expected| Problem::BadValue { key: key.to_owned(), value: value.to_owned(), expected };
    let words = || shlex::split(value).ok_or_else(|| bad("words with balanced quotes"));
    let number = || value.parse::<u64>().map_err(|_| bad("a number"));
    match key {
        "args" => spec.args.extend(words()?),
        "args-count" => spec.args.extend((0..number()?).map(|index| format!("argument-{index}"))),
        "env" => spec.env.push(
            value
                .split_once('=')
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| bad("NAME=value"))?,
        ),
        "env-kib" => spec.env.extend((0..number()?).map(one_kib_variable)),
        "stdin" => {
            spec.stdin = stdin(value).ok_or_else(|| bad("text with C's escapes, @silence, or @file"))?
        }
        "stdout-to" => {
            spec.sink = sink(value).ok_or_else(|| bad("`pipe`, `file` or `closed-pipe`"))?;
            if spec.sink == Sink::ClosedPipe {
                spec.stdout = Expected::Any;
            }
        }
        "status" => spec.status = value.parse().map_err(|_| bad("0 to 255"))?,
        "stdout" => {
            spec.stdout = expected(value).ok_or_else(|| bad("@golden, @any, or text with C's escapes"))?
        }
        "stderr-contains" if value.is_empty() => return Err(bad("a text")),
        "stderr-contains" => spec.stderr_contains.push(value.to_owned()),
        "compare" => {
            spec.native = match value {
                "native" => true,
                "none" => false,
                _ => return Err(bad("`native` or `none`")),
            }
        }
        "output-file" => spec.output_files.push(value.to_owned()),
        "isles" => spec.isles = isles(value).ok_or_else(|| bad("some of `process uhyve qemu`"))?,
        "compilers" => spec.compilers = Some(compilers(value).ok_or_else(|| bad("some of `gcc clang`"))?),
        "mem" => spec.mem = Some(memory(value).ok_or_else(|| bad("an amount such as 64M or 2G"))?),
        "cpus" => {
            spec.cpus = cpus(value).ok_or_else(|| bad("different numbers from 1 to 1024, such as `1 2 4`"))?
        }
        "cflags" => spec.cflags = words()?,
        "libs" => spec.libs = words()?,
        "requires" => spec.requires.push(requirement(value).ok_or_else(|| bad("cpu:FLAG or program:NAME"))?),
        "timeout-s" => spec.timeout = Duration::from_secs(number()?),
        _ => return Err(Problem::UnknownKey(key.to_owned())),
    }
    Ok(())
}

fn one_kib_variable(index: u64) -> (String, String) {
    let name = format!("VARIABLE_{index}");
    let value = "v".repeat(1024 - name.len() - 2); // and `=`, and the NUL
    (name, value)
}

fn stdin(value: &str) -> Option<Stdin> {
    match value.strip_prefix('@') {
        Some("") => None,
        Some("silence") => Some(Stdin::Silence),
        Some(file) => Some(Stdin::File(file.to_owned())),
        None => text::unescape(value).map(Stdin::Text),
    }
}

fn sink(value: &str) -> Option<Sink> {
    match value {
        "pipe" => Some(Sink::Pipe),
        "file" => Some(Sink::File),
        "closed-pipe" => Some(Sink::ClosedPipe),
        _ => None,
    }
}

fn expected(value: &str) -> Option<Expected> {
    match value {
        "@golden" => Some(Expected::Golden),
        "@any" => Some(Expected::Any),
        _ if value.starts_with('@') => None,
        _ => text::unescape(value).map(Expected::Text),
    }
}

fn isles(value: &str) -> Option<Vec<Isle>> {
    let isles: Vec<Isle> = value.split_whitespace().map(Isle::from_name).collect::<Option<_>>()?;
    (!isles.is_empty() && !isles.contains(&Isle::Native)).then_some(isles)
}

fn compilers(value: &str) -> Option<Vec<Family>> {
    let families: Vec<Family> = value.split_whitespace().map(Family::from_name).collect::<Option<_>>()?;
    let differ = families.iter().enumerate().all(|(index, family)| !families[..index].contains(family));
    (differ && !families.is_empty()).then_some(families)
}

fn memory(value: &str) -> Option<Memory> {
    let (digits, unit_kib) = match value.split_at_checked(value.len().checked_sub(1)?)? {
        (digits, "M") => (digits, 1024),
        (digits, "G") => (digits, 1024 * 1024),
        _ => return None,
    };
    let kib = digits.parse::<u64>().ok()?.checked_mul(unit_kib)?;
    (kib > 0).then(|| Memory { text: value.to_owned(), kib })
}

fn cpus(value: &str) -> Option<Vec<u32>> {
    let counts: Vec<u32> = value.split_whitespace().map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let differ = counts.iter().enumerate().all(|(index, count)| !counts[..index].contains(count));
    (differ && !counts.is_empty() && counts.iter().all(|count| (1..=MAX_CPUS as u32).contains(count)))
        .then_some(counts)
}

fn requirement(value: &str) -> Option<Requirement> {
    match value.split_once(':')? {
        (_, "") => None,
        ("cpu", flag) => Some(Requirement::Cpu(flag.to_owned())),
        ("program", name) => Some(Requirement::Program(name.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
#[path = "directives_tests.rs"]
mod tests;
