//! Sockets between threads of the isle (AF_UNIX): streams, datagrams and packets, with names or in pairs.
//!
//! Nothing of them is the host's: not their names, not what goes through them.
//!
//! | module | what |
//! |---|---|
//! | [`end`] | an end, and how ends are connected |
//! | [`queue`] | what has been sent and not received |
//! | [`names`] | who is found by which name |
//! | [`rights`] | open files that are sent along |
//! | [`transfer`] | sending and receiving |

mod end;
mod names;
mod queue;
mod rights;
mod transfer;

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::patience::Patience;
use super::put;
use crate::fs::file::{File, Readiness};
use crate::fs::ready::Watcher;
use crate::fs::socket::{Address, Incoming, Outgoing, Socket};
use crate::fs::stream::{Stream, anonymous, no_file_system};
use crate::sync::Mutex;
use crate::user::{UserCursor, UserPtr};
use abi::c::{self, FIONREAD, S_IFSOCK, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_SEQPACKET, SOCK_STREAM, SOL_SOCKET};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};
use end::{End, Kind};

/// Longest line of connections that wait to be accepted, as on Linux (`net.core.somaxconn`).
const MOST_PENDING: usize = 4096;

/// Number of the next socket.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// An open socket.
pub struct UnixSocket {
    end: Arc<End>,
    stream: Stream,
    patience: Patience,
    /// SO_PASSCRED.
    wants_credentials: AtomicBool,
    /// One at a time takes pieces of a stream.
    receiving: Mutex<()>,
    number: u64,
}

fn kind_of(kind: i32) -> Result<Kind, Errno> {
    match kind {
        SOCK_STREAM => Ok(Kind::Stream),
        // As on Linux a raw one is a datagram socket.
        SOCK_DGRAM | 3 => Ok(Kind::Datagram),
        SOCK_SEQPACKET => Ok(Kind::Packets),
        _ => Err(Errno::ESOCKTNOSUPPORT),
    }
}

fn check_protocol(protocol: i32) -> Result<(), Errno> {
    if protocol == 0 || protocol == c::AF_UNIX { Ok(()) } else { Err(Errno::EPROTONOSUPPORT) }
}

impl UnixSocket {
    /// socket(2).
    pub fn make(kind: i32, protocol: i32, nonblocking: bool) -> Result<Self, Errno> {
        check_protocol(protocol)?;
        Ok(Self::of(End::new(kind_of(kind)?), nonblocking))
    }

    /// socketpair(2).
    pub fn pair(kind: i32, protocol: i32, nonblocking: bool) -> Result<(Self, Self), Errno> {
        check_protocol(protocol)?;
        let (one, other) = End::pair(kind_of(kind)?);
        Ok((Self::of(one, nonblocking), Self::of(other, nonblocking)))
    }

    fn of(end: Arc<End>, nonblocking: bool) -> Self {
        Self {
            end,
            stream: Stream::new(nonblocking),
            patience: Patience::new(),
            wants_credentials: AtomicBool::new(false),
            receiving: Mutex::new(()),
            number: NEXT_NUMBER.fetch_add(1, Relaxed),
        }
    }
}

impl Drop for UnixSocket {
    fn drop(&mut self) {
        self.end.close();
    }
}

impl Socket for UnixSocket {
    fn bind(&self, address: &Address) -> Result<(), Errno> {
        match names::name_of(address)? {
            None => self.end.bind_anywhere(),
            Some(key) => {
                let written = names::written(address);
                self.end.bind(written, key)
            }
        }
    }

    fn listen(&self, backlog: i32) -> Result<(), Errno> {
        self.end.listen(usize::try_from(backlog).unwrap_or(MOST_PENDING).min(MOST_PENDING))
    }

    fn accept(&self, flags: i32) -> Result<(Arc<dyn File>, Address), Errno> {
        if self.end.kind == Kind::Datagram {
            return Err(Errno::EOPNOTSUPP);
        }
        let accepted = self.waiting(&self.end.changes, 0, &self.patience.incoming, || self.end.accept())?;
        let peer = accepted.other_side().and_then(|peer| peer.name());
        let socket = Self::of(accepted, flags & SOCK_NONBLOCK != 0);
        Ok((Arc::new(socket), names::address_of(peer.as_deref())))
    }

    fn connect(&self, address: &Address) -> Result<(), Errno> {
        if self.end.kind == Kind::Datagram {
            let is_none = address.bytes().get(..2) == Some(&[0, 0]);
            let other = if is_none { None } else { Some(transfer::found(address, self.end.kind)?) };
            self.end.connect_to(other);
            return Ok(());
        }
        let name = names::name_of(address)?.ok_or(Errno::EINVAL)?;
        let listener = names::find(&name)?;
        self.waiting(&listener.room, 0, &self.patience.outgoing, || self.end.connect(&listener))
    }

    fn name(&self) -> Result<Address, Errno> {
        Ok(names::address_of(self.end.name().as_deref()))
    }

    fn peer(&self) -> Result<Address, Errno> {
        let peer = self.end.other_side().ok_or(Errno::ENOTCONN)?;
        Ok(names::address_of(peer.name().as_deref()))
    }

    fn option(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno> {
        if level != SOL_SOCKET {
            return Err(Errno::EOPNOTSUPP);
        }
        if let Some(time) = self.patience.option(level, name) {
            return Ok(put(&time, value));
        }
        let number = match name {
            c::SO_TYPE => match self.end.kind {
                Kind::Stream => SOCK_STREAM,
                Kind::Datagram => SOCK_DGRAM,
                Kind::Packets => SOCK_SEQPACKET,
            },
            c::SO_ERROR => self.end.take_error().map_or(0, |errno| -errno.to_wire() as i32),
            c::SO_ACCEPTCONN => self.end.is_listening().into(),
            c::SO_DOMAIN => c::AF_UNIX,
            c::SO_PASSCRED => self.wants_credentials.load(Relaxed).into(),
            c::SO_SNDBUF | c::SO_RCVBUF => queue::CAPACITY_BYTES as i32,
            c::SO_PEERCRED if self.end.was_connected() => return Ok(put(&rights::credentials(), value)),
            c::SO_PEERCRED => {
                return Ok(put(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], value));
            }
            c::SO_PROTOCOL | c::SO_REUSEADDR | c::SO_KEEPALIVE | c::SO_BROADCAST | c::SO_PRIORITY => 0,
            _ => return Err(Errno::ENOPROTOOPT),
        };
        Ok(put(&number.to_ne_bytes(), value))
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
        if level != SOL_SOCKET {
            return Err(Errno::EOPNOTSUPP);
        }
        if let Some(set) = self.patience.set_option(level, name, value) {
            return set;
        }
        let number = value.get(..4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes);
        let number = number.ok_or(Errno::EINVAL)?;
        match name {
            c::SO_PASSCRED => self.wants_credentials.store(number != 0, Relaxed),
            // What means nothing here.
            c::SO_REUSEADDR
            | c::SO_KEEPALIVE
            | c::SO_BROADCAST
            | c::SO_PRIORITY
            | c::SO_SNDBUF
            | c::SO_RCVBUF => {}
            _ => return Err(Errno::ENOPROTOOPT),
        }
        Ok(())
    }

    fn shutdown(&self, how: i32) -> Result<(), Errno> {
        let (reading, writing) = match how {
            c::SHUT_RD => (true, false),
            c::SHUT_WR => (false, true),
            c::SHUT_RDWR => (true, true),
            _ => return Err(Errno::EINVAL),
        };
        self.end.shut(reading, writing);
        Ok(())
    }

    fn send(&self, from: &mut UserCursor<'_>, outgoing: &Outgoing<'_>) -> Result<u64, Errno> {
        self.send_all(from, outgoing)
    }

    fn receive(&self, to: &mut UserCursor<'_>, incoming: &mut Incoming) -> Result<u64, Errno> {
        self.receive_some(to, incoming)
    }
}

impl File for UnixSocket {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.receive_some(to, &mut Incoming::of(0))
    }

    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.send_all(from, &Outgoing::default())
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Stat { st_ino: self.number, st_mode: S_IFSOCK | 0o777, ..anonymous() })
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(no_file_system())
    }

    fn ioctl(&self, request: u64, argument: u64) -> Result<u64, Errno> {
        if request != FIONREAD {
            return Err(Errno::ENOTTY);
        }
        let count = self.end.incoming.readable_bytes(self.end.kind != Kind::Datagram);
        UserPtr::new(argument as *const i32)?.write(count as i32).map(|()| 0)
    }

    fn as_stream(&self) -> Option<&Stream> {
        Some(&self.stream)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(format!("socket:[{}]", self.number).into_bytes())
    }

    fn as_socket(&self) -> Option<&dyn Socket> {
        Some(self)
    }

    fn readiness(&self) -> Readiness {
        Readiness::Now(self.end.events())
    }

    fn watch(&self, watcher: &Arc<dyn Watcher>) {
        self.end.changes.watch(watcher);
    }

    fn unwatch(&self, watcher: &Arc<dyn Watcher>) {
        self.end.changes.unwatch(watcher);
    }
}
