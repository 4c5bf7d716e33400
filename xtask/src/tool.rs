//! The only place that spawns processes: [`Cmd`] is a command with its folder, environment and a note for the case
//! that it fails; [`Failure`] is what the user reads then.
//!
//! Inside a step commands run through [`crate::step::Job`], which adds the log, the spinner and the cores.

mod stop;

use std::collections::{BTreeMap, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::cores::Cores;
use crate::log::Log;
pub use stop::Stop;

/// Lines of output that an error repeats.
const TAIL_LINES: usize = 20;

/// A command to run.
#[derive(Clone, Debug)]
pub struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    cwd: Option<PathBuf>,
    env: BTreeMap<OsString, Option<OsString>>,
    input: Option<Vec<u8>>,
    /// Whether it can use more cores than one.
    takes_cores: bool,
    cores: Option<Cores>,
    stop: Option<Arc<Stop>>,
    /// (what the last lines must contain, the note)
    notes: Vec<(String, String)>,
}

/// A command that did not succeed.
#[derive(Debug)]
pub struct Failure {
    command: String,
    cwd: PathBuf,
    reason: String,
    tail: Vec<String>,
    log: Option<PathBuf>,
    note: Option<String>,
}

impl Cmd {
    /// A command; `program` is looked up in `PATH`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            cwd: None,
            env: BTreeMap::new(),
            input: None,
            takes_cores: false,
            cores: None,
            stop: None,
            notes: Vec::new(),
        }
    }

    /// The cargo that runs this xtask, without what the outer cargo told xtask about itself.
    pub fn cargo() -> Self {
        Self::new(cargo()).forget_the_outer_cargo()
    }

    /// The same for tests.
    pub fn cargo_for_tests() -> Self {
        Self::with_default_signals(cargo()).forget_the_outer_cargo()
    }

    /// A program with nothing ignored, for tests, which send signals: a job in the background of a script is started with SIGINT
    /// ignored, and so would be all that it starts.
    pub fn with_default_signals(program: impl Into<OsString>) -> Self {
        Self::new("env").args(["--default-signal=HUP,INT,QUIT,PIPE"]).arg(program.into())
    }

    fn forget_the_outer_cargo(self) -> Self {
        let mut cmd = self;
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let told = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
            if told || matches!(&*text, "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "CARGO_BIN_NAME") {
                cmd.env.insert(name, None);
            }
        }
        cmd
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Runs in `folder` instead of where xtask was started.
    pub fn cwd(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cwd = Some(folder.into());
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.as_ref().to_owned(), Some(value.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable unless the command already says something about it.
    pub fn env_default(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.entry(name.as_ref().to_owned()).or_insert_with(|| Some(value.as_ref().to_owned()));
        self
    }

    /// Removes an environment variable.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.as_ref().to_owned(), None);
        self
    }

    /// Bytes for standard input, which is empty otherwise. For small inputs: they are written before output is read.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// It runs several commands at a time itself, if it is lent cores: make, cargo and their kin.
    pub fn takes_cores(mut self) -> Self {
        self.takes_cores = true;
        self
    }

    /// Lends it cores if it takes some, and ends it with others.
    pub fn among_others(mut self, cores: &Cores, stop: &Arc<Stop>) -> Self {
        self.cores = self.takes_cores.then(|| cores.clone());
        self.stop = Some(Arc::clone(stop));
        self
    }

    /// Ends it after `limit`, and with it what it started in its process group: its status is 124 then, or 137 if it had to be
    /// killed (timeout(1)).
    pub fn within(mut self, limit: Duration) -> Self {
        let seconds = limit.as_secs().max(1).to_string().into();
        let program = std::mem::replace(&mut self.program, "timeout".into());
        self.args.splice(0..0, ["--kill-after=5".into(), seconds, program]);
        self
    }

    /// What to try when the command fails.
    pub fn note(self, note: impl Into<String>) -> Self {
        self.note_if("", note)
    }

    /// What to try when the command fails and its last lines contain `symptom`. The first note that fits is told.
    pub fn note_if(mut self, symptom: impl Into<String>, note: impl Into<String>) -> Self {
        self.notes.push((symptom.into(), note.into()));
        self
    }

    /// Runs it and returns its standard output; standard error becomes part of the error.
    pub fn read(&self) -> Result<String> {
        let bytes = self.read_bytes()?;
        String::from_utf8(bytes).with_context(|| format!("the output of `{self}` is not UTF-8"))
    }

    /// As [`Self::read`], for output that is no text.
    pub fn read_bytes(&self) -> Result<Vec<u8>> {
        let output = self.captured()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(self.failed(output.status, last_lines(&text), None).into())
    }

    /// Runs it and returns its exit status with all it wrote, for commands whose failure is a result.
    pub fn collect(&self) -> Result<(ExitStatus, String)> {
        let output = self.captured()?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok((output.status, text))
    }

    /// Runs it on the user's terminal and returns its exit status.
    pub fn attached(&self) -> Result<ExitStatus> {
        self.command().status().map_err(|error| self.not_started(&error, None).into())
    }

    /// Runs it; every line of its output and errors goes to `log` and to `seen`. Fails if the command does.
    pub fn logged(&self, log: &mut Log, seen: impl FnMut(&str)) -> Result<()> {
        let (status, tail) = self.teed(log, seen)?;
        if status.success() {
            Ok(())
        } else {
            Err(self.failed(status, tail, Some(log.path().to_path_buf())).into())
        }
    }

    /// As [`Self::logged`], for commands that run side by side: what it wrote goes to the log in one piece, at its end.
    pub fn logged_at_end(&self, log: &Mutex<&mut Log>) -> Result<()> {
        let lock = || log.lock().unwrap_or_else(PoisonError::into_inner);
        let path = lock().path().to_path_buf();
        let result = self.capture(Some(&path));
        let mut log = lock();
        log.line(&format!("$ cd {} && {self}", self.folder().display()))?;
        let output = result?;
        log.bytes(&output.stdout)?;
        log.bytes(&output.stderr)?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        Err(self.failed(output.status, last_lines(&text), Some(path)).into())
    }

    /// As [`Self::logged`], for commands whose failure is a result: returns the exit status.
    pub fn status(&self, log: &mut Log, seen: impl FnMut(&str)) -> Result<ExitStatus> {
        self.teed(log, seen).map(|(status, _)| status)
    }

    fn captured(&self) -> Result<std::process::Output> {
        self.capture(None)
    }

    fn capture(&self, log: Option<&Path>) -> Result<std::process::Output> {
        let mut command = self.command();
        command.stdin(self.stdin()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| self.not_started(&error, log.map(Path::to_path_buf)))?;
        self.feed(&mut child)?;
        child.wait_with_output().with_context(|| format!("cannot wait for `{self}`"))
    }

    fn teed(&self, log: &mut Log, mut seen: impl FnMut(&str)) -> Result<(ExitStatus, Vec<String>)> {
        log.line(&format!("$ cd {} && {self}", self.folder().display()))?;
        let (reader, writer) = std::io::pipe().context("cannot create a pipe")?;
        let mut command = self.command();
        command.stdin(self.stdin()).stdout(writer.try_clone()?).stderr(writer);
        let mut child =
            command.spawn().map_err(|error| self.not_started(&error, Some(log.path().to_path_buf())))?;
        // The write ends live in `command`: without them the reader sees the end when the last child is done.
        drop(command);
        self.stop.iter().for_each(|stop| stop.started(child.id()));
        self.feed(&mut child)?;
        let mut tail = VecDeque::with_capacity(TAIL_LINES);
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).with_context(|| format!("cannot read from `{self}`"))? > 0 {
            log.bytes(&line)?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            seen(text);
            if tail.len() == TAIL_LINES {
                tail.pop_front();
            }
            tail.push_back(text.to_owned());
            line.clear();
        }
        self.stop.iter().for_each(|stop| stop.ended(child.id()));
        let status = child.wait().with_context(|| format!("cannot wait for `{self}`"))?;
        Ok((status, tail.into()))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(self.folder());
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        // Also where the user's own MAKEFLAGS are taken away.
        self.cores.iter().for_each(|cores| cores.lend(&mut command));
        command
    }

    fn folder(&self) -> &Path {
        self.cwd.as_deref().unwrap_or(Path::new("."))
    }

    fn stdin(&self) -> Stdio {
        if self.input.is_some() { Stdio::piped() } else { Stdio::null() }
    }

    fn feed(&self, child: &mut std::process::Child) -> Result<()> {
        if let (Some(bytes), Some(mut stdin)) = (&self.input, child.stdin.take()) {
            stdin.write_all(bytes).with_context(|| format!("cannot write to `{self}`"))?;
        }
        Ok(())
    }

    fn failed(&self, status: ExitStatus, tail: Vec<String>, log: Option<PathBuf>) -> Failure {
        let note = self.fitting_note(&tail);
        self.failure(status.to_string(), tail, log, note)
    }

    fn not_started(&self, error: &std::io::Error, log: Option<PathBuf>) -> Failure {
        let name = self.program.to_string_lossy();
        let note = match error.kind() {
            std::io::ErrorKind::NotFound if self.folder().is_dir() => {
                Some(format!("is `{name}` installed? `apt-file search bin/{name}` tells the Debian package"))
            }
            _ => self.fitting_note(&[]),
        };
        self.failure(format!("cannot be started: {error}"), Vec::new(), log, note)
    }

    fn fitting_note(&self, tail: &[String]) -> Option<String> {
        let fits = |symptom: &str| symptom.is_empty() || tail.iter().any(|line| line.contains(symptom));
        self.notes.iter().find(|(symptom, _)| fits(symptom)).map(|(_, note)| note.clone())
    }

    fn failure(
        &self,
        reason: String,
        tail: Vec<String>,
        log: Option<PathBuf>,
        note: Option<String>,
    ) -> Failure {
        let cwd = std::path::absolute(self.folder()).unwrap_or_else(|_| self.folder().to_path_buf());
        Failure { command: self.to_string(), cwd, reason, tail, log, note }
    }
}

fn last_lines(text: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].to_vec()
}

/// The command as one would type it.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.env.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            write!(f, "{}={} ", name.to_string_lossy(), quoted(value))?;
        }
        write!(f, "{}", quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

fn quoted(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    // The separator of CARGO_ENCODED_RUSTFLAGS, made visible.
    let text = text.replace('\u{1f}', " ");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "a command failed")?;
        writeln!(f, "  command: {}", self.command)?;
        writeln!(f, "  in:      {}", self.cwd.display())?;
        write!(f, "  because: {}", self.reason)?;
        self.tail.iter().try_for_each(|line| write!(f, "\n    | {line}"))?;
        if let Some(log) = &self.log {
            write!(f, "\n  log:     {}", log.display())?;
        }
        if let Some(note) = &self.note {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::create(folder.path().join("x.log")).unwrap();
        (folder, log)
    }

    #[test]
    fn a_failure_names_command_folder_tail_log_and_cure() {
        let (folder, mut log) = log();
        let cmd = Cmd::new("sh").args(["-c", "echo 'to out'; echo to err >&2; exit 3"]).cwd(folder.path());
        let text = cmd.note("try harder").logged(&mut log, |_| {}).unwrap_err().to_string();
        for part in ["sh -c 'echo", "exit status: 3", "| to out", "| to err", "x.log", "note: try harder"] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
        assert!(text.contains(folder.path().to_str().unwrap()));
        assert!(std::fs::read_to_string(log.path()).unwrap().contains("to err"));
    }

    #[test]
    fn only_the_last_lines_are_repeated() {
        let (_folder, mut log) = log();
        let text =
            Cmd::new("sh").args(["-c", "seq 100; false"]).logged(&mut log, |_| {}).unwrap_err().to_string();
        assert!(text.contains("| 81\n") && text.contains("| 100\n") && !text.contains("| 80\n"));
    }

    #[test]
    fn the_note_fits_the_symptom() {
        let cmd = Cmd::new("sh")
            .args(["-c", "echo no space; false"])
            .note_if("other", "A")
            .note_if("no space", "B");
        let (_folder, mut log) = log();
        assert!(cmd.note("C").logged(&mut log, |_| {}).unwrap_err().to_string().ends_with("note: B"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let text = Cmd::new("no-such-program-here").read().unwrap_err().to_string();
        assert!(
            text.contains("no-such-program-here")
                && text.contains("note: is `no-such-program-here` installed?")
        );
    }

    #[test]
    fn input_and_environment_arrive() {
        let cmd = Cmd::new("sh").args(["-c", "cat; echo $A"]).input("in ").env("A", "b c");
        assert_eq!(cmd.read().unwrap(), "in b c\n");
        assert_eq!(cmd.clone().env_default("A", "other").to_string(), cmd.to_string());
        assert_eq!(cmd.to_string(), "A='b c' sh -c 'cat; echo $A'");
    }
}
