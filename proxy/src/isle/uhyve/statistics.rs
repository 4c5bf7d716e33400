//! Why vCPUs left the guest, counted: [`Statistics`]. Shown by `--stats`.

use super::halts::Halts;
use abi::hypercall::Number;
use core::fmt::Write as _;
use core::sync::atomic::{AtomicU64, Ordering};
use kvm_ioctls::VcpuFd;
use std::io::Write as _;
use std::sync::OnceLock;

/// Why a vCPU left the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It asked for this.
    Hypercall(Number),
    /// It used an I/O port that is nobody's.
    Port,
    /// It used memory that is nobody's.
    Memory,
    /// KVM let it look for interrupts.
    Interrupt,
    /// It had nothing to do; KVM keeps most of these to itself, see [`Halts`].
    Halt,
    /// A signal of the host's.
    Signal,
    /// A debugger wanted to know.
    Debugger,
}

/// Reasons but hypercalls, in the order of their places.
const OTHERS: [(Reason, &str); 6] = [
    (Reason::Port, "unknown port"),
    (Reason::Memory, "unknown memory"),
    (Reason::Interrupt, "interrupt"),
    (Reason::Halt, "halt"),
    (Reason::Signal, "signal of the host"),
    (Reason::Debugger, "debugger"),
];

const NR_REASONS: usize = Number::ALL.len() + OTHERS.len();

/// Counters, one set for each vCPU.
#[derive(Debug)]
pub struct Statistics {
    vcpus: Vec<Counters>,
}

#[derive(Debug)]
struct Counters {
    reasons: [AtomicU64; NR_REASONS],
    halts: OnceLock<Halts>,
}

impl Reason {
    fn place(self) -> usize {
        let found = match self {
            Reason::Hypercall(number) => Number::ALL.iter().position(|&other| other == number),
            other => {
                OTHERS.iter().position(|&(reason, _)| reason == other).map(|place| Number::ALL.len() + place)
            }
        };
        found.expect("every reason is in one of the tables")
    }
}

impl Statistics {
    /// Nothing counted yet.
    pub fn new(nr_cpus: usize) -> Self {
        let none = || Counters { reasons: [const { AtomicU64::new(0) }; NR_REASONS], halts: OnceLock::new() };
        Self { vcpus: (0..nr_cpus).map(|_| none()).collect() }
    }

    /// vCPU `cpu` begins, and KVM counts what it keeps to itself.
    pub fn watch(&self, cpu: usize, vcpu: &VcpuFd) {
        if let Some(halts) = Halts::of(vcpu) {
            // It begins once.
            let _ = self.vcpus[cpu].halts.set(halts);
        }
    }

    /// Counts one exit of vCPU `cpu`.
    pub fn count(&self, cpu: usize, reason: Reason) {
        self.vcpus[cpu].reasons[reason.place()].fetch_add(1, Ordering::Relaxed);
    }

    /// Writes them to stderr: one line for each vCPU that ran, and `memory_bytes`, which the proxy has beside
    /// guest RAM.
    pub fn print(&self, memory_bytes: Option<u64>) {
        let mut text = self.text();
        if let Some(bytes) = memory_bytes {
            // A string takes any text.
            let _ = writeln!(text, "proxy: {} KiB of memory beside guest RAM", bytes / 1024);
        }
        // Without a stderr nobody is there to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    fn text(&self) -> String {
        let names = Number::ALL.iter().map(|number| number.name());
        let names: Vec<&str> = names.chain(OTHERS.iter().map(|&(_, name)| name)).collect();
        let mut text = String::new();
        for (cpu, counters) in self.vcpus.iter().enumerate() {
            let counts = counters.reasons.iter().map(|count| count.load(Ordering::Relaxed));
            let mut counts: Vec<u64> = counts.collect();
            counts[Reason::Halt.place()] += counters.halts.get().map_or(0, Halts::count);
            let parts = names.iter().zip(&counts).filter(|&(_, &count)| count > 0);
            let parts: Vec<String> = parts.map(|(name, count)| format!("{name} {count}")).collect();
            let total: u64 = counts.iter().sum();
            if total == 0 {
                continue; // it never ran
            }
            // A string takes any text.
            let _ = writeln!(text, "proxy: vCPU {cpu}: {total} exits: {}", parts.join(", "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exits_are_told_by_reason() {
        let statistics = Statistics::new(2);
        for reason in [Reason::Hypercall(Number::Write), Reason::Hypercall(Number::Write), Reason::Signal] {
            statistics.count(1, reason);
        }
        let expected = "proxy: vCPU 1: 3 exits: Write 2, signal of the host 1\n";
        assert_eq!(statistics.text(), expected);
    }

    #[test]
    fn every_reason_has_its_name() {
        let statistics = Statistics::new(1);
        let reasons =
            [Reason::Debugger, Reason::Signal, Reason::Halt, Reason::Interrupt, Reason::Memory, Reason::Port];
        for (place, reason) in reasons.into_iter().enumerate() {
            (0..=place).for_each(|_| statistics.count(0, reason));
        }
        let expected = "proxy: vCPU 0: 21 exits: unknown port 6, unknown memory 5, interrupt 4, halt 3, \
                        signal of the host 2, debugger 1\n";
        assert_eq!(statistics.text(), expected);
    }
}
