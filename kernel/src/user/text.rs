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
    #[inline]
    pub fn read(&self, max_bytes: usize) -> Result<Text, Errno> {
        let mut text = Text { short: [0; SHORT_BYTES], long: Vec::new(), len: 0 };
        while text.len < max_bytes {
            let at = self.0.saturating_add(text.len as u64);
            let to_edge = PIECE_BYTES - at as usize % PIECE_BYTES;
            let piece = UserSlice::new(at, to_edge.min(max_bytes - text.len) as u64)?;
            if text.push_until_nul(piece)? {
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
    /// A copy of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut text = Self { short: [0; SHORT_BYTES], long: Vec::new(), len: bytes.len() };
        match text.short.get_mut(..bytes.len()) {
            Some(short) => short.copy_from_slice(bytes),
            None => text.long.extend_from_slice(bytes),
        }
        text
    }

    /// Appends bytes up to a NUL; whether there was one. `EFAULT`.
    #[inline]
    fn push_until_nul(&mut self, piece: UserSlice) -> Result<bool, Errno> {
        let count = piece.len_bytes() as usize;
        let mut apart = [0; PIECE_BYTES];
        let is_short = self.len + count <= SHORT_BYTES;
        let place = if is_short { &mut self.short[self.len..self.len + count] } else { &mut apart[..count] };
        if piece.read(place) < count {
            return Err(Errno::EFAULT);
        }
        let nul = place.iter().position(|&byte| byte == 0);
        let used = nul.unwrap_or(count);
        if !is_short {
            if self.long.is_empty() {
                self.long.extend_from_slice(&self.short[..self.len]);
            }
            self.long.extend_from_slice(&apart[..used]);
        }
        self.len += used;
        Ok(nul.is_some())
    }
}

impl core::ops::Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        if self.long.is_empty() { &self.short[..self.len] } else { &self.long }
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
