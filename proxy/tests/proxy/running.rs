//! [`Running`]: a command under test, which cannot outlive the test nor keep it waiting for ever.

use crate::limit::limit;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A running command, its streams read as they come. When it is late the test fails with what it has printed;
/// when the test ends, however it does, the command is killed with its children.
pub struct Running {
    child: Child,
    line: String,
    deadline: Instant,
    /// How much of stdout the test has taken.
    taken: usize,
    stdout: Arc<Stream>,
    stderr: Arc<Stream>,
}

/// What a pipe has brought.
#[derive(Default)]
struct Stream {
    read: Mutex<Bytes>,
    more: Condvar,
}

#[derive(Default)]
struct Bytes {
    bytes: Vec<u8>,
    is_over: bool,
}

impl Running {
    /// Starts `command` with pipes for its standard streams.
    pub fn start(command: &mut Command) -> Self {
        Self::start_with_stdout(command, Stdio::piped())
    }

    /// The same with another standard output.
    pub fn start_with_stdout(command: &mut Command, stdout: Stdio) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::piped()).process_group(0);
        // SAFETY: one system call with numbers.
        unsafe { command.pre_exec(end_with_the_test) };
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let (stdout, stderr) = (Stream::of(child.stdout.take()), Stream::of(child.stderr.take()));
        let line = shortened(&format!("{command:?}"));
        Self { child, line, deadline: Instant::now() + limit(), taken: 0, stdout, stderr }
    }

    /// The process id, as signals and /proc take it.
    pub fn id(&self) -> i32 {
        self.child.id() as i32
    }

    /// The command's standard input, once; dropping it is the end of the input.
    pub fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("the test takes it once")
    }

    /// The next line of standard output with its end; what there is at the end of the output.
    pub fn next_line(&mut self) -> String {
        let found = self.wait_for_stdout("line", |bytes| bytes.iter().position(|&byte| byte == b'\n'));
        let len = found.map_or(usize::MAX, |end| end + 1);
        String::from_utf8_lossy(&self.take(len)).into_owned()
    }

    /// So many bytes of standard output; fewer only at its end.
    pub fn next_bytes(&mut self, len: usize) -> Vec<u8> {
        self.wait_for_stdout("more bytes", |bytes| (bytes.len() >= len).then_some(len));
        self.take(len)
    }

    /// Looks until `is_so`.
    pub fn wait_until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        while !is_so() {
            if Instant::now() > self.deadline {
                self.give_up(what);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Until its first thread sleeps in a system call.
    pub fn wait_until_asleep(&self) {
        let stat = format!("/proc/{}/stat", self.id());
        let is_asleep = || std::fs::read_to_string(&stat).is_ok_and(|text| text.contains(") S "));
        self.wait_until("sleep", is_asleep);
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: i32) {
        // SAFETY: to our own child, which has not been waited for.
        let result = unsafe { libc::kill(self.id(), signal) };
        assert_eq!(result, 0, "signal {signal} to {}", self.line);
    }

    /// Writes to its standard input, closes that, and waits for the end.
    pub fn end_after(mut self, input: &[u8]) -> Output {
        let (mut stdin, input) = (self.stdin(), input.to_vec());
        let writer = thread::spawn(move || stdin.write_all(&input));
        let output = self.end();
        writer.join().expect("the writer does not panic").expect("it reads its input");
        output
    }

    /// Waits for its end: the status, all of stderr, and what is left of stdout.
    pub fn end(mut self) -> Output {
        drop(self.child.stdin.take());
        self.wait()
    }

    /// The same, with its standard input open.
    pub fn wait(mut self) -> Output {
        let status = self.status();
        self.wait_for(&self.stdout, "end of its output", |_| None::<()>);
        self.wait_for(&self.stderr, "end of its messages", |_| None::<()>);
        let stderr = self.stderr.lock().bytes.clone();
        Output { status, stdout: self.take(usize::MAX), stderr }
    }

    /// Waits until it has ended, whatever became of its own children.
    pub fn status(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return status;
            }
            if Instant::now() > self.deadline {
                self.give_up("end");
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn take(&mut self, len: usize) -> Vec<u8> {
        let read = self.stdout.lock();
        let rest = &read.bytes[self.taken..];
        let part = rest[..len.min(rest.len())].to_vec();
        self.taken += part.len();
        part
    }

    fn wait_for_stdout<R>(&self, what: &str, find: impl Fn(&[u8]) -> Option<R>) -> Option<R> {
        self.wait_for(&self.stdout, what, |bytes| find(&bytes[self.taken..]))
    }

    /// Waits until `find` finds something, or the stream is over.
    fn wait_for<R>(&self, stream: &Stream, what: &str, find: impl Fn(&[u8]) -> Option<R>) -> Option<R> {
        let mut read = stream.lock();
        loop {
            if let Some(found) = find(&read.bytes) {
                return Some(found);
            }
            if read.is_over {
                return None;
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(read);
                self.give_up(what);
            }
            read = stream.more.wait_timeout(read, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn give_up(&self, what: &str) -> ! {
        let said = |stream: &Stream| shortened(&String::from_utf8_lossy(&stream.lock().bytes));
        panic!(
            "{}: no {what} in time; its stdout: {:?}; its stderr: {:?}",
            self.line,
            said(&self.stdout),
            said(&self.stderr)
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // SAFETY: the process group that `start` made for our child, which has not been waited for.
            unsafe { libc::kill(-self.id(), libc::SIGKILL) };
            let _ = self.child.wait();
        }
    }
}

impl Stream {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Arc<Self> {
        let stream = Arc::new(Self::default());
        let to = stream.clone();
        thread::spawn(move || {
            if let Some(pipe) = pipe {
                to.fill(pipe);
            }
            to.lock().is_over = true;
            to.more.notify_all();
        });
        stream
    }

    fn fill(&self, mut pipe: impl Read) {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(len @ 1..) = pipe.read(&mut buffer) {
            self.lock().bytes.extend_from_slice(&buffer[..len]);
            self.more.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Bytes> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Also when somebody kills the tests. Linux takes the thread for the parent: that of the test.
fn end_with_the_test() -> std::io::Result<()> {
    // SAFETY: numbers.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    Ok(())
}

/// Its beginning, for a message.
fn shortened(text: &str) -> String {
    text.chars().take(2000).collect()
}

#[test]
fn what_hangs_is_killed_and_told() {
    let mut running =
        Running::start(Command::new("sh").args(["-c", "echo said; echo meant >&2; sleep 1000"]));
    assert_eq!(running.next_line(), "said\n");
    let process = format!("/proc/{}", running.id());
    running.deadline = Instant::now() + Duration::from_millis(200);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| running.wait())).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("no end in time; its stdout: \"said\\n\"; its stderr: \"meant\\n\""), "{text}");
    assert!(!std::path::Path::new(&process).exists());
}
