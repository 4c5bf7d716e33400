//! Hostile addresses and lengths. Pages that vanish are in `host_signals::faults`, whose handler survives
//! them.

use super::*;
use rustix::mm::{MapFlags, ProtFlags};

const PAGE: usize = abi::layout::PAGE_SIZE as usize;

fn memory(guest: u64, pages: usize) -> (GuestMemory, *mut u8) {
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new anonymous mapping, used for nothing else.
    let host =
        unsafe { rustix::mm::mmap_anonymous(core::ptr::null_mut(), pages * PAGE, access, MapFlags::PRIVATE) }
            .unwrap();
    let region = Region { guest, len_bytes: (pages * PAGE) as u64, host: host as u64 };
    // SAFETY: the mapping is never unmapped and holds no Rust object.
    (unsafe { GuestMemory::new([region]) }, host.cast())
}

#[test]
fn addresses_at_every_edge() {
    let (memory, host) = memory(0x1000, 2);
    assert_eq!(memory.slice(0x1000, 0x2000).unwrap().as_ptr(), host.cast());
    assert_eq!(memory.slice(0x2fff, 1).unwrap().len(), 1);
    for (address, len) in [
        (0xfff, 1),
        (0xfff, 2),
        (0x3000, 1),
        (0x1000, 0x2001),
        (0, 1),
        (u64::MAX, 1),
        (u64::MAX, u64::MAX),
        (0x1000, u64::MAX),
        (0x2fff, 2),
    ] {
        assert_eq!(memory.slice(address, len).err(), Some(Errno::EFAULT), "{address:#x} {len:#x}");
    }
    assert!(memory.slice(u64::MAX, 0).unwrap().is_empty());
}

#[test]
fn neighbours_become_one() {
    let part = |guest, host| Region { guest, len_bytes: 0x1000, host };
    // SAFETY: nothing is accessed through these regions.
    let memory =
        unsafe { GuestMemory::new([part(0x1000, 0x5000), part(0x2000, 0x6000), part(0x3000, 0x9000)]) };
    assert!(memory.slice(0x1fff, 2).is_ok());
    assert!(memory.slice(0x2fff, 2).is_err());
}

#[test]
fn structures_survive_the_trip() {
    let (memory, _) = memory(0x7000, 1);
    memory.write(0x7008, &0x1234_5678_9abc_def0_u64).unwrap();
    assert_eq!(memory.read::<u64>(0x7008), Ok(0x1234_5678_9abc_def0));
    assert_eq!(memory.read_vec::<u32>(0x7008, 2).unwrap(), [0x9abc_def0, 0x1234_5678]);
    assert_eq!(memory.read_vec::<u64>(0x7000, u64::MAX), Err(Errno::EFAULT));
    memory.store_release(0x7000, 7).unwrap();
    assert_eq!(memory.read::<u32>(0x7000), Ok(7));
}
