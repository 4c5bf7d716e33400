//! What has been sent to a socket and not received: [`Queue`].

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::names::Name;
use crate::fs::file::File;
use crate::sync::SpinLock;

/// Bytes that may wait, beside one packet that begins below it (Linux's default of `net.core.wmem_default`).
pub const CAPACITY_BYTES: usize = 212_992;

/// What each packet counts beside its data.
const PACKET_BYTES: usize = 256;

/// One piece that was sent: of a stream a part, else a message.
pub struct Packet {
    pub data: Vec<u8>,
    /// Bytes of it that have been received (streams).
    pub taken: usize,
    /// From whom (messages), if that has a name.
    pub from: Option<Name>,
    /// Open files that come with it (SCM_RIGHTS).
    pub files: Vec<Arc<dyn File>>,
}

impl Packet {
    /// What has not been received.
    pub fn rest(&self) -> &[u8] {
        &self.data[self.taken..]
    }

    /// The files that come with it: they are the receiver's, and stay for who only looks.
    pub fn files(&mut self, is_peek: bool) -> Vec<Arc<dyn File>> {
        if is_peek { self.files.clone() } else { core::mem::take(&mut self.files) }
    }

    const fn cost(&self) -> usize {
        self.data.len() + PACKET_BYTES
    }
}

/// Packets in the order in which they came.
pub struct Queue {
    inner: SpinLock<Inner>,
}

struct Inner {
    packets: VecDeque<Packet>,
    bytes: usize,
    /// Nothing more will come.
    is_ended: bool,
    /// Nobody will receive.
    is_closed: bool,
}

/// What is known of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    pub has_packets: bool,
    pub has_room: bool,
    pub is_ended: bool,
    pub is_closed: bool,
}

impl Queue {
    pub const fn new() -> Self {
        let inner = Inner { packets: VecDeque::new(), bytes: 0, is_ended: false, is_closed: false };
        Self { inner: SpinLock::new(inner) }
    }

    pub fn condition(&self) -> Condition {
        let inner = self.inner.lock();
        Condition {
            has_packets: !inner.packets.is_empty(),
            has_room: inner.bytes < CAPACITY_BYTES,
            is_ended: inner.is_ended,
            is_closed: inner.is_closed,
        }
    }

    /// Puts a packet at the end, or gives it back if there is no room.
    pub fn push(&self, packet: Packet) -> Result<(), Packet> {
        // Memory is not for the lock: room for one more than there are.
        let mut room = VecDeque::new();
        loop {
            let wanted = {
                let mut inner = self.inner.lock();
                if inner.bytes >= CAPACITY_BYTES {
                    return Err(packet);
                }
                if room.capacity() > inner.packets.capacity() {
                    room.append(&mut inner.packets);
                    core::mem::swap(&mut room, &mut inner.packets);
                }
                if inner.packets.len() < inner.packets.capacity() {
                    inner.bytes += packet.cost();
                    inner.packets.push_back(packet);
                    return Ok(());
                }
                2 * (inner.packets.len() + 1)
            };
            room = VecDeque::with_capacity(wanted);
        }
    }

    /// Takes the first packet.
    pub fn pop(&self) -> Option<Packet> {
        let mut inner = self.inner.lock();
        let packet = inner.packets.pop_front()?;
        inner.bytes -= packet.cost();
        Some(packet)
    }

    /// Puts back what was taken, or the rest of it.
    pub fn put_back(&self, packet: Packet) {
        let mut inner = self.inner.lock();
        inner.bytes += packet.cost();
        // There is room: it has just been taken out.
        inner.packets.push_front(packet);
    }

    /// Bytes that wait (FIONREAD): all of them, or those of the first message.
    pub fn readable_bytes(&self, all: bool) -> usize {
        let inner = self.inner.lock();
        let count = if all { inner.packets.len() } else { 1 };
        inner.packets.iter().take(count).map(|packet| packet.rest().len()).sum()
    }

    /// Nothing more will come.
    pub fn end(&self) {
        self.inner.lock().is_ended = true;
    }

    /// Nobody will receive any more. What has not been received is given back, to be dropped.
    pub fn close(&self) -> VecDeque<Packet> {
        let mut inner = self.inner.lock();
        inner.is_closed = true;
        inner.bytes = 0;
        core::mem::take(&mut inner.packets)
    }

    /// Nobody wants to receive (shutdown(2)); what is there stays.
    pub fn refuse(&self) {
        self.inner.lock().is_closed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(len: usize) -> Packet {
        Packet { data: alloc::vec![7; len], taken: 0, from: None, files: Vec::new() }
    }

    #[test]
    fn a_queue_is_full_when_its_bytes_are() {
        let queue = Queue::new();
        let mut count = 0;
        while queue.push(packet(1000)).is_ok() {
            count += 1;
        }
        assert!(count > 100 && !queue.condition().has_room);
        assert_eq!(queue.readable_bytes(true), count * 1000);
        assert_eq!(queue.readable_bytes(false), 1000);
        let mut first = queue.pop().unwrap();
        assert!(queue.condition().has_room);
        first.taken = 400;
        queue.put_back(first);
        assert_eq!(queue.readable_bytes(false), 600);
        assert_eq!(queue.close().len(), count);
        assert!(queue.condition().is_closed && !queue.condition().has_packets);
    }
}
