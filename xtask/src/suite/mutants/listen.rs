//! Commands of tests that must come to an end, whatever a mutant does to them: [`listen`], [`sweep`].

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::log::Log;
use crate::tool::Cmd;

/// How long after its limit a command's processes are hunted down.
const AFTER: Duration = Duration::from_secs(3);

/// How a command came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with status 0.
    Well,
    /// By itself, with another status or by a signal.
    Badly,
    /// It was killed at its limit.
    Killed,
}

/// Runs a command that works below `folder`. It ends within `limit`, and with it all that it started.
pub fn listen(
    cmd: &Cmd,
    folder: &Path,
    limit: Duration,
    log: &mut Log,
    hear: impl FnMut(&str),
) -> Result<Ending> {
    let (ended, wait) = mpsc::channel::<()>();
    let cmd = cmd.clone().within(limit);
    thread::scope(|scope| {
        // What left the command's process group is not killed with it, and may keep its output open.
        scope.spawn(move || {
            if wait.recv_timeout(limit + AFTER) == Err(RecvTimeoutError::Timeout) {
                sweep(folder).unwrap_or_default();
            }
        });
        let status = cmd.status(log, hear);
        drop(ended);
        let ending = match status?.code() {
            Some(0) => Ending::Well,
            Some(124 | 137) => Ending::Killed,
            _ => Ending::Badly,
        };
        sweep(folder)?;
        Ok(ending)
    })
}

/// Kills every process whose working directory or program lies below `folder`.
pub fn sweep(folder: &Path) -> Result<()> {
    let is_here = |link: &Path| fs::read_link(link).is_ok_and(|path| path.starts_with(folder));
    let entries = fs::read_dir("/proc").context("cannot list /proc")?;
    let processes = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let left = processes.filter(|process| is_here(&process.join("cwd")) || is_here(&process.join("exe")));
    let left: Vec<_> =
        left.filter_map(|process| process.file_name()?.to_str()?.parse::<u32>().ok()).collect();
    if !left.is_empty() {
        // Some end by themselves at this moment.
        // The shell's own: the program of this name is not everywhere.
        Cmd::new("sh")
            .args(["-c", "kill -KILL \"$@\"", "sh"])
            .args(left.iter().map(u32::to_string))
            .collect()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit_s: u64) -> (Ending, Vec<String>, Duration) {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::create(folder.path().join("log")).unwrap();
        let mut lines = Vec::new();
        let cmd = Cmd::new("sh").args(["-c", script]).cwd(folder.path());
        let began = std::time::Instant::now();
        let limit = Duration::from_secs(limit_s);
        let ending =
            listen(&cmd, folder.path(), limit, &mut log, |line| lines.push(line.to_owned())).unwrap();
        (ending, lines, began.elapsed())
    }

    #[test]
    fn what_ends_by_itself_is_heard() {
        let (ending, lines, _) = run("echo a; echo b; exit 3", 60);
        assert_eq!((ending, lines), (Ending::Badly, vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(run("true", 60).0, Ending::Well);
        assert_eq!(run("kill -SEGV $$", 60).0, Ending::Badly);
    }

    #[test]
    fn what_does_not_end_is_killed_with_what_it_started() {
        // The second sleep leaves the process group and keeps the output open.
        let (ending, lines, took) = run("echo a; sleep 300 & setsid sleep 300 & wait", 1);
        assert_eq!((ending, lines), (Ending::Killed, vec!["a".to_owned()]));
        assert!(took < Duration::from_secs(100), "{took:?}");
    }
}
