//! Commands of the host (compilers, probes, builds of others), each with a limit of time: [`output`].
//!
//! What hangs is killed and told, instead of hanging the whole run. Neighbours: [`crate::launch`] runs what is under test.

use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::compiler::shown;

/// For a probe (`--version`): a second at most, on a machine with much else to do.
pub const PROBE: Duration = Duration::from_secs(60);

/// For a compiler or linker with one source.
pub const COMPILER: Duration = Duration::from_secs(600);

/// For a build of somebody's whole program, by its own build system.
pub const BUILD: Duration = Duration::from_secs(3600);

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(2);

/// How long what it printed may take to come after its end: another process may have inherited the pipe.
const GRACE: Duration = Duration::from_secs(10);

/// As [`Command::output`], but the command and its process group are killed after `limit`.
///
/// # Errors
/// When the command cannot be started; of the kind `TimedOut`, with the command's line, when the limit was passed.
pub fn output(command: &mut Command, limit: Duration) -> io::Result<Output> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).spawn()?;
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let Some(status) = wait(&mut child, limit)? else {
        // It may end in this instant, which is as good.
        kill_process_group(Pid::from_child(&child), Signal::KILL).unwrap_or_default();
        child.wait()?;
        let limit = limit.as_secs_f32();
        return Err(timed_out(format!("`{}` did not end in {limit} s and was killed", shown(command))));
    };
    let bytes = |pipe: Receiver<Vec<u8>>| {
        let late = |_| timed_out(format!("`{}` has ended, but not what it started", shown(command)));
        pipe.recv_timeout(GRACE).map_err(late)
    };
    let printed = bytes(stdout).and_then(|stdout| Ok((stdout, bytes(stderr)?)));
    if printed.is_err() {
        kill_process_group(Pid::from_child(&child), Signal::KILL).unwrap_or_default();
    }
    let (stdout, stderr) = printed?;
    Ok(Output { status, stdout, stderr })
}

fn timed_out(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, text)
}

/// Reads a pipe to its end, beside everything else.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What cannot be read is not there.
            pipe.read_to_end(&mut bytes).unwrap_or_default();
        }
        // Nobody listens any more when the command was killed.
        let _ = sender.send(bytes);
    });
    receiver
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > limit {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> io::Result<Output> {
        output(Command::new("/bin/sh").args(["-c", script]), limit)
    }

    #[test]
    fn outputs_and_status_come_back() {
        let output = shell("echo out; echo err >&2; exit 3", PROBE).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout, output.stderr),
            (Some(3), b"out\n".into(), b"err\n".into())
        );
        let much = shell("head -c 1000000 /dev/zero", PROBE).unwrap();
        assert_eq!(much.stdout.len(), 1_000_000);
    }

    #[test]
    fn what_hangs_is_killed_with_its_children() {
        let started = Instant::now();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("child");
        let script = format!("sleep 100 & echo $! >{}; wait", file.display());
        let error = shell(&script, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(error.to_string().contains("sleep 100"), "{error}");
        let child = std::fs::read_to_string(&file).unwrap();
        // Somebody has to reap it.
        let is_alive = || {
            let status =
                std::fs::read_to_string(format!("/proc/{}/status", child.trim())).unwrap_or_default();
            !status.is_empty() && !status.contains("State:\tZ")
        };
        while is_alive() {
            assert!(started.elapsed() < Duration::from_secs(50), "its child lives");
            thread::sleep(POLL);
        }
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        assert_eq!(output(&mut Command::new("/nowhere"), PROBE).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
