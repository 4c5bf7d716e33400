//! Where a program can run: the reference (native Linux) and the isles.
//!
//! Key type: [`Isle`]. Neighbours: [`crate::lab`] knows what the machine offers.

use std::fmt;

/// A place to run a program, in the order of the report's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isle {
    /// Linux itself: the program built statically by the host's compiler. Also where our tools run.
    Native,
    /// The sandboxed Linux process.
    Process,
    /// Our own KVM hypervisor, in the test bed or on the host's KVM.
    Uhyve,
    /// QEMU without KVM, so that every machine has it.
    Qemu,
}

impl Isle {
    /// All of them.
    pub const ALL: [Isle; 4] = [Isle::Native, Isle::Process, Isle::Uhyve, Isle::Qemu];

    /// As written in directives, options and `HERMIT_ISLE`.
    pub const fn name(self) -> &'static str {
        match self {
            Isle::Native => "native",
            Isle::Process => "process",
            Isle::Uhyve => "uhyve",
            Isle::Qemu => "qemu",
        }
    }

    /// The isle of that name.
    pub fn from_name(name: &str) -> Option<Isle> {
        Isle::ALL.into_iter().find(|isle| isle.name() == name)
    }

    /// What the proxy must find in its environment to take this isle.
    pub fn environment(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Isle::Native => &[],
            Isle::Process => &[("HERMIT_ISLE", "process")],
            Isle::Uhyve => &[("HERMIT_ISLE", "uhyve")],
            Isle::Qemu => &[("HERMIT_ISLE", "qemu"), ("HERMIT_KVM", "0")],
        }
    }
}

impl fmt::Display for Isle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
