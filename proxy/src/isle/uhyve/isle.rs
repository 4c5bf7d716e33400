//! What all vCPUs share: [`Isle`]. Their threads are in `vcpu`.

#![allow(unsafe_code, reason = "a word that the guest shares, and the end of the process")]

use super::footprint;
use super::machine::Machine;
use super::observer::Observer;
use super::statistics::{Reason, Statistics};
use crate::error::IsleError;
use crate::image::ImageFile;
use crate::isle::ram::{DOORBELL_SLOTS, Ram};
use crate::pinning;
use crate::server::Server;
use crate::server::workers::Workers;
use core::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::OnceLock;

/// What all vCPUs share.
#[derive(Debug)]
pub struct Isle {
    /// Answers hypercalls.
    pub server: Server,
    /// Waits for the host in the place of vCPUs.
    pub workers: OnceLock<Workers>,
    /// The virtual machine.
    pub machine: Machine,
    /// Guest RAM.
    pub ram: Ram,
    /// Of each vCPU: whether the guest has started it.
    pub started: Vec<AtomicBool>,
    /// The host's CPU of each vCPU; none where Linux places them.
    host_cpus: Vec<usize>,
    /// Where vCPUs enter the image.
    pub entry: u64,
    /// The image's file, for reports.
    pub contents: &'static [u8],
    /// The same, as the user named it.
    pub name: String,
    /// Counters, if somebody wants to see them.
    pub statistics: Option<Statistics>,
    /// Who looks over the program's shoulder.
    pub observer: Option<&'static dyn Observer>,
}

/// What an isle is made of.
#[derive(Debug)]
pub struct Parts {
    /// See [`Isle`].
    pub server: Server,
    /// See [`Isle`].
    pub machine: Machine,
    /// See [`Isle`].
    pub ram: Ram,
    /// The host's CPU of each vCPU; none where Linux places them.
    pub host_cpus: Vec<usize>,
    /// Counters, if somebody wants to see them.
    pub statistics: Option<Statistics>,
    /// See [`Isle`].
    pub observer: Option<&'static dyn Observer>,
}

impl Isle {
    /// The isle of `image`.
    pub fn new(parts: Parts, image: &ImageFile, nr_cpus: usize) -> Self {
        let Parts { server, machine, ram, host_cpus, statistics, observer } = parts;
        Self {
            server,
            workers: OnceLock::new(),
            machine,
            ram,
            started: (0..nr_cpus).map(|cpu| AtomicBool::new(cpu == 0)).collect(),
            host_cpus,
            entry: image.image.entry,
            contents: image.contents,
            name: image.path.display().to_string(),
            statistics,
            observer,
        }
    }

    /// Binds the calling thread to the CPU of vCPU `cpu`, if it has one.
    pub fn pin(&self, cpu: usize) -> Result<(), IsleError> {
        self.host_cpus.get(cpu).map_or(Ok(()), |&host_cpu| pinning::pin(host_cpu))
    }

    /// The word in which the guest finds signals for the program.
    pub fn signal_word(&self) -> &AtomicU64 {
        // SAFETY: an aligned word in RAM that both sides access atomically (`BootInfo::doorbell_slots`).
        unsafe { AtomicU64::from_ptr(self.ram.host_address(DOORBELL_SLOTS).cast()) }
    }

    /// Counts an exit of vCPU `cpu`.
    pub fn count(&self, cpu: usize, reason: Reason) {
        if let Some(statistics) = &self.statistics {
            statistics.count(cpu, reason);
        }
    }

    /// Ends the whole process at once, whatever vCPUs do.
    pub fn end_now(&self, status: u8) -> ! {
        if let Some(statistics) = &self.statistics {
            statistics.print(footprint::beside(&self.ram));
        }
        self.machine.hand_over();
        // SAFETY: nothing of the proxy needs to be put in order: there are no buffers and no temporary files.
        unsafe { libc::_exit(i32::from(status)) }
    }
}
