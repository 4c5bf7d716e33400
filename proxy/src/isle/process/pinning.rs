//! On which CPU of the host each vCPU stays: [`places`], [`pin`].

use crate::isle::IsleError;
use crate::options::Cpus;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The CPU of each vCPU, in order; empty for a single vCPU that the user leaves to Linux.
pub fn places(cpus: &Cpus) -> Result<Vec<usize>, IsleError> {
    match cpus {
        Cpus::List(list) => Ok(list.clone()),
        Cpus::Count(1) => Ok(Vec::new()),
        Cpus::Count(count) => {
            let allowed =
                sched_getaffinity(None).map_err(IsleError::host("read the CPU affinity", "see taskset"))?;
            let allowed: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|&cpu| allowed.is_set(cpu)).collect();
            // More vCPUs than CPUs: they share, in turn.
            Ok(allowed.iter().copied().cycle().take(*count).collect())
        }
    }
}

/// Binds the calling thread to `cpu`.
pub fn pin(cpu: usize) -> Result<(), IsleError> {
    let mut set = CpuSet::new();
    set.set(cpu);
    sched_setaffinity(None, &set).map_err(|errno| IsleError::CpuNotAvailable { cpu, errno })
}
