//! Devices that the kernel serves itself: `/dev/null`, `/dev/zero`, `/dev/random` and `/dev/urandom`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::{File, Mapping, TMPFS_MAGIC};
use crate::random;
use crate::user::UserCursor;
use abi::c::S_IFCHR;
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

/// A device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Takes everything, has nothing.
    Null,
    /// Has zeroes without end.
    Zero,
    /// Has random bytes without end.
    Random,
}

/// File type bits of a character device with read and write permission for all.
const CHARACTER_DEVICE: u32 = S_IFCHR | 0o666;
/// Major device number of Linux's memory devices.
const MEMORY_MAJOR: u64 = 1;
/// Random bytes that are made at a time.
const RANDOM_BYTES: usize = 256;

impl Device {
    /// The device of this name.
    pub fn named(path: &[u8]) -> Option<Self> {
        match path {
            b"/dev/null" => Some(Self::Null),
            b"/dev/zero" => Some(Self::Zero),
            b"/dev/random" | b"/dev/urandom" => Some(Self::Random),
            _ => None,
        }
    }

    const fn minor(self) -> u64 {
        match self {
            Self::Null => 3,
            Self::Zero => 5,
            Self::Random => 9,
        }
    }
}

impl File for Device {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        match self {
            Self::Null => return Ok(0),
            Self::Zero => {
                to.write_zeroes(to.left() as usize);
            }
            Self::Random => read_random(to)?,
        }
        // What could be written counts.
        if to.done() == 0 && to.left() > 0 { Err(Errno::EFAULT) } else { Ok(to.done()) }
    }

    /// Nobody looks at what is written.
    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        from.advance(from.left());
        Ok(from.done())
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Stat {
            st_ino: self.minor(),
            st_nlink: 1,
            st_mode: CHARACTER_DEVICE,
            st_rdev: MEMORY_MAJOR << 8 | self.minor(),
            st_blksize: 4096,
            ..Stat::default()
        })
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(StatFs { f_type: TMPFS_MAGIC, f_bsize: 4096, f_frsize: 4096, f_namelen: 255, ..StatFs::default() })
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(match self {
            Self::Null => b"/dev/null".to_vec(),
            Self::Zero => b"/dev/zero".to_vec(),
            Self::Random => b"/dev/urandom".to_vec(),
        })
    }

    fn reopen(&self, _flags: u64) -> Result<Arc<dyn File>, Errno> {
        Ok(Arc::new(*self))
    }

    fn map(&self) -> Result<Mapping, Errno> {
        if *self == Self::Zero { Ok(Mapping::Zeroes) } else { Err(Errno::ENODEV) }
    }
}

/// Fills with random bytes, until memory ends.
fn read_random(to: &mut UserCursor<'_>) -> Result<(), Errno> {
    let mut bytes = [0; RANDOM_BYTES];
    loop {
        let bytes = &mut bytes[..RANDOM_BYTES.min(to.left() as usize)];
        random::fill(bytes)?;
        if to.write(bytes) < bytes.len() || to.left() == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::UserSlice;

    #[test]
    fn names() {
        assert_eq!(Device::named(b"/dev/null"), Some(Device::Null));
        assert_eq!([Device::named(b"/dev/nul"), Device::named(b"dev/zero")], [None; 2]);
    }

    #[test]
    fn zeroes_without_end() {
        let bytes = [7u8; 5];
        let parts = [UserSlice::new(bytes.as_ptr() as u64, 5).unwrap()];
        assert_eq!(Device::Zero.read(&mut UserCursor::new(&parts)), Ok(5));
        assert_eq!(core::hint::black_box(bytes), [0; 5]);
        assert_eq!(Device::Null.read(&mut UserCursor::new(&parts)), Ok(0));
        assert_eq!(Device::Null.write(&mut UserCursor::new(&parts)), Ok(5));
    }
}
