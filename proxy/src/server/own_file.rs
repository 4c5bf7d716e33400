//! The name by which a program finds its own file: [`OwnFile`].

use super::fence;
use std::ffi::{CStr, CString};
use std::os::fd::AsRawFd;

/// What programs of Linux find themselves by. It would lead to the proxy.
pub const OWN_FILE: &[u8] = b"/proc/self/exe";

/// The path of the guest's own file: Linux's link to an open one, which can be opened, looked at and read
/// like that of [`OWN_FILE`].
#[derive(Debug)]
pub struct OwnFile(CString);

impl OwnFile {
    /// Of an open image, which must stay open.
    pub fn of(image: &impl AsRawFd) -> Self {
        Self(fence::own_link(image.as_raw_fd()))
    }

    /// Where it is found.
    pub fn path(&self) -> &CStr {
        &self.0
    }
}
