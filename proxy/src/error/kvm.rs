//! Why KVM cannot be used: [`NoKvm`].

use core::fmt;
use rustix::io::Errno;

/// Why KVM cannot be used; says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKvm {
    /// No module, no hardware.
    #[error(
        "no /dev/kvm: modprobe kvm_amd or kvm_intel; if that fails, switch virtualisation on in the firmware, or in the \
         virtual machine around this one"
    )]
    NoDevice,
    /// Not for this user.
    #[error("no permission for /dev/kvm: usermod -aG kvm $USER, then log in again")]
    NoPermission,
    /// Another error.
    #[error("/dev/kvm cannot be used: {0}; see dmesg | grep -i kvm")]
    Broken(Errno),
    /// An interface that is too old.
    #[error("KVM lacks {0}: use a newer Linux")]
    NoCapability(&'static str),
    /// Software.
    #[error(
        "KVM emulates the CPU in software here, {0}: use HERMIT_ISLE=process, or a machine whose virtualisation reaches \
         its guests (nested virtualisation)"
    )]
    Emulates(Symptom),
}

/// How an emulating KVM shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// It takes far too long.
    Slow,
    /// It gives up.
    Unable,
}

impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Symptom::Slow => "a thousand times slower",
            Symptom::Unable => "and does not know its vector instructions",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_own_words_and_a_cure() {
        let all = [
            NoKvm::NoDevice,
            NoKvm::NoPermission,
            NoKvm::Broken(Errno::IO),
            NoKvm::NoCapability("KVM_CAP_SIGNAL_MSI"),
            NoKvm::Emulates(Symptom::Slow),
            NoKvm::Emulates(Symptom::Unable),
        ];
        let texts = all.map(|why| why.to_string());
        for (index, text) in texts.iter().enumerate() {
            assert!(text.contains(": ") && !text.contains('\n'), "{text}");
            assert!(!texts[..index].contains(text), "{text}");
        }
    }
}
