//! Lets Linux take the virtual machine apart behind the proxy's end, not in it: [`Release`].
//!
//! Taking one apart waits for several grace periods of RCU, tens of milliseconds in which nothing happens;
//! and whoever waits for the program would wait for them, too. What an io_uring holds is let go by one of the
//! kernel's workers when the last user of the ring has ended: here files, nothing else; the sandbox lets
//! nobody ask the ring for more.
//!
//! The worker lets go of one file after the other. So that a host that starts many programs does not gather
//! machines, only [`PLACES`] of them may be waiting; the place is a lock on a byte of the device, held by the
//! open device that the ring holds, and so as long as the machine is there. Who finds no place takes its
//! machine apart itself.

#![allow(unsafe_code, reason = "hands descriptors to a ring of the kernel's by their numbers")]

use super::device_lock::lock;
use kvm_ioctls::{Kvm, VmFd};
use rustix::io::Errno;
use rustix::io_uring::{IoringRegisterOp, io_uring_params, io_uring_register, io_uring_setup};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

/// Machines of the whole host that may wait to be taken apart.
const PLACES: i64 = 4;

/// Entries of a ring: the least that Linux makes.
const ENTRIES: u32 = 1;

/// A way to part with a machine; none where io_uring is forbidden (many containers,
/// kernel.io_uring_disabled). Ending then takes longer, and nothing else changes.
#[derive(Debug)]
pub struct Release {
    ring: Option<OwnedFd>,
}

impl Release {
    /// Made while that is still allowed.
    pub fn new() -> Self {
        Self { ring: ring().ok() }
    }

    /// Hands `machine` over, if there is a place, right before the process ends.
    pub fn hand_over(&self, kvm: &Kvm, machine: &VmFd) {
        let Some(ring) = &self.ring else { return };
        let device = kvm.as_raw_fd();
        if (0..PLACES).any(|place| lock(&device, libc::F_WRLCK, place, 1)) {
            // The device, which holds the place, is let go neither first nor last: workers do either in the
            // order of this list or in the reverse one, and then close what nobody else holds, the last that
            // was let go first.
            let machine = machine.as_raw_fd();
            // Otherwise the machine is taken apart here and now.
            let _ = hold(ring, &[machine, device, machine]);
        }
    }
}

fn ring() -> Result<OwnedFd, Errno> {
    // SAFETY: numbers only; all zero is a ring without any extras.
    let mut parameters: io_uring_params = unsafe { core::mem::zeroed() };
    // SAFETY: nobody maps or enters the ring, so it touches no memory.
    unsafe { io_uring_setup(ENTRIES, &mut parameters) }
}

/// Lets the ring hold these files, too.
fn hold(ring: impl AsFd, files: &[RawFd]) -> Result<(), Errno> {
    let len = files.len() as u32;
    // SAFETY: the array lives through the call.
    unsafe { io_uring_register(ring, IoringRegisterOp::RegisterFiles, files.as_ptr().cast(), len) }.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::tests::lack::Lack;
    use std::fs::File;
    use std::io::Read as _;

    /// As with a pipe, whose reader sees its end when the last writer is let go.
    #[test]
    fn a_ring_holds_files_as_long_as_it_is_open() {
        let ring = match ring() {
            Err(Errno::PERM | Errno::NOSYS) => {
                Lack::Machine("io_uring is forbidden here".into()).skip();
                return;
            }
            ring => ring.unwrap(),
        };
        crate::patience::within("the ring's end", || holds_as_long_as_it_is_open(ring));
    }

    fn holds_as_long_as_it_is_open(ring: OwnedFd) {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let device = tempfile::NamedTempFile::new().unwrap();
        let (other, device) = (device.reopen().unwrap(), device.into_file());
        let take = |device: &File, place| lock(device, libc::F_WRLCK, place, 1);
        assert!(take(&device, 0));
        hold(&ring, &[writer.as_raw_fd(), device.as_raw_fd(), writer.as_raw_fd()]).unwrap();
        drop((writer, device));
        rustix::io::ioctl_fionbio(&reader, true).unwrap();
        assert_eq!(reader.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        assert!(!take(&other, 0) && take(&other, 1));
        rustix::io::ioctl_fionbio(&reader, false).unwrap();
        drop(ring);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
        // Let go right behind the pipe.
        let mut waits = 0..10_000;
        while !take(&other, 0) {
            waits.next().expect("the place is free within ten seconds");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }
}
