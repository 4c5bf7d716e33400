//! signalfd(2): [`SignalFile`], from which signals are read that are blocked.
//!
//! It holds nothing: who reads takes what is pending for the thread itself or for the isle, as sigwait(3) does.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use super::channel::no_file_system;
use super::file::{File, Readiness};
use super::ready::{Blocking, WaitQueue, Watcher};
use crate::signal::{self, SignalSet, UNBLOCKABLE};
use crate::user::UserCursor;
use abi::c::signal::SigInfo;
use abi::c::{self, POLLIN};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

const O_NONBLOCK: u64 = c::O_NONBLOCK as u64;

/// `struct signalfd_siginfo`, in bytes.
const INFO_BYTES: usize = 128;

/// All who wait for signals in this way.
static POSTED: WaitQueue = WaitQueue::new();

/// An open file of signals.
pub struct SignalFile {
    mask: AtomicU64,
    nonblocking: AtomicBool,
}

impl SignalFile {
    /// signalfd(2) for `mask`.
    pub fn new(mask: SignalSet, nonblocking: bool) -> Self {
        signal::when_posted(|| POSTED.announce());
        let file = Self { mask: AtomicU64::new(0), nonblocking: AtomicBool::new(nonblocking) };
        file.set_mask(mask);
        file
    }

    /// Other signals from now on.
    pub fn set_mask(&self, mask: SignalSet) {
        let mask = mask & !UNBLOCKABLE;
        signal::catch(mask);
        self.mask.store(mask, SeqCst);
        POSTED.announce();
    }

    /// Waits for one.
    fn take(&self) -> Result<SigInfo, Errno> {
        let blocking = if self.nonblocking.load(SeqCst) { Blocking::Refuse } else { Blocking::Wait };
        loop {
            let seen = POSTED.seen();
            if let Some(info) = signal::take(self.mask.load(SeqCst)) {
                return Ok(info);
            }
            POSTED.wait(seen, blocking)?;
        }
    }
}

/// As `struct signalfd_siginfo` has it.
fn told(info: &SigInfo) -> [u8; INFO_BYTES] {
    let mut bytes = [0; INFO_BYTES];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, &info.si_signo.to_ne_bytes());
    put(4, &info.si_errno.to_ne_bytes());
    put(8, &info.si_code.to_ne_bytes());
    let [first, second, ..] = info.fields;
    if info.si_code == c::SI_TIMER {
        // ssi_tid and ssi_overrun.
        put(24, &(first as u32).to_ne_bytes());
        put(32, &((first >> 32) as u32).to_ne_bytes());
    } else {
        // ssi_pid and ssi_uid.
        put(12, &(first as u32).to_ne_bytes());
        put(16, &((first >> 32) as u32).to_ne_bytes());
    }
    // ssi_int and ssi_ptr.
    put(44, &(second as u32).to_ne_bytes());
    put(48, &second.to_ne_bytes());
    bytes
}

impl File for SignalFile {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        if to.left() < INFO_BYTES as u64 {
            return Err(Errno::EINVAL);
        }
        let mut info = Some(self.take()?);
        while let Some(taken) = info {
            if to.write(&told(&taken)) < INFO_BYTES {
                return Err(Errno::EFAULT);
            }
            // More of them, if there are any.
            let has_room = to.left() >= INFO_BYTES as u64;
            info = if has_room { signal::take(self.mask.load(SeqCst)) } else { None };
        }
        Ok(to.done())
    }

    fn write(&self, _from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EINVAL)
    }

    fn read_at(&self, _to: &mut UserCursor<'_>, _offset: u64) -> Result<u64, Errno> {
        Err(Errno::ESPIPE)
    }

    fn write_at(&self, _from: &mut UserCursor<'_>, _offset: u64) -> Result<u64, Errno> {
        Err(Errno::ESPIPE)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Stat { st_nlink: 1, st_mode: 0o600, st_blksize: 4096, ..Stat::default() })
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn flags(&self) -> Result<u64, Errno> {
        Ok(c::O_RDWR as u64 | if self.nonblocking.load(SeqCst) { O_NONBLOCK } else { 0 })
    }

    fn set_flags(&self, flags: u64) -> Result<(), Errno> {
        self.nonblocking.store(flags & O_NONBLOCK != 0, SeqCst);
        Ok(())
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(b"anon_inode:[signalfd]".to_vec())
    }

    fn readiness(&self) -> Readiness {
        let is_pending = signal::next(self.mask.load(SeqCst)).is_some();
        Readiness::Now(if is_pending { POLLIN } else { 0 })
    }

    fn is_pollable(&self) -> bool {
        true
    }

    fn watch(&self, watcher: &Arc<dyn Watcher>) {
        POSTED.watch(watcher);
    }

    fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        POSTED.unwatch(watcher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_signal() {
        let info = SigInfo { si_signo: 10, si_errno: 0, si_code: 0, pad0: 0, fields: [0; 14] };
        let mut sent = info;
        sent.fields[..2].copy_from_slice(&[7 << 32 | 4711, 0x1_0000_0002]);
        let bytes = told(&sent);
        let word = |at: usize| u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        assert_eq!([word(0), word(12), word(16), word(44), word(52)], [10, 4711, 7, 2, 1]);
    }
}
