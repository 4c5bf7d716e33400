//! Sockets of the host's: TCP and UDP as Linux speaks them.
//!
//! Whether a call waits is decided here: O_NONBLOCK is a flag of ours, and time limits (SO_RCVTIMEO, SO_SNDTIMEO) are kept here, so
//! that on the host's side there are only calls that wait for ever, and such that do not wait.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use super::patience::{Patience, Way};
use super::put;
use crate::fs::file::{File, Readiness};
use crate::fs::host::{self, HostFile, handle_of, restartable};
use crate::fs::socket::{Address, Incoming, Outgoing, Socket};
use crate::fs::stream::Stream;
use crate::time;
use crate::user::{Access, UserCursor, UserPtr, UserSlice};
use abi::c::{self, MSG_DONTWAIT, POLLIN, POLLOUT, SOCK_NONBLOCK};
use abi::errno::Errno;
use abi::file::{PollHandle, Stat, StatFs};
use abi::hypercall::{MAX_OPTION_BYTES, Number};
use abi::socket::{INTERFACE_BYTES, Message};

const O_NONBLOCK: u64 = c::O_NONBLOCK as u64;

/// Interfaces for which there is room if nobody says how many there are.
const MAX_INTERFACES: usize = 1024;

/// An open socket that the program made.
pub struct HostSocket {
    file: HostFile,
    stream: Stream,
    patience: Patience,
}

/// A socket that the program has of its parent.
pub struct Inherited {
    handle: i32,
    is_nonblocking: bool,
}

/// How long a call waits, and whose socket it is.
struct Caller<'a> {
    handle: i32,
    is_nonblocking: bool,
    patience: Option<&'a Patience>,
}

impl HostSocket {
    /// socket(2).
    pub fn make(domain: i32, kind: i32, protocol: i32, nonblocking: bool) -> Result<Self, Errno> {
        let args = [domain as u64, kind as u64, protocol as u64, 0, 0, 0];
        Ok(Self::of(crate::hypercall::call(Number::Socket, args)?, nonblocking))
    }

    fn of(handle: u64, nonblocking: bool) -> Self {
        Self {
            file: HostFile::new(handle as i32),
            stream: Stream::new(nonblocking),
            patience: Patience::new(),
        }
    }

    fn caller(&self) -> Caller<'_> {
        Caller {
            handle: self.file.handle(),
            is_nonblocking: self.stream.is_nonblocking(),
            patience: Some(&self.patience),
        }
    }
}

impl Inherited {
    /// `ENOTSOCK`: `file` is not the host's.
    pub fn of(file: &dyn File) -> Result<Self, Errno> {
        let handle = handle_of(file).ok_or(Errno::ENOTSOCK)?;
        Ok(Self { handle, is_nonblocking: file.flags()? & O_NONBLOCK != 0 })
    }

    const fn caller(&self) -> Caller<'_> {
        Caller { handle: self.handle, is_nonblocking: self.is_nonblocking, patience: None }
    }
}

impl Caller<'_> {
    fn call(&self, number: Number, args: [u64; 5]) -> Result<u64, Errno> {
        restartable(number, [self.handle as u64, args[0], args[1], args[2], args[3], args[4]])
    }

    /// Makes a call that may wait for `way`; `call` gets MSG_DONTWAIT or 0.
    fn waiting(
        &self,
        way: Way,
        flags: i32,
        mut call: impl FnMut(i32) -> Result<u64, Errno>,
    ) -> Result<u64, Errno> {
        if self.is_impatient(flags) {
            return call(MSG_DONTWAIT);
        }
        let patience_ns = self.patience.map_or(0, |patience| patience.of(way));
        if patience_ns == 0 {
            return call(0);
        }
        let deadline_ns = time::monotonic_ns().saturating_add(patience_ns);
        loop {
            let is_wait = |errno| matches!(errno, Errno::EAGAIN | Errno::EINPROGRESS | Errno::EALREADY);
            match call(MSG_DONTWAIT) {
                Err(errno) if is_wait(errno) && !self.wait(way, deadline_ns)? => return Err(errno),
                Err(errno) if is_wait(errno) => {}
                result => return result,
            }
        }
    }

    const fn is_impatient(&self, flags: i32) -> bool {
        self.is_nonblocking || flags & MSG_DONTWAIT != 0
    }

    /// False: the time is over. `EINTR`: a signal came, after which no such call starts over (signal(7)).
    fn wait(&self, way: Way, deadline_ns: u64) -> Result<bool, Errno> {
        let events = if way == Way::In { POLLIN } else { POLLOUT };
        let mut set = [PollHandle { handle: self.handle, events, revents: 0 }];
        Ok(host::poll(&mut set, time::left_ms(deadline_ns))? > 0)
    }

    fn name(&self, which: u64) -> Result<Address, Errno> {
        let mut address = Address::none();
        let (len_place, place) = (address.len_place(), address.place());
        self.call(Number::SocketName, [which, place, len_place, 0, 0])?;
        Ok(address)
    }

    /// All of it, or as much as the time allows.
    fn send(&self, from: &mut UserCursor<'_>, outgoing: &Outgoing<'_>) -> Result<u64, Errno> {
        let flags = outgoing.flags & !MSG_DONTWAIT;
        let mut sent = 0;
        let end = self.waiting(Way::Out, outgoing.flags, |more| {
            sent += self.send_once(from, outgoing, flags | more)?;
            // With a time limit a part may be all that is possible at once.
            let goes_on = more != 0 && from.left() != 0 && !self.is_impatient(outgoing.flags);
            if goes_on { Err(Errno::EAGAIN) } else { Ok(sent) }
        });
        if sent > 0 { Ok(sent) } else { end }
    }

    fn send_once(
        &self,
        from: &mut UserCursor<'_>,
        outgoing: &Outgoing<'_>,
        flags: i32,
    ) -> Result<u64, Errno> {
        let sent = match from.only() {
            Some(part) if outgoing.to.is_none() && outgoing.control.is_empty() => {
                let (address, len_bytes) = part.for_host(Access::Read)?;
                self.call(Number::Send, [address, len_bytes, flags as u64, 0, 0])?
            }
            _ => {
                let vectors = host::vectors(from, Access::Read)?;
                let mut to = outgoing.to.copied().unwrap_or(Address::none());
                let mut message = Message {
                    name: if outgoing.to.is_some() { to.place() } else { 0 },
                    name_bytes: to.len_bytes(),
                    vectors: vectors.as_ptr() as u64,
                    count: vectors.len() as u64,
                    control: outgoing.control.as_ptr() as u64,
                    control_bytes: outgoing.control.len() as u64,
                    ..Message::default()
                };
                self.call(Number::SendMessage, [(&raw mut message) as u64, flags as u64, 0, 0, 0])?
            }
        };
        from.advance(sent);
        Ok(sent)
    }

    fn receive(&self, to: &mut UserCursor<'_>, incoming: &mut Incoming) -> Result<u64, Errno> {
        let asked = incoming.flags;
        let flags = asked & !MSG_DONTWAIT;
        let received = match to.only() {
            Some(part) if !incoming.asks_from && incoming.control_room == 0 => {
                let (address, len_bytes) = part.for_host(Access::Write)?;
                let received = self.waiting(Way::In, asked, |more| {
                    self.call(Number::Receive, [address, len_bytes, (flags | more) as u64, 0, 0])
                })?;
                // What was cut off is told by more bytes than there is room for, if MSG_TRUNC was asked for.
                incoming.flags = 0;
                received
            }
            _ => {
                let vectors = host::vectors(to, Access::Write)?;
                let mut control = vec![0u8; incoming.control_room];
                let mut message = Message {
                    name: incoming.from.place(),
                    name_bytes: incoming.from.place_bytes(),
                    vectors: vectors.as_ptr() as u64,
                    count: vectors.len() as u64,
                    control: control.as_mut_ptr() as u64,
                    control_bytes: control.len() as u64,
                    ..Message::default()
                };
                let place = (&raw mut message) as u64;
                let received = self.waiting(Way::In, asked, |more| {
                    self.call(Number::ReceiveMessage, [place, (flags | more) as u64, 0, 0, 0])
                })?;
                incoming.from.set_len_bytes(message.name_bytes);
                control.truncate(message.control_bytes as usize);
                (incoming.control, incoming.flags) = (control, message.flags);
                received
            }
        };
        to.advance(received.min(to.left()));
        Ok(received)
    }

    fn accept(&self, flags: i32) -> Result<(Arc<dyn File>, Address), Errno> {
        let mut address = Address::none();
        let (len_place, place) = (address.len_place(), address.place());
        let handle = self
            .waiting(Way::In, 0, |more| self.call(Number::Accept, [place, len_place, more as u64, 0, 0]))?;
        Ok((Arc::new(HostSocket::of(handle, flags & SOCK_NONBLOCK != 0)), address))
    }

    fn connect(&self, address: &Address) -> Result<(), Errno> {
        let mut address = *address;
        let (place, len_bytes) = (address.place(), u64::from(address.len_bytes()));
        let connected = self
            .waiting(Way::Out, 0, |more| self.call(Number::Connect, [place, len_bytes, more as u64, 0, 0]));
        match connected {
            // The attempt goes on, as when the call had not waited from the start.
            Err(Errno::EALREADY) if !self.is_nonblocking => Err(Errno::EINPROGRESS),
            result => result.map(drop),
        }
    }

    fn option(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno> {
        let mut len_bytes = value.len().min(MAX_OPTION_BYTES as usize) as u32;
        let (place, len_place) = (value.as_mut_ptr() as u64, (&raw mut len_bytes) as u64);
        self.call(Number::GetOption, [level as u64, name as u64, place, len_place, 0])?;
        Ok(len_bytes as usize)
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
        let (place, len_bytes) = (value.as_ptr() as u64, value.len() as u64);
        self.call(Number::SetOption, [level as u64, name as u64, place, len_bytes, 0]).map(drop)
    }

    fn bind(&self, address: &Address) -> Result<(), Errno> {
        let mut address = *address;
        let len_bytes = u64::from(address.len_bytes());
        self.call(Number::Bind, [address.place(), len_bytes, 0, 0, 0]).map(drop)
    }

    fn listen(&self, backlog: i32) -> Result<(), Errno> {
        self.call(Number::Listen, [backlog as u64, 0, 0, 0, 0]).map(drop)
    }

    fn shutdown(&self, how: i32) -> Result<(), Errno> {
        self.call(Number::Shutdown, [how as u64, 0, 0, 0, 0]).map(drop)
    }
}

/// What both kinds do in the same way.
macro_rules! socket {
    ($($method:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(fn $method(&self, $($argument: $kind),*) -> $result {
            self.caller().$method($($argument),*)
        })*
    };
}

macro_rules! sockets {
    () => {
        socket! {
            bind(address: &Address) -> Result<(), Errno>;
            listen(backlog: i32) -> Result<(), Errno>;
            accept(flags: i32) -> Result<(Arc<dyn File>, Address), Errno>;
            connect(address: &Address) -> Result<(), Errno>;
            shutdown(how: i32) -> Result<(), Errno>;
            send(from: &mut UserCursor<'_>, outgoing: &Outgoing<'_>) -> Result<u64, Errno>;
            receive(to: &mut UserCursor<'_>, incoming: &mut Incoming) -> Result<u64, Errno>;
        }

        fn name(&self) -> Result<Address, Errno> {
            self.caller().name(0)
        }

        fn peer(&self) -> Result<Address, Errno> {
            self.caller().name(1)
        }
    };
}

impl Socket for Inherited {
    sockets!();

    fn option(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno> {
        self.caller().option(level, name, value)
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
        self.caller().set_option(level, name, value)
    }
}

impl Socket for HostSocket {
    sockets!();

    fn option(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno> {
        match self.patience.option(level, name) {
            Some(time) => Ok(put(&time, value)),
            None => self.caller().option(level, name, value),
        }
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
        match self.patience.set_option(level, name, value) {
            Some(set) => set,
            None => self.caller().set_option(level, name, value),
        }
    }
}

impl File for HostSocket {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.receive(to, &mut Incoming::of(0))
    }

    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        self.send(from, &Outgoing::default())
    }

    fn stat(&self) -> Result<Stat, Errno> {
        self.file.stat()
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        self.file.statfs()
    }

    fn chmod(&self, mode: u32) -> Result<(), Errno> {
        self.file.chmod(mode)
    }

    fn chown(&self, uid: u32, gid: u32) -> Result<(), Errno> {
        self.file.chown(uid, gid)
    }

    fn ioctl(&self, request: u64, argument: u64) -> Result<u64, Errno> {
        match request {
            c::SIOCGIFCONF => self.interfaces(argument),
            _ => self.file.ioctl(request, argument),
        }
    }

    fn as_stream(&self) -> Option<&Stream> {
        Some(&self.stream)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        File::name(&self.file)
    }

    fn readiness(&self) -> Readiness {
        self.file.readiness()
    }

    fn as_socket(&self) -> Option<&dyn Socket> {
        Some(self)
    }
}

impl HostSocket {
    /// SIOCGIFCONF: into the buffer of a `struct ifconf`, or only how long it would have to be.
    fn interfaces(&self, argument: u64) -> Result<u64, Errno> {
        let length = UserPtr::new(argument as *const i32)?;
        let buffer = UserPtr::new((argument + 8) as *const u64)?.read()?;
        let room = match buffer {
            0 => MAX_INTERFACES * INTERFACE_BYTES,
            _ => usize::try_from(length.read()?).map_err(|_| Errno::EINVAL)?,
        };
        let mut found = vec![0u8; room.min(MAX_INTERFACES * INTERFACE_BYTES)];
        let place = found.as_mut_ptr() as u64;
        let told = self.caller().call(Number::Interfaces, [place, found.len() as u64, 0, 0, 0])?;
        if buffer != 0 {
            UserSlice::new(buffer, told)?.write_all(&found[..told as usize])?;
        }
        length.write(told as i32).map(|()| 0)
    }
}
