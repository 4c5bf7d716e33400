//! The serial line: slot numbers in, answers out: [`Line`].

use super::monitor::Reader;
use super::signals;
use crate::host_signals::interrupt::Moment;
use crate::host_signals::{self, CAUGHT_SIGNALS};
use crate::isle::ram::Ram;
use crate::memory::GuestMemory;
use crate::server::workers::Workers;
use crate::server::{Control, Ending, Pending, Server};
use abi::boot_info::ring;
use abi::errno::Errno;
use abi::hypercall::Number;
use core::sync::atomic::Ordering;
use rustix::net::{SendFlags, send};
use std::io::Read;
use std::os::unix::net::UnixStream;

/// The proxy's end.
#[derive(Debug)]
pub struct Line<'a> {
    stream: UnixStream,
    ram: &'a Ram,
}

/// QEMU has ended.
#[derive(Debug)]
pub struct Closed;

/// What this isle does itself.
struct LineControl<'a> {
    ram: &'a Ram,
    memory: &'a GuestMemory,
    workers: &'static Workers,
}

impl<'a> Line<'a> {
    /// The line to the machine with this RAM.
    pub fn new(stream: UnixStream, ram: &'a Ram) -> Self {
        Self { stream, ram }
    }

    /// Answers requests until the program ends.
    pub fn serve(self, server: &'static Server) -> Result<Ending, Closed> {
        // Both live until the process ends, which joins no worker.
        let line: &'static UnixStream = Box::leak(Box::new(self.stream));
        let workers: &'static Workers =
            Box::leak(Box::new(Workers::new(server, move |_cpu| ring_answered(line))));
        let machine = LineControl { ram: self.ram, memory: &server.memory, workers };
        let mut rings = [0; abi::boot_info::NR_SLOTS];
        loop {
            let count = match Reader(line).read(&mut rings) {
                Ok(0) => return Err(Closed),
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Closed),
            };
            // The program has been told of those that interrupted what it waited for.
            CAUGHT_SIGNALS.store(0, Ordering::SeqCst);
            for &number in &rings[..count] {
                // A number of no slot, or an empty slot, asks for nothing.
                let Some(slot) = self.ram.slot(number) else { continue };
                let address = slot.swap(0, Ordering::AcqRel);
                if let Some(ending) = server.serve(&machine, 0, address) {
                    return Ok(ending);
                }
            }
            ring_answered(line);
        }
    }
}

/// Lets the kernel look for answers.
fn ring_answered(line: &UnixStream) {
    // Not write(2), whose SIGPIPE would end the proxy without a word. If QEMU has ended, the next read tells.
    let _ = send(line, &[ring::ANSWERED], SendFlags::NOSIGNAL);
}

impl Control for LineControl<'_> {
    /// Time, traps and pages are the guest's own here; giving memory back is what it needs the host for.
    fn control(&self, _cpu: usize, number: Number, args: &[u64; 6]) -> Result<i64, Errno> {
        match number {
            Number::Discard if self.ram.discard(self.memory, args[0], args[1]) => Ok(0),
            Number::Discard => Err(Errno::EINVAL),
            Number::Cancel => self.workers.cancel(args[0]),
            Number::CatchSignal => host_signals::catch(args[0], args[1], signals::tell),
            _ => Err(Errno::ENOSYS),
        }
    }

    /// The server has one thread for all vCPUs, and answers come by interrupt in any case.
    fn may_pend(&self, _asked: bool) -> bool {
        true
    }

    fn hand_over(&self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        self.workers.take(cpu, pending, since)
    }
}
