//! The bytes of a file in memory: chunks, so that growing copies nothing and holes cost nothing. Pure logic.

use alloc::vec::Vec;

use crate::user::UserCursor;
use abi::errno::Errno;

/// Bytes in a chunk.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Longest file: what the C library's `off_t` can name and memory could never hold.
const MAX_BYTES: u64 = 1 << 46;

/// Contents and size. A chunk that nobody has written to is empty and reads as zero.
pub struct Contents {
    chunks: Vec<Vec<u8>>,
    size_bytes: u64,
}

impl Contents {
    /// An empty file.
    pub const fn new() -> Self {
        Self { chunks: Vec::new(), size_bytes: 0 }
    }

    /// Its size.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Memory that it takes.
    pub fn used_bytes(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.len() as u64).sum()
    }

    /// Copies bytes from `offset` on: until the file, `to` or its memory ends. Returns how many. `EFAULT`:
    /// none of some.
    pub fn read(&self, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        let left = self.size_bytes.saturating_sub(offset).min(to.left());
        let mut done = 0;
        while done < left {
            let (index, within) = place(offset + done);
            let count = (left - done).min((CHUNK_BYTES - within) as u64) as usize;
            let moved = match self.chunks.get(index).filter(|chunk| !chunk.is_empty()) {
                Some(chunk) => to.write(&chunk[within..within + count]),
                None => to.write_zeroes(count),
            };
            done += moved as u64;
            if moved < count {
                break;
            }
        }
        if done == 0 && left > 0 { Err(Errno::EFAULT) } else { Ok(done) }
    }

    /// Copies bytes to `offset`: until `from` or its memory ends. Returns how many. Errors, if there are none
    /// of some: `ENOSPC`, `EFBIG`, `EFAULT`.
    pub fn write(&mut self, from: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        let left = from.left();
        let mut done = 0;
        while done < left {
            match self.write_chunk(from, offset.saturating_add(done), left - done) {
                Ok(0) if done == 0 => return Err(Errno::EFAULT),
                Err(errno) if done == 0 => return Err(errno),
                Ok(0) | Err(_) => break,
                Ok(moved) => done += moved,
            }
        }
        Ok(done)
    }

    /// [`Self::write`], at most to the end of a chunk.
    fn write_chunk(&mut self, from: &mut UserCursor<'_>, offset: u64, left: u64) -> Result<u64, Errno> {
        let (index, within) = place(offset);
        let count = left.min((CHUNK_BYTES - within) as u64);
        let end = offset.checked_add(count).filter(|&end| end <= MAX_BYTES).ok_or(Errno::EFBIG)?;
        self.make_chunks(end)?;
        let chunk = &mut self.chunks[index];
        if chunk.is_empty() {
            chunk.try_reserve_exact(CHUNK_BYTES).map_err(|_| Errno::ENOSPC)?;
            chunk.resize(CHUNK_BYTES, 0);
        }
        let moved = from.read(&mut chunk[within..within + count as usize]) as u64;
        if moved > 0 {
            self.size_bytes = self.size_bytes.max(offset + moved);
        }
        Ok(moved)
    }

    /// ftruncate(2). Errors: `ENOSPC`, `EFBIG`.
    pub fn resize(&mut self, size_bytes: u64) -> Result<(), Errno> {
        if size_bytes > MAX_BYTES {
            return Err(Errno::EFBIG);
        }
        if size_bytes < self.size_bytes {
            self.chunks.truncate(size_bytes.div_ceil(CHUNK_BYTES as u64) as usize);
            // What is cut off reads as zero if the file grows again.
            let (index, within) = place(size_bytes);
            if let Some(chunk) = self.chunks.get_mut(index).filter(|chunk| !chunk.is_empty()) {
                chunk[within..].fill(0);
            }
        } else {
            self.make_chunks(size_bytes)?;
        }
        self.size_bytes = size_bytes;
        Ok(())
    }

    fn make_chunks(&mut self, end: u64) -> Result<(), Errno> {
        let wanted = end.div_ceil(CHUNK_BYTES as u64) as usize;
        if let Some(more) = wanted.checked_sub(self.chunks.len()) {
            self.chunks.try_reserve(more).map_err(|_| Errno::ENOSPC)?;
            self.chunks.resize_with(wanted, Vec::new);
        }
        Ok(())
    }
}

/// Chunk and offset in it.
const fn place(offset: u64) -> (usize, usize) {
    ((offset / CHUNK_BYTES as u64) as usize, (offset % CHUNK_BYTES as u64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::UserSlice;

    fn parts(bytes: &[u8]) -> [UserSlice; 1] {
        [UserSlice::new(bytes.as_ptr() as u64, bytes.len() as u64).unwrap()]
    }

    fn write(contents: &mut Contents, bytes: &[u8], offset: u64) -> Result<u64, Errno> {
        contents.write(&mut UserCursor::new(&parts(bytes)), offset)
    }

    fn read(contents: &Contents, count: usize, offset: u64) -> Vec<u8> {
        let mut bytes = vec![0xff; count];
        let count = contents.read(&mut UserCursor::new(&parts(&bytes)), offset).unwrap();
        bytes.truncate(count as usize);
        bytes
    }

    #[test]
    fn holes_read_as_zero_and_cost_nothing() {
        let mut contents = Contents::new();
        assert_eq!(write(&mut contents, b"end", 10 * CHUNK_BYTES as u64), Ok(3));
        assert_eq!(contents.size_bytes(), 10 * CHUNK_BYTES as u64 + 3);
        assert_eq!(contents.used_bytes(), CHUNK_BYTES as u64);
        assert_eq!(read(&contents, 5, 100), [0; 5]);
        assert_eq!(read(&contents, 9, 10 * CHUNK_BYTES as u64 + 1), b"nd");
        assert_eq!(read(&contents, 9, u64::MAX), b"");
    }

    #[test]
    fn transfers_go_over_the_ends_of_chunks() {
        let mut contents = Contents::new();
        let edge = CHUNK_BYTES as u64 - 2;
        assert_eq!(write(&mut contents, b"abcd", edge), Ok(4));
        assert_eq!(read(&contents, 5, edge - 1), b"\0abcd");
        assert_eq!(write(&mut contents, b"x", MAX_BYTES), Err(Errno::EFBIG));
        assert_eq!(write(&mut contents, b"x", u64::MAX), Err(Errno::EFBIG));
    }

    #[test]
    fn what_was_cut_off_does_not_come_back() {
        let mut contents = Contents::new();
        write(&mut contents, b"secret", 0).unwrap();
        contents.resize(2).unwrap();
        contents.resize(6).unwrap();
        assert_eq!(read(&contents, 10, 0), b"se\0\0\0\0");
        contents.resize(0).unwrap();
        assert_eq!(contents.used_bytes(), 0);
    }
}
