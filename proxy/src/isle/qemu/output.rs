//! What QEMU and the kernel have to say outside of hypercalls: QEMU's messages, and the debug console:
//! [`Output`].

#![allow(unsafe_code, reason = "ends the process at once")]

use super::monitor::Reader;
use crate::server::KernelLog;
use abi::exit::Failure;
use rustix::event::{PollFd, PollFlags, poll};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::ChildStderr;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// As much as is kept of QEMU's messages, in bytes.
const KEPT_BYTES: usize = 4096;

/// How long the proxy may take to notice that QEMU has ended, before its reader ends the proxy: a request
/// that blocks (a read from a terminal) can keep it from noticing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A thread that reads both until QEMU ends.
#[derive(Debug)]
pub struct Output {
    reader: Option<JoinHandle<Vec<u8>>>,
    noticed: Sender<()>,
}

impl Output {
    /// Reads the debug console, shown on stderr if the log is, and QEMU's messages, kept.
    pub fn follow((console, messages): (UnixStream, ChildStderr), log: KernelLog) -> Self {
        // Without a thread to read them they are lost, which is no reason to give up.
        let (noticed, notice) = mpsc::channel();
        let reader = move || {
            let kept = read_all(console, messages, log);
            if notice.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("proxy: QEMU ended before the program did{}", one_line(&kept));
                // SAFETY: nothing of the proxy needs to be put in order.
                unsafe { libc::_exit(i32::from(Failure::Proxy as u8)) }
            }
            kept
        };
        Self { reader: std::thread::Builder::new().spawn(reader).ok(), noticed }
    }

    /// After QEMU has ended: its messages on one line, after a colon, or nothing.
    pub fn last_words(self) -> String {
        // Without a reader there is nobody to tell, and nothing to be told.
        let _ = self.noticed.send(());
        one_line(&self.reader.and_then(|reader| reader.join().ok()).unwrap_or_default())
    }
}

/// All that QEMU said, which has ended, on one line, as [`Output::last_words`] has it.
pub fn all_words(messages: &mut ChildStderr) -> String {
    let mut all = Vec::new();
    // What was read before an error is what there is.
    let _ = messages.take(KEPT_BYTES as u64).read_to_end(&mut all);
    one_line(&all)
}

fn one_line(messages: &[u8]) -> String {
    let text = String::from_utf8_lossy(messages);
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(" ")) }
}

fn read_all(console: UnixStream, mut messages: ChildStderr, log: KernelLog) -> Vec<u8> {
    let mut kept = Vec::new();
    let (mut console_open, mut messages_open) = (true, true);
    let mut buffer = [0; 4096];
    while console_open || messages_open {
        let mut ready = Vec::with_capacity(2);
        if console_open {
            ready.push(PollFd::new(&console, PollFlags::IN));
        }
        if messages_open {
            ready.push(PollFd::new(&messages, PollFlags::IN));
        }
        if poll(&mut ready, None).is_err() {
            continue;
        }
        let has = |entry: Option<&PollFd<'_>>| entry.is_some_and(|entry| !entry.revents().is_empty());
        let console_ready = console_open && has(ready.first());
        let messages_ready = messages_open && has(ready.last());
        if console_ready {
            let count = Reader(&console).read(&mut buffer).unwrap_or(0);
            console_open = count > 0;
            if log == KernelLog::Shown {
                let _ = std::io::stderr().write_all(&buffer[..count]);
            }
        }
        if messages_ready {
            let count = messages.read(&mut buffer).unwrap_or(0);
            messages_open = count > 0;
            keep(&mut kept, &buffer[..count]);
        }
    }
    kept
}

/// Adds what was said last; of too much the beginning goes.
fn keep(kept: &mut Vec<u8>, said: &[u8]) {
    kept.extend_from_slice(said);
    kept.drain(..kept.len().saturating_sub(KEPT_BYTES));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_are_kept() {
        let mut kept = Vec::new();
        keep(&mut kept, b"first");
        assert_eq!(one_line(&kept), ": first");
        keep(&mut kept, &[b'-'; KEPT_BYTES]);
        keep(&mut kept, b" last\n");
        assert_eq!(kept.len(), KEPT_BYTES);
        assert!(one_line(&kept).starts_with(": --") && one_line(&kept).ends_with("- last"));
        assert_eq!(one_line(b" \n"), "");
    }
}
