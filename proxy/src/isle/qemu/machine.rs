//! QEMU's command line and its process: [`Machine`].
//!
//! QEMU dies with the proxy, however that ends (PR_SET_PDEATHSIG); so Ctrl-C and SIGTERM keep their default
//! action. It gets as little as it can live with: five descriptors, two variables, the system calls that its own
//! `-sandbox` leaves, and the files of [`sandbox::qemu`].

#![allow(unsafe_code, reason = "what runs between fork and exec, on descriptors by their numbers")]

use super::monitor::Monitor;
use super::output::{self, Output};
use crate::error::IsleError;
use crate::image::ImageFile;
use crate::isle::ram::Ram;
use crate::options::{Cpus, DebuggerChoice, Level, Options};
use crate::pinning;
use crate::sandbox::descriptors::{self, Fate};
use crate::sandbox::{self, limits};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::Timespec;
use rustix::thread::CpuSet;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The QEMU to use without `HERMIT_QEMU`.
const DEFAULT_QEMU: &str = "qemu-system-x86_64";

/// Descriptors that QEMU inherits: RAM, image, serial line, monitor, console.
const NR_INHERITED: usize = 5;

/// Variables that QEMU gets: where it and its libraries are.
const VARIABLES: [&str; 2] = ["PATH", "LD_LIBRARY_PATH"];

/// How long QEMU may take to end, in which it also takes leave of a debugger. After that Linux ends it with the
/// proxy.
const FAREWELL: Duration = Duration::from_secs(2);

/// How often the proxy looks whether QEMU has ended, where nothing tells it.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };

/// QEMU's own filter of system calls: nothing obsolete, no other user, no new program, no priorities.
const SANDBOX: &str = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

/// What a QEMU says that was built without seccomp (softmmu/vl.c).
const NO_SANDBOX: &str = "-sandbox support is not enabled";

/// A running QEMU.
#[derive(Debug)]
pub struct Machine {
    child: std::process::Child,
    /// Its monitor.
    pub monitor: Monitor,
}

/// Whether QEMU confines itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnFilter {
    /// By [`SANDBOX`].
    On,
    /// It cannot.
    Missing,
}

/// The proxy's ends of the lines to QEMU.
#[derive(Debug)]
pub struct Ends {
    /// First serial line: the doorbell.
    pub line: UnixStream,
    /// Debug console and QEMU's own messages.
    pub output: (UnixStream, ChildStderr),
}

impl Machine {
    /// Starts QEMU with the machine halted.
    pub fn start(
        options: &Options,
        image: &ImageFile,
        ram: &Ram,
        ram_file: &OwnedFd,
    ) -> Result<(Self, Ends), IsleError> {
        match Self::start_with(OwnFilter::On, options, image, ram, ram_file)? {
            Err(failure) if failure.is_of_sandbox() => {}
            answer => return answer.map_err(Failure::into_error),
        }
        if options.sandbox == Level::Strict {
            return Err(IsleError::NotStrict {
                why: "this QEMU was built without seccomp".into(),
                cure: "take Debian's (apt install qemu-system-x86), or another isle",
            });
        }
        eprintln!("proxy: this QEMU was built without seccomp: nothing limits its system calls");
        Self::start_with(OwnFilter::Missing, options, image, ram, ram_file)?.map_err(Failure::into_error)
    }

    /// The inner error is QEMU's own, which has ended.
    fn start_with(
        filter: OwnFilter,
        options: &Options,
        image: &ImageFile,
        ram: &Ram,
        ram_file: &OwnedFd,
    ) -> Result<Result<(Self, Ends), Failure>, IsleError> {
        let ((line, line_far), (monitor, monitor_far), (console, console_far)) = (pair()?, pair()?, pair()?);
        let files =
            [ram_file.as_fd(), image.fd.as_fd(), line_far.as_fd(), monitor_far.as_fd(), console_far.as_fd()];
        let far = files.map(|file| file.as_raw_fd());
        let program = options.qemu.as_deref().unwrap_or(Path::new(DEFAULT_QEMU));
        let mut command = Command::new(program);
        command.args(arguments(options, ram, far));
        if filter == OwnFilter::On {
            command.args(["-sandbox", SANDBOX]);
        }
        command
            .env_clear()
            .envs(VARIABLES.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if options.debug != DebuggerChoice::None {
            // Ctrl-C is for the debugger: it would end QEMU.
            command.process_group(0);
        }
        let child = Child {
            proxy: rustix::process::getpid(),
            cpus: pinning::shared(options.cpus.as_ref())?,
            rules: sandbox::qemu::rules(options, program, image.fd.as_fd())?,
            most_bytes: (options.sandbox == Level::Strict).then_some(ram.len_bytes),
            far,
        };
        // SAFETY: only system calls between fork and exec, and this process has one thread.
        unsafe { command.pre_exec(move || child.prepare()) };
        let missing = |error| IsleError::QemuMissing { program: program.display().to_string(), error };
        let mut child = command.spawn().map_err(missing)?;
        let mut messages =
            child.stderr.take().ok_or_else(|| missing(io::Error::other("no pipe for its messages")))?;
        drop((line_far, monitor_far, console_far));
        let mut machine = Self { child, monitor: Monitor::new(monitor) };
        if machine.monitor.await_machine().is_err() {
            let said = output::all_words(&mut messages);
            return Ok(Err(Failure { ended: machine.child.wait(), said }));
        }
        Ok(Ok((machine, Ends { line, output: (console, messages) })))
    }

    /// Ends QEMU, whatever it does: the proxy is going to end, too.
    pub fn stop(&mut self) {
        // If it has ended already, that is what was wanted.
        let _ = self.monitor.quit();
        let deadline = Instant::now() + FAREWELL;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            // Until it hangs up; after that it has a millisecond to end.
            let mut line = [PollFd::new(&self.monitor, PollFlags::empty())];
            let _ = poll(&mut line, Some(&PATIENCE));
        }
    }

    /// Says why QEMU ended without being asked to.
    pub fn died(&mut self, output: Output) -> IsleError {
        let said = output.last_words();
        Failure { ended: self.child.wait(), said }.into_error()
    }
}

/// How QEMU ended without being asked to.
#[derive(Debug)]
struct Failure {
    ended: io::Result<ExitStatus>,
    said: String,
}

impl Failure {
    fn is_of_sandbox(&self) -> bool {
        self.said.contains(NO_SANDBOX)
    }

    fn into_error(self) -> IsleError {
        match self.ended {
            // With -no-reboot a reset of the machine ends QEMU, and it sees nothing wrong in that.
            Ok(status) if status.success() => IsleError::GuestReset,
            Ok(status) => IsleError::QemuDied { status, said: self.said },
            Err(error) => IsleError::LineBroke(error),
        }
    }
}

fn pair() -> Result<(UnixStream, UnixStream), IsleError> {
    UnixStream::pair().map_err(|error| IsleError::Host {
        what: "make a socket pair",
        errno: rustix::io::Errno::from_io_error(&error).unwrap_or(rustix::io::Errno::IO),
        cure: "raise ulimit -n",
    })
}

/// Most vCPUs of QEMU's microvm; and of an emulated one, which has no x2APIC before QEMU 9.0.
const MOST_CPUS: usize = 288;
const MOST_CPUS_EMULATED: usize = 255;

/// Most vCPUs of the machine.
pub fn max_cpus(options: &Options) -> usize {
    if options.kvm { MOST_CPUS } else { MOST_CPUS_EMULATED }
}

/// Number of vCPUs.
pub fn nr_cpus(options: &Options) -> usize {
    options.cpus.as_ref().map_or(1, Cpus::count)
}

/// What the child needs to become QEMU.
struct Child {
    proxy: rustix::process::Pid,
    cpus: Option<CpuSet>,
    /// Landlock's, if there is any.
    rules: Option<OwnedFd>,
    /// RAM, of a strict program.
    most_bytes: Option<u64>,
    far: [RawFd; NR_INHERITED],
}

impl Child {
    /// Runs between fork and exec: lets QEMU keep its ends and nothing else, and lets it die with the proxy.
    fn prepare(&self) -> io::Result<()> {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        if rustix::process::getppid() != Some(self.proxy) {
            // The proxy has died in between.
            return Err(io::Error::other("the proxy has ended"));
        }
        if let Some(cpus) = &self.cpus {
            pinning::pin_to(cpus)?;
        }
        if let Some(bytes) = self.most_bytes {
            limits::limit_qemu(bytes)?;
        }
        // SAFETY: nothing is closed before QEMU is executed; std closes its own descriptors then in any case.
        unsafe { descriptors::for_all_but(&[], Fate::ClosedOnExec) }?;
        for fd in self.far {
            // SAFETY: the descriptors are open in the proxy, hence in its child; nothing is closed.
            let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) };
            rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::empty())?;
        }
        rustix::thread::set_no_new_privs(true)?;
        match &self.rules {
            Some(rules) => sandbox::qemu::enter(rules),
            None => Ok(()),
        }
    }
}

/// What is not needed costs time: no ACPI tables, no option ROMs, no PIC, no PIT, no clock.
const MACHINE: &str = "microvm,acpi=off,pit=off,pic=off,rtc=off,x-option-roms=off,auto-kernel-cmdline=off,\
                       isa-serial=on,memory-backend=ram";

fn arguments(options: &Options, ram: &Ram, far: [RawFd; NR_INHERITED]) -> Vec<String> {
    let [ram_fd, image, line, monitor, console] = far;
    let len_bytes = ram.len_bytes;
    // KVM is not taken on trust: a /dev/kvm that opens may emulate instruction by instruction.
    let (accel, cpu) = if options.kvm { ("kvm", "host") } else { ("tcg", "max,+x2apic") };
    let backend =
        format!("memory-backend-file,id=ram,share=on,size={len_bytes},mem-path=/proc/self/fd/{ram_fd}");
    let pairs = [
        ["-M", MACHINE],
        ["-object", &backend],
        ["-m", &format!("{}M", len_bytes >> 20)],
        ["-accel", accel],
        ["-cpu", cpu],
        ["-smp", &nr_cpus(options).to_string()],
        ["-display", "none"],
        ["-chardev", &format!("socket,id=line,fd={line}")],
        ["-serial", "chardev:line"],
        ["-chardev", &format!("socket,id=monitor,fd={monitor}")],
        ["-mon", "chardev=monitor,mode=control"],
        ["-chardev", &format!("socket,id=console,fd={console}")],
        ["-device", "isa-debugcon,iobase=0xe9,chardev=console"],
        // The file that was checked, whatever has its name by now.
        ["-kernel", &format!("/proc/self/fd/{image}")],
    ];
    let mut words = ["-S", "-nodefaults", "-no-user-config", "-no-reboot"].map(String::from).to_vec();
    words.extend(pairs.as_flattened().iter().map(|word| word.to_string()));
    if let DebuggerChoice::AtPort(port) = options.debug {
        words.extend(["-gdb".into(), format!("tcp:127.0.0.1:{port}")]);
    }
    words
}
