//! One command in the test bed, seen from the runner: [`Session`] does what [`crate::launch::Running`] promises.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rustix::process::Signal;

use super::wire::{Reply, Request};
use super::{Bed, Machine, PATIENCE, SLOWNESS, files, folder};
use crate::launch::{self, Input, Launch, Outcome};

/// A command that has been started in the bed.
#[derive(Debug)]
pub struct Session {
    machine: Arc<Machine>,
    /// `None` when the session is over.
    line: Option<UnixStream>,
}

impl Session {
    /// Sends everything that `launch` needs and starts it.
    ///
    /// # Errors
    /// When a file cannot be read, or the bed cannot start the command.
    pub fn start(bed: &Bed, mut launch: Launch) -> io::Result<Self> {
        launch.timeout *= SLOWNESS * launch::patience();
        // The bed has another path of its own; the native run has seen ours.
        if let Ok(path) = std::env::var("PATH") {
            launch.env.insert(0, ("PATH".to_owned(), path));
        }
        loop {
            let machine = bed.machine().map_err(other)?;
            let line = machine.line();
            let session = Self { machine, line: Some(line) };
            match session.send(&launch) {
                Ok(()) => break session.ask(&Request::Start(launch)).map(|_| session),
                // Nothing of it has been started: there will be another machine.
                Err(_) if session.machine.has_ended() => {}
                Err(error) => break Err(other(error)),
            }
        }
    }

    /// What the command needs.
    fn send(&self, launch: &Launch) -> Result<()> {
        let Some(line) = &self.line else { return Ok(()) };
        line.set_read_timeout(Some(launch.timeout + PATIENCE))?;
        for path in needed_files(launch) {
            self.machine.provide(line, &path)?;
        }
        let mut items = files::pack(&launch.cwd());
        items.push(folder(launch.folder.join("tmp")));
        self.machine.put(line, items)
    }

    fn ask(&self, request: &Request) -> io::Result<Reply> {
        let Some(line) = &self.line else { return Err(io::Error::other("the session is over")) };
        self.machine.ask(line, request).map_err(other)
    }

    /// As [`crate::launch::Running::wait_for_output`].
    ///
    /// # Errors
    /// When the bed has ended.
    pub fn wait_for_output(&mut self, text: &str) -> io::Result<bool> {
        Ok(matches!(self.ask(&Request::WaitForOutput(text.to_owned()))?, Reply::Came(true)))
    }

    /// As [`crate::launch::Running::signal_group`].
    ///
    /// # Errors
    /// When the group has gone.
    pub fn signal_group(&mut self, signal: Signal) -> io::Result<()> {
        self.ask(&Request::SignalGroup(signal.as_raw())).map(drop)
    }

    /// As [`crate::launch::Running::signal`].
    ///
    /// # Errors
    /// When the command has gone.
    pub fn signal(&mut self, signal: Signal) -> io::Result<()> {
        self.ask(&Request::Signal(signal.as_raw())).map(drop)
    }

    /// As [`crate::launch::Running::finish`]; what is in the working directory then is there on this side, too.
    ///
    /// # Errors
    /// When the bed has ended.
    pub fn finish(mut self) -> io::Result<Outcome> {
        self.finish_command()
    }

    fn finish_command(&mut self) -> io::Result<Outcome> {
        let reply = self.ask(&Request::Finish);
        let line = self.line.take();
        match reply {
            Ok(Reply::Finished(outcome, items)) => {
                if let Some(line) = line {
                    self.machine.give_back(line);
                }
                files::unpack(&items)?;
                Ok(outcome)
            }
            Ok(other) => Err(io::Error::other(format!("the test bed's agent says {other:?}"))),
            Err(error) => {
                if let Some(line) = line {
                    self.machine.give_back(line);
                }
                Err(error)
            }
        }
    }
}

/// A case that gives up in between leaves nothing running, and the line free.
impl Drop for Session {
    fn drop(&mut self) {
        if self.line.is_some() {
            let _ = self.signal_group(Signal::KILL);
            let _ = self.finish_command();
        }
    }
}

/// Program, image and input: files that are named by absolute paths.
fn needed_files(launch: &Launch) -> Vec<PathBuf> {
    let args = launch.args.iter().map(PathBuf::from);
    let needs = launch.needs.iter().cloned();
    let mut files: Vec<PathBuf> = std::iter::once(launch.program.clone()).chain(args).chain(needs).collect();
    if let Input::File(path) = &launch.stdin {
        files.push(path.clone());
    }
    // A process of the bed has the bed's own.
    let is_there = |path: &Path| path.starts_with(&launch.folder) || path.starts_with("/proc");
    files.retain(|path| path.is_absolute() && path.is_file() && !is_there(path));
    files
}

fn other(error: anyhow::Error) -> io::Error {
    io::Error::other(format!("{error:#}"))
}
