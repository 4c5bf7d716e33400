//! Names of the system, as uname(2) tells them.

use super::layout;

/// Length of each name, its NUL included.
pub const NAME_BYTES: usize = 65;

/// `struct utsname` of uname(2): C strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct UtsName {
    /// Of the operating system.
    pub sysname: [i8; NAME_BYTES],
    /// Of the machine.
    pub nodename: [i8; NAME_BYTES],
    /// Of the kernel.
    pub release: [i8; NAME_BYTES],
    /// More about that.
    pub version: [i8; NAME_BYTES],
    /// Of the architecture.
    pub machine: [i8; NAME_BYTES],
    /// Of the NIS domain.
    pub domainname: [i8; NAME_BYTES],
}

layout! {
    UtsName = "struct utsname" in "sys/utsname.h" {
        members: sysname, nodename, release, version, machine, domainname;
    }
}
