//! What else can be done with a handle.

use super::answer::Answer;
use super::{Server, host};
use abi::errno::Errno;
use abi::hypercall::Number;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::sync::Arc;

/// What `SetFlags` may change; O_ASYNC would send the proxy signals.
const CHANGEABLE_FLAGS: u64 = (libc::O_APPEND | libc::O_NONBLOCK | libc::O_NOATIME | libc::O_DIRECT) as u64;

impl Server {
    pub(super) fn by_handle(&self, number: Number, args: &[u64; 6]) -> Answer {
        match number {
            Number::Close => return self.close(args[0]),
            Number::GetCwd => {
                let buffer = self.memory.slice(args[0], args[1])?;
                return host::call(libc::SYS_getcwd, &[buffer.as_ptr() as u64, buffer.len() as u64]);
            }
            _ => {}
        }
        let file = self.handles.get(args[0])?;
        let (fd, [a, b]) = (file.as_raw_fd() as u64, [args[1], args[2]]);
        if let Number::ChModHandle | Number::ChOwnHandle | Number::SetTimesHandle = number {
            self.fence.may_change(&file)?;
        }
        match number {
            Number::Seek => host::call(libc::SYS_lseek, &[fd, a, b]),
            Number::FStat => {
                let stat = self.memory.slice(a, size_of::<abi::file::Stat>() as u64)?;
                host::call(libc::SYS_fstat, &[fd, stat.as_ptr() as u64])
            }
            Number::StatFsHandle => {
                let statfs = self.memory.slice(a, size_of::<abi::file::StatFs>() as u64)?;
                host::retry(|| host::call(libc::SYS_fstatfs, &[fd, statfs.as_ptr() as u64]))
            }
            Number::ReadDir => {
                let entries = self.memory.slice(a, b.min(u64::from(u32::MAX)))?;
                host::call(libc::SYS_getdents64, &[fd, entries.as_ptr() as u64, entries.len() as u64])
            }
            Number::Truncate => host::retry(|| host::call(libc::SYS_ftruncate, &[fd, a])),
            Number::Sync if a == 1 => host::retry(|| host::call(libc::SYS_fdatasync, &[fd])),
            Number::Sync => host::retry(|| host::call(libc::SYS_fsync, &[fd])),
            Number::ChDirHandle => host::call(libc::SYS_fchdir, &[fd]),
            Number::ChModHandle => host::call(libc::SYS_fchmod, &[fd, a]),
            Number::ChOwnHandle => host::call(libc::SYS_fchown, &[fd, a, b]),
            Number::SetTimesHandle => host::call(libc::SYS_utimensat, &[fd, 0, self.times(a)?, 0]),
            Number::SetFlags => {
                host::call(libc::SYS_fcntl, &[fd, libc::F_SETFL as u64, a & CHANGEABLE_FLAGS])
            }
            Number::GetFlags => host::call(libc::SYS_fcntl, &[fd, libc::F_GETFL as u64]),
            Number::Allocate => host::retry(|| host::call(libc::SYS_fallocate, &[fd, 0, a, b])),
            _ => Err(Errno::ENOSYS),
        }
    }

    /// close(2) tells of errors (a full disk behind NFS) only when it is really this call that closes.
    fn close(&self, handle: u64) -> Answer {
        match Arc::try_unwrap(self.handles.remove(handle)?) {
            Ok(file) => match host::call(libc::SYS_close, &[file.into_raw_fd() as u64]) {
                // Linux has closed it all the same.
                Err(Errno::EINTR) => Ok(0),
                answer => answer,
            },
            Err(_used_by_another_vcpu) => Ok(0),
        }
    }
}
