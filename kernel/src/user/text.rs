//! Strings of the program's: [`UserStr`].

use alloc::vec::Vec;

use super::UserSlice;
use abi::errno::Errno;

/// A C string of the program's.
#[derive(Clone, Copy, Debug)]
pub struct UserStr(u64);

/// Pieces that strings are read in: none of them, where it is aligned, goes over the end of a page.
const PIECE_BYTES: usize = 64;

impl UserStr {
    /// The string at `address`.
    pub fn new(address: *const core::ffi::c_char) -> Self {
        Self(address as u64)
    }

    /// Its bytes without NUL, as they are now. Errors: `EFAULT`, `ENAMETOOLONG` if it is not shorter than
    /// `max_bytes`.
    pub fn read(&self, max_bytes: usize) -> Result<Text, Errno> {
        let mut text = Text { short: [0; SHORT_BYTES], long: Vec::new(), len: 0 };
        while text.len < max_bytes {
            let at = self.0.saturating_add(text.len as u64);
            let mut piece = [0; PIECE_BYTES];
            let to_edge = PIECE_BYTES - at as usize % PIECE_BYTES;
            let piece = &mut piece[..to_edge.min(max_bytes - text.len)];
            if UserSlice::new(at, piece.len() as u64)?.read(piece) < piece.len() {
                return Err(Errno::EFAULT);
            }
            let nul = piece.iter().position(|&byte| byte == 0);
            text.push(&piece[..nul.unwrap_or(piece.len())]);
            if nul.is_some() {
                return Ok(text);
            }
        }
        Err(Errno::ENAMETOOLONG)
    }
}

/// Bytes up to which a [`Text`] needs no memory of its own.
const SHORT_BYTES: usize = 128;

/// A copy of a string of the program's.
#[derive(Clone, Debug)]
pub struct Text {
    short: [u8; SHORT_BYTES],
    /// All of it, once it is longer.
    long: Vec<u8>,
    len: usize,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        match self.short.get_mut(self.len..end) {
            Some(place) => place.copy_from_slice(bytes),
            None => {
                if self.long.is_empty() {
                    self.long.extend_from_slice(&self.short[..self.len]);
                }
                self.long.extend_from_slice(bytes);
            }
        }
        self.len = end;
    }
}

impl core::ops::Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        if self.len <= SHORT_BYTES { &self.short[..self.len] } else { &self.long }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        let long = std::ffi::CString::new(vec![b'a'; 300]).unwrap();
        let read = |text: &core::ffi::CStr, max_bytes| UserStr::new(text.as_ptr()).read(max_bytes);
        assert_eq!(&*read(&long, 301).unwrap(), long.as_bytes());
        assert_eq!(read(&long, 300).err(), Some(Errno::ENAMETOOLONG));
        assert_eq!(&*read(c"", 1).unwrap(), b"");
        for len in [1, 63, 64, 65, SHORT_BYTES - 1, SHORT_BYTES, SHORT_BYTES + 1] {
            assert_eq!(&*read(&long.as_c_str()[300 - len..], 301).unwrap(), &long.as_bytes()[..len]);
        }
        assert_eq!(UserStr::new(usize::MAX as *const _).read(9).err(), Some(Errno::EFAULT));
    }
}
