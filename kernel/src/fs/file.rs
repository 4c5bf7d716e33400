//! An open file: a device of the kernel, or a handle of the host's.

use super::channel::Channel;
use super::host;
use super::memory::{self, OpenNode};
use crate::{hypercall, random};
use abi::c::{POLLIN, POLLOUT, S_IFCHR};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};
use abi::hypercall::Number;

/// What is behind a descriptor.
pub enum File {
    /// A file, directory, pipe or terminal of the host.
    Host(HostFile),
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/urandom`.
    Random,
    /// A pipe end, socket or event counter inside of the isle.
    Channel(Channel),
    /// A file or directory of /tmp in memory.
    Memory(OpenNode),
}

/// A handle of the host's, closed when dropped.
pub struct HostFile {
    handle: i32,
}

impl Drop for HostFile {
    fn drop(&mut self) {
        // close(2) reports errors of earlier writes, which nobody can repair here; fsync is for those who care.
        let _ = hypercall::call(Number::Close, [self.handle as u64, 0, 0, 0, 0, 0]);
    }
}

/// File type bits of a character device with read and write permission for all.
const CHARACTER_DEVICE: u32 = S_IFCHR | 0o666;
/// Major device number of Linux's memory devices.
const MEMORY_MAJOR: u64 = 1;

/// `f_type` of what has no files (Linux's `PIPEFS_MAGIC`).
const PIPEFS_MAGIC: i64 = 0x5049_5045;

/// A piece of memory of the program, for reading into or writing from.
#[derive(Clone, Copy)]
pub struct Buffer {
    /// First address.
    pub address: u64,
    /// Length in bytes.
    pub len_bytes: u64,
}

impl File {
    /// A file behind a handle of the host's.
    pub fn host(handle: i32) -> Self {
        Self::Host(HostFile { handle })
    }

    /// The host's handle, if it is the host's.
    pub fn host_handle(&self) -> Option<i32> {
        match self {
            File::Host(host) => Some(host.handle),
            _ => None,
        }
    }

    /// read(2) at the file's own offset, or pread(2) at `offset`. Returns bytes.
    ///
    /// # Safety
    /// The buffer is the program's, writable, and used by nobody else meanwhile.
    pub unsafe fn read(&self, buffer: Buffer, offset: Option<u64>) -> Result<u64, Errno> {
        match self {
            File::Host(host) => host.transfer(Number::Read, Number::PRead, buffer, offset),
            File::Null => Ok(0),
            File::Zero => {
                // SAFETY: as the caller says.
                unsafe { core::ptr::write_bytes(buffer.address as *mut u8, 0, buffer.len_bytes as usize) };
                Ok(buffer.len_bytes)
            }
            File::Random => {
                // SAFETY: as the caller says.
                unsafe { random::fill(buffer.address, buffer.len_bytes) }.map(|()| buffer.len_bytes)
            }
            File::Channel(_) if offset.is_some() => Err(Errno::ESPIPE),
            // SAFETY: as the caller says.
            File::Channel(channel) => unsafe { channel.read(buffer) },
            // SAFETY: as the caller says.
            File::Memory(open) => unsafe { open.read(buffer, offset) },
        }
    }

    /// write(2) or pwrite(2). Returns bytes.
    ///
    /// # Safety
    /// The buffer is the program's and readable.
    pub unsafe fn write(&self, buffer: Buffer, offset: Option<u64>) -> Result<u64, Errno> {
        match self {
            File::Host(host) => host.transfer(Number::Write, Number::PWrite, buffer, offset),
            File::Null | File::Zero | File::Random => Ok(buffer.len_bytes),
            File::Channel(_) if offset.is_some() => Err(Errno::ESPIPE),
            // SAFETY: as the caller says.
            File::Channel(channel) => unsafe { channel.write(buffer) },
            // SAFETY: as the caller says.
            File::Memory(open) => unsafe { open.write(buffer, offset) },
        }
    }

    /// lseek(2). Devices have no offset: 0, as on Linux.
    pub fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        match self {
            File::Host(host) => host.call(Number::Seek, [offset as u64, whence as u64]),
            File::Channel(_) => Err(Errno::ESPIPE),
            File::Memory(open) => open.seek(offset, whence),
            _ => Ok(0),
        }
    }

    /// fstat(2).
    pub fn stat(&self) -> Result<Stat, Errno> {
        let minor = match self {
            File::Host(host) => {
                let mut stat = Stat::default();
                host.call(Number::FStat, [(&raw mut stat) as u64, 0])?;
                return Ok(stat);
            }
            File::Memory(open) => return Ok(open.node.stat()),
            File::Null => 3,
            File::Zero => 5,
            File::Random => 9,
            File::Channel(channel) => {
                return Ok(Stat {
                    st_nlink: 1,
                    st_mode: channel.mode(),
                    st_blksize: 4096,
                    ..Stat::default()
                });
            }
        };
        Ok(Stat {
            st_ino: minor,
            st_nlink: 1,
            st_mode: CHARACTER_DEVICE,
            st_rdev: MEMORY_MAJOR << 8 | minor,
            st_blksize: 4096,
            ..Stat::default()
        })
    }

    /// fstatfs(2).
    pub fn statfs(&self) -> Result<StatFs, Errno> {
        let f_type = match self {
            File::Host(host) => {
                let mut statfs = StatFs::default();
                host.call(Number::StatFsHandle, [(&raw mut statfs) as u64, 0])?;
                return Ok(statfs);
            }
            File::Memory(_) => return Ok(memory::statfs()),
            File::Channel(_) => PIPEFS_MAGIC,
            File::Null | File::Zero | File::Random => memory::TMPFS_MAGIC,
        };
        Ok(StatFs { f_type, f_bsize: 4096, f_frsize: 4096, f_namelen: 255, ..StatFs::default() })
    }

    /// A call on the host's file with two more arguments; `otherwise` for devices.
    pub fn host_call(&self, number: Number, args: [u64; 2], otherwise: Errno) -> Result<u64, Errno> {
        match self {
            File::Host(host) => host.call(number, args),
            File::Memory(open) => open.call(number, args, otherwise),
            _ => Err(otherwise),
        }
    }

    /// fcntl(2) F_GETFL.
    pub fn flags(&self) -> Result<u64, Errno> {
        match self {
            File::Host(host) => host.call(Number::GetFlags, [0, 0]),
            File::Channel(channel) => Ok(channel.flags()),
            File::Memory(open) => Ok(open.flags()),
            _ => Ok(host::O_RDWR),
        }
    }

    /// fcntl(2) F_SETFL.
    pub fn set_flags(&self, flags: u64) -> Result<(), Errno> {
        match self {
            File::Host(host) => host.call(Number::SetFlags, [flags, 0]).map(|_| ()),
            File::Channel(channel) => {
                channel.set_flags(flags);
                Ok(())
            }
            File::Memory(open) => {
                open.set_flags(flags);
                Ok(())
            }
            // Devices have no flags to set.
            _ => Ok(()),
        }
    }

    /// Which events of poll(2) hold now; `None` if only the host knows. Devices are always ready.
    pub fn events(&self) -> Option<i16> {
        match self {
            File::Host(_) => None,
            File::Channel(channel) => Some(channel.events()),
            _ => Some(POLLIN | POLLOUT),
        }
    }
}

impl HostFile {
    fn call(&self, number: Number, args: [u64; 2]) -> Result<u64, Errno> {
        host::restartable(number, [self.handle as u64, args[0], args[1], 0, 0, 0])
    }

    fn transfer(
        &self,
        sequential: Number,
        positioned: Number,
        buffer: Buffer,
        offset: Option<u64>,
    ) -> Result<u64, Errno> {
        let number = if offset.is_some() { positioned } else { sequential };
        let args = [self.handle as u64, buffer.address, buffer.len_bytes, offset.unwrap_or(0), 0, 0];
        host::restartable(number, args)
    }
}
