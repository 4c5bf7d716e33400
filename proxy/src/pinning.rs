//! On which CPU of the host each vCPU stays: [`host_cpus`] and [`pin`] where a thread of ours is a vCPU,
//! [`shared`] where QEMU makes the threads.

use crate::error::IsleError;
use crate::options::{Cpus, Options};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Refuses what the user wants if it is more than `most` vCPUs, which is the bound of `whose`.
pub fn check_count(
    options: &Options,
    most: usize,
    whose: &'static str,
    cure: &'static str,
) -> Result<(), IsleError> {
    match options.cpus.as_ref().map(Cpus::count) {
        Some(wanted) if wanted > most => Err(IsleError::TooManyCpus { wanted, most, whose, cure }),
        _ => Ok(()),
    }
}

/// Number of vCPUs, and the CPU of each, in order; none where Linux places them: a single one, and those that
/// nobody asked for, which are at most `most`. Programs that run side by side would else all be bound to the same few CPUs.
pub fn host_cpus(cpus: Option<&Cpus>, most: usize) -> Result<(usize, Vec<usize>), IsleError> {
    match cpus {
        None => Ok((allowed()?.len().clamp(1, most), Vec::new())),
        Some(Cpus::Count(1)) => Ok((1, Vec::new())),
        // More vCPUs than CPUs: they share, in turn.
        Some(Cpus::Count(count)) => Ok((*count, allowed()?.into_iter().cycle().take(*count).collect())),
        Some(Cpus::List(list)) => {
            check(list)?;
            Ok((list.len(), list.clone()))
        }
    }
}

/// How many CPUs `nr_cpus` vCPUs have, at most one each.
pub fn nr_host_cpus(cpus: Option<&Cpus>, nr_cpus: usize) -> Result<usize, IsleError> {
    match cpus {
        Some(Cpus::Count(2..)) => Ok(allowed()?.len().clamp(1, nr_cpus)),
        None | Some(Cpus::Count(_) | Cpus::List(_)) => Ok(nr_cpus),
    }
}

/// Whether two of the vCPUs have the same CPU.
pub fn are_shared(host_cpus: &[usize]) -> bool {
    host_cpus.iter().enumerate().any(|(vcpu, cpu)| host_cpus[..vcpu].contains(cpu))
}

/// The CPUs that all vCPUs share, where the user lists some; `None`: all that the proxy may use.
pub fn shared(cpus: Option<&Cpus>) -> Result<Option<CpuSet>, IsleError> {
    let Some(Cpus::List(list)) = cpus else { return Ok(None) };
    let allowed = allowed_set()?;
    match list.iter().find(|&&cpu| !allowed.is_set(cpu)) {
        Some(&cpu) => Err(IsleError::CpuNotAvailable { cpu, errno: rustix::io::Errno::INVAL }),
        None => Ok(Some(set_of(list))),
    }
}

/// The CPUs that the proxy may use.
fn allowed() -> Result<Vec<usize>, IsleError> {
    let set = allowed_set()?;
    Ok((0..CpuSet::MAX_CPU).filter(|&cpu| set.is_set(cpu)).collect())
}

fn allowed_set() -> Result<CpuSet, IsleError> {
    sched_getaffinity(None).map_err(IsleError::host("read the CPU affinity", "see taskset"))
}

fn set_of(list: &[usize]) -> CpuSet {
    let mut set = CpuSet::new();
    list.iter().for_each(|&cpu| set.set(cpu));
    set
}

/// Whether a thread could be bound to each of `list`: when further vCPUs start, it is too late for a clear
/// error.
fn check(list: &[usize]) -> Result<(), IsleError> {
    // Linux takes what it can of the set, and refuses only if nothing is there.
    let taken = sched_setaffinity(None, &set_of(list)).and_then(|()| sched_getaffinity(None));
    match list.iter().find(|&&cpu| !taken.is_ok_and(|taken| taken.is_set(cpu))) {
        Some(&cpu) => Err(IsleError::CpuNotAvailable { cpu, errno: rustix::io::Errno::INVAL }),
        None => Ok(()),
    }
}

/// Binds the calling thread to `cpu`.
pub fn pin(cpu: usize) -> Result<(), IsleError> {
    pin_to(&set_of(&[cpu])).map_err(|errno| IsleError::CpuNotAvailable { cpu, errno })
}

/// Binds the calling thread to these CPUs: one system call, as between fork and exec.
pub fn pin_to(set: &CpuSet) -> rustix::io::Result<()> {
    sched_setaffinity(None, set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_vcpus_has_as_many_cpus_as_there_are() {
        let allowed = allowed().unwrap().len();
        let of = |cpus: Option<Cpus>, nr_cpus| nr_host_cpus(cpus.as_ref(), nr_cpus).unwrap();
        assert_eq!(of(Some(Cpus::Count(1000)), 1000), allowed.min(1000));
        assert_eq!(of(Some(Cpus::Count(2)), 2), allowed.min(2));
        assert_eq!(of(Some(Cpus::Count(1)), 1), 1);
        assert_eq!(of(Some(Cpus::List(vec![0, 1, 2])), 3), 3, "each is there, or the isle does not start");
        assert_eq!(of(None, 1), 1);
    }

    #[test]
    fn more_vcpus_than_cpus_share() {
        assert!(are_shared(&[0, 1, 0]));
        assert!(!are_shared(&[3, 1, 0]));
        assert!(!are_shared(&[]));
    }
}
