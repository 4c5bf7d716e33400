//! Names: C strings from the program, and the devices that the kernel serves itself.

use alloc::sync::Arc;
use core::ffi::{CStr, c_char};

use super::file::File;
use super::memory::Node;
use abi::errno::Errno;
use abi::hypercall::{AT_FDCWD, MAX_PATH_BYTES};

/// A path and the directory that it starts from, as the host's `*at` calls take them.
#[derive(Clone)]
pub struct Path<'a> {
    /// A handle, or [`AT_FDCWD`].
    pub directory: i64,
    /// The directory in memory that it starts from instead.
    pub base: Option<Arc<Node>>,
    /// Without NUL, not empty.
    pub name: &'a [u8],
}

impl<'a> Path<'a> {
    /// The C string at `name`, relative to the working directory. Errors: `EFAULT` null, `ENOENT` empty,
    /// `ENAMETOOLONG`.
    ///
    /// # Safety
    /// `name` is null or a C string that lives as long as the path.
    pub unsafe fn new(name: *const c_char) -> Result<Self, Errno> {
        if name.is_null() {
            return Err(Errno::EFAULT);
        }
        // SAFETY: as the caller says.
        let name = unsafe { CStr::from_ptr(name) }.to_bytes();
        if name.is_empty() {
            return Err(Errno::ENOENT);
        }
        if name.len() as u64 >= MAX_PATH_BYTES {
            return Err(Errno::ENAMETOOLONG);
        }
        Ok(Self { directory: AT_FDCWD, base: None, name })
    }

    /// [`Self::new`], relative to what descriptor `fd` names, or to the working directory for `AT_FDCWD`.
    ///
    /// # Safety
    /// As [`Self::new`].
    pub unsafe fn at(fd: i32, name: *const c_char) -> Result<Self, Errno> {
        // SAFETY: as the caller says.
        let path = unsafe { Self::new(name)? };
        if fd as i64 == AT_FDCWD || path.name.starts_with(b"/") {
            return Ok(path);
        }
        let file = super::descriptor(fd)?;
        if let File::Memory(open) = &*file {
            return Ok(Self { base: Some(open.node.clone()), ..path });
        }
        Ok(Self { directory: file.host_handle().ok_or(Errno::ENOTDIR)? as i64, ..path })
    }

    /// An absolute path.
    pub const fn absolute(name: &'a [u8]) -> Self {
        Self { directory: AT_FDCWD, base: None, name }
    }

    /// The device that the kernel serves under this name.
    pub fn device(&self) -> Option<File> {
        match self.name {
            b"/dev/null" => Some(File::Null),
            b"/dev/zero" => Some(File::Zero),
            b"/dev/random" | b"/dev/urandom" => Some(File::Random),
            _ => None,
        }
    }

    /// The arguments of a hypercall that begin with `dirfd, path, path_len`.
    pub fn arguments(&self) -> (u64, u64, u64) {
        let (address, len) = crate::hypercall::slice(self.name);
        (self.directory as u64, address, len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_names() {
        // SAFETY: null and C strings.
        unsafe {
            assert_eq!(Path::new(core::ptr::null()).err(), Some(Errno::EFAULT));
            assert_eq!(Path::new(c"".as_ptr()).err(), Some(Errno::ENOENT));
            let long = std::ffi::CString::new(vec![b'a'; 4096]).unwrap();
            assert_eq!(Path::new(long.as_ptr()).err(), Some(Errno::ENAMETOOLONG));
            assert!(matches!(Path::new(c"/dev/null".as_ptr()).unwrap().device(), Some(File::Null)));
            assert!(Path::new(c"/dev/nul".as_ptr()).unwrap().device().is_none());
        }
    }
}
