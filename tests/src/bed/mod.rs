//! The test bed: a machine of its own for the uhyve isle, on which KVM works everywhere.
//!
//! QEMU without KVM emulates a CPU with AMD's SVM; Debian's kernel with its kvm-amd drives it; an agent ([`agent`], the
//! first process of that Linux) runs the commands that the runner sends. Files keep their paths on both sides. `xtask`
//! makes kernel and memory disk (its `steps/bed.rs`); no disk, no network.
//!
//! | module | what it does |
//! |---|---|
//! | [`machine`] | QEMU's command line and its process |
//! | [`session`] | one command in the bed, seen from the runner |
//! | [`agent`] | the inside |
//! | [`network`] | localhost inside |
//! | [`wire`] | what both say to each other |
//! | [`files`] | files on their way |
//! | [`kit`] | programs of this machine in the bed |

pub mod agent;
mod files;
pub mod kit;
mod machine;
mod network;
mod session;
mod wire;

pub use session::Session;

use std::collections::HashSet;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use wire::{Content, Item, Reply, Request};

/// Lines between runner and agent: commands that can run at once.
pub const LINES: usize = 2;

/// Where the memory disk keeps the kernel's modules, named in the order in which they are loaded.
pub const MODULES: &str = "/modules";

/// How long the machine may take to boot, or to answer beyond the time of the command itself, emulated on a busy host.
const PATIENCE: Duration = Duration::from_secs(1200);

/// An emulated machine is slow: limits of time are multiplied by this.
pub const SLOWNESS: u32 = 10;

/// How many machines a run may use up: more ends are no accidents.
const MACHINES: usize = 20;

/// The device of line number `number` (from 1) inside the bed.
fn line_device(number: usize) -> String {
    format!("/dev/vport0p{number}")
}

/// Files of the runner's machine that the bed has, too: programs that read them expect what their native runs have read.
const SHARED: [&str; 3] = ["/etc/group", "/etc/hostname", "/etc/passwd"];

/// The test bed; ends with its value. A machine that ends before (its Linux panics when the emulation goes wrong) is followed by
/// another one, so that only those commands fail that were running.
#[derive(Debug)]
pub struct Bed {
    folder: PathBuf,
    work: PathBuf,
    cpuinfo: String,
    /// The machine, and how many there have been.
    current: Mutex<(Arc<Machine>, usize)>,
}

impl Bed {
    /// Boots the kernel `vmlinuz` with the memory disk `initramfs` from `folder`; the consoles' logs go to `work`.
    ///
    /// # Errors
    /// When QEMU cannot be started or the agent does not answer.
    pub fn start(folder: &Path, work: &Path) -> Result<Arc<Self>> {
        std::fs::create_dir_all(work).with_context(|| format!("cannot make {}", work.display()))?;
        let machine = Machine::boot(folder, work.join("console"))?;
        let cpuinfo = machine.cpuinfo()?;
        let current = Mutex::new((machine, 1));
        Ok(Arc::new(Self { folder: folder.to_owned(), work: work.to_owned(), cpuinfo, current }))
    }

    /// What /proc/cpuinfo says there.
    pub fn cpuinfo(&self) -> &str {
        &self.cpuinfo
    }

    /// A machine that runs.
    fn machine(&self) -> Result<Arc<Machine>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0.has_ended() {
            let number = current.1 + 1;
            ensure!(number <= MACHINES, "the test bed has ended {} times", current.1);
            eprintln!("the test bed has ended and is booted again, console {number}");
            let machine = Machine::boot(&self.folder, self.work.join(format!("console-{number}")))?;
            *current = (machine, number);
        }
        Ok(Arc::clone(&current.0))
    }
}

/// One machine; ends with its value.
#[derive(Debug)]
struct Machine {
    qemu: Mutex<Child>,
    console: PathBuf,
    /// It does not answer any more.
    silent: AtomicBool,
    free: Mutex<Vec<UnixStream>>,
    freed: Condvar,
    /// Programs and images that are there already.
    sent: Mutex<HashSet<PathBuf>>,
}

impl Machine {
    fn boot(folder: &Path, console: PathBuf) -> Result<Arc<Self>> {
        let (child, lines) = machine::start(folder, &console)?;
        // From here on QEMU ends with the value.
        let mut machine = Self {
            qemu: Mutex::new(child),
            console,
            silent: AtomicBool::new(false),
            free: Mutex::default(),
            freed: Condvar::new(),
            sent: Mutex::default(),
        };
        let booted = || format!("the test bed did not boot: see {}", machine.console.display());
        for line in &lines {
            // A session allows for the time of its command, too.
            line.set_read_timeout(Some(PATIENCE))?;
            line.set_write_timeout(Some(PATIENCE))?;
            match wire::receive(line).with_context(booted)? {
                Reply::Done => {}
                other => bail!("the test bed's agent says {other:?}"),
            }
        }
        let shared = SHARED.iter().filter_map(|path| files::pack_file(Path::new(path)).ok().flatten());
        put(&lines[0], shared.collect())?;
        machine.free = Mutex::new(lines);
        Ok(Arc::new(machine))
    }

    fn cpuinfo(&self) -> Result<String> {
        let line = self.line();
        let reply = self.ask(&line, &Request::Get("/proc/cpuinfo".into()));
        self.give_back(line);
        match reply? {
            Reply::File(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            other => bail!("the test bed's agent says {other:?}"),
        }
    }

    /// Takes a line for oneself.
    fn line(&self) -> UnixStream {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match free.pop() {
                Some(line) => return line,
                None => free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn give_back(&self, line: UnixStream) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        self.freed.notify_one();
    }

    /// Sends a program or an image unless it is there.
    fn provide(&self, line: &UnixStream, path: &Path) -> Result<()> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.contains(path) {
            return Ok(());
        }
        if let Some(item) =
            files::pack_file(path).with_context(|| format!("cannot read {}", path.display()))?
        {
            self.put(line, vec![item])?;
            sent.insert(path.to_owned());
        }
        Ok(())
    }

    fn put(&self, line: &UnixStream, items: Vec<Item>) -> Result<()> {
        put(line, items).map_err(|error| self.explain(error))
    }

    fn ask(&self, line: &UnixStream, request: &Request) -> Result<Reply> {
        ask(line, request).map_err(|error| self.explain(error))
    }

    /// A machine that does not answer at all is switched off, so that nobody waits for it any more.
    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        let Some(kind) = error.downcast_ref::<io::Error>().map(io::Error::kind) else { return error };
        self.silent.store(true, Ordering::Relaxed);
        if matches!(kind, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            self.switch_off();
            return anyhow::anyhow!("the test bed hangs, and was switched off");
        }
        match last_words(&self.console) {
            Some(line) => error.context(line),
            None => error,
        }
    }

    fn has_ended(&self) -> bool {
        let mut qemu = self.qemu.lock().unwrap_or_else(PoisonError::into_inner);
        self.silent.load(Ordering::Relaxed) || !matches!(qemu.try_wait(), Ok(None))
    }

    fn switch_off(&self) {
        let mut qemu = self.qemu.lock().unwrap_or_else(PoisonError::into_inner);
        // Either fails only when it has ended already.
        let _ = qemu.kill();
        let _ = qemu.wait();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// Why a Linux panics: the line of its console's log that says so.
fn last_words(console: &Path) -> Option<String> {
    let log = std::fs::read(console).ok()?;
    let log = String::from_utf8_lossy(&log);
    log.lines().find(|line| line.contains("Kernel panic")).map(|line| line.trim().to_owned())
}

fn put(line: &UnixStream, items: Vec<Item>) -> Result<()> {
    match ask(line, &Request::Put(items))? {
        Reply::Done => Ok(()),
        other => bail!("the test bed's agent says {other:?}"),
    }
}

fn ask(line: &UnixStream, request: &Request) -> Result<Reply> {
    wire::send(line, request).context("the test bed has ended")?;
    match wire::receive(line).context("the test bed has ended")? {
        Reply::Failed(why) => bail!("in the test bed: {why}"),
        reply => Ok(reply),
    }
}

/// A folder as an item.
fn folder(path: PathBuf) -> Item {
    Item { path, content: Content::Folder }
}
