//! `HERMIT_DEBUG` in this isle: a server for gdb's remote protocol, with every vCPU as a thread: [`Debugger`].
//!
//! The first vCPU waits before its first instruction. While the debugger looks, all vCPUs stand still, outside of the guest.
//!
//! | module | what it does |
//! |---|---|
//! | [`line`] | the connection |
//! | [`traffic`] | stops vCPUs and lets them go |
//! | [`points`] | breakpoints and watchpoints |
//! | [`registers`] | registers as gdb wants them |
//! | [`target`] | what gdb asks for |

mod line;
mod points;
mod registers;
mod target;
mod traffic;

use super::machine::Machine;
use super::vcpu::Isle;
use crate::error::IsleError;
use abi::exit::{Failure, signal_status};
use gdbstub::stub::{DisconnectReason, GdbStub};
use kvm_ioctls::VcpuFd;
use line::Line;
use points::{Hardware, Planted, Step};
use rustix::io::Errno;
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError};
use target::{Events, Target};
use traffic::Traffic;

pub use points::{Access, Registers as DebugRegisters, Watch};
pub use traffic::Event;

/// What vCPUs and the debugger's thread share.
#[derive(Debug)]
pub struct Debugger {
    /// Who may run.
    pub traffic: Traffic,
    planted: Mutex<Planted>,
    hardware: Hardware,
    step: Step,
    /// Until the thread takes it.
    line: Mutex<Option<Line>>,
}

impl Debugger {
    /// Waits for a debugger at `port` of localhost. Before the sandbox, where there are no sockets.
    pub fn wait_at(port: u16, machine: &Machine, nr_cpus: usize) -> Result<Self, IsleError> {
        let failed = |error: std::io::Error| IsleError::Host {
            what: "wait for a debugger at this port of localhost",
            errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
            cure: "name another one: HERMIT_DEBUG=PORT",
        };
        // Whoever has connected expects answers.
        let hardware = Hardware::of(&machine.kvm);
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(failed)?;
        let stream = first_to_speak(&listener).map_err(failed)?;
        // Packets are short and each waits for its answer. A slow line is a line.
        let _ = stream.set_nodelay(true);
        Ok(Self {
            traffic: Traffic::new(nr_cpus)?,
            planted: Mutex::default(),
            hardware,
            step: Step { more_flags: machine.flags_of_steps() },
            line: Mutex::new(Some(Line::new(stream.into()))),
        })
    }

    /// Lets vCPU `cpu`, which has just made a step, make another. Each has to be asked for: an instruction such as POPF takes the
    /// trap flag away with it.
    pub fn step_again(&self, cpu: usize) {
        let step = DebugRegisters::default().for_kvm(Some(self.step));
        // It was possible the first time.
        self.traffic.with(cpu, |vcpu| vcpu.set_guest_debug(&step).is_ok());
    }

    /// Whether `vcpu`, which has used an I/O port, stands on a breakpoint; then it stands there as if nothing had happened.
    pub fn stands_on_breakpoint(&self, vcpu: &mut VcpuFd) -> bool {
        let planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
        planted.hit(vcpu)
    }
}

/// The first connection over which something comes. A gdb that has run out of patience leaves one behind that is dead already.
fn first_to_speak(listener: &TcpListener) -> std::io::Result<TcpStream> {
    loop {
        let (stream, _) = listener.accept()?;
        if stream.peek(&mut [0]).is_ok_and(|len| len > 0) {
            return Ok(stream);
        }
    }
}

/// Starts the thread that talks with the debugger. It inherits the sandbox.
pub fn start(isle: &'static Isle) -> Result<(), IsleError> {
    let Some(debugger) = &isle.debugger else { return Ok(()) };
    let taken = debugger.line.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(line) = taken else { return Ok(()) };
    std::thread::Builder::new().spawn(move || talk(isle, debugger, line)).map(drop).map_err(|error| {
        IsleError::Host {
            what: "start the debugger's thread",
            errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
            cure: "raise ulimit -u",
        }
    })
}

fn talk(isle: &'static Isle, debugger: &'static Debugger, line: Line) {
    line::survive_closed_pipes();
    let mut target = Target::new(isle, debugger);
    match GdbStub::new(line).run_blocking::<Events>(&mut target) {
        Ok(DisconnectReason::TargetExited(status)) => isle.end_now(status),
        Ok(DisconnectReason::TargetTerminated(_) | DisconnectReason::Kill) => {
            isle.end_now(signal_status(libc::SIGKILL as u8))
        }
        Ok(DisconnectReason::Disconnect) => target.leave(),
        Err(error) => {
            eprintln!("proxy: the debugger has gone: {error}");
            isle.end_now(Failure::Proxy as u8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patience::within;
    use std::io::Write as _;

    #[test]
    fn connections_that_are_dead_are_passed_over() {
        within("a connection", || {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let address = listener.local_addr().unwrap();
            drop(TcpStream::connect(address).unwrap());
            let mut speaker = TcpStream::connect(address).unwrap();
            speaker.write_all(b"+").unwrap();
            let found = first_to_speak(&listener).unwrap();
            assert_eq!(found.peer_addr().unwrap(), speaker.local_addr().unwrap());
        });
    }
}
