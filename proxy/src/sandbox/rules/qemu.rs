//! What the proxy beside QEMU has: the guest's code runs in QEMU, so what only vCPUs of the proxy's own need is
//! gone; ringing the line, and waiting for QEMU's end, come in.
//!
//! There is no way to send QEMU, or anybody, a signal: QEMU ends because its monitor is told so, or because the proxy ends
//! (PR_SET_PDEATHSIG). A descriptor of QEMU's process would do as well, but its number can be had for
//! another process: pidfd_send_signal(2) takes folders of /proc, too.

use super::RULES;
use super::When::{self, Always, OneOf};

/// Timers and segment bases of vCPUs that are threads of the proxy.
const OF_VCPUS: &[i64] = &[libc::SYS_timer_create, libc::SYS_timer_settime, libc::SYS_arch_prctl];

/// sendto(2) names nobody: what it sends goes along connected sockets (argument 5 is the address's length, an
/// `int`).
const TO_NOBODY: When = OneOf(5, &[&[0]]);

/// What remains beside QEMU.
pub fn of_qemu() -> Vec<(i64, When)> {
    let rules = RULES.iter().filter(|(number, _)| !OF_VCPUS.contains(number)).copied();
    // wait4(2) knows children only, and QEMU is the only one.
    rules.chain([(libc::SYS_sendto, TO_NOBODY), (libc::SYS_wait4, Always)]).collect()
}
