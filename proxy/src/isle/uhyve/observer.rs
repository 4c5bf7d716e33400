//! Who looks over the program's shoulder, as vCPUs see it: [`Observer`]. The debugger is one; vCPUs do not
//! know it.

use super::machine::Machine;
use crate::error::IsleError;
use core::fmt::Debug;
use kvm_bindings::kvm_debug_exit_arch;
use kvm_ioctls::VcpuFd;

/// What threads of vCPUs tell it, and ask it.
pub trait Observer: Debug + Send + Sync {
    /// The calling thread is vCPU `cpu` of `machine` from now on.
    fn join(&self, cpu: usize, machine: &Machine, vcpu: &VcpuFd) -> Result<(), IsleError>;

    /// vCPU `cpu` is going to enter the guest: waits if it shall stop.
    fn pass(&self, cpu: usize, vcpu: &mut VcpuFd);

    /// Whether `vcpu`, which has used an I/O port, stands on a breakpoint; then it stands there as if nothing
    /// had happened.
    fn stands_on_breakpoint(&self, vcpu: &mut VcpuFd) -> bool;

    /// vCPU `cpu` stops by itself; [`Observer::pass`] will keep it.
    fn tell(&self, cpu: usize, event: Event);

    /// vCPU `cpu` has ended the program. Returns only if nobody wants to know.
    fn finish(&self, cpu: usize, status: u8);
}

/// Why a vCPU stopped by itself.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// On a breakpoint in the code.
    Breakpoint,
    /// KVM tells what the debug registers and the trap flag have found.
    Debug(kvm_debug_exit_arch),
    /// The program ends by this signal; it still can be looked at.
    Fatal(u8),
    /// The program has ended with this status.
    Exited(u8),
}
