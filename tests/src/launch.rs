//! Runs one command in a folder of its own and sees how it ends.
//!
//! Key types: [`Launch`] (what to run), [`Running`], [`Outcome`] (how it ended). The command gets a small, fixed
//! environment, its own process group, an empty working directory and an empty folder for temporary files; what is
//! left behind in either (processes, files) is part of the outcome. Neighbours: [`crate::leftovers`], [`crate::verdict`].

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};

use crate::bed::{Bed, Session};
use crate::directives::Sink;
use crate::isle::Isle;
use crate::lab::{Lab, empty_folder};
use crate::{leftovers, text};

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(2);

/// What limits of time are multiplied by on this machine.
static PATIENCE: AtomicU32 = AtomicU32::new(1);

/// Multiplies the limits of time of all commands that run here from now on: there is one machine, and one load on it.
pub fn be_patient(factor: u32) {
    PATIENCE.store(factor.max(1), Ordering::Relaxed);
}

/// The factor of [`be_patient`].
pub fn patience() -> u32 {
    PATIENCE.load(Ordering::Relaxed)
}

/// How long what a command started may outlive it (the host ends processes asynchronously).
const GRACE: Duration = Duration::from_secs(1);

/// What standard input is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum Input {
    /// /dev/null.
    #[default]
    Null,
    /// A pipe with these bytes.
    Bytes(Vec<u8>),
    /// A file.
    File(PathBuf),
    /// A pipe that stays open and empty until the command ends.
    Silence,
}

/// A command and its surroundings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Launch {
    /// Holds `cwd/` (made anew, empty) and `tmp/`; outputs are kept here as `stdout` and `stderr`.
    pub folder: PathBuf,
    /// What to run.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment, on top of the fixed one.
    pub env: Vec<(String, String)>,
    /// Its standard input.
    pub stdin: Input,
    /// Its standard output.
    pub sink: Sink,
    /// RLIMIT_AS in KiB.
    pub address_space_kib: Option<u64>,
    /// When it is killed.
    pub timeout: Duration,
    /// Files that it needs besides those that its arguments name, if it does not run here.
    #[serde(skip)]
    pub needs: Vec<PathBuf>,
    /// Where to run, if not here.
    #[serde(skip)]
    pub bed: Option<Arc<Bed>>,
}

/// How a command ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// As a shell sees it (128 + n after signal n); `None` after a timeout.
    pub status: Option<u8>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Processes that outlived it, described. They have been killed.
    pub left_processes: Vec<String>,
    /// Temporary files that outlived it.
    pub left_files: Vec<PathBuf>,
    /// From start to end.
    pub elapsed: Duration,
}

/// A command that has been started.
#[derive(Debug)]
pub enum Running {
    /// A child of ours.
    Here(Box<Process>),
    /// In the test bed.
    InBed(Session),
}

/// A command that runs as our child.
#[derive(Debug)]
pub struct Process {
    child: Child,
    started: Instant,
    stdout: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
    launch: Launch,
}

impl Launch {
    /// A command without arguments, its input /dev/null, its output a pipe.
    pub fn new(folder: &Path, program: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            program: program.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            stdin: Input::Null,
            sink: Sink::Pipe,
            address_space_kib: None,
            timeout: Duration::from_secs(60),
            needs: Vec::new(),
            bed: None,
        }
    }

    /// Adds arguments.
    pub fn args<I: IntoIterator<Item: Into<OsString>>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds one variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes the proxy take `isle`, in the test bed if that is where it is, and keeps to the limit of this run.
    pub fn inside(mut self, lab: &Lab, isle: Isle) -> Self {
        self.timeout = lab.limit.map_or(self.timeout, |limit| self.timeout.min(limit));
        self.env.extend(isle.environment().iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        self.bed = lab.bed.clone().filter(|_| isle == Isle::Uhyve);
        self
    }

    /// Its working directory.
    pub fn cwd(&self) -> PathBuf {
        self.folder.join("cwd")
    }

    /// Makes the folders, empty: what a caller must do before it puts files into [`Launch::cwd`] and starts.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn prepare(&self) -> io::Result<()> {
        empty_folder(&self.folder)?;
        fs::create_dir(self.cwd())?;
        fs::create_dir(self.folder.join("tmp"))
    }

    /// [`Launch::prepare`], [`Launch::start`] and [`Running::finish`] in one.
    ///
    /// # Errors
    /// As [`Launch::start`].
    pub fn run(self) -> io::Result<Outcome> {
        self.prepare()?;
        self.start()?.finish()
    }

    /// Starts the command.
    ///
    /// # Errors
    /// When a file cannot be opened or the command cannot be started.
    pub fn start(mut self) -> io::Result<Running> {
        match self.bed.take() {
            Some(bed) => Session::start(&bed, self).map(Running::InBed),
            None => self.start_here().map(|process| Running::Here(Box::new(process))),
        }
    }

    fn start_here(mut self) -> io::Result<Process> {
        self.timeout *= patience();
        let mut command = self.command();
        let mut pipe = None;
        match self.sink {
            Sink::Pipe => {
                let (reader, writer) = io::pipe()?;
                command.stdout(writer);
                pipe = Some(reader);
            }
            Sink::File => {
                command.stdout(File::create(self.folder.join("stdout"))?);
            }
            Sink::ClosedPipe => {
                let (reader, writer) = io::pipe()?;
                drop(reader);
                command.stdout(writer);
            }
        }
        command.stderr(File::create(self.folder.join("stderr"))?);
        let started = Instant::now();
        let mut child = command.spawn()?;
        drop(command); // and with it our ends of the pipes
        if let (Input::Bytes(bytes), Some(mut stdin)) =
            (&self.stdin, child.stdin.take_if(|_| matches!(self.stdin, Input::Bytes(_))))
        {
            let bytes = bytes.clone();
            // A command that does not read its input to the end is its own affair.
            thread::spawn(move || stdin.write_all(&bytes).unwrap_or_default());
        }
        let stdout = Arc::new(Mutex::new(Vec::new()));
        let reader = pipe.map(|pipe| collect(pipe, Arc::clone(&stdout)));
        Ok(Process { child, started, stdout, reader, launch: self })
    }

    fn command(&self) -> Command {
        let mut command = match self.address_space_kib {
            None => Command::new(&self.program),
            Some(kib) => {
                let mut shell = Command::new("/bin/sh");
                shell.arg("-c").arg(format!("ulimit -v {kib} && exec \"$@\"")).arg("sh").arg(&self.program);
                shell
            }
        };
        command
            .args(&self.args)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.cwd())
            .process_group(0);
        match &self.stdin {
            Input::Null => command.stdin(Stdio::null()),
            Input::Bytes(_) | Input::Silence => command.stdin(Stdio::piped()),
            Input::File(path) => match File::open(path) {
                Ok(file) => command.stdin(file),
                Err(_) => command.stdin(Stdio::null()),
            },
        };
        command
    }

    fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned());
        let tmp = self.folder.join("tmp").display().to_string();
        let fixed = [("PATH", path.as_str()), ("LC_ALL", "C"), ("TMPDIR", &tmp), ("XDG_RUNTIME_DIR", &tmp)];
        let mut all: Vec<_> = fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        if let Ok(qemu) = std::env::var("HERMIT_QEMU") {
            all.push(("HERMIT_QEMU".to_owned(), qemu));
        }
        all.extend(self.env.iter().cloned());
        all
    }

    /// The command as a line for a shell: what a report gives to rerun it by hand.
    pub fn shell_line(&self) -> String {
        let mut words =
            vec![format!("cd {} &&", text::quote(&self.cwd().display().to_string())), "env".to_owned()];
        words.extend(self.env.iter().map(|(name, value)| text::quote(&format!("{name}={value}"))));
        words.push(text::quote(&self.program.display().to_string()));
        words.extend(self.args.iter().map(|arg| text::quote(&arg.to_string_lossy())));
        if let Input::File(path) = &self.stdin {
            words.push(format!("<{}", text::quote(&path.display().to_string())));
        }
        let line = words.join(" ");
        match line.char_indices().nth(2000) {
            Some((cut, _)) => format!("{} ... (cut)", &line[..cut]),
            None => line,
        }
    }
}

fn collect(mut pipe: io::PipeReader, into: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(len @ 1..) = pipe.read(&mut buffer) {
            into.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..len]);
        }
    })
}

impl Running {
    /// Waits until standard output contains `text`; `false` if the command ends or its time is over before.
    ///
    /// # Errors
    /// When the command cannot be waited for.
    pub fn wait_for_output(&mut self, text: &str) -> io::Result<bool> {
        match self {
            Running::Here(process) => process.wait_for_output(text),
            Running::InBed(session) => session.wait_for_output(text),
        }
    }

    /// Sends a signal to the whole process group, as a terminal does on Ctrl-C.
    ///
    /// # Errors
    /// When the group has gone.
    pub fn signal_group(&mut self, signal: Signal) -> io::Result<()> {
        match self {
            Running::Here(process) => Ok(kill_process_group(process.group(), signal)?),
            Running::InBed(session) => session.signal_group(signal),
        }
    }

    /// Sends a signal to the command alone.
    ///
    /// # Errors
    /// When it has gone.
    pub fn signal(&mut self, signal: Signal) -> io::Result<()> {
        match self {
            Running::Here(process) => Ok(kill_process(process.group(), signal)?),
            Running::InBed(session) => session.signal(signal),
        }
    }

    /// The process's number, unless it runs in the test bed.
    pub fn id(&self) -> Option<u32> {
        match self {
            Running::Here(process) => Some(process.child.id()),
            Running::InBed(_) => None,
        }
    }

    /// Waits for the end, kills after the timeout, and looks at what is left.
    ///
    /// # Errors
    /// When the command cannot be waited for or its output cannot be read.
    pub fn finish(self) -> io::Result<Outcome> {
        match self {
            Running::Here(process) => process.finish(),
            Running::InBed(session) => session.finish(),
        }
    }
}

impl Process {
    fn wait_for_output(&mut self, text: &str) -> io::Result<bool> {
        loop {
            let ended = self.child.try_wait()?.is_some();
            let stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
            if stdout.windows(text.len()).any(|window| window == text.as_bytes()) {
                return Ok(true);
            }
            drop(stdout);
            if ended || self.started.elapsed() > self.launch.timeout {
                return Ok(false);
            }
            thread::sleep(POLL);
        }
    }

    fn group(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    fn finish(mut self) -> io::Result<Outcome> {
        let status = self.wait()?;
        let elapsed = self.started.elapsed();
        let group = self.group();
        if status.is_none() {
            // The group may be gone in this instant; the wait below shows.
            kill_process_group(group, Signal::KILL).unwrap_or_default();
            self.child.wait()?;
        }
        let grace = GRACE * patience();
        let mut left_processes = leftovers::reap_processes(group, &self.launch.folder, grace);
        // Every writer should be dead now, so that the pipe has an end.
        if self.reader.take().is_some_and(|reader| !ends_within(&reader, grace)) {
            left_processes
                .push("somebody in another group and folder, who keeps standard output open".into());
        }
        let stdout = match self.launch.sink {
            Sink::File => fs::read(self.launch.folder.join("stdout"))?,
            Sink::Pipe | Sink::ClosedPipe => {
                let stdout = std::mem::take(&mut *self.stdout.lock().unwrap_or_else(PoisonError::into_inner));
                fs::write(self.launch.folder.join("stdout"), &stdout)?;
                stdout
            }
        };
        Ok(Outcome {
            status: status.map(shell_status),
            stdout,
            stderr: fs::read(self.launch.folder.join("stderr"))?,
            left_processes,
            left_files: leftovers::files(&self.launch.folder.join("tmp"))?,
            elapsed,
        })
    }

    fn wait(&mut self) -> io::Result<Option<ExitStatus>> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            if self.started.elapsed() > self.launch.timeout {
                return Ok(None);
            }
            thread::sleep(POLL);
        }
    }
}

fn ends_within(thread: &JoinHandle<()>, limit: Duration) -> bool {
    let started = Instant::now();
    while !thread.is_finished() {
        if started.elapsed() > limit {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

/// A case that gives up in between leaves nothing running.
impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            kill_process_group(self.group(), Signal::KILL).unwrap_or_default(); // it may end in this instant
            leftovers::reap_processes(self.group(), &self.launch.folder, GRACE);
        }
    }
}

/// What `$?` would be.
fn shell_status(status: ExitStatus) -> u8 {
    let value = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(255);
    u8::try_from(value).unwrap_or(255)
}

#[cfg(test)]
#[path = "launch_tests.rs"]
mod tests;
