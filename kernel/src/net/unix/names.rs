//! Names of sockets inside of the isle: [`bind`], [`find`].
//!
//! They are the isle's alone, also those that are paths: nothing of it is in the host's file systems, and sockets of the host's are
//! not found by them.

use alloc::collections::BTreeMap;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use super::end::End;
use crate::fs::calls;
use crate::fs::path::{Path, Start};
use crate::fs::socket::Address;
use crate::sync::SpinLock;
use abi::c::AF_UNIX;
use abi::errno::Errno;

/// Where the name begins in `struct sockaddr_un`.
const NAME_OFFSET: usize = 2;

/// Most bytes of a name.
const MAX_NAME_BYTES: usize = 108;

/// Automatic names: five hexadecimal digits, as Linux has them.
const NR_AUTOMATIC: u32 = 1 << 20;

/// A name: that of an abstract socket begins with 0, a path is absolute.
pub type Name = Vec<u8>;

static NAMES: SpinLock<BTreeMap<Name, Weak<End>>> = SpinLock::new(BTreeMap::new());

/// The name that an address tells, if it does. `EINVAL`: it is none of AF_UNIX.
pub fn name_of(address: &Address) -> Result<Option<Name>, Errno> {
    let bytes = address.bytes();
    let family = bytes.get(..NAME_OFFSET).and_then(|family| family.try_into().ok()).map(u16::from_ne_bytes);
    if family.map(i32::from) != Some(AF_UNIX) || bytes.len() > NAME_OFFSET + MAX_NAME_BYTES {
        return Err(Errno::EINVAL);
    }
    let name = &bytes[NAME_OFFSET..];
    match name.first() {
        None => Ok(None),
        Some(0) => Ok(Some(name.to_vec())),
        Some(_) => {
            let end = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
            absolute(&name[..end]).map(Some)
        }
    }
}

/// The name in an address as the program wrote it.
pub fn written(address: &Address) -> Name {
    let name = address.bytes().get(NAME_OFFSET..).unwrap_or_default();
    let end = name.iter().position(|&byte| byte == 0).filter(|&end| end > 0).unwrap_or(name.len());
    name[..end].to_vec()
}

/// Relative names lie in the working directory.
fn absolute(name: &[u8]) -> Result<Name, Errno> {
    if name.starts_with(b"/") {
        return Ok(name.to_vec());
    }
    let mut path = calls::getcwd()?;
    path.pop();
    path.push(b'/');
    path.extend_from_slice(name);
    Ok(path)
}

/// Gives `end` a name. Errors: `EADDRINUSE` somebody has it, or it is a file.
pub fn bind(name: &Name, end: &Arc<End>) -> Result<(), Errno> {
    if name.first() != Some(&0) && calls::stat(&Path::from_bytes(Start::Working, name), 0).is_ok() {
        return Err(Errno::EADDRINUSE);
    }
    let key = name.clone();
    let mut names = NAMES.lock();
    if names.get(&key).is_some_and(|other| other.strong_count() > 0) {
        return Err(Errno::EADDRINUSE);
    }
    names.insert(key, Arc::downgrade(end));
    Ok(())
}

/// Gives `end` a name that nobody has.
pub fn bind_anywhere(end: &Arc<End>) -> Result<Name, Errno> {
    for number in 0..NR_AUTOMATIC {
        let mut name = alloc::vec![0];
        name.extend_from_slice(alloc::format!("{number:05x}").as_bytes());
        if bind(&name, end).is_ok() {
            return Ok(name);
        }
    }
    Err(Errno::ENOSPC)
}

/// Who has this name. `ECONNREFUSED`: nobody; of a path `ENOENT`.
pub fn find(name: &Name) -> Result<Arc<End>, Errno> {
    let nobody = if name.first() == Some(&0) { Errno::ECONNREFUSED } else { Errno::ENOENT };
    NAMES.lock().get(name).and_then(Weak::upgrade).ok_or(nobody)
}

/// Nobody has this name any more.
pub fn free(name: &Name) {
    let freed = NAMES.lock().remove_entry(name);
    drop(freed);
}

/// As programs see it: `name` is one that a program has given, or none.
pub fn address_of(name: Option<&[u8]>) -> Address {
    let mut bytes = (AF_UNIX as u16).to_ne_bytes().to_vec();
    if let Some(name) = name {
        bytes.extend_from_slice(name);
        // A path ends with a NUL, which counts.
        if name.first() != Some(&0) && name.len() < MAX_NAME_BYTES {
            bytes.push(0);
        }
    }
    Address::new(&bytes).unwrap_or(Address::none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_names() {
        let of = |bytes: &[u8]| name_of(&Address::new(bytes).unwrap());
        assert_eq!(of(&[1, 0]), Ok(None));
        assert_eq!(of(&[1, 0, 0, b'x', 0]), Ok(Some(alloc::vec![0, b'x', 0])), "every byte counts");
        assert_eq!(of(b"\x01\0/tmp/x\0yz"), Ok(Some(b"/tmp/x".to_vec())));
        assert_eq!(
            (of(&[2, 0]), of(&[1]), of(&[])),
            (Err(Errno::EINVAL), Err(Errno::EINVAL), Err(Errno::EINVAL))
        );
        assert_eq!(address_of(None).bytes(), [1, 0]);
        assert_eq!(address_of(Some(b"/x")).bytes(), b"\x01\0/x\0");
        assert_eq!(address_of(Some(b"\0x")).bytes(), b"\x01\0\0x");
    }
}
