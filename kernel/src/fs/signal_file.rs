//! signalfd(2): [`SignalFile`], from which signals are read that are blocked.
//!
//! It holds nothing: who reads takes what is pending for the thread itself or for the isle, as sigwait(3) does.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::file::{File, Readiness};
use super::ready::{WaitQueue, Watcher};
use super::stream::{Stream, anonymous, no_file_system};
use crate::signal::{self, SignalSet, UNBLOCKABLE};
use crate::user::UserCursor;
use abi::c::signal::SigInfo;
use abi::c::{self, POLLIN};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

/// `struct signalfd_siginfo`, in bytes.
const INFO_BYTES: usize = 128;

/// All who wait for signals in this way.
static POSTED: WaitQueue = WaitQueue::new();

/// An open file of signals.
pub struct SignalFile {
    mask: AtomicU64,
    stream: Stream,
}

impl SignalFile {
    /// signalfd(2) for `mask`.
    pub fn new(mask: SignalSet, is_nonblocking: bool) -> Self {
        signal::when_posted(|| POSTED.announce());
        let file = Self { mask: AtomicU64::new(0), stream: Stream::new(is_nonblocking) };
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
        loop {
            let seen = POSTED.seen();
            if let Some(info) = signal::take(self.mask.load(SeqCst)) {
                return Ok(info);
            }
            POSTED.wait(seen, self.stream.blocking())?;
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

    /// Does nothing, as on Linux.
    fn seek(&self, _offset: i64, _whence: i32) -> Result<u64, Errno> {
        Ok(0)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(anonymous())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn as_stream(&self) -> Option<&Stream> {
        Some(&self.stream)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(b"anon_inode:[signalfd]".to_vec())
    }

    fn readiness(&self) -> Readiness {
        let is_pending = signal::next(self.mask.load(SeqCst)).is_some();
        Readiness::Now(if is_pending { POLLIN } else { 0 })
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
