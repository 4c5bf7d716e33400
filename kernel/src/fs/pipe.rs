//! Pipes inside of the isle: a ring of bytes with a reading and a writing end. A socket pair is two of them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};

use super::file::Buffer;
use crate::arch::percpu;
use crate::sched::{self, Task};
use crate::sync::{SpinLock, futex};
use crate::{platform, signal};
use abi::errno::Errno;

/// Bytes that fit in, as on Linux (pipe(7)).
const CAPACITY: usize = 65536;
/// Writes up to this size are not mixed with others' (PIPE_BUF).
const ATOMIC_BYTES: u64 = 4096;

/// Bumped whenever any pipe or event counter changes: what poll(2) waits on.
static CHANGES: AtomicU32 = AtomicU32::new(0);

/// Tells pollers, and those who wait for this word, that something has changed.
pub fn announce(word: &AtomicU32) {
    for word in [word, &CHANGES] {
        word.fetch_add(1, SeqCst);
        futex::wake(core::ptr::from_ref(word) as usize, usize::MAX);
    }
    for task in POLLERS.lock().iter() {
        task.poll_is_stale.store(true, SeqCst);
        sched::interrupt(task);
        if task.core != percpu::current().id.get() {
            // It may be in the host, where no other thread of the isle can wake it.
            platform::kick(task.core);
        }
    }
}

/// Threads that ask the host while they poll files inside of the isle, too.
static POLLERS: SpinLock<Vec<Arc<Task>>> = SpinLock::new(Vec::new());

/// While it lives [`announce`] makes the running thread stop asking the host.
pub struct Poller(());

impl Poller {
    /// From now on.
    pub fn new() -> Self {
        POLLERS.lock().push(sched::share_current());
        Self(())
    }

    /// Forgets changes until now.
    pub fn look(&self) {
        sched::current().poll_is_stale.store(false, SeqCst);
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        let me = sched::current();
        POLLERS.lock().retain(|task| !core::ptr::eq(&**task, me));
        self.look();
    }
}

/// Number of changes so far, and the word to wait on for another.
pub fn changes() -> (u32, &'static AtomicU32) {
    (CHANGES.load(SeqCst), &CHANGES)
}

/// The bytes in a pipe: pure logic.
struct Ring {
    bytes: Box<[u8]>,
    start: usize,
    len: usize,
}

impl Ring {
    fn new(capacity: usize) -> Self {
        Self { bytes: vec![0; capacity].into_boxed_slice(), start: 0, len: 0 }
    }

    fn room(&self) -> usize {
        self.bytes.len() - self.len
    }

    /// The two pieces of `count` bytes from ring position `from`.
    fn pieces(&self, from: usize, count: usize) -> [(usize, usize); 2] {
        let start = from % self.bytes.len();
        let first = count.min(self.bytes.len() - start);
        [(start, first), (0, count - first)]
    }

    /// Moves up to `buffer`'s length of bytes in; returns how many.
    ///
    /// # Safety
    /// The buffer is readable.
    unsafe fn write(&mut self, buffer: Buffer) -> usize {
        let count = self.room().min(buffer.len_bytes as usize);
        let mut from = buffer.address as *const u8;
        for (at, len) in self.pieces(self.start + self.len, count) {
            // SAFETY: `count` bytes of the caller's buffer, in two pieces that the ring has room for.
            unsafe {
                core::ptr::copy_nonoverlapping(from, self.bytes.as_mut_ptr().add(at), len);
                from = from.add(len);
            }
        }
        self.len += count;
        count
    }

    /// Moves up to `buffer`'s length of bytes out; returns how many.
    ///
    /// # Safety
    /// The buffer is writable and nobody else's.
    unsafe fn read(&mut self, buffer: Buffer) -> usize {
        let count = self.len.min(buffer.len_bytes as usize);
        let mut to = buffer.address as *mut u8;
        for (at, len) in self.pieces(self.start, count) {
            // SAFETY: `count` bytes of the caller's buffer, in two pieces that the ring holds.
            unsafe {
                core::ptr::copy_nonoverlapping(self.bytes.as_ptr().add(at), to, len);
                to = to.add(len);
            }
        }
        self.start = (self.start + count) % self.bytes.len();
        self.len -= count;
        count
    }
}

struct Inside {
    ring: Ring,
    readers: u32,
    writers: u32,
}

/// A pipe. Its ends keep it alive.
struct Pipe {
    inside: SpinLock<Inside>,
    /// Bumped at every change: who waits for one waits on this.
    changes: AtomicU32,
}

/// The end that is read from.
pub struct ReadEnd(Arc<Pipe>);
/// The end that is written to.
pub struct WriteEnd(Arc<Pipe>);

/// A new pipe.
pub fn new() -> (ReadEnd, WriteEnd) {
    let inside = Inside { ring: Ring::new(CAPACITY), readers: 1, writers: 1 };
    let pipe = Arc::new(Pipe { inside: SpinLock::new(inside), changes: AtomicU32::new(0) });
    (ReadEnd(pipe.clone()), WriteEnd(pipe))
}

impl Drop for ReadEnd {
    fn drop(&mut self) {
        self.0.inside.lock().readers -= 1;
        announce(&self.0.changes);
    }
}

impl Drop for WriteEnd {
    fn drop(&mut self) {
        self.0.inside.lock().writers -= 1;
        announce(&self.0.changes);
    }
}

/// What to do when nothing can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocking {
    /// Wait.
    Wait,
    /// `EAGAIN` (O_NONBLOCK).
    Refuse,
}

impl ReadEnd {
    /// read(2): what is there, at least one byte; 0 at the end. Errors: `EAGAIN`, `EINTR`.
    ///
    /// # Safety
    /// The buffer is writable and nobody else's.
    pub unsafe fn read(&self, buffer: Buffer, blocking: Blocking) -> Result<u64, Errno> {
        loop {
            let seen = self.0.changes.load(SeqCst);
            let (count, at_end) = {
                let mut inside = self.0.inside.lock();
                // SAFETY: as the caller says.
                (unsafe { inside.ring.read(buffer) }, inside.writers == 0)
            };
            if count > 0 {
                announce(&self.0.changes);
                return Ok(count as u64);
            }
            if at_end || buffer.len_bytes == 0 {
                return Ok(0);
            }
            wait(&self.0.changes, seen, blocking)?;
        }
    }

    /// Whether a read returns at once.
    pub fn is_ready(&self) -> bool {
        let inside = self.0.inside.lock();
        inside.ring.len > 0 || inside.writers == 0
    }

    /// Whether nobody can write any more.
    pub fn is_hung_up(&self) -> bool {
        self.0.inside.lock().writers == 0
    }

    /// Bytes that wait (FIONREAD).
    pub fn nr_bytes(&self) -> usize {
        self.0.inside.lock().ring.len
    }
}

impl WriteEnd {
    /// write(2): all of it, or with [`Blocking::Refuse`] what there is room for. Errors: `EPIPE` nobody reads (SIGPIPE is the C library's
    /// business, as for the host's pipes),
    /// `EAGAIN`, `EINTR`.
    ///
    /// # Safety
    /// The buffer is readable.
    pub unsafe fn write(&self, buffer: Buffer, blocking: Blocking) -> Result<u64, Errno> {
        let mut done = 0;
        if buffer.len_bytes == 0 {
            return Ok(0);
        }
        loop {
            let rest = Buffer { address: buffer.address + done, len_bytes: buffer.len_bytes - done };
            let seen = self.0.changes.load(SeqCst);
            let (count, has_readers) = {
                let mut inside = self.0.inside.lock();
                let fits = inside.ring.room() as u64 >= rest.len_bytes || buffer.len_bytes > ATOMIC_BYTES;
                // SAFETY: as the caller says.
                let count = if fits && inside.readers > 0 { unsafe { inside.ring.write(rest) } } else { 0 };
                (count as u64, inside.readers > 0)
            };
            if !has_readers {
                // What is in is in.
                return if done > 0 { Ok(done) } else { Err(Errno::EPIPE) };
            }
            done += count;
            if count > 0 {
                announce(&self.0.changes);
            }
            if done == buffer.len_bytes {
                return Ok(done);
            }
            if let Err(errno) = wait(&self.0.changes, seen, blocking) {
                return if done > 0 { Ok(done) } else { Err(errno) };
            }
        }
    }

    /// Whether a small write returns at once.
    pub fn is_ready(&self) -> bool {
        let inside = self.0.inside.lock();
        inside.ring.room() as u64 >= ATOMIC_BYTES || inside.readers == 0
    }

    /// Whether nobody reads any more.
    pub fn is_broken(&self) -> bool {
        self.0.inside.lock().readers == 0
    }
}

/// Waits until `word` is no longer `seen`.
pub fn wait(word: &AtomicU32, seen: u32, blocking: Blocking) -> Result<(), Errno> {
    if blocking == Blocking::Refuse {
        return Err(Errno::EAGAIN);
    }
    match futex::wait(word, seen, None) {
        // It has changed already.
        Err(Errno::EAGAIN) => Ok(()),
        Err(Errno::EINTR) => signal::deliver::restart(),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(bytes: &[u8]) -> Buffer {
        Buffer { address: bytes.as_ptr() as u64, len_bytes: bytes.len() as u64 }
    }

    #[test]
    fn bytes_come_out_in_order_across_the_seam() {
        let mut ring = Ring::new(10);
        let (mut next_in, mut next_out) = (0u8, 0u8);
        for round in 0..80 {
            let input: Vec<u8> = (0..round % 7).map(|i| next_in.wrapping_add(i)).collect();
            // SAFETY: a live vector.
            let count = unsafe { ring.write(buffer(&input)) };
            next_in = next_in.wrapping_add(count as u8);
            let mut output = vec![0u8; (round * 3 % 8) as usize];
            // SAFETY: a live vector that nobody else uses.
            let count =
                unsafe { ring.read(Buffer { address: output.as_mut_ptr() as u64, ..buffer(&output) }) };
            for &byte in &output[..count] {
                assert_eq!(byte, next_out);
                next_out = next_out.wrapping_add(1);
            }
        }
        assert_eq!(next_in.wrapping_sub(next_out) as usize, ring.len);
    }

    #[test]
    fn full_and_empty() {
        let mut ring = Ring::new(4);
        // SAFETY: live arrays.
        unsafe {
            assert_eq!(ring.write(buffer(b"abcdef")), 4);
            assert_eq!(ring.write(buffer(b"x")), 0);
            let mut output = [0u8; 8];
            let output = Buffer { address: output.as_mut_ptr() as u64, len_bytes: 8 };
            assert_eq!(ring.read(output), 4);
            assert_eq!(ring.read(output), 0);
        }
    }
}
