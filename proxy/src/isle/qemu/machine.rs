//! QEMU's command line and its process: [`Machine`].
//!
//! QEMU dies with the proxy, however that ends (PR_SET_PDEATHSIG); so Ctrl-C and SIGTERM keep their default
//! action.

#![allow(unsafe_code, reason = "what runs between fork and exec, on descriptors by their numbers")]

use super::output::Output;
use crate::error::IsleError;
use crate::image::ImageFile;
use crate::isle::ram::Ram;
use crate::options::{Cpus, DebuggerChoice, Options};
use crate::pinning;
use rustix::thread::CpuSet;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

/// The QEMU to use without `HERMIT_QEMU`.
const DEFAULT_QEMU: &str = "qemu-system-x86_64";

/// Descriptors that QEMU inherits: RAM, image, serial line, monitor, console.
const NR_INHERITED: usize = 5;

/// How long QEMU may take to tell its debugger that the program has ended.
const FAREWELL: Duration = Duration::from_secs(2);

/// A running QEMU.
#[derive(Debug)]
pub struct Machine {
    child: Child,
    debugger: DebuggerChoice,
}

/// The proxy's ends of the lines to QEMU.
#[derive(Debug)]
pub struct Ends {
    /// First serial line: the doorbell.
    pub line: UnixStream,
    /// QEMU's monitor (QMP).
    pub monitor: UnixStream,
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
        const CURE: &str = "raise ulimit -n";
        let pair = || {
            UnixStream::pair().map_err(|error| IsleError::Host {
                what: "make a socket pair",
                errno: rustix::io::Errno::from_io_error(&error).unwrap_or(rustix::io::Errno::IO),
                cure: CURE,
            })
        };
        let ((line, line_far), (monitor, monitor_far), (console, console_far)) = (pair()?, pair()?, pair()?);
        let files =
            [ram_file.as_fd(), image.fd.as_fd(), line_far.as_fd(), monitor_far.as_fd(), console_far.as_fd()];
        let far = files.map(|file| file.as_raw_fd());
        let program = options.qemu.as_deref().unwrap_or(Path::new(DEFAULT_QEMU));
        let mut command = Command::new(program);
        command.args(arguments(options, ram, far));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if options.debug != DebuggerChoice::None {
            // Ctrl-C is for the debugger: it would end QEMU.
            command.process_group(0);
        }
        let (proxy, cpus) = (rustix::process::getpid(), pinning::shared(options.cpus.as_ref())?);
        // SAFETY: only system calls between fork and exec.
        unsafe { command.pre_exec(move || inherit_and_die_with(proxy, far, cpus.as_ref())) };
        let missing = |error| IsleError::QemuMissing { program: program.display().to_string(), error };
        let mut child = command.spawn().map_err(missing)?;
        let messages =
            child.stderr.take().ok_or_else(|| missing(io::Error::other("no pipe for its messages")))?;
        Ok((Self { child, debugger: options.debug }, Ends { line, monitor, output: (console, messages) }))
    }

    /// Ends QEMU, whatever it does. It may take leave of a debugger, which else sees a broken connection.
    pub fn stop(&mut self) {
        if self.debugger != DebuggerChoice::None {
            let asked = rustix::process::kill_process(
                rustix::process::Pid::from_child(&self.child),
                rustix::process::Signal::TERM,
            );
            let deadline = Instant::now() + FAREWELL;
            while asked.is_ok() && matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        // Either fails only when QEMU has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Says why QEMU ended without being asked to.
    pub fn died(&mut self, output: Output) -> IsleError {
        let said = output.last_words();
        match self.child.wait() {
            // With -no-reboot a reset of the machine ends QEMU, and it sees nothing wrong in that.
            Ok(status) if status.success() => IsleError::GuestReset,
            Ok(status) => IsleError::QemuDied { status, said },
            Err(error) => IsleError::LineBroke(error),
        }
    }
}

/// Number of vCPUs.
pub fn nr_cpus(options: &Options) -> usize {
    options.cpus.as_ref().map_or(1, Cpus::count)
}

/// Runs in the child: lets it keep its ends, and lets it die with the proxy.
fn inherit_and_die_with(
    proxy: rustix::process::Pid,
    far: [RawFd; NR_INHERITED],
    cpus: Option<&CpuSet>,
) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    if rustix::process::getppid() != Some(proxy) {
        // The proxy has died in between.
        return Err(io::Error::other("the proxy has ended"));
    }
    if let Some(cpus) = cpus {
        pinning::pin_to(cpus)?;
    }
    for fd in far {
        // SAFETY: the descriptors are open in the proxy, hence in its child; nothing is closed.
        let fd = unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) };
        rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::empty())?;
    }
    Ok(())
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
