//! Names of threads: [`Name`].

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use abi::errno::Errno;

/// Bytes of a name, the NUL at its end included: TASK_COMM_LEN of Linux.
pub const NAME_BYTES: usize = 16;

/// What a program calls a thread: at most 15 bytes; empty: nothing. Whoever reads while somebody writes may see half of each.
pub struct Name([AtomicU64; NAME_BYTES / size_of::<u64>()]);

impl Name {
    /// No name.
    pub const fn none() -> Self {
        Self([const { AtomicU64::new(0) }; 2])
    }

    /// Changes the name. `ERANGE` if it is too long.
    pub fn set(&self, name: &[u8]) -> Result<(), Errno> {
        if name.len() >= NAME_BYTES {
            return Err(Errno::ERANGE);
        }
        self.set_start_of(name);
        Ok(())
    }

    /// Changes the name to as much of `name` as fits.
    pub fn set_start_of(&self, name: &[u8]) {
        let mut bytes = [0; NAME_BYTES];
        let len = name.len().min(NAME_BYTES - 1);
        bytes[..len].copy_from_slice(&name[..len]);
        for (word, bytes) in self.0.iter().zip(bytes.as_chunks().0) {
            word.store(u64::from_le_bytes(*bytes), Relaxed);
        }
    }

    /// The name, with zeros behind it.
    pub fn get(&self) -> [u8; NAME_BYTES] {
        let mut bytes = [0; NAME_BYTES];
        for (word, bytes) in self.0.iter().zip(bytes.as_chunks_mut().0) {
            *bytes = word.load(Relaxed).to_le_bytes();
        }
        bytes
    }
}

impl Clone for Name {
    fn clone(&self) -> Self {
        Self(self.0.each_ref().map(|word| AtomicU64::new(word.load(Relaxed))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_bytes_fit() {
        let name = Name::none();
        assert_eq!(name.set(b"sixteen bytes..."), Err(Errno::ERANGE));
        assert_eq!(name.set(b"fifteen bytes.."), Ok(()));
        assert_eq!(&name.clone().get(), b"fifteen bytes..\0");
        name.set_start_of(b"a program with a long name");
        assert_eq!(&name.get(), b"a program with \0");
    }
}
