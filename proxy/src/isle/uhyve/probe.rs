//! Whether KVM really works here: [`open`] asks the device, [`probe`] runs a few vector instructions in a
//! throw-away guest.
//!
//! A `/dev/kvm` that opens may emulate instruction by instruction, a thousand times slower, and know only the
//! common ones. What was found is [`remembered`] until the machine or its KVM module starts anew.

mod guest;
mod remembered;

use super::debug_registers::Hardware;
use crate::error::{IsleError, NoKvm};
use abi::exit::Failure;
use kvm_ioctls::{Cap, Kvm};
use rustix::io::Errno;
use std::io::Write;

/// The one version that KVM's interface has had since Linux 2.6.22.
const API_VERSION: i32 = 12;

/// What the isle cannot do without.
const NEEDED: [(Cap, &str); 4] = [
    (Cap::UserMemory, "KVM_CAP_USER_MEMORY"),
    (Cap::SplitIrqchip, "KVM_CAP_SPLIT_IRQCHIP (Linux 4.5)"),
    (Cap::SignalMsi, "KVM_CAP_SIGNAL_MSI"),
    (Cap::GetTscKhz, "KVM_CAP_GET_TSC_KHZ"),
];

/// Opens KVM, if it works: a program that an emulating KVM runs would be slow beyond use, and end at the first
/// instruction that is not known there.
pub fn open() -> Result<Kvm, IsleError> {
    let kvm = open_device().map_err(IsleError::NoKvm)?;
    if remembered::verdict(&kvm) != Some(true) {
        let found = check(&kvm);
        remembered::remember(&kvm, found.is_ok());
        found.map_err(IsleError::NoKvm)?;
    }
    Ok(kvm)
}

fn open_device() -> Result<Kvm, NoKvm> {
    let kvm = Kvm::new().map_err(|error| match error.errno() {
        libc::ENOENT | libc::ENODEV | libc::ENXIO => NoKvm::NoDevice,
        libc::EACCES | libc::EPERM => NoKvm::NoPermission,
        errno => NoKvm::Broken(Errno::from_raw_os_error(errno)),
    })?;
    match kvm.get_api_version() {
        API_VERSION => Ok(kvm),
        _ => Err(NoKvm::NoCapability("the stable interface")),
    }
}

/// Whether KVM works, cheaply: as it was found before, if it was.
pub fn works() -> bool {
    match remembered::verdict_unopened() {
        Some(known) => known && open_device().is_ok(),
        None => probe().is_ok(),
    }
}

/// The whole probe, anew.
pub fn probe() -> Result<(), NoKvm> {
    let kvm = open_device()?;
    let found = check(&kvm);
    remembered::remember(&kvm, found.is_ok());
    found
}

/// Whether a guest's debug registers stop it: tries it out.
pub fn debug_registers(kvm: &Kvm) -> Hardware {
    match guest::stops_at_breakpoint(kvm) {
        Ok(true) => Hardware::Works,
        Ok(false) | Err(_) => Hardware::Ignored,
    }
}

fn check(kvm: &Kvm) -> Result<(), NoKvm> {
    if let Some(&(_, name)) = NEEDED.iter().find(|&&(cap, _)| !kvm.check_extension(cap)) {
        return Err(NoKvm::NoCapability(name));
    }
    guest::run(kvm)
}

/// `proxy --probe`: tells on standard output, and by the exit status.
pub fn tell() -> u8 {
    let result = probe();
    let text = match &result {
        Ok(()) => "KVM works: HERMIT_ISLE=auto takes uhyve".to_owned(),
        Err(why) => format!("{why}"),
    };
    // Without a stdout the status still tells.
    let _ = writeln!(std::io::stdout(), "{text}");
    if result.is_ok() { 0 } else { Failure::Proxy as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever this machine has, the probe ends, and what is remembered is what was found.
    #[test]
    fn the_probe_always_ends() {
        crate::patience::within("the probe", || {
            let found = probe();
            assert_eq!(works(), found.is_ok(), "{found:?}");
        });
    }
}
