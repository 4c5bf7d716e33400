//! One thing that is made: a [`Step`] has a name, inputs, outputs and an action; a [`Job`] is the action's view.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail};

use crate::context::Context;
use crate::files::empty_folder;
use crate::log::Log;
use crate::package::Package;
use crate::progress::Running;
use crate::stamp::Inputs;
use crate::tool::{Cmd, Stop};
use crate::workspace::Workspace;

/// What commands of steps find in their environment unless they set it themselves: outputs must not depend on when,
/// where and in which language they are made. mimalloc, for one, tells `__TIME__`.
const ENVIRONMENT: [(&str, &str); 3] = [("LC_ALL", "C.UTF-8"), ("SOURCE_DATE_EPOCH", "0"), ("TZ", "UTC")];

/// What a step does.
type Action = Box<dyn Fn(&mut Job<'_>) -> Result<()> + Send + Sync>;

/// One thing that is made.
pub struct Step {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) inputs: Inputs,
    pub(crate) outputs: Vec<PathBuf>,
    pub(crate) packages: Vec<&'static Package>,
    pub(crate) after: Vec<&'static str>,
    action: Action,
}

impl Step {
    /// A step. `name` is one word: it names the log and the stamp. `about` is what the user reads ("compile the
    /// kernel"). `file` is the one that makes it, `file!()`: the step is stale when that changes, or something that it
    /// names ([`crate::code`]).
    pub fn new(
        name: impl Into<String>,
        about: impl Into<String>,
        file: &str,
        action: impl Fn(&mut Job<'_>) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let mut inputs = Inputs::default();
        inputs.code(file);
        ENVIRONMENT.iter().for_each(|&(name, value)| inputs.text(name, value));
        Self {
            name: name.into(),
            about: about.into(),
            inputs,
            outputs: Vec::new(),
            packages: Vec::new(),
            after: Vec::new(),
            action: Box::new(action),
        }
    }

    /// Depends on the content of a file, for example on the output of an earlier step.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.inputs.file(path.into());
        self
    }

    /// Depends on the content of every file below a folder.
    pub fn tree(mut self, path: impl Into<PathBuf>) -> Self {
        self.inputs.tree(path.into());
        self
    }

    /// Depends on a text: a version, flags.
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.inputs.text(name, value);
        self
    }

    /// Makes a file (compared by size and time afterwards) or a folder (which only has to be there).
    pub fn output(mut self, path: impl Into<PathBuf>) -> Self {
        self.outputs.push(path.into());
        self
    }

    /// Needs Debian packages.
    pub fn packages(mut self, packages: &[&'static Package]) -> Self {
        self.packages.extend(packages);
        self
    }

    /// Runs after the steps of these names, if they are in the plan: it uses what they make.
    pub fn after(mut self, names: &[&'static str]) -> Self {
        self.after.extend(names);
        self
    }

    /// What the step is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn act(&self, job: &mut Job<'_>) -> Result<()> {
        (self.action)(job)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("name", &self.name)
            .field("outputs", &self.outputs)
            .finish_non_exhaustive()
    }
}

/// Fails if commands are given up.
fn go_on(stop: &Stop) -> Result<()> {
    if stop.is_stopped() {
        bail!("given up, because another step failed");
    }
    Ok(())
}

/// The command in the environment of all steps.
fn in_environment(cmd: Cmd) -> Cmd {
    ENVIRONMENT.iter().fold(cmd, |cmd, (name, value)| cmd.env_default(name, value))
}

/// A step under way: runs commands into its log.
#[derive(Debug)]
pub struct Job<'a> {
    /// Workspace, switches, display.
    pub context: &'a Context,
    name: String,
    log: Log,
    running: Running,
    stop: Arc<Stop>,
}

impl<'a> Job<'a> {
    pub(crate) fn new(context: &'a Context, name: &str, running: Running, stop: &Arc<Stop>) -> Result<Self> {
        let log = Log::create(context.workspace.log(name))?;
        Ok(Self { context, name: name.to_owned(), log, running, stop: Arc::clone(stop) })
    }

    /// Something outside of a plan, with a log and a spinner of its own.
    pub fn alone(context: &'a Context, name: &str, about: &str) -> Result<Self> {
        Self::new(context, name, context.progress.begin(name.to_owned(), about), &Arc::default())
    }

    /// Where things are.
    pub fn workspace(&self) -> &'a Workspace {
        &self.context.workspace
    }

    /// Runs a command; its output goes to the log, its last line to the spinner.
    pub fn run(&mut self, cmd: Cmd) -> Result<()> {
        go_on(&self.stop)?;
        let cmd = in_environment(cmd).among_others(&self.context.cores, &self.stop);
        cmd.logged(&mut self.log, |line| self.running.output(line))
    }

    /// Runs short commands side by side, in any order, as many as there are cores. After a failure none is started any more, and the first one is told.
    pub fn run_all(&mut self, cmds: &[Cmd]) -> Result<()> {
        let (next, failure) = (AtomicUsize::new(0), Mutex::new(None));
        let threads = self.context.cores.number().min(cmds.len());
        let (log, running) = (Mutex::new(&mut self.log), &self.running);
        let stop = &*self.stop;
        let lock = || failure.lock().unwrap_or_else(PoisonError::into_inner);
        let work = || {
            while lock().is_none()
                && let Some(cmd) = cmds.get(next.fetch_add(1, Ordering::Relaxed))
            {
                let cmd = in_environment(cmd.clone());
                let run = || {
                    go_on(stop)?;
                    running.output(&cmd.to_string());
                    cmd.logged_at_end(&log)
                };
                if let Err(error) = run() {
                    lock().get_or_insert(error);
                }
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
        lock().take().map_or(Ok(()), Err)
    }

    /// Runs a command whose output the user wants to see as it comes; every line also goes to `seen`.
    pub fn show(&mut self, cmd: Cmd, mut seen: impl FnMut(&str)) -> Result<std::process::ExitStatus> {
        let running = &self.running;
        cmd.status(&mut self.log, |line| {
            running.suspend(|| println!("{line}"));
            seen(line);
        })
    }

    /// Runs a command and returns its standard output.
    pub fn read(&mut self, cmd: Cmd) -> Result<String> {
        self.log.line(&format!("$ {cmd}"))?;
        cmd.read()
    }

    /// Tells the user what is going on, in the spinner and in the log.
    pub fn tell(&mut self, text: &str) -> Result<()> {
        self.running.output(text);
        self.log.line(text)
    }

    /// The step's scratch folder, emptied.
    pub fn scratch(&self) -> Result<PathBuf> {
        let folder = self.workspace().build(&self.name);
        empty_folder(&folder)?;
        Ok(folder)
    }

    /// It succeeded: ends the display.
    pub fn done(self) {
        self.running.done();
    }
}
