//! What may wait: accepting, connecting, sending and receiving.
//!
//! Each is tried first ([`Patience::None`]): one call of the host, which never waits. Only if that says "not now", and the
//! program wants to wait, somebody waits: the vCPU itself where nothing else could run there, or
//! [`super::super::readiness`], which tries again.

use super::super::answer::{Answer, Outlook};
use super::super::attempt::Attempt;
use super::super::outlook::is_nonblocking;
use super::super::{Pending, Server, host};
use super::address::{Room, is_unspecified, no_address, socket_address};
use super::{control, int_option, set_blocking};
use crate::host_signals::interrupt;
use abi::c::{
    AF_INET, AF_INET6, MSG_CTRUNC, MSG_DONTWAIT, MSG_EOR, MSG_NOSIGNAL, MSG_PEEK, MSG_TRUNC, MSG_WAITALL,
    SOCK_CLOEXEC, SOCK_STREAM,
};
use abi::errno::Errno;
use abi::hypercall::{MAX_ADDRESS_BYTES, MAX_CONTROL_BYTES, Number};
use abi::socket::Message;
use core::ffi::c_long;
use core::mem::offset_of;
use std::os::fd::{AsRawFd, OwnedFd};

/// Flags that a program may give: not MSG_ZEROCOPY, whose pages the guest could use for something else meanwhile.
const FLAGS: i32 = libc::MSG_OOB
    | MSG_PEEK
    | libc::MSG_DONTROUTE
    | MSG_TRUNC
    | MSG_DONTWAIT
    | MSG_EOR
    | MSG_WAITALL
    | libc::MSG_CONFIRM
    | libc::MSG_ERRQUEUE
    | libc::MSG_MORE
    | libc::MSG_FASTOPEN;

/// What Linux answers at once, whether it was asked to wait or not.
const NEVER_WAITED_FOR: i32 = libc::MSG_OOB | libc::MSG_ERRQUEUE;

/// Whether a call may wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    None,
    Waits,
}

/// Flags of a request.
const fn flags_of(number: Number, args: &[u64; 6]) -> i32 {
    match number {
        Number::SendMessage | Number::ReceiveMessage => args[2] as i32,
        _ => args[3] as i32,
    }
}

/// Whether the program does not want to wait, or Linux would not either.
const fn is_impatient(number: Number, args: &[u64; 6]) -> bool {
    let flags = flags_of(number, args);
    let never = if matches!(number, Number::Receive | Number::ReceiveMessage) { NEVER_WAITED_FOR } else { 0 };
    flags & (MSG_DONTWAIT | never) != 0
}

/// Whether an error says that the call would wait.
const fn is_wait(errno: Errno) -> bool {
    matches!(errno, Errno::EAGAIN | Errno::EINPROGRESS | Errno::EALREADY)
}

impl Server {
    /// Serves the request as far as nobody has to wait.
    pub(in super::super) fn socket_ahead(&self, request: &Pending) -> Result<Outlook, Errno> {
        let (number, args) = (request.number, &request.args);
        self.sockets()?;
        let file = self.handles.get(args[0])?;
        if is_impatient(number, args) {
            return Ok(Outlook::Answered(self.socket_call(&file, number, args, 0, Patience::None)));
        }
        Ok(match self.socket_attempt(&file, request) {
            Attempt::Answered(answer) => Outlook::Answered(answer),
            Attempt::Waits(done) => Outlook::MayBlock { done },
            Attempt::Unknown => Outlook::MayBlock { done: 0 },
        })
    }

    /// Serves the request, and waits if need be.
    pub(in super::super) fn socket_here(&self, number: Number, args: &[u64; 6]) -> Answer {
        self.sockets()?;
        let file = self.handles.get(args[0])?;
        let patience = if is_impatient(number, args) { Patience::None } else { Patience::Waits };
        self.socket_call(&file, number, args, 0, patience)
    }

    /// What is left of a request that waited, and waits on.
    pub(in super::super) fn socket_on(&self, file: &OwnedFd, request: &Pending) -> Answer {
        match self.socket_rest(file, request, Patience::Waits) {
            (0, Err(errno)) => Err(errno),
            (_, Ok(answer)) => Ok(answer),
            (done, Err(_)) => Ok(done as i64),
        }
    }

    /// The same without waiting.
    pub(in super::super) fn socket_attempt(&self, file: &OwnedFd, request: &Pending) -> Attempt {
        match self.socket_rest(file, request, Patience::None) {
            (_, Ok(answer)) => Attempt::Answered(Ok(answer)),
            (done, Err(errno)) if is_wait(errno) => Attempt::Waits(done),
            (0, Err(errno)) => Attempt::Answered(Err(errno)),
            (done, Err(_)) => Attempt::Answered(Ok(done as i64)),
        }
    }

    /// Repeats the call until nothing is left. How many bytes are done then, and the answer, or what ended it.
    fn socket_rest(&self, file: &OwnedFd, request: &Pending, patience: Patience) -> (u64, Answer) {
        let (number, args) = (request.number, &request.args);
        let mut done = request.done;
        loop {
            match self.socket_call(file, number, args, done, patience) {
                Ok(moved) if self.is_socket_short(file, request, done, moved) => done += moved as u64,
                Ok(moved) => return (done, Ok(done as i64 + moved)),
                Err(errno) => return (done, Err(errno)),
            }
        }
    }

    /// Whether a stream has moved `moved` bytes more, and not all that it should.
    pub(in super::super) fn is_socket_short(
        &self,
        file: &OwnedFd,
        request: &Pending,
        done: u64,
        moved: i64,
    ) -> bool {
        let (number, args) = (request.number, &request.args);
        let flags = flags_of(number, args);
        let wants_all = match number {
            Number::Send | Number::SendMessage => true,
            Number::Receive | Number::ReceiveMessage => flags & (MSG_WAITALL | MSG_PEEK) == MSG_WAITALL,
            _ => false,
        };
        if !wants_all || moved <= 0 || is_impatient(number, args) {
            return false;
        }
        let whole = match number {
            Number::Send | Number::Receive => Ok(args[2]),
            _ => self.message(args[1]).and_then(|message| {
                let Message { vectors, count, .. } = message;
                self.vector_bytes(&[0, vectors, count, 0, 0, 0])
            }),
        };
        let is_short = whole.is_ok_and(|whole| done + (moved as u64) < whole);
        is_short && int_option(file, libc::SO_TYPE) == Ok(SOCK_STREAM)
    }

    /// One call of the host's; `done` bytes are done already.
    fn socket_call(
        &self,
        file: &OwnedFd,
        number: Number,
        args: &[u64; 6],
        done: u64,
        patience: Patience,
    ) -> Answer {
        let fd = file.as_raw_fd() as u64;
        let more = if patience == Patience::None { MSG_DONTWAIT } else { 0 };
        let flags = (flags_of(number, args) & FLAGS | more | MSG_NOSIGNAL) as u64;
        let data = |call: c_long| {
            let data = self.memory.slice(args[1].wrapping_add(done), args[2].saturating_sub(done))?;
            patience.transfer(call, file, &[fd, data.as_ptr() as u64, data.len() as u64, flags, 0, 0])
        };
        match number {
            Number::Accept => self.accept(file, args, patience),
            Number::Connect => self.connect(file, args, patience),
            Number::Send => data(libc::SYS_sendto),
            Number::Receive => data(libc::SYS_recvfrom),
            Number::SendMessage => self.send_message(file, [args[1], flags], done, patience),
            _ => self.receive_message(file, [args[1], flags], done, patience),
        }
    }

    fn accept(&self, file: &OwnedFd, args: &[u64; 6], patience: Patience) -> Answer {
        let fd = file.as_raw_fd() as u64;
        // A listening socket that was inherited.
        if patience == Patience::None && !is_nonblocking(file)? && !host::is_ready(file, libc::POLLIN)? {
            return Err(Errno::EAGAIN);
        }
        let mut room = Room::new();
        let (address, len_address) = (room.address(), room.len_address());
        let accepted = loop {
            let flags = SOCK_CLOEXEC as u64;
            match patience.call(libc::SYS_accept4, &[fd, address, len_address, flags]) {
                Err(Errno::EAGAIN) if patience == Patience::Waits => wait(file, libc::POLLIN)?,
                answer => break self.insert_new(answer?),
            }
        };
        let told = room.tell(&self.memory, args[1], args[2]);
        if let Err(errno) = told {
            // Nobody would know of it.
            drop(self.handles.remove(accepted as u64));
            return Err(errno);
        }
        Ok(accepted)
    }

    fn connect(&self, file: &OwnedFd, args: &[u64; 6], patience: Patience) -> Answer {
        let address = self.address_in(args[1], args[2])?;
        self.may_send_to(&address)?;
        let call = [file.as_raw_fd() as u64, address.as_ptr() as u64, address.len() as u64];
        set_blocking(file, false)?;
        loop {
            match host::call(libc::SYS_connect, &call) {
                Err(Errno::EINPROGRESS | Errno::EALREADY) if patience == Patience::Waits => {
                    wait(file, libc::POLLOUT)?;
                }
                Ok(answer) => return set_blocking(file, true).map(|()| answer),
                answer => return answer,
            }
        }
    }

    /// `EACCES`: the user does not allow this address.
    fn may_send_to(&self, address: &[u8]) -> Result<(), Errno> {
        match socket_address(address) {
            Some(to) if self.sockets()?.network.allows(to) => Ok(()),
            Some(_) => Err(Errno::EACCES),
            None if is_unspecified(address) => Ok(()),
            None => Err(no_address(address)),
        }
    }

    fn message(&self, address: u64) -> Result<Message, Errno> {
        self.memory.read(address)
    }

    fn send_message(
        &self,
        file: &OwnedFd,
        [address, flags]: [u64; 2],
        done: u64,
        patience: Patience,
    ) -> Answer {
        let message = self.message(address)?;
        let mut name = match message.name {
            0 => Vec::new(),
            name => self.address_in(name, message.name_bytes.into())?,
        };
        if message.name != 0 {
            self.may_send_to(&name)?;
        }
        let mut control = self.bytes(message.control, message.control_bytes, MAX_CONTROL_BYTES)?;
        control::check(&control)?;
        let mut vectors = self.vectors_of(&message, done)?;
        // SAFETY: all-zero is a valid `msghdr`.
        let mut header: libc::msghdr = unsafe { core::mem::zeroed() };
        if !name.is_empty() {
            (header.msg_name, header.msg_namelen) = (name.as_mut_ptr().cast(), name.len() as u32);
        }
        (header.msg_iov, header.msg_iovlen) = (vectors.as_mut_ptr(), vectors.len());
        if !control.is_empty() {
            (header.msg_control, header.msg_controllen) = (control.as_mut_ptr().cast(), control.len());
        }
        let args = [file.as_raw_fd() as u64, &raw const header as u64, flags];
        patience.transfer(libc::SYS_sendmsg, file, &args)
    }

    fn receive_message(
        &self,
        file: &OwnedFd,
        [address, flags]: [u64; 2],
        done: u64,
        patience: Patience,
    ) -> Answer {
        let mut message = self.message(address)?;
        let mut name = [0u8; MAX_ADDRESS_BYTES as usize];
        // Descriptors come along other sockets only, and would be the proxy's.
        let takes_control = message.control_bytes > 0 && is_internet(file);
        let room = if takes_control { message.control_bytes.min(MAX_CONTROL_BYTES) } else { 0 };
        let mut control = vec![0u8; room as usize];
        let mut vectors = self.vectors_of(&message, done)?;
        // SAFETY: all-zero is a valid `msghdr`.
        let mut header: libc::msghdr = unsafe { core::mem::zeroed() };
        (header.msg_name, header.msg_namelen) = (name.as_mut_ptr().cast(), name.len() as u32);
        (header.msg_iov, header.msg_iovlen) = (vectors.as_mut_ptr(), vectors.len());
        (header.msg_control, header.msg_controllen) = (control.as_mut_ptr().cast(), control.len());
        let args = [file.as_raw_fd() as u64, &raw mut header as u64, flags];
        let moved = patience.transfer(libc::SYS_recvmsg, file, &args)?;
        let told = &name[..name.len().min(header.msg_namelen as usize)];
        if message.name != 0 {
            self.memory.write_slice(message.name, &told[..told.len().min(message.name_bytes as usize)])?;
        }
        self.memory.write_slice(message.control, &control[..control.len().min(header.msg_controllen)])?;
        message.name_bytes = header.msg_namelen;
        message.control_bytes = header.msg_controllen as u64;
        message.flags = header.msg_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_EOR | NEVER_WAITED_FOR);
        self.memory.write(address + offset_of!(Message, name_bytes) as u64, &message.name_bytes)?;
        self.memory.write(address + offset_of!(Message, control_bytes) as u64, &message.control_bytes)?;
        self.memory.write(address + offset_of!(Message, flags) as u64, &message.flags)?;
        Ok(moved)
    }

    fn vectors_of(&self, message: &Message, done: u64) -> Result<Vec<libc::iovec>, Errno> {
        let mut vectors = self.io_vectors(&[0, message.vectors, message.count, 0, 0, 0])?;
        super::super::streams::skip(&mut vectors, done);
        Ok(vectors)
    }
}

impl Patience {
    fn call(self, number: c_long, args: &[u64]) -> Answer {
        match self {
            Self::None => host::retry(|| host::call(number, args)),
            Self::Waits => interrupt::blocking(number, args),
        }
    }

    /// A transfer that may wait needs a socket that waits: one that was connected without waiting does not yet.
    fn transfer(self, number: c_long, file: &OwnedFd, args: &[u64]) -> Answer {
        match self.call(number, args) {
            Err(Errno::EAGAIN) if self == Self::Waits => {
                set_blocking(file, true)?;
                self.call(number, args)
            }
            answer => answer,
        }
    }
}

/// Waits for as long as it takes.
fn wait(file: &OwnedFd, events: i16) -> Result<(), Errno> {
    let mut poll = libc::pollfd { fd: file.as_raw_fd(), events, revents: 0 };
    interrupt::blocking(libc::SYS_ppoll, &[&raw mut poll as u64, 1, 0, 0, 0]).map(drop)
}

fn is_internet(file: &OwnedFd) -> bool {
    int_option(file, libc::SO_DOMAIN).is_ok_and(|domain| [AF_INET, AF_INET6].contains(&domain))
}
