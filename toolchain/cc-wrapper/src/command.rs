//! [`Command`]: a command of the host, how it is shown, run, and how its end becomes ours.

use std::ffi::OsString;
use std::fmt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::ExitStatus;

use crate::Error;

/// Set to `1`, every command is shown on standard error before it runs.
pub const VERBOSE_VARIABLE: &str = "HERMIT_DRIVER_VERBOSE";

/// A command, ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What to run.
    pub program: PathBuf,
    /// What it is told its name is, if not its path.
    pub argv0: Option<OsString>,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables to set.
    pub set: Vec<(&'static str, OsString)>,
    /// Variables to remove.
    pub remove: &'static [&'static str],
}

impl Command {
    /// A command with our environment.
    pub fn new(program: PathBuf, arguments: &[OsString]) -> Self {
        Self { program, argv0: None, arguments: arguments.to_vec(), set: Vec::new(), remove: &[] }
    }

    /// Becomes the command. Returns only if that failed.
    pub fn exec<T>(self) -> Result<T, Error> {
        let source = self.prepare().exec();
        Err(Error::Run { program: self.program, source })
    }

    /// Runs the command and waits for its end.
    pub fn run(self) -> Result<ExitStatus, Error> {
        self.prepare().status().map_err(|source| Error::Run { program: self.program, source })
    }

    /// Runs the command and returns what it wrote on standard output, and its exit status.
    pub fn capture(self) -> Result<(Vec<u8>, ExitStatus), Error> {
        let output = self.prepare().stderr(std::process::Stdio::inherit()).output();
        let output = output.map_err(|source| Error::Run { program: self.program, source })?;
        Ok((output.stdout, output.status))
    }

    fn prepare(&self) -> std::process::Command {
        if std::env::var_os(VERBOSE_VARIABLE).is_some_and(|value| value == "1") {
            eprintln!("{self}");
        }
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.arguments).envs(self.set.iter().map(|(name, value)| (name, value)));
        if let Some(name) = &self.argv0 {
            command.arg0(name);
        }
        for name in self.remove {
            command.env_remove(name);
        }
        command
    }
}

impl fmt::Display for Command {
    /// One line that a shell understands (without the variables that are removed).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.set {
            write!(f, "{name}={} ", quoted(&value.to_string_lossy()))?;
        }
        f.write_str(&quoted(&self.program.to_string_lossy()))?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(&argument.to_string_lossy())))
    }
}

/// A word as a shell would read it.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The exit status to end with after a command ended. If a signal ended it, the same signal ends us.
pub fn pass_on(status: ExitStatus) -> u8 {
    if let Some(number) = status.signal() {
        if let Some(signal) = rustix::process::Signal::from_named_raw(number) {
            // Only fails for signals that may not be sent to oneself, and there are none.
            let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
        }
        // Still here: the signal is ignored in this process.
        return u8::try_from(128 + number).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_shell_would_read_it() {
        let mut command = Command::new("/usr/bin/gcc".into(), &["-DX='a b'".into(), "".into(), "x.c".into()]);
        command.set.push(("HERMIT_TARGET", "/a b".into()));
        assert_eq!(command.to_string(), r"HERMIT_TARGET='/a b' /usr/bin/gcc '-DX='\''a b'\''' '' x.c");
    }

    #[test]
    fn exit_statuses_pass() {
        assert_eq!(pass_on(ExitStatus::from_raw(7 << 8)), 7);
        assert_eq!(pass_on(ExitStatus::from_raw(0)), 0);
    }
}
