//! What a command leaves behind: processes and files.
//!
//! A process belongs to a command if it is in the command's process group or works in the command's folder.
//! Neighbours: [`crate::launch`] asks after every run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Waits at most `grace` for the processes of a command to end, then kills and describes those that did not.
pub fn reap_processes(group: Pid, folder: &Path, grace: Duration) -> Vec<String> {
    let started = Instant::now();
    loop {
        let left = processes(group, folder);
        if left.is_empty() {
            return Vec::new();
        }
        if started.elapsed() > grace {
            for &(pid, _) in &left {
                // It may have ended just now, which is what we want.
                kill_process(pid, Signal::KILL).unwrap_or_default();
            }
            return left.into_iter().map(|(pid, name)| format!("{name} (process {pid})")).collect();
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The living processes of a command, with their names.
pub fn processes(group: Pid, folder: &Path) -> Vec<(Pid, String)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw))
        .filter_map(|pid| {
            let stat = Stat::read(pid)?;
            let works_here =
                fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
            (!stat.is_dead && (stat.group == group.as_raw_nonzero().get() || works_here))
                .then_some((pid, stat.name))
        })
        .collect()
}

/// What we need of /proc/PID/stat, proc_pid_stat(5).
struct Stat {
    name: String,
    is_dead: bool,
    group: i32,
}

impl Stat {
    fn read(pid: Pid) -> Option<Stat> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// `PID (NAME) STATE PPID PGRP ...`, where NAME may contain anything.
    fn parse(line: &str) -> Option<Stat> {
        let (name, rest) = line.split_once('(')?.1.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let is_dead = matches!(fields.next()?, "Z" | "X");
        let group = fields.nth(1)?.parse().ok()?;
        Some(Stat { name: name.to_owned(), is_dead, group })
    }
}

/// Every file below `folder`.
///
/// # Errors
/// Those of the file system.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path)?);
        }
        found.push(path);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_name_may_look_like_anything() {
        let stat = Stat::parse("12 (a) Z (b) S 1 77 77 0").unwrap();
        assert_eq!((stat.name.as_str(), stat.is_dead, stat.group), ("a) Z (b", false, 77));
        assert!(Stat::parse("12 (gone) Z 1 5 5").unwrap().is_dead);
    }

    #[test]
    fn we_find_ourselves() {
        let group = rustix::process::getpgrp();
        let found = processes(group, Path::new("/nowhere"));
        assert!(found.iter().any(|&(pid, _)| pid == rustix::process::getpid()));
    }
}
