//! System calls on sockets.

use alloc::vec::Vec;

use super::file::{MAX_TRANSFER_BYTES, parts};
use super::time::{Deadline, deadline};
use super::{answer, answer_int, done};
use crate::fs::socket::{Address, Incoming, Outgoing, Socket};
use crate::fs::{self, fd_table};
use crate::user::{self, UserCursor, UserPtr, UserSlice};
use crate::{net, time};
use abi::c::{MSG_CMSG_CLOEXEC, MSG_CTRUNC, MSG_WAITFORONE, SOCK_CLOEXEC, SOCK_NONBLOCK};
use abi::errno::Errno;
use abi::file::{IoVec, TimeSpec};
use abi::hypercall::{MAX_ADDRESS_BYTES, MAX_CONTROL_BYTES, MAX_IO_VECTORS, MAX_OPTION_BYTES};
use abi::socket::{CountedMessage, Message};

/// Does `work` with the socket behind `fd`. Errors: `EBADF`, `ENOTSOCK`.
fn on<R>(fd: i32, work: impl FnOnce(&dyn Socket) -> Result<R, Errno>) -> Result<R, Errno> {
    net::with(&*fs::descriptor(fd)?, work)
}

/// An address that the program has written.
fn address_of(place: *const u8, len_bytes: u32) -> Result<Address, Errno> {
    if i64::from(len_bytes) > MAX_ADDRESS_BYTES as i64 {
        return Err(Errno::EINVAL);
    }
    let mut bytes = [0; MAX_ADDRESS_BYTES as usize];
    let bytes = &mut bytes[..len_bytes as usize];
    if UserSlice::new(place as u64, len_bytes.into())?.read(bytes) < bytes.len() {
        return Err(Errno::EFAULT);
    }
    Address::new(bytes)
}

/// Tells an address to a program that has room for as many bytes as it says at `len`; nothing if it does not ask.
fn tell_address(address: &Address, place: *mut u8, len: *mut u32) -> Result<(), Errno> {
    if place.is_null() {
        return Ok(());
    }
    let len = UserPtr::new(len)?;
    let room = len.read()?;
    if i32::try_from(room).is_err() {
        return Err(Errno::EINVAL);
    }
    len.write(put_address(address, place as u64, room)?)
}

/// As much of an address as there is room for. Returns how long it is.
fn put_address(address: &Address, place: u64, room_bytes: u32) -> Result<u32, Errno> {
    let told = &address.bytes()[..address.bytes().len().min(room_bytes as usize)];
    UserSlice::new(place, told.len() as u64)?.write_all(told)?;
    Ok(address.len_bytes())
}

/// socket(2).
#[unsafe(no_mangle)]
extern "C" fn sys_socket(domain: i32, kind: i32, protocol: i32) -> i32 {
    let made = net::socket(domain, kind, protocol);
    answer_int(made.and_then(|file| fd_table::insert(file, kind & SOCK_CLOEXEC != 0)).map(|fd| fd as u64))
}

/// bind(2).
#[unsafe(no_mangle)]
extern "C" fn sys_bind(fd: i32, address: *const u8, len_bytes: u32) -> i32 {
    done(on(fd, |socket| socket.bind(&address_of(address, len_bytes)?)))
}

/// listen(2).
#[unsafe(no_mangle)]
extern "C" fn sys_listen(fd: i32, backlog: i32) -> i32 {
    done(on(fd, |socket| socket.listen(backlog)))
}

/// accept4(2).
#[unsafe(no_mangle)]
extern "C" fn sys_accept4(fd: i32, address: *mut u8, len: *mut u32, flags: i32) -> i32 {
    answer_int(accept(fd, address, len, flags))
}

fn accept(fd: i32, address: *mut u8, len: *mut u32, flags: i32) -> Result<u64, Errno> {
    if flags & !(SOCK_NONBLOCK | SOCK_CLOEXEC) != 0 {
        return Err(Errno::EINVAL);
    }
    let (file, peer) = on(fd, |socket| socket.accept(flags))?;
    let new = fd_table::insert(file, flags & SOCK_CLOEXEC != 0)?;
    if let Err(errno) = tell_address(&peer, address, len) {
        fd_table::close(new as i32)?;
        return Err(errno);
    }
    Ok(new as u64)
}

/// connect(2).
#[unsafe(no_mangle)]
extern "C" fn sys_connect(fd: i32, address: *const u8, len_bytes: u32) -> i32 {
    done(on(fd, |socket| socket.connect(&address_of(address, len_bytes)?)))
}

/// getsockname(2).
#[unsafe(no_mangle)]
extern "C" fn sys_getsockname(fd: i32, address: *mut u8, len: *mut u32) -> i32 {
    done(on(fd, |socket| tell_asked(&socket.name()?, address, len)))
}

/// getpeername(2).
#[unsafe(no_mangle)]
extern "C" fn sys_getpeername(fd: i32, address: *mut u8, len: *mut u32) -> i32 {
    done(on(fd, |socket| tell_asked(&socket.peer()?, address, len)))
}

/// [`tell_address`] to who asks for nothing else: `EFAULT` without a place.
fn tell_asked(found: &Address, address: *mut u8, len: *mut u32) -> Result<(), Errno> {
    if address.is_null() { Err(Errno::EFAULT) } else { tell_address(found, address, len) }
}

/// getsockopt(2).
#[unsafe(no_mangle)]
extern "C" fn sys_getsockopt(fd: i32, level: i32, name: i32, value: *mut u8, len: *mut u32) -> i32 {
    done(on(fd, |socket| {
        let len = UserPtr::new(len)?;
        let room = usize::try_from(len.read()? as i32).map_err(|_| Errno::EINVAL)?;
        let mut bytes = [0; MAX_OPTION_BYTES as usize];
        let room = room.min(bytes.len());
        let told = socket.option(level, name, &mut bytes[..room])?.min(room);
        UserSlice::new(value as u64, told as u64)?.write_all(&bytes[..told])?;
        len.write(told as u32)
    }))
}

/// setsockopt(2).
#[unsafe(no_mangle)]
extern "C" fn sys_setsockopt(fd: i32, level: i32, name: i32, value: *const u8, len_bytes: u32) -> i32 {
    done(on(fd, |socket| {
        let mut bytes = [0; MAX_OPTION_BYTES as usize];
        let bytes = bytes.get_mut(..len_bytes as usize).ok_or(Errno::EINVAL)?;
        if UserSlice::new(value as u64, len_bytes.into())?.read(bytes) < bytes.len() {
            return Err(Errno::EFAULT);
        }
        socket.set_option(level, name, bytes)
    }))
}

/// shutdown(2).
#[unsafe(no_mangle)]
extern "C" fn sys_shutdown(fd: i32, how: i32) -> i32 {
    done(on(fd, |socket| socket.shutdown(how)))
}

/// sendto(2); the C library makes SIGPIPE of `EPIPE`.
#[unsafe(no_mangle)]
extern "C" fn sys_sendto(
    fd: i32,
    data: *const u8,
    len_bytes: usize,
    flags: i32,
    address: *const u8,
    address_bytes: u32,
) -> isize {
    answer(on(fd, |socket| {
        let parts = [UserSlice::new(data as u64, len_bytes as u64)?.first(MAX_TRANSFER_BYTES)];
        let to = if address.is_null() { None } else { Some(address_of(address, address_bytes)?) };
        let outgoing = Outgoing { to: to.as_ref(), control: &[], flags };
        socket.send(&mut UserCursor::new(&parts), &outgoing)
    })) as isize
}

/// recvfrom(2).
#[unsafe(no_mangle)]
extern "C" fn sys_recvfrom(
    fd: i32,
    data: *mut u8,
    len_bytes: usize,
    flags: i32,
    address: *mut u8,
    address_len: *mut u32,
) -> isize {
    answer(on(fd, |socket| {
        let parts = [UserSlice::new(data as u64, len_bytes as u64)?.first(MAX_TRANSFER_BYTES)];
        let mut incoming = Incoming { asks_from: !address.is_null(), ..Incoming::of(flags) };
        let received = socket.receive(&mut UserCursor::new(&parts), &mut incoming)?;
        tell_address(&incoming.from, address, address_len).map(|()| received)
    })) as isize
}

/// sendmsg(2).
#[unsafe(no_mangle)]
extern "C" fn sys_sendmsg(fd: i32, message: *const Message, flags: i32) -> isize {
    answer(on(fd, |socket| send(socket, &UserPtr::new(message)?.read()?, flags))) as isize
}

/// recvmsg(2).
#[unsafe(no_mangle)]
extern "C" fn sys_recvmsg(fd: i32, message: *mut Message, flags: i32) -> isize {
    answer(on(fd, |socket| {
        let place = UserPtr::new(message)?;
        let mut message = place.read()?;
        let received = receive(socket, &mut message, flags)?;
        place.write(message).map(|()| received)
    })) as isize
}

/// sendmmsg(2): how many messages.
#[unsafe(no_mangle)]
extern "C" fn sys_sendmmsg(fd: i32, messages: *mut CountedMessage, count: u32, flags: i32) -> i32 {
    answer_int(on(fd, |socket| {
        each(messages, count, |_, counted| {
            counted.bytes = send(socket, &counted.message, flags)? as u32;
            Ok(true)
        })
    }))
}

/// recvmmsg(2): how many messages.
#[unsafe(no_mangle)]
extern "C" fn sys_recvmmsg(
    fd: i32,
    messages: *mut CountedMessage,
    count: u32,
    flags: i32,
    timeout: *const TimeSpec,
) -> i32 {
    answer_int(on(fd, |socket| {
        let timeout = user::read_optional(timeout)?;
        // As on Linux the time is looked at between messages.
        let end_ns = timeout.map(|timeout| deadline(&timeout, Deadline::Relative)).transpose()?;
        each(messages, count, |index, counted| {
            let more = if index > 0 && flags & MSG_WAITFORONE != 0 { abi::c::MSG_DONTWAIT } else { 0 };
            let received = receive(socket, &mut counted.message, flags & !MSG_WAITFORONE | more)?;
            counted.bytes = received as u32;
            Ok(end_ns.is_none_or(|end_ns| time::monotonic_ns() < end_ns))
        })
    }))
}

/// Works on messages one after the other, until one fails or `work` says that it was the last: how many. An error is
/// told only if it was the first.
fn each(
    messages: *mut CountedMessage,
    count: u32,
    mut work: impl FnMut(u64, &mut CountedMessage) -> Result<bool, Errno>,
) -> Result<u64, Errno> {
    let count = u64::from(count).min(MAX_IO_VECTORS);
    for index in 0..count {
        let place = UserPtr::new(messages.wrapping_add(index as usize))?;
        let worked = place.read().and_then(|mut counted| {
            let goes_on = work(index, &mut counted)?;
            place.write(counted).map(|()| goes_on)
        });
        match worked {
            Ok(true) => {}
            Ok(false) => return Ok(index + 1),
            Err(errno) if index == 0 => return Err(errno),
            Err(_) => return Ok(index),
        }
    }
    Ok(count)
}

fn send(socket: &dyn Socket, message: &Message, flags: i32) -> Result<u64, Errno> {
    let parts = parts(message.vectors as *const IoVec, message.count as usize).map_err(too_many)?;
    let to = match message.name {
        0 => None,
        name => Some(address_of(name as *const u8, message.name_bytes)?),
    };
    if message.control_bytes > MAX_CONTROL_BYTES {
        return Err(Errno::ENOBUFS);
    }
    let control = match message.control {
        0 => Vec::new(),
        control => user::read_array(control as *const u8, message.control_bytes as usize)?,
    };
    let outgoing = Outgoing { to: to.as_ref(), control: &control, flags };
    socket.send(&mut UserCursor::new(&parts), &outgoing)
}

fn receive(socket: &dyn Socket, message: &mut Message, flags: i32) -> Result<u64, Errno> {
    let parts = parts(message.vectors as *const IoVec, message.count as usize).map_err(too_many)?;
    let control_room = if message.control == 0 { 0 } else { message.control_bytes.min(MAX_CONTROL_BYTES) };
    let mut incoming =
        // The general way: only there it is told what was cut off.
        Incoming { asks_from: true, control_room: control_room as usize, ..Incoming::of(flags) };
    let received = socket.receive(&mut UserCursor::new(&parts), &mut incoming)?;
    if message.name != 0 {
        message.name_bytes = put_address(&incoming.from, message.name, message.name_bytes)?;
    }
    if incoming.control.len() as u64 > control_room {
        incoming.flags |= MSG_CTRUNC;
        incoming.control.truncate(control_room as usize);
    }
    UserSlice::new(message.control, incoming.control.len() as u64)?.write_all(&incoming.control)?;
    message.control_bytes = incoming.control.len() as u64;
    message.flags = incoming.flags | flags & MSG_CMSG_CLOEXEC;
    Ok(received)
}

/// sendmsg(2) and recvmsg(2) have a word of their own for too many parts.
fn too_many(errno: Errno) -> Errno {
    if errno == Errno::EINVAL { Errno::EMSGSIZE } else { errno }
}
