//! On which CPU of the host each vCPU stays: [`host_cpus`] and [`pin`] where a thread of ours is a vCPU,
//! [`shared`] where QEMU makes the threads.

use crate::error::IsleError;
use crate::options::Cpus;
use abi::boot_info::MAX_CPUS;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Number of vCPUs, and the CPU of each, in order; none where Linux places them: a single one, and those that
/// nobody asked for. Programs that run side by side would else all be bound to the same few CPUs.
pub fn host_cpus(cpus: Option<&Cpus>) -> Result<(usize, Vec<usize>), IsleError> {
    match cpus {
        None => Ok((allowed()?.len().clamp(1, MAX_CPUS), Vec::new())),
        Some(Cpus::Count(1)) => Ok((1, Vec::new())),
        // More vCPUs than CPUs: they share, in turn.
        Some(Cpus::Count(count)) => Ok((*count, allowed()?.into_iter().cycle().take(*count).collect())),
        Some(Cpus::List(list)) => {
            check(list)?;
            Ok((list.len(), list.clone()))
        }
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
    fn vcpus_get_all_cpus_in_turn() {
        let mut expected = allowed().unwrap();
        expected.push(expected[0]);
        let count = expected.len();
        assert_eq!(host_cpus(Some(&Cpus::Count(count))).unwrap(), (count, expected));
    }

    /// Before any vCPU starts.
    #[test]
    fn a_cpu_that_is_not_there_is_named() {
        let missing = CpuSet::MAX_CPU - 1;
        let list = Cpus::List(vec![allowed().unwrap()[0], missing]);
        // A thread of its own: looking for the CPUs binds it to them.
        let found = std::thread::spawn(move || host_cpus(Some(&list))).join().unwrap();
        assert!(matches!(found, Err(IsleError::CpuNotAvailable { cpu, .. }) if cpu == missing), "{found:?}");
    }

    #[test]
    fn more_vcpus_than_cpus_share() {
        assert!(are_shared(&[0, 1, 0]));
        assert!(!are_shared(&[3, 1, 0]));
        assert!(!are_shared(&[]));
    }
}
