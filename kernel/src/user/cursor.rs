//! Several ranges of a program's memory as one: [`UserCursor`].

use super::UserSlice;

/// Several ranges that are used one after the other, as by readv(2), and how far that has come: made for one
/// transfer.
pub struct UserCursor<'a> {
    parts: &'a [UserSlice],
    /// Bytes of the first part that have been used.
    used: u64,
    done: u64,
}

impl<'a> UserCursor<'a> {
    /// At the beginning.
    #[inline]
    pub const fn new(parts: &'a [UserSlice]) -> Self {
        Self { parts, used: 0, done: 0 }
    }

    /// Bytes that have been used.
    pub const fn done(&self) -> u64 {
        self.done
    }

    /// Bytes that have not.
    #[inline]
    pub fn left(&self) -> u64 {
        self.parts.iter().map(UserSlice::len_bytes).sum::<u64>() - self.used
    }

    /// All that has not been used, if that is one part.
    #[inline]
    pub fn only(&self) -> Option<UserSlice> {
        if let [part] = self.parts { Some(part.skip(self.used)) } else { None }
    }

    /// What comes next.
    pub fn next_part(&self) -> Option<UserSlice> {
        self.rest().find(|part| part.len_bytes > 0)
    }

    /// What has not been used, part by part.
    pub fn rest(&self) -> impl Iterator<Item = UserSlice> {
        let used = self.used;
        self.parts.iter().enumerate().map(move |(i, part)| if i == 0 { part.skip(used) } else { *part })
    }

    /// Counts bytes as used that somebody else has.
    #[inline]
    pub fn advance(&mut self, len_bytes: u64) {
        self.done += len_bytes;
        self.used += len_bytes;
        while let [first, rest @ ..] = self.parts
            && self.used >= first.len_bytes
        {
            self.used -= first.len_bytes;
            self.parts = rest;
        }
    }

    /// Copies out until `to` is full, everything is used, or memory ends; returns how many bytes.
    #[inline]
    pub fn read(&mut self, to: &mut [u8]) -> usize {
        self.each(to.len(), |part, at| part.read(&mut to[at..]))
    }

    /// Copies in until `from` is, everything is used, or memory ends; returns how many bytes.
    #[inline]
    pub fn write(&mut self, from: &[u8]) -> usize {
        self.each(from.len(), |part, at| part.write(&from[at..]))
    }

    /// Writes `count` zeroes; returns how many.
    pub fn write_zeroes(&mut self, count: usize) -> usize {
        self.each(count, |part, at| part.first((count - at) as u64).write_zeroes())
    }

    #[inline]
    fn each(&mut self, count: usize, mut step: impl FnMut(UserSlice, usize) -> usize) -> usize {
        let mut at = 0;
        while at < count
            && let Some(part) = self.parts.first().map(|first| first.skip(self.used))
        {
            let moved = step(part, at);
            self.advance(moved as u64);
            at += moved;
            if moved < (part.len_bytes as usize).min(count - (at - moved)) {
                break;
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(bytes: &[u8]) -> UserSlice {
        UserSlice::new(bytes.as_ptr() as u64, bytes.len() as u64).unwrap()
    }

    #[test]
    fn a_cursor_goes_through_its_parts() {
        let (one, two) = ([0u8; 3], [0u8; 5]);
        let parts = [slice(&one), UserSlice::EMPTY, slice(&two)];
        let mut cursor = UserCursor::new(&parts);
        assert_eq!((cursor.write(b"abcd"), cursor.left(), cursor.done()), (4, 4, 4));
        assert_eq!(cursor.rest().map(|part| part.len_bytes()).collect::<Vec<_>>(), [4]);
        assert_eq!((cursor.write_zeroes(1), cursor.write(b"efghi"), cursor.left()), (1, 3, 0));
        assert_eq!(cursor.write(b"x"), 0);
        let mut all = [0; 9];
        assert_eq!(UserCursor::new(&parts).read(&mut all), 8);
        assert_eq!(&all, b"abcd\0efg\0");
    }
}
