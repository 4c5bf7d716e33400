//! [`Window`]: a file that is read in small steps with few system calls.
//!
//! What the linker's check reads of an archive lies close together: the end of one member (its section table), then the
//! header of the next. One read of a page usually answers all of it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use object::read::ReadCacheOps;

/// Bytes read at once.
const WINDOW_BYTES: usize = 4096;

/// A file, and the piece of it that was read last.
#[derive(Debug)]
pub struct Window {
    file: File,
    position: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// A file, nothing of it read yet.
    pub fn new(file: File) -> Self {
        Self { file, position: 0, start: 0, bytes: Vec::new() }
    }

    /// Moves the window to the position.
    fn fill(&mut self) -> io::Result<()> {
        self.bytes.resize(WINDOW_BYTES, 0);
        let mut filled = 0;
        while filled < WINDOW_BYTES {
            match self.file.read_at(&mut self.bytes[filled..], self.position + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.bytes.clear();
                    return Err(error);
                }
            }
        }
        self.bytes.truncate(filled);
        self.start = self.position;
        Ok(())
    }

    /// What the window holds from the position on.
    fn rest(&self) -> &[u8] {
        let skipped = self.position.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        skipped.and_then(|skipped| self.bytes.get(skipped..)).unwrap_or_default()
    }
}

impl ReadCacheOps for Window {
    fn len(&mut self) -> Result<u64, ()> {
        self.file.metadata().map(|metadata| metadata.len()).map_err(drop)
    }

    fn seek(&mut self, position: u64) -> Result<u64, ()> {
        self.position = position;
        Ok(position)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ()> {
        if self.rest().is_empty() {
            self.fill().map_err(drop)?;
        }
        let count = self.rest().len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest()[..count]);
        self.position += count as u64;
        Ok(count)
    }

    fn read_exact(&mut self, buffer: &mut [u8]) -> Result<(), ()> {
        if buffer.len() > WINDOW_BYTES {
            self.file.read_exact_at(buffer, self.position).map_err(drop)?;
        } else {
            if self.rest().len() < buffer.len() {
                self.fill().map_err(drop)?;
            }
            buffer.copy_from_slice(self.rest().get(..buffer.len()).ok_or(())?);
        }
        self.position += buffer.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_that_may_be_short_go_on_where_the_last_ended() {
        let content: Vec<u8> = (0..10_000u32).map(|n| (n * 7 + n / 256) as u8).collect();
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), &content).unwrap();
        let mut window = Window::new(File::open(path.path()).unwrap());
        let (mut got, mut buffer) = (Vec::<u8>::new(), [0; 700]);
        loop {
            match window.read(&mut buffer).unwrap() {
                0 => break,
                count => got.extend(&buffer[..count]),
            }
            assert!(got.len() <= content.len(), "it does not end");
        }
        assert_eq!(got, content);
    }

    #[test]
    fn any_order_of_reads_gives_the_files_bytes() {
        let content: Vec<u8> = (0..20_000u32).map(|n| (n * 7 + n / 256) as u8).collect();
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), &content).unwrap();
        let mut window = Window::new(File::open(path.path()).unwrap());
        assert_eq!(window.len(), Ok(20_000));
        for (position, count) in [
            (0, 8),
            (8, 60),
            (4090, 16),
            (19_990, 10),
            (3, 4096),
            (100, 9000),
            (9100, 1),
            (50, 0),
            (15_904, 4096),
        ] {
            let mut buffer = vec![0; count];
            window.seek(position as u64).unwrap();
            window.read_exact(&mut buffer).unwrap();
            assert_eq!(buffer, content[position..position + count], "{count} bytes at {position}");
        }
        window.seek(4000).unwrap();
        for position in [4000, 4100] {
            let mut buffer = [0; 100];
            window.read_exact(&mut buffer).unwrap();
            assert_eq!(buffer, content[position..position + 100], "one behind the other, at {position}");
        }
        for position in [19_999, 20_000, u64::MAX - 1] {
            window.seek(position).unwrap();
            assert!(window.read_exact(&mut [0; 2]).is_err(), "{position}");
        }
    }
}
