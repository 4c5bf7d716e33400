//! Pipes inside of the isle: a ring of bytes with a reading and a writing end. A socket pair is two of them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use core::ops::Range;
use core::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};

use super::ready::{Blocking, WaitQueue};
use crate::sched;
use crate::signal::queue::Sent;
use crate::signal::{self, Signal, frame};
use crate::sync::Mutex;
use crate::user::UserCursor;
use abi::c;
use abi::errno::Errno;

/// Bytes that fit in, as on Linux (pipe(7)).
const CAPACITY: usize = 65536;
/// Writes up to this size are not mixed with others' (PIPE_BUF). What memory does not hold as a whole of so
/// many bytes, of those that go in or out at a time, is not moved at all, as on Linux.
const ATOMIC_BYTES: usize = 4096;

/// The bytes in a pipe.
struct Ring {
    bytes: Box<[u8]>,
    start: usize,
    len: usize,
}

/// What could be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    count: usize,
    /// Memory ended before it should have.
    faulted: bool,
}

impl Moved {
    /// `moved` bytes of `wanted`.
    const fn new(moved: usize, wanted: usize) -> Self {
        let faulted = moved < wanted;
        Self { count: if faulted { moved - moved % ATOMIC_BYTES } else { moved }, faulted }
    }

    /// As a system call says it: `EFAULT` only if there is nothing else to say.
    const fn told(self) -> Result<usize, Errno> {
        if self.faulted && self.count == 0 { Err(Errno::EFAULT) } else { Ok(self.count) }
    }
}

impl Ring {
    fn new(capacity: usize) -> Self {
        Self { bytes: vec![0; capacity].into_boxed_slice(), start: 0, len: 0 }
    }

    fn room(&self) -> usize {
        self.bytes.len() - self.len
    }

    /// The two pieces of `count` bytes from ring position `from` on.
    fn pieces(&self, from: usize, count: usize) -> [Range<usize>; 2] {
        let start = from % self.bytes.len();
        let end = self.bytes.len().min(start + count);
        [start..end, 0..count - (end - start)]
    }

    /// Moves bytes in until the ring is full or the cursor at its end.
    fn write(&mut self, from: &mut UserCursor<'_>) -> Moved {
        let wanted = self.room().min(from.left() as usize);
        let [first, second] = self.pieces(self.start + self.len, wanted);
        let mut moved = from.read(&mut self.bytes[first.clone()]);
        if moved == first.len() {
            moved += from.read(&mut self.bytes[second]);
        }
        let moved = Moved::new(moved, wanted);
        self.len += moved.count;
        moved
    }

    /// Moves bytes out until the ring is empty or the cursor at its end.
    fn read(&mut self, to: &mut UserCursor<'_>) -> Moved {
        let wanted = self.len.min(to.left() as usize);
        let [first, second] = self.pieces(self.start, wanted);
        let mut moved = to.write(&self.bytes[first.clone()]);
        if moved == first.len() {
            moved += to.write(&self.bytes[second]);
        }
        let moved = Moved::new(moved, wanted);
        self.start = (self.start + moved.count) % self.bytes.len();
        self.len -= moved.count;
        moved
    }
}

/// A pipe. Its ends keep it alive.
pub struct Pipe {
    /// What tells it from others: `st_ino`.
    pub number: u64,
    /// Copying may take as long as a fault does, and others must wait for it.
    ring: Mutex<Ring>,
    /// Bytes in the ring, for looks without the lock.
    len: AtomicUsize,
    readers: AtomicU32,
    writers: AtomicU32,
    /// Who waits for bytes or the end.
    readable: WaitQueue,
    /// Who waits for room.
    writable: WaitQueue,
}

/// The end that is read from.
pub struct ReadEnd(Arc<Pipe>);
/// The end that is written to.
pub struct WriteEnd(Arc<Pipe>);

/// A new pipe.
pub fn new() -> (ReadEnd, WriteEnd) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let pipe = Arc::new(Pipe {
        number: NEXT.fetch_add(1, Relaxed),
        ring: Mutex::new(Ring::new(CAPACITY)),
        len: AtomicUsize::new(0),
        readers: AtomicU32::new(1),
        writers: AtomicU32::new(1),
        readable: WaitQueue::new(),
        writable: WaitQueue::new(),
    });
    (ReadEnd(pipe.clone()), WriteEnd(pipe))
}

impl Drop for ReadEnd {
    fn drop(&mut self) {
        self.0.readers.fetch_sub(1, SeqCst);
        self.0.writable.announce();
    }
}

impl Drop for WriteEnd {
    fn drop(&mut self) {
        self.0.writers.fetch_sub(1, SeqCst);
        self.0.readable.announce();
    }
}

impl Pipe {
    /// One more end to read from.
    pub fn reader(self: &Arc<Self>) -> ReadEnd {
        self.readers.fetch_add(1, SeqCst);
        ReadEnd(self.clone())
    }

    /// One more end to write to.
    pub fn writer(self: &Arc<Self>) -> WriteEnd {
        self.writers.fetch_add(1, SeqCst);
        WriteEnd(self.clone())
    }

    /// Bytes that wait to be read.
    pub fn nr_bytes(&self) -> usize {
        self.len.load(SeqCst)
    }

    /// Uses the ring, and says how much is in it then.
    fn with(&self, work: impl FnOnce(&mut Ring) -> Moved) -> Moved {
        let mut ring = self.ring.lock();
        let moved = work(&mut ring);
        self.len.store(ring.len, SeqCst);
        moved
    }
}

impl ReadEnd {
    /// read(2): what is there, at least one byte; 0 at the end. Errors: `EAGAIN`, `EINTR`, `EFAULT`.
    pub fn read(&self, to: &mut UserCursor<'_>, blocking: Blocking) -> Result<u64, Errno> {
        let pipe = &*self.0;
        if to.left() == 0 {
            return Ok(0);
        }
        loop {
            let seen = pipe.readable.seen();
            // Before the bytes: a writer may write and go.
            let at_end = self.is_hung_up();
            let count = pipe.with(|ring| ring.read(to)).told()?;
            if count > 0 {
                pipe.writable.announce();
                return Ok(count as u64);
            }
            if at_end {
                return Ok(0);
            }
            pipe.readable.wait(seen, blocking)?;
        }
    }

    /// What it is an end of.
    pub fn pipe(&self) -> &Arc<Pipe> {
        &self.0
    }

    /// Whether nobody writes any more.
    pub fn is_hung_up(&self) -> bool {
        self.0.writers.load(SeqCst) == 0
    }

    /// Where changes of the above are announced.
    pub fn changes(&self) -> &WaitQueue {
        &self.0.readable
    }
}

impl WriteEnd {
    /// write(2): everything; less where it may not wait, a handler ends the call, the reader goes or memory
    /// ends. Errors, if nothing could be written: `EPIPE` nobody reads, `EAGAIN`, `EINTR`, `EFAULT`.
    pub fn write(&self, from: &mut UserCursor<'_>, blocking: Blocking) -> Result<u64, Errno> {
        let pipe = &*self.0;
        let total = from.left() as usize;
        let mut done = 0;
        while done < total {
            let seen = pipe.writable.seen();
            if self.is_broken() {
                return self.broken(done);
            }
            let moved = pipe.with(|ring| {
                let fits = ring.room() >= total - done || total > ATOMIC_BYTES;
                if fits { ring.write(from) } else { Moved::new(0, 0) }
            });
            done += moved.count;
            if moved.count > 0 {
                pipe.readable.announce();
            }
            if done == total {
                break;
            }
            let stopped = if moved.faulted { Err(Errno::EFAULT) } else { pipe.writable.wait(seen, blocking) };
            if let Err(errno) = stopped {
                // What is in is in.
                return if done > 0 { Ok(done as u64) } else { Err(errno) };
            }
        }
        Ok(done as u64)
    }

    /// Nobody reads any more. SIGPIPE comes also where something can be told that went in before; for an
    /// error the C library raises it, as it does for the host's pipes.
    fn broken(&self, done: usize) -> Result<u64, Errno> {
        if done == 0 {
            return Err(Errno::EPIPE);
        }
        let info = frame::info(Signal::PIPE, c::SI_USER, &[]);
        signal::post_to_task(&sched::share_current(), Sent::once(info));
        Ok(done as u64)
    }

    /// What it is an end of.
    pub fn pipe(&self) -> &Arc<Pipe> {
        &self.0
    }

    /// Whether a small write returns at once.
    pub fn is_ready(&self) -> bool {
        CAPACITY - self.0.nr_bytes() >= ATOMIC_BYTES || self.is_broken()
    }

    /// Whether nobody reads any more.
    pub fn is_broken(&self) -> bool {
        self.0.readers.load(SeqCst) == 0
    }

    /// Where changes of the above are announced.
    pub fn changes(&self) -> &WaitQueue {
        &self.0.writable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::UserSlice;

    fn parts(bytes: &[u8]) -> [UserSlice; 1] {
        [UserSlice::new(bytes.as_ptr() as u64, bytes.len() as u64).unwrap()]
    }

    fn put(ring: &mut Ring, bytes: &[u8]) -> usize {
        ring.write(&mut UserCursor::new(&parts(bytes))).told().unwrap()
    }

    fn get(ring: &mut Ring, max_bytes: usize) -> Vec<u8> {
        let mut bytes = vec![0; max_bytes];
        let count = ring.read(&mut UserCursor::new(&parts(&bytes))).told().unwrap();
        bytes.truncate(count);
        bytes
    }

    #[test]
    fn bytes_come_out_in_order_across_the_seam() {
        let mut ring = Ring::new(10);
        let (mut next_in, mut next_out) = (0u8, 0u8);
        for round in 0..80 {
            let input: Vec<u8> = (0..round % 7).map(|i| next_in.wrapping_add(i)).collect();
            next_in = next_in.wrapping_add(put(&mut ring, &input) as u8);
            for byte in get(&mut ring, (round * 3 % 8) as usize) {
                assert_eq!(byte, next_out);
                next_out = next_out.wrapping_add(1);
            }
        }
        assert_eq!(next_in.wrapping_sub(next_out) as usize, ring.len);
    }

    #[test]
    fn full_and_empty() {
        let mut ring = Ring::new(4);
        assert_eq!([put(&mut ring, b"abcdef"), put(&mut ring, b"x")], [4, 0]);
        assert_eq!([get(&mut ring, 8), get(&mut ring, 8)], [&b"abcd"[..], b""]);
    }

    #[test]
    fn only_whole_pieces_count_after_a_fault() {
        assert_eq!(Moved::new(10, 10).told(), Ok(10));
        assert_eq!(Moved::new(5000, 9000), Moved { count: 4096, faulted: true });
        assert_eq!(Moved::new(100, 9000).told(), Err(Errno::EFAULT));
        assert_eq!(Moved::new(0, 0).told(), Ok(0));
    }

    #[test]
    fn readiness_follows_the_bytes() {
        let (reader, writer) = new();
        let block = vec![1; CAPACITY];
        assert!(writer.is_ready() && reader.pipe().nr_bytes() == 0);
        assert_eq!(writer.write(&mut UserCursor::new(&parts(&block)), Blocking::Refuse), Ok(CAPACITY as u64));
        assert_eq!(writer.write(&mut UserCursor::new(&parts(b"x")), Blocking::Refuse), Err(Errno::EAGAIN));
        assert!(!writer.is_ready() && reader.pipe().nr_bytes() == CAPACITY);
        drop(writer);
        assert!(reader.is_hung_up());
        assert_eq!(reader.read(&mut UserCursor::new(&parts(&block)), Blocking::Wait), Ok(CAPACITY as u64));
        assert_eq!(reader.read(&mut UserCursor::new(&parts(&block)), Blocking::Wait), Ok(0));
    }
}
