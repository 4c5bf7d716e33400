//! What getdents64(2) tells of a directory: [`Entry`].

use alloc::vec;
use alloc::vec::Vec;
use core::mem::offset_of;

use crate::user::UserSlice;
use abi::errno::Errno;
use abi::file::DirEntry;

/// A name in a directory.
pub struct Entry {
    /// What a reader finds its place by: entries come in ascending order, and 0 is before all.
    pub cookie: u64,
    /// Without NUL.
    pub name: Vec<u8>,
    /// Inode number.
    pub number: u64,
    /// File type, as in `st_mode`.
    pub kind: u32,
}

/// Writes as many entries as fit, and leaves in `position` the cookie of the last. Returns bytes. `EINVAL`: no entry fits in.
pub fn tell(
    entries: impl IntoIterator<Item = Entry>,
    to: UserSlice,
    position: &mut u64,
) -> Result<u64, Errno> {
    let mut used = 0;
    for entry in entries {
        let record = entry.record();
        if record.len() as u64 > to.len_bytes() - used {
            return if used == 0 { Err(Errno::EINVAL) } else { Ok(used) };
        }
        match to.skip(used).write_all(&record) {
            Ok(()) => {}
            Err(_) if used > 0 => break,
            Err(errno) => return Err(errno),
        }
        used += record.len() as u64;
        *position = entry.cookie;
    }
    Ok(used)
}

impl Entry {
    /// With the name's NUL.
    fn record(&self) -> Vec<u8> {
        let end = offset_of!(DirEntry, d_name) + self.name.len() + 1;
        let mut record = vec![0; end.next_multiple_of(align_of::<DirEntry>())];
        let len = record.len() as u16;
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        put(offset_of!(DirEntry, d_ino), &self.number.to_le_bytes());
        put(offset_of!(DirEntry, d_off), &self.cookie.to_le_bytes());
        put(offset_of!(DirEntry, d_reclen), &len.to_le_bytes());
        put(offset_of!(DirEntry, d_type), &[(self.kind >> 12) as u8]);
        put(offset_of!(DirEntry, d_name), &self.name);
        record
    }
}
