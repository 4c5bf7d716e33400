//! The inside of the test bed: the first process of its Linux, and the agent that runs what the runner sends.
//!
//! `init` makes a system of an empty memory disk (file systems, modules) and then reaps orphans; the agent is its
//! child, with one thread for each line to the runner. When the agent ends, the machine does.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use kvm_ioctls::{Kvm, VcpuFd, VmFd};
use rustix::mount::{MountFlags, mount};
use rustix::process::{Signal, WaitOptions};
use rustix::system::RebootCommand;

use super::wire::{self, Reply, Request};
use super::{LINES, MODULES, line_device};
use super::{files, network};
use crate::launch::Running;

/// File systems: what, where.
const MOUNTS: [(&str, &str); 5] =
    [("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev"), ("tmpfs", "/dev/shm"), ("tmpfs", "/tmp")];

/// The whole life of the binary: as process 1 it is init, else the agent.
pub fn run() -> ExitCode {
    let result = if std::process::id() == 1 { init() } else { serve() };
    if let Err(error) = result {
        eprintln!("bed-agent: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn init() -> Result<()> {
    if let Err(error) = boot() {
        eprintln!("bed-agent: {error:#}");
    }
    // Nothing can be done about a machine that does not stop.
    let _ = rustix::system::reboot(RebootCommand::PowerOff);
    Ok(())
}

fn boot() -> Result<()> {
    for (kind, target) in MOUNTS {
        fs::create_dir_all(target)?;
        mount(kind, target, kind, MountFlags::empty(), None)
            .with_context(|| format!("cannot mount {target}"))?;
    }
    open_to_all(Path::new("/root"))?;
    load_modules()?;
    let _idle = idle_machines().context("cannot make machines that keep KVM awake")?;
    network::start().context("cannot start the network of this machine alone")?;
    let mut agent = Command::new("/proc/self/exe").spawn().context("cannot start the agent")?;
    let pid = rustix::process::Pid::from_child(&agent);
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((ended, _))) if ended == pid => break,
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => break,
        }
    }
    // It has been waited for already.
    let _ = agent.try_wait();
    Ok(())
}

/// Paths here are those of the runner's machine, and commands run as other users, too. Linux's own memory disk has a `/root` for
/// root alone, in which a checkout may lie.
fn open_to_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot open {} to all", folder.display()))
}

/// Loads every module of the folder, in the order of their names.
fn load_modules() -> Result<()> {
    let mut modules: Vec<_> =
        fs::read_dir(MODULES)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    modules.sort();
    for module in modules {
        let file = File::open(&module)?;
        rustix::system::finit_module(&file, c"", 0)
            .with_context(|| format!("cannot load {}", module.display()))?;
    }
    Ok(())
}

/// Virtual machines that never run, one with local APICs and one without. As long as there are such machines, Linux does not
/// change its code when others come and go (its "static keys", Documentation/staging/static-keys.rst, of which its scheduler
/// has one for KVM). QEMU's emulation loses such changes when two CPUs are fast enough, and one of them then meets the
/// breakpoint of a change that was done long ago, for ever.
fn idle_machines() -> Result<[(VmFd, VcpuFd); 2]> {
    let kvm = Kvm::new()?;
    let (with, without) = (kvm.create_vm()?, kvm.create_vm()?);
    with.create_irq_chip()?;
    let vcpus = (with.create_vcpu(0)?, without.create_vcpu(0)?);
    Ok([(with, vcpus.0), (without, vcpus.1)])
}

fn serve() -> Result<()> {
    let threads: Vec<_> =
        (1..=LINES).map(|number| thread::spawn(move || serve_line(&open(number)?))).collect();
    for thread in threads {
        // A panic is told by its own message.
        if let Ok(Err(error)) = thread.join() {
            eprintln!("bed-agent: {error}");
        }
    }
    Ok(())
}

/// Opens a line; its device comes some time after its module.
fn open(number: usize) -> io::Result<File> {
    let path = line_device(number);
    for _ in 0..1000 {
        if Path::new(&path).exists() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    OpenOptions::new().read(true).write(true).open(path)
}

fn serve_line(line: &File) -> io::Result<()> {
    let mut command = None;
    wire::send(line, &Reply::Done)?;
    loop {
        let request = match wire::receive(line) {
            Ok(request) => request,
            // The runner has gone.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        let reply = answer(request, &mut command).unwrap_or_else(|error| Reply::Failed(format!("{error:#}")));
        // A runner that hears nothing waits until the limit of its command.
        wire::send(line, &reply).or_else(|error| wire::send(line, &Reply::Failed(error.to_string())))?;
    }
}

fn answer(request: Request, command: &mut Option<(PathBuf, Running)>) -> Result<Reply> {
    const NONE: &str = "no command runs on this line";
    Ok(match request {
        Request::Put(items) => {
            files::unpack(&items)?;
            Reply::Done
        }
        Request::Get(path) => Reply::File(fs::read(path)?),
        Request::Start(launch) => {
            // What the runner has put into its folder is there already.
            fs::create_dir_all(launch.cwd())?;
            fs::create_dir_all(launch.folder.join("tmp"))?;
            let folder = launch.folder.clone();
            *command = Some((folder, launch.start()?));
            Reply::Done
        }
        Request::WaitForOutput(text) => {
            Reply::Came(command.as_mut().context(NONE)?.1.wait_for_output(&text)?)
        }
        Request::SignalGroup(number) => {
            command.as_mut().context(NONE)?.1.signal_group(signal(number)?)?;
            Reply::Done
        }
        Request::Signal(number) => {
            command.as_mut().context(NONE)?.1.signal(signal(number)?)?;
            Reply::Done
        }
        Request::Finish => {
            let (folder, running) = command.take().context(NONE)?;
            let outcome = running.finish()?;
            let items = files::pack(&folder.join("cwd"));
            // Memory is the machine's disk.
            fs::remove_dir_all(&folder)?;
            Reply::Finished(outcome, items)
        }
    })
}

fn signal(number: i32) -> Result<Signal> {
    Signal::from_named_raw(number).with_context(|| format!("no signal {number}"))
}
