//! The bytes of a file in memory: chunks, so that growing copies nothing and holes cost nothing. Pure logic.

use alloc::vec::Vec;

use crate::fs::file::Buffer;
use abi::errno::Errno;

/// Bytes in a chunk; also how much is copied at a time under a file's lock.
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

    /// Copies bytes from `offset` on, at most to the end of a chunk; returns how many.
    ///
    /// # Safety
    /// The buffer is writable.
    pub unsafe fn read(&self, buffer: Buffer, offset: u64) -> u64 {
        let count = self.size_bytes.saturating_sub(offset).min(buffer.len_bytes);
        let (index, within) = place(offset);
        let count = count.min((CHUNK_BYTES - within) as u64);
        let to = buffer.address as *mut u8;
        // SAFETY: `count` bytes of the caller's buffer and of a chunk, which is empty or whole.
        unsafe {
            match self.chunks.get(index).filter(|chunk| !chunk.is_empty()) {
                Some(chunk) => {
                    core::ptr::copy_nonoverlapping(chunk.as_ptr().add(within), to, count as usize);
                }
                None => core::ptr::write_bytes(to, 0, count as usize),
            }
        }
        count
    }

    /// Copies bytes to `offset`, at most to the end of a chunk; returns how many. Errors: `ENOSPC`, `EFBIG`.
    ///
    /// # Safety
    /// The buffer is readable.
    pub unsafe fn write(&mut self, buffer: Buffer, offset: u64) -> Result<u64, Errno> {
        let (index, within) = place(offset);
        let count = buffer.len_bytes.min((CHUNK_BYTES - within) as u64);
        let end = offset.checked_add(count).filter(|&end| end <= MAX_BYTES).ok_or(Errno::EFBIG)?;
        if count == 0 {
            return Ok(0);
        }
        self.make_chunks(end)?;
        let chunk = &mut self.chunks[index];
        if chunk.is_empty() {
            chunk.try_reserve_exact(CHUNK_BYTES).map_err(|_| Errno::ENOSPC)?;
            chunk.resize(CHUNK_BYTES, 0);
        }
        // SAFETY: `count` bytes of the caller's buffer and of a whole chunk.
        unsafe {
            let to = chunk.as_mut_ptr().add(within);
            core::ptr::copy_nonoverlapping(buffer.address as *const u8, to, count as usize);
        }
        self.size_bytes = self.size_bytes.max(end);
        Ok(count)
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

    fn write(contents: &mut Contents, bytes: &[u8], offset: u64) -> Result<u64, Errno> {
        // SAFETY: a live slice.
        unsafe {
            contents.write(Buffer { address: bytes.as_ptr() as u64, len_bytes: bytes.len() as u64 }, offset)
        }
    }

    fn read(contents: &Contents, count: usize, offset: u64) -> Vec<u8> {
        let mut bytes = vec![0xff; count];
        let buffer = Buffer { address: bytes.as_mut_ptr() as u64, len_bytes: count as u64 };
        // SAFETY: a live vector.
        let count = unsafe { contents.read(buffer, offset) };
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
    fn transfers_end_at_chunks() {
        let mut contents = Contents::new();
        let edge = CHUNK_BYTES as u64 - 2;
        assert_eq!(write(&mut contents, b"abcd", edge), Ok(2));
        assert_eq!(write(&mut contents, b"cd", edge + 2), Ok(2));
        assert_eq!([read(&contents, 4, edge), read(&contents, 4, edge + 2)], [b"ab", b"cd"]);
        assert_eq!(write(&mut contents, b"x", MAX_BYTES), Err(Errno::EFBIG));
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
