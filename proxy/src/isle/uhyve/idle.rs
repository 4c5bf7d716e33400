//! Where a vCPU waits that has nothing to do: [`Idle`].
//!
//! HLT, PAUSE and MWAIT leave the guest, so that Linux has the CPU meanwhile: KVM looks for up to 200 us whether something comes
//! (`halt_poll_ns`; as long as that has paid lately), the kernel did so before (`IDLE_SPINS`). A vCPU with a CPU of its own stays in
//! the guest instead: nobody else wants that CPU, and waking takes no way through Linux. Which CPUs are somebody's own is told
//! by locks on bytes of the device ([`super::device_lock`]).

use super::device_lock::lock;
use crate::options::{Cpus, IdleChoice, Options};
use core::ffi::c_ulong;
use kvm_bindings::{
    KVM_CAP_X86_DISABLE_EXITS, KVM_X86_DISABLE_EXITS_HLT, KVM_X86_DISABLE_EXITS_MWAIT,
    KVM_X86_DISABLE_EXITS_PAUSE, kvm_enable_cap,
};
use kvm_ioctls::VmFd;
use std::os::fd::AsRawFd;

/// Where idle vCPUs wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// In Linux: others can have the CPU meanwhile.
    InHost,
    /// In the guest: waking takes no way through Linux, which believes the CPU busy.
    InGuest,
}

/// The byte of the device that stands for CPU 0, behind the places of machines that end.
const FIRST_CPU: i64 = 1 << 16;

/// As the user wants it. By itself in the guest where CPUs were listed, and no other isle has any of these to itself.
/// `device` holds the CPUs from then on.
pub fn of(options: &Options, device: &impl AsRawFd) -> Idle {
    match (options.idle, &options.cpus) {
        (IdleChoice::Guest, _) => Idle::InGuest,
        (IdleChoice::Auto, Some(Cpus::List(list))) if claim(device, list) => Idle::InGuest,
        _ => Idle::InHost,
    }
}

/// Whether `device` got all of these CPUs. All or none: two isles may want the same ones in another order.
fn claim(device: &impl AsRawFd, cpus: &[usize]) -> bool {
    let all = cpus.iter().all(|&cpu| lock(device, libc::F_WRLCK, FIRST_CPU + cpu as i64, 1));
    if !all {
        give_back(device);
    }
    all
}

/// Nobody runs on the CPUs any more, although the device stays open a little longer.
pub fn give_back(device: &impl AsRawFd) {
    // Giving back fails never.
    lock(device, libc::F_UNLCK, FIRST_CPU, 0);
}

/// Lets the guest wait without leaving to the host, as far as KVM allows that. Only before vCPUs are made.
pub fn stay_in_guest(vm: &VmFd) {
    let possible = vm.check_extension_raw(c_ulong::from(KVM_CAP_X86_DISABLE_EXITS)) as u32;
    let wanted = KVM_X86_DISABLE_EXITS_HLT | KVM_X86_DISABLE_EXITS_PAUSE | KVM_X86_DISABLE_EXITS_MWAIT;
    let mut cap = kvm_enable_cap { cap: KVM_CAP_X86_DISABLE_EXITS, ..kvm_enable_cap::default() };
    cap.args[0] = u64::from(possible & wanted);
    // Without it the guest is as right, and a little slower.
    let _ = vm.enable_cap(&cap);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cpu_is_the_own_one_of_a_single_isle() {
        let first = tempfile::NamedTempFile::new().unwrap();
        let (second, first) = (first.reopen().unwrap(), first.into_file());
        let of = |idle, cpus: &str, device| {
            of(&Options { idle, cpus: Some(cpus.parse().unwrap()), ..Options::default() }, device)
        };
        assert_eq!(of(IdleChoice::Auto, "2", &first), Idle::InHost, "a count names no CPU");
        assert_eq!(of(IdleChoice::Host, "0-3", &first), Idle::InHost);
        assert_eq!(of(IdleChoice::Auto, "2-3", &first), Idle::InGuest);
        assert_eq!(of(IdleChoice::Auto, "0-2", &second), Idle::InHost, "2 is taken");
        assert_eq!(of(IdleChoice::Auto, "4-5", &second), Idle::InGuest);
        assert_eq!(of(IdleChoice::Guest, "2", &second), Idle::InGuest, "who asks is not asked");
        give_back(&second);
        give_back(&first);
        assert_eq!(of(IdleChoice::Auto, "0-5", &second), Idle::InGuest, "what was given back, or never kept");
    }
}
