//! Sending and receiving.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::end::{End, Kind};
use super::queue::Packet;
use super::{UnixSocket, names, rights};
use crate::fs::file::File;
use crate::fs::ready::WaitQueue;
use crate::fs::socket::{Address, Incoming, Outgoing};
use crate::signal;
use crate::time;
use crate::user::UserCursor;
use abi::c::{MSG_DONTWAIT, MSG_OOB, MSG_PEEK, MSG_TRUNC, MSG_WAITALL};
use abi::errno::Errno;

/// Bytes of one piece of a stream.
const PIECE_BYTES: u64 = 32 * 1024;

/// Longest message: what a queue holds, as on Linux.
const MAX_MESSAGE_BYTES: u64 = super::queue::CAPACITY_BYTES as u64 - 32;

/// Who has the name of an address, and can be sent to by a socket of this kind.
pub fn found(address: &Address, kind: Kind) -> Result<Arc<End>, Errno> {
    let other = names::find(&names::name_of(address)?.ok_or(Errno::EINVAL)?)?;
    if other.kind == kind { Ok(other) } else { Err(Errno::EPROTOTYPE) }
}

impl UnixSocket {
    /// Does `attempt` again whenever there is news in `changes`, as long as it says `EAGAIN` and the caller has patience.
    pub(super) fn waiting<R>(
        &self,
        changes: &WaitQueue,
        flags: i32,
        patience_ns: &AtomicU64,
        mut attempt: impl FnMut() -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let limit_ns = match patience_ns.load(Relaxed) {
            0 => None,
            patience_ns => Some(time::monotonic_ns().saturating_add(patience_ns)),
        };
        loop {
            let seen = changes.seen();
            match attempt() {
                Err(Errno::EAGAIN) => {}
                result => return result,
            }
            if self.stream.is_nonblocking() || flags & MSG_DONTWAIT != 0 {
                return Err(Errno::EAGAIN);
            }
            match changes.wait_until(seen, limit_ns) {
                // After a wait with a limit no such call starts over (signal(7)).
                Err(Errno::EINTR) if limit_ns.is_none() => signal::deliver::restart()?,
                result => result?,
            }
        }
    }

    /// Sends all of it: of a stream piece by piece.
    pub(super) fn send_all(&self, from: &mut UserCursor<'_>, outgoing: &Outgoing<'_>) -> Result<u64, Errno> {
        if outgoing.flags & MSG_OOB != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        let mut files = rights::files_of(outgoing.control)?;
        if self.end.kind != Kind::Stream {
            return self.send_message(from, outgoing, files);
        }
        if outgoing.to.is_some() {
            return Err(if self.end.was_connected() { Errno::EISCONN } else { Errno::EOPNOTSUPP });
        }
        // Nothing to send: still an error if there is nobody.
        self.end.peer()?;
        while from.left() > 0 {
            let sent = self.send_piece(from, outgoing.flags, core::mem::take(&mut files));
            match sent {
                Ok(()) => {}
                Err(_) if from.done() > 0 => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(from.done())
    }

    fn send_piece(
        &self,
        from: &mut UserCursor<'_>,
        flags: i32,
        files: Vec<Arc<dyn File>>,
    ) -> Result<(), Errno> {
        // Looked at before, so that a full queue costs no copy.
        self.waiting(&self.end.changes, flags, &self.patience.outgoing, || {
            let condition = self.end.peer()?.incoming.condition();
            match condition {
                _ if condition.is_closed => Err(Errno::EPIPE),
                _ if condition.has_room => Ok(()),
                _ => Err(Errno::EAGAIN),
            }
        })?;
        let data = taken(from, PIECE_BYTES.min(from.left()))?;
        self.put(self.end.peer()?, Packet { data, taken: 0, from: None, files }, flags, false)
    }

    fn send_message(
        &self,
        from: &mut UserCursor<'_>,
        outgoing: &Outgoing<'_>,
        files: Vec<Arc<dyn File>>,
    ) -> Result<u64, Errno> {
        let len_bytes = from.left();
        if len_bytes > MAX_MESSAGE_BYTES {
            return Err(Errno::EMSGSIZE);
        }
        let to = match outgoing.to {
            Some(address) if self.end.kind == Kind::Datagram => found(address, self.end.kind)?,
            Some(_) if self.end.was_connected() => return Err(Errno::EISCONN),
            _ => self.end.peer()?,
        };
        let data = taken(from, len_bytes)?;
        self.put(to, Packet { data, taken: 0, from: self.end.name(), files }, outgoing.flags, true)?;
        Ok(len_bytes)
    }

    /// Puts a packet into the other side's queue, when there is room.
    fn put(&self, to: Arc<End>, packet: Packet, flags: i32, is_message: bool) -> Result<(), Errno> {
        let gone = if self.end.kind == Kind::Datagram { Errno::ECONNREFUSED } else { Errno::EPIPE };
        let changes = if self.end.kind == Kind::Datagram { &to.room } else { &self.end.changes };
        let mut packet = Some(packet);
        self.waiting(changes, flags, &self.patience.outgoing, || {
            if to.incoming.condition().is_closed {
                return Err(gone);
            }
            if is_message && self.end.kind == Kind::Packets {
                self.end.peer()?;
            }
            match packet.take().map(|packet| to.incoming.push(packet)) {
                Some(Err(back)) => {
                    packet = Some(back);
                    Err(Errno::EAGAIN)
                }
                _ => Ok(()),
            }
        })?;
        to.changes.announce();
        Ok(())
    }

    /// Receives what there is, waiting for the first of it; MSG_WAITALL: for all of a stream.
    pub(super) fn receive_some(
        &self,
        to: &mut UserCursor<'_>,
        incoming: &mut Incoming,
    ) -> Result<u64, Errno> {
        let flags = incoming.flags;
        incoming.flags = 0;
        if flags & MSG_OOB != 0 {
            return Err(Errno::EOPNOTSUPP);
        }
        if self.end.is_listening() || (self.end.kind != Kind::Datagram && !self.end.was_connected()) {
            return Err(if self.end.kind == Kind::Packets { Errno::ENOTCONN } else { Errno::EINVAL });
        }
        let wants_all = self.end.kind == Kind::Stream && flags & (MSG_WAITALL | MSG_PEEK) == MSG_WAITALL;
        let mut received = 0;
        loop {
            let more = self.waiting(&self.end.changes, flags, &self.patience.incoming, || {
                let _one = self.receiving.lock();
                if self.end.kind == Kind::Stream {
                    self.receive_stream(to, flags, incoming)
                } else {
                    self.receive_message(to, flags, incoming)
                }
            });
            match more {
                Ok(more) => received += more,
                Err(_) if received > 0 => return Ok(received),
                Err(errno) => return Err(errno),
            }
            if !wants_all || more == Ok(0) || to.left() == 0 || !incoming.control.is_empty() {
                return Ok(received);
            }
        }
    }

    /// The end of what comes, if there is nothing left: 0, or what went wrong.
    fn ended(&self) -> Result<u64, Errno> {
        if let Some(errno) = self.end.take_error() {
            return Err(errno);
        }
        let condition = self.end.incoming.condition();
        if condition.is_ended || condition.is_closed { Ok(0) } else { Err(Errno::EAGAIN) }
    }

    fn receive_stream(
        &self,
        to: &mut UserCursor<'_>,
        flags: i32,
        incoming: &mut Incoming,
    ) -> Result<u64, Errno> {
        if to.left() == 0 {
            return Ok(0);
        }
        let is_peek = flags & MSG_PEEK != 0;
        let mut received = 0;
        let mut seen = Vec::new();
        let mut fault = Ok(());
        while to.left() > 0 && fault.is_ok() {
            let Some(mut packet) = self.end.incoming.pop() else { break };
            // Files come with the first byte of their piece, and nothing of another piece with them.
            if received > 0 && !packet.files.is_empty() {
                self.end.incoming.put_back(packet);
                break;
            }
            let moved = to.write(packet.rest());
            received += moved as u64;
            let files = packet.files(is_peek);
            let had_files = !files.is_empty();
            fault = self.tell_control(files, flags, incoming);
            if is_peek {
                seen.push(packet);
            } else {
                packet.taken += moved;
                if !packet.rest().is_empty() {
                    self.end.incoming.put_back(packet);
                }
            }
            if moved == 0 {
                fault = Err(Errno::EFAULT);
            }
            if had_files {
                break;
            }
        }
        seen.into_iter().rev().for_each(|packet| self.end.incoming.put_back(packet));
        if received == 0 {
            return fault.and_then(|()| self.ended());
        }
        if !is_peek && let Some(peer) = self.end.other_side() {
            // There is room for it to send.
            peer.changes.announce();
        }
        Ok(received)
    }

    fn receive_message(
        &self,
        to: &mut UserCursor<'_>,
        flags: i32,
        incoming: &mut Incoming,
    ) -> Result<u64, Errno> {
        let Some(mut packet) = self.end.incoming.pop() else { return self.ended() };
        let room = to.left();
        let moved = to.write(packet.rest()) as u64;
        let whole = packet.rest().len() as u64;
        // Of a sender without a name, nothing is told: not even the family, unlike by accept and getpeername.
        incoming.from = packet.from.as_deref().map_or(Address::none(), |name| names::address_of(Some(name)));
        incoming.flags = if whole > room { MSG_TRUNC } else { 0 };
        let is_peek = flags & MSG_PEEK != 0;
        let told = self.tell_control(packet.files(is_peek), flags, incoming);
        if is_peek {
            self.end.incoming.put_back(packet);
        } else {
            self.end.room.announce();
            if let Some(peer) = self.end.other_side() {
                peer.changes.announce();
            }
        }
        told?;
        if moved < whole.min(room) {
            return Err(Errno::EFAULT);
        }
        Ok(if flags & MSG_TRUNC != 0 { whole } else { moved })
    }

    /// Opens files for the receiver, and says who sent.
    fn tell_control(
        &self,
        files: Vec<Arc<dyn File>>,
        flags: i32,
        incoming: &mut Incoming,
    ) -> Result<(), Errno> {
        let with_credentials = self.wants_credentials.load(Relaxed) && incoming.control.is_empty();
        if files.is_empty() && !with_credentials {
            return Ok(());
        }
        let (control, cut) = rights::told(files, with_credentials, incoming.control_room, flags)?;
        incoming.control = control;
        incoming.flags |= cut;
        Ok(())
    }
}

/// So many bytes of the program's, copied. `EFAULT`.
fn taken(from: &mut UserCursor<'_>, len_bytes: u64) -> Result<Vec<u8>, Errno> {
    let mut data = vec![0; len_bytes as usize];
    let count = from.read(&mut data);
    if count < data.len() && count == 0 {
        return Err(Errno::EFAULT);
    }
    data.truncate(count);
    Ok(data)
}
