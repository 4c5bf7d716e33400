//! Lets Linux take the virtual machine apart behind the proxy's end, not in it: [`hand_over`].
//!
//! Taking one apart waits for several grace periods of RCU, tens of milliseconds in which nothing happens; and whoever waits for the
//! program would wait for them, too. What an io_uring holds is let go by one of the kernel's workers when the last user of the
//! ring has ended. Nothing is ever asked of the ring, and the sandbox forbids to.

use rustix::io::Errno;
use rustix::io_uring::{IoringRegisterOp, io_uring_params, io_uring_register, io_uring_setup};
use std::os::fd::{AsRawFd, OwnedFd};

/// Entries of a ring: the least that Linux makes.
const ENTRIES: u32 = 1;

/// Lets a ring hold the file of `machine`, too, to the process' end. Where io_uring is forbidden (many containers,
/// kernel.io_uring_disabled) ending takes longer, and nothing else changes.
pub fn hand_over(machine: &impl AsRawFd) {
    if let Ok(ring) = ring_that_holds(machine) {
        core::mem::forget(ring);
    }
}

fn ring_that_holds(machine: &impl AsRawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: numbers only; all zero is a ring without any extras.
    let mut parameters: io_uring_params = unsafe { core::mem::zeroed() };
    let files = [machine.as_raw_fd()];
    // SAFETY: nobody maps or enters the ring, so it touches no memory; the array lives through the call.
    unsafe {
        let ring = io_uring_setup(ENTRIES, &mut parameters)?;
        io_uring_register(&ring, IoringRegisterOp::RegisterFiles, files.as_ptr().cast(), files.len() as u32)?;
        Ok(ring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    /// As with a pipe, whose reader sees its end when the last writer is let go.
    #[test]
    fn a_ring_holds_the_file_as_long_as_it_is_open() {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let ring = match ring_that_holds(&writer) {
            Err(Errno::PERM | Errno::NOSYS) => return, // forbidden here
            ring => ring.unwrap(),
        };
        drop(writer);
        rustix::io::ioctl_fionbio(&reader, true).unwrap();
        assert_eq!(reader.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        rustix::io::ioctl_fionbio(&reader, false).unwrap();
        drop(ring);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
    }
}
