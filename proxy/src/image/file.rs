//! An image file, opened and mapped: [`ImageFile`].

#![allow(unsafe_code, reason = "maps a file for the life of the process")]

use super::{Image, ImageError};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use rustix::mm::{MapFlags, ProtFlags};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// An open image whose headers were checked. The file stays open and mapped: the report symbolises from it,
/// when the sandbox no longer lets the proxy look elsewhere.
#[derive(Debug)]
pub struct ImageFile {
    /// As the user named it.
    pub path: PathBuf,
    /// The open file.
    pub fd: OwnedFd,
    /// What to load.
    pub image: Image,
    /// The whole file.
    pub contents: &'static [u8],
}

impl ImageFile {
    /// Opens, maps and checks `path`.
    pub fn open(path: &Path) -> Result<Self, ImageError> {
        // Without O_NONBLOCK a FIFO would wait here for its writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| match errno {
            Errno::NOENT | Errno::NOTDIR => ImageError::NotFound,
            errno => ImageError::Unreadable(errno.into()),
        })?;
        let status = rustix::fs::fstat(&fd).map_err(|errno| ImageError::Unreadable(errno.into()))?;
        match FileType::from_raw_mode(status.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(ImageError::Directory),
            _ => return Err(ImageError::NotAFile),
        }
        let contents = map_whole(&fd, status.st_size as usize)?;
        let image = Image::parse(contents)?;
        Ok(Self { path: path.to_owned(), fd, image, contents })
    }
}

/// Maps a file for reading until the process ends.
fn map_whole(fd: &OwnedFd, len: usize) -> Result<&'static [u8], ImageError> {
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: the mapping is new, private and never unmapped, so the slice lives forever. Whoever changes the
    // file of a running program changes the program, as with every program that Linux maps; the proxy only
    // reads it.
    unsafe {
        let start = rustix::mm::mmap(core::ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, fd, 0)
            .map_err(|errno| ImageError::Unreadable(errno.into()))?;
        Ok(core::slice::from_raw_parts(start.cast::<u8>(), len))
    }
}
