//! How often a vCPU went to sleep, which KVM keeps to itself: [`Halts`], by its statistics (KVM's api.rst, KVM_GET_STATS_FD).

#![allow(unsafe_code, reason = "a request of KVM's that returns a descriptor")]

use core::ffi::{c_int, c_ulong};
use kvm_bindings::{kvm_stats_desc, kvm_stats_header};
use kvm_ioctls::VcpuFd;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// `KVM_GET_STATS_FD` (linux/kvm.h): `_IO(0xae, 0xce)`.
const KVM_GET_STATS_FD: c_ulong = 0xaece;

/// KVM's name of the counter.
const HALTS: &[u8] = b"halt_exits";

/// Most bytes of descriptions: those of Linux 6.12 take some 4 KiB.
const MOST_BYTES: usize = 64 << 10;

/// A counter of KVM's.
#[derive(Debug)]
pub struct Halts {
    file: OwnedFd,
    offset: u64,
}

impl Halts {
    /// That of `vcpu`; `None` before Linux 5.14.
    pub fn of(vcpu: &VcpuFd) -> Option<Self> {
        // SAFETY: no argument; makes a descriptor.
        let fd: c_int = unsafe { libc::ioctl(vcpu.as_raw_fd(), KVM_GET_STATS_FD) };
        // SAFETY: a new one, nobody else's.
        let file = (fd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(fd) })?;
        let mut text = vec![0; MOST_BYTES];
        let len = rustix::io::pread(&file, &mut text[..], 0).ok()?;
        Some(Self { offset: offset_of(&text[..len], HALTS)?, file })
    }

    /// What it says now.
    pub fn count(&self) -> u64 {
        let mut value = [0; 8];
        match rustix::io::pread(&self.file, &mut value, self.offset) {
            Ok(8) => u64::from_ne_bytes(value),
            _ => 0,
        }
    }
}

/// Where the file has the value of the counter `name`, by the descriptions in its `text`.
fn offset_of(text: &[u8], name: &[u8]) -> Option<u64> {
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_ne_bytes(text.get(at..at + size_of::<u32>())?.try_into().ok()?))
    };
    let field = |offset| Some(number(offset)? as usize);
    let name_bytes = field(core::mem::offset_of!(kvm_stats_header, name_size))?;
    let count = field(core::mem::offset_of!(kvm_stats_header, num_desc))?;
    let first = field(core::mem::offset_of!(kvm_stats_header, desc_offset))?;
    let values = field(core::mem::offset_of!(kvm_stats_header, data_offset))?;
    let each = size_of::<kvm_stats_desc>() + name_bytes;
    let is_it = |&at: &usize| {
        let start = at + size_of::<kvm_stats_desc>();
        let found = text.get(start..start + name_bytes).unwrap_or_default();
        found.split(|&byte| byte == 0).next() == Some(name)
    };
    let description = (0..count).map(|index| first + index * each).find(is_it)?;
    let offset = number(description + core::mem::offset_of!(kvm_stats_desc, offset))?;
    Some(values as u64 + u64::from(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Linux writes it: header, identity, descriptions, values.
    #[test]
    fn a_counter_is_found_by_its_name() {
        let mut text = Vec::new();
        for number in [0_u32, 16, 2, 24, 32, 96] {
            text.extend(number.to_ne_bytes());
        }
        text.resize(32, 0);
        for (name, offset) in [("exits", 0_u32), ("halt_exits", 8)] {
            text.extend([0; 8]);
            text.extend(offset.to_ne_bytes());
            text.extend([0; 4]);
            text.extend(name.as_bytes());
            text.resize(text.len().next_multiple_of(32), 0);
        }
        assert_eq!(text.len(), 96);
        assert_eq!(offset_of(&text, b"halt_exits"), Some(104));
        assert_eq!(offset_of(&text, b"exits"), Some(96));
        assert_eq!(offset_of(&text, b"halt"), None);
        assert_eq!(offset_of(&text[..60], b"halt_exits"), None);
        assert_eq!(offset_of(&[], b"exits"), None);
    }
}
