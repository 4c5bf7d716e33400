//! What the uhyve isle has beside the rules of every isle: KVM's requests, and what the end of a machine
//! takes.

use super::When::{self, OneOf};
use super::{FILE_COMMANDS, RULES, TERMINAL_REQUESTS};

/// KVM's requests that remain in uhyve (linux/kvm.h), beside those on terminals: run and interrupt vCPUs,
/// make further ones, and read registers for the report.
const KVM_REQUESTS: &[u32] = &[
    0xae80,      // KVM_RUN
    0x4020_aea5, // KVM_SIGNAL_MSI
    0x8090_ae81, // KVM_GET_REGS
    0x4090_ae82, // KVM_SET_REGS
    0x8138_ae83, // KVM_GET_SREGS
    0x4138_ae84, // KVM_SET_SREGS
    0xae41,      // KVM_CREATE_VCPU
    0x4020_ae46, // KVM_SET_USER_MEMORY_REGION
    0x4188_aea7, // KVM_SET_XCRS
    0x4008_ae90, // KVM_SET_CPUID2
    0x4004_ae99, // KVM_SET_MP_STATE
    0xaea3,      // KVM_GET_TSC_KHZ
    0xaece,      // KVM_GET_STATS_FD, for --stats
    0x4018_aee1, // KVM_SET_DEVICE_ATTR
    0xc008_ae88, // KVM_GET_MSRS
    0x4048_ae9b, // KVM_SET_GUEST_DEBUG, and for the debugger all the following
    0xc018_ae85, // KVM_TRANSLATE
    0x81a0_ae8c, // KVM_GET_FPU
    0x41a0_ae8d, // KVM_SET_FPU
];

/// Commands of fcntl(2) beside those of every isle: the lease of the image's file is given back, so that
/// others can write to it (see `uhyve/lease.rs`), and a machine that ends takes a place among those that wait
/// (see `uhyve/release.rs`).
const OWN_FILE_COMMANDS: &[u32] = &[libc::F_SETLEASE as u32, libc::F_OFD_SETLK as u32];

/// IORING_REGISTER_FILES (linux/io_uring.h): a ring holds files, see `uhyve/release.rs`. Nobody may make a
/// ring or enter one.
const RING_REQUESTS: &[u32] = &[2];

/// What remains in the uhyve isle.
pub fn of_uhyve() -> Vec<(i64, When)> {
    let with_kvm = |&(number, when)| match number {
        libc::SYS_ioctl => (number, OneOf(1, &[KVM_REQUESTS, TERMINAL_REQUESTS])),
        libc::SYS_fcntl => (number, OneOf(1, &[OWN_FILE_COMMANDS, FILE_COMMANDS])),
        _ => (number, when),
    };
    let ring = (libc::SYS_io_uring_register, OneOf(1, &[RING_REQUESTS]));
    RULES.iter().map(with_kvm).chain([ring]).collect()
}
