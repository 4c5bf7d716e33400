//! `HERMIT_DEBUG` in this isle: a server for gdb's remote protocol, with every vCPU as a thread:
//! [`Debugger`].
//!
//! The first vCPU waits before its first instruction. While the debugger looks, all vCPUs stand still,
//! outside of the guest.
//!
//! | module | what it does |
//! |---|---|
//! | [`line`] | the connection |
//! | [`traffic`] | stops vCPUs and lets them go |
//! | [`points`] | breakpoints in the code |
//! | [`registers`] | registers as gdb wants them |
//! | [`target`] | what gdb asks for |
//! | [`session`] | the thread that answers |

mod line;
mod points;
mod registers;
pub mod session;
mod target;
mod traffic;

use super::debug_registers::{DebugRegisters, Hardware, Step};
use super::machine::Machine;
use super::observer::{Event, Observer};
use crate::error::IsleError;
use kvm_ioctls::VcpuFd;
use line::Line;
use points::Planted;
use rustix::io::Errno;
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError};
use traffic::Traffic;

/// What vCPUs and the debugger's thread share.
#[derive(Debug)]
pub struct Debugger {
    /// Who may run.
    traffic: Traffic,
    planted: Mutex<Planted>,
    hardware: Hardware,
    step: Step,
    /// Until the thread takes it.
    line: Mutex<Option<Line>>,
}

impl Debugger {
    /// Waits for a debugger at `port` of localhost. Before the sandbox, where there are no sockets.
    pub fn wait_at(
        port: u16,
        machine: &Machine,
        nr_cpus: usize,
        hardware: Hardware,
    ) -> Result<Self, IsleError> {
        let failed = |error: std::io::Error| IsleError::Host {
            what: "wait for a debugger at this port of localhost",
            errno: Errno::from_io_error(&error).unwrap_or(Errno::IO),
            cure: "name another one: HERMIT_DEBUG=PORT",
        };
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

    /// Lets vCPU `cpu`, which has just made a step, make another. Each has to be asked for: an instruction
    /// such as POPF takes the trap flag away with it.
    fn step_again(&self, cpu: usize) {
        let step = DebugRegisters::default().for_kvm(Some(self.step));
        // It was possible the first time.
        self.traffic.with(cpu, |vcpu| vcpu.set_guest_debug(&step).is_ok());
    }
}

impl Observer for Debugger {
    fn join(&self, cpu: usize, machine: &Machine, vcpu: &VcpuFd) -> Result<(), IsleError> {
        self.traffic.join(cpu, machine, vcpu)
    }

    fn pass(&self, cpu: usize, vcpu: &mut VcpuFd) {
        self.traffic.pass(cpu, vcpu);
    }

    fn stands_on_breakpoint(&self, vcpu: &mut VcpuFd) -> bool {
        let planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
        planted.hit(vcpu)
    }

    fn tell(&self, cpu: usize, event: Event) {
        match event {
            Event::Debug(found) if self.traffic.travels(found.pc) => self.step_again(cpu),
            event => self.traffic.tell(cpu, event),
        }
    }

    fn finish(&self, cpu: usize, status: u8) {
        self.traffic.finish(cpu, status);
    }
}

/// The first connection over which something comes. A gdb that has run out of patience leaves one behind that
/// is dead already.
fn first_to_speak(listener: &TcpListener) -> std::io::Result<TcpStream> {
    loop {
        let (stream, _) = listener.accept()?;
        if stream.peek(&mut [0]).is_ok_and(|len| len > 0) {
            return Ok(stream);
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
