//! An image file, opened and mapped: [`ImageFile`]; and later, when the program runs, [`Original`].

#![allow(unsafe_code, reason = "maps a file for the life of the process")]

use super::{Image, ImageError};
use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::mm::{MapFlags, ProtFlags};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};

/// An open image whose headers were checked. The file stays open: the report symbolises from it, when the
/// sandbox no longer lets the proxy look elsewhere.
#[derive(Debug)]
pub struct ImageFile {
    /// As the user named it.
    pub path: PathBuf,
    /// The open file.
    pub fd: OwnedFd,
    /// What to load.
    pub image: Image,
    /// The whole file, as long as nobody cuts it off: only while the program is loaded, or under a lease.
    pub contents: &'static [u8],
}

/// The file of a running program, which is its user's: it may have been written to meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Original {
    fd: RawFd,
    version: Version,
}

/// What changes when a file is written to or cut off: its size and the time of its last change.
type Version = (i64, i64, u64);

fn version(status: &Stat) -> Version {
    (status.st_size, status.st_mtime, status.st_mtime_nsec)
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

    /// The file as it is now, to be read later. It must stay open.
    pub fn original(&self) -> std::io::Result<Original> {
        Ok(Original { fd: self.fd.as_raw_fd(), version: version(&rustix::fs::fstat(&self.fd)?) })
    }
}

impl Original {
    /// What the file held when the program started, if it still does.
    pub fn contents(self) -> Option<&'static [u8]> {
        // SAFETY: the file stays open, says `ImageFile::original`.
        let fd = unsafe { BorrowedFd::borrow_raw(self.fd) };
        let is_same = || rustix::fs::fstat(fd).is_ok_and(|status| version(&status) == self.version);
        if !is_same() {
            return None;
        }
        // Read and not mapped: a mapping would vanish with the file.
        let mut contents = vec![0; usize::try_from(self.version.0).ok()?];
        read_at(fd, &mut contents, 0).ok()?;
        is_same().then(|| &*contents.leak())
    }
}

/// Fills `buffer` from `offset` of the file.
pub fn read_at(fd: impl AsFd, mut buffer: &mut [u8], mut offset: u64) -> rustix::io::Result<()> {
    while !buffer.is_empty() {
        match rustix::io::pread(&fd, &mut *buffer, offset) {
            // Cut off since it was opened.
            Ok(0) => return Err(Errno::IO),
            Ok(len) => {
                buffer = &mut buffer[len..];
                offset += len as u64;
            }
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Maps a file for reading until the process ends.
fn map_whole(fd: &OwnedFd, len: usize) -> Result<&'static [u8], ImageError> {
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: the mapping is new, private and never unmapped, so the slice lives forever; the proxy only reads
    // it, and only as long as `ImageFile` says.
    unsafe {
        let start = rustix::mm::mmap(core::ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, fd, 0)
            .map_err(|errno| ImageError::Unreadable(errno.into()))?;
        Ok(core::slice::from_raw_parts(start.cast::<u8>(), len))
    }
}
