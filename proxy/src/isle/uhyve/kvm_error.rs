//! What KVM refuses, for the user: [`kvm_error`].

use crate::error::IsleError;
use rustix::io::Errno;

/// KVM has refused `what`.
pub fn kvm_error(what: &'static str, error: kvm_ioctls::Error) -> IsleError {
    let errno = Errno::from_raw_os_error(error.errno());
    let cure = match errno {
        Errno::NOMEM => "lower HERMIT_MEM or HERMIT_CPUS",
        Errno::MFILE => "raise ulimit -n",
        _ => "use HERMIT_ISLE=process, and see dmesg",
    };
    IsleError::Host { what, errno, cure }
}
