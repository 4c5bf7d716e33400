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
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use wire::{Content, Item, Reply, Request};

/// Lines between runner and agent: commands that can run at once.
pub const LINES: usize = 2;

/// Where the memory disk keeps the kernel's modules, named in the order in which they are loaded.
pub const MODULES: &str = "/modules";

/// How long the machine may take to boot, or to answer beyond the time of the command itself, emulated on a busy host.
const PATIENCE: Duration = Duration::from_secs(1200);

/// An emulated machine is slow: limits of time are multiplied by this.
pub const SLOWNESS: u32 = 10;

/// The device of line number `number` (from 1) inside the bed.
fn line_device(number: usize) -> String {
    format!("/dev/vport0p{number}")
}

/// A running test bed; ends with its value.
#[derive(Debug)]
pub struct Bed {
    qemu: Mutex<Child>,
    free: Mutex<Vec<UnixStream>>,
    freed: Condvar,
    /// Programs and images that are there already.
    sent: Mutex<HashSet<PathBuf>>,
    cpuinfo: String,
}

impl Bed {
    /// Boots the kernel `vmlinuz` with the memory disk `initramfs` from `folder`; the console's log goes to `work`.
    ///
    /// # Errors
    /// When QEMU cannot be started or the agent does not answer.
    pub fn start(folder: &Path, work: &Path) -> Result<Arc<Self>> {
        std::fs::create_dir_all(work).with_context(|| format!("cannot make {}", work.display()))?;
        let console = work.join("console");
        let (child, lines) = machine::start(folder, &console)?;
        // From here on QEMU ends with the value.
        let mut bed = Self {
            qemu: Mutex::new(child),
            free: Mutex::default(),
            freed: Condvar::new(),
            sent: Mutex::default(),
            cpuinfo: String::new(),
        };
        let booted = || format!("the test bed did not boot: see {}", console.display());
        for line in &lines {
            line.set_read_timeout(Some(PATIENCE))?;
            match wire::receive(line).with_context(booted)? {
                Reply::Done => {}
                other => bail!("the test bed's agent says {other:?}"),
            }
            line.set_read_timeout(None)?;
        }
        bed.cpuinfo = match ask(&lines[0], &Request::Get("/proc/cpuinfo".into()))? {
            Reply::File(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            other => bail!("the test bed's agent says {other:?}"),
        };
        // Programs that read it expect what their native runs have read.
        let shared = files::pack_file(Path::new("/etc/hostname")).ok().flatten();
        put(&lines[0], shared.into_iter().collect())?;
        bed.free = Mutex::new(lines);
        Ok(Arc::new(bed))
    }

    /// What /proc/cpuinfo says there.
    pub fn cpuinfo(&self) -> &str {
        &self.cpuinfo
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
            put(line, vec![item])?;
            sent.insert(path.to_owned());
        }
        Ok(())
    }
}

impl Bed {
    /// Asks; a bed that does not answer at all is switched off, so that nobody waits for it any more.
    fn ask(&self, line: &UnixStream, request: &Request) -> Result<Reply> {
        let reply = ask(line, request);
        let hangs = |error: &anyhow::Error| {
            let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
            matches!(kind, Some(io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut))
        };
        if reply.as_ref().is_err_and(hangs) {
            self.switch_off();
            bail!("the test bed hangs, and was switched off");
        }
        reply
    }

    fn switch_off(&self) {
        let mut qemu = self.qemu.lock().unwrap_or_else(PoisonError::into_inner);
        // Either fails only when it has ended already.
        let _ = qemu.kill();
        let _ = qemu.wait();
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.switch_off();
    }
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
