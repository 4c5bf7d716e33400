//! The bytes of an input as numbers: [`Input`].

/// What has not been read of an input. Behind its end there are zeroes.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// All of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether everything has been read.
    pub const fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// The next bytes, fewer at the end.
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        self.take(self.0.len())
    }

    /// The next byte.
    pub fn u8(&mut self) -> u8 {
        self.number::<1>() as u8
    }

    /// The next two bytes.
    pub fn u16(&mut self) -> u16 {
        self.number::<2>() as u16
    }

    /// The next eight bytes.
    pub fn u64(&mut self) -> u64 {
        self.number::<8>()
    }

    fn number<const BYTES: usize>(&mut self) -> u64 {
        let taken = self.take(BYTES);
        let mut bytes = [0; 8];
        bytes[..taken.len()].copy_from_slice(taken);
        u64::from_le_bytes(bytes)
    }
}
