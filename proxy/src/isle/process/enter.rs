//! From a thread to a vCPU in the guest: [`enter`].

use super::vcpu::{Isle, Vcpu};
use crate::error::IsleError;
use crate::pinning;
use abi::layout::PROCESS_RAM_BASE;
use core::convert::Infallible;

/// Makes the calling thread vCPU `cpu`, and enters the guest. vCPU 0 is the first thread; the guest starts
/// the others when it needs them (`StartCpu`).
pub fn enter(isle: &'static Isle, cpu: usize) -> Result<Infallible, IsleError> {
    if let Some(&host_cpu) = isle.host_cpus.get(cpu) {
        pinning::pin(host_cpu)?;
    }
    let vcpu = Vcpu::create(isle, cpu)?;
    vcpu.enter(isle.image.entry, PROCESS_RAM_BASE)
}
