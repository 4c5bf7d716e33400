//! Hypercalls that concern the machine: starting vCPUs, giving memory back, signals.

use super::isle::Isle;
use super::signals;
use crate::host_signals::{self, interrupt::Moment};
use crate::server::workers::Workers;
use crate::server::{Control, Pending};
use abi::errno::Errno;
use abi::hypercall::Number;
use abi::trap::vector;
use core::sync::atomic::Ordering;

impl Control for &'static Isle {
    /// Time, traps and pages are the guest's own here.
    fn control(&self, _cpu: usize, number: Number, args: &[u64; 6]) -> Result<i64, Errno> {
        match number {
            Number::StartCpu => self.start_cpu(args[0]),
            Number::Discard if self.ram.discard(&self.server.memory, args[0], args[1]) => Ok(0),
            Number::Discard => Err(Errno::EINVAL),
            Number::Extend => self.machine.extend(&self.ram, args[0]).map(|end| end as i64),
            Number::CatchSignal => host_signals::catch(args[0], args[1], signals::tell),
            Number::Cancel => self.workers.get().ok_or(Errno::ESRCH)?.cancel(args[0]),
            _ => Err(Errno::ENOSYS),
        }
    }

    /// A vCPU that blocked in the host could not answer interrupts of the others.
    fn may_pend(&self, _asked: bool) -> bool {
        true
    }

    fn hand_over(&self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        let isle: &'static Isle = self;
        let tell = |cpu| isle.machine.interrupt(cpu, vector::ANSWER);
        isle.workers.get_or_init(|| Workers::new(&isle.server, tell)).take(cpu, pending, since)
    }
}

impl Isle {
    /// Starts the thread of a further vCPU. It has no name: that would be one more system call to allow.
    fn start_cpu(&'static self, cpu: u64) -> Result<i64, Errno> {
        let cpu = usize::try_from(cpu).map_err(|_| Errno::ESRCH)?;
        let started = self.started.get(cpu).ok_or(Errno::ESRCH)?;
        if started.swap(true, Ordering::SeqCst) {
            return Err(Errno::EEXIST);
        }
        match std::thread::Builder::new().spawn(move || self.be_further_vcpu(cpu)) {
            Ok(_) => Ok(0),
            Err(_) => {
                started.store(false, Ordering::SeqCst);
                Err(Errno::EAGAIN)
            }
        }
    }
}
