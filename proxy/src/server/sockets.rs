//! Sockets of the host, for programs: TCP and UDP over IPv4 and IPv6.
//!
//! They are handles like those of files, and what is known of files (reading, polling, closing) is true of them, too. Here is
//! what only sockets have. Addresses are judged by what the user allows ([`Access`]) before the host sees them. Who
//! listens is reached from this machine only, by binding the socket to the loopback device, unless the
//! port is published.
//!
//! A socket is blocking on the host's side where one call then waits and moves data, and not blocking where calls have no flag for
//! that: listening ones, and streams until they are connected. What the program wants is in each request.
//!
//! | module | what |
//! |---|---|
//! | [`address`] | addresses from and to the guest |
//! | [`options`] | which options there are |
//! | [`control`] | which control messages may be sent |
//! | [`transfer`] | what may wait: accepting, connecting, sending, receiving |

#![allow(unsafe_code, reason = "descriptors and structures that Linux makes")]

mod address;
mod control;
mod options;
mod transfer;

use super::answer::Answer;
use super::{Server, host};
use crate::image::Image;
use crate::options::{Network, Options, Published, Transport};
use abi::c::{self, AF_INET, AF_INET6, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_STREAM};
use abi::errno::Errno;
use abi::hypercall::{MAX_ADDRESS_BYTES, MAX_OPTION_BYTES, Number};
use abi::socket::{INTERFACE_BYTES, asks_of_interface};
use address::{Room, no_address, socket_address};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// What the user allows.
#[derive(Clone, Debug)]
pub struct Access {
    network: Network,
    published: Published,
    tcp_ports: Option<Vec<u16>>,
}

/// The device that reaches this machine only.
const LOOPBACK: &[u8] = b"lo";

/// Bits of a socket's type that say what it is; the others are flags.
const TYPE_MASK: u64 = 0xf;

/// Most interfaces that are told of.
const MAX_INTERFACES: usize = 1024;

impl Access {
    /// What `options` allow an image that can make sockets, or not; `None`: nothing. The system-call filter must be the one with
    /// sockets.
    pub fn of(image: &Image, options: &Options) -> Option<Self> {
        if image.has_sockets { Self::allowed_by(options) } else { None }
    }

    /// What `options` allow any image.
    pub fn allowed_by(options: &Options) -> Option<Self> {
        let network = options.network();
        let tcp_ports = network.few_ports();
        (network != Network::None).then(|| Self { network, published: options.publish.clone(), tcp_ports })
    }

    /// The ports of which connections may be made, if they are few; `None`: they are many, or all.
    pub fn tcp_ports(&self) -> Option<&[u16]> {
        self.tcp_ports.as_deref()
    }

    /// Every address, and no published port.
    #[cfg(test)]
    pub fn to_all() -> Self {
        Self { network: Network::Host, published: Published::default(), tcp_ports: None }
    }
}

impl Server {
    /// Requests that never wait.
    pub(super) fn socket(&self, number: Number, args: &[u64; 6]) -> Answer {
        let access = self.sockets()?;
        if number == Number::Socket {
            return self.make_socket(args);
        }
        let file = self.handles.get(args[0])?;
        let fd = file.as_raw_fd() as u64;
        let [_, a, b, c, d, _] = *args;
        match number {
            Number::Bind => self.bind(access, &file, a, b),
            Number::Listen => listen(access, &file, a),
            Number::SocketName => {
                let call = if a == 1 { libc::SYS_getpeername } else { libc::SYS_getsockname };
                let mut room = Room::new();
                host::call(call, &[fd, room.address(), room.len_address()])?;
                room.tell(&self.memory, b, c).map(|()| 0)
            }
            Number::SetOption => {
                options::may_set(a, b)?;
                let value = self.bytes(c, d, MAX_OPTION_BYTES)?;
                host::call(libc::SYS_setsockopt, &[fd, a, b, value.as_ptr() as u64, value.len() as u64])
            }
            Number::GetOption => self.option(fd, a, b, [c, d]),
            Number::Shutdown => host::call(libc::SYS_shutdown, &[fd, a]),
            Number::Interfaces => self.interfaces(fd, a, b),
            _ => Err(Errno::ENOSYS),
        }
    }

    /// What the user allows. `EACCES`: nothing, or the image does not use sockets.
    fn sockets(&self) -> Result<&Access, Errno> {
        self.access.as_ref().ok_or(Errno::EACCES)
    }

    /// Whether a request of ioctl(2) is one about sockets and interfaces that changes nothing, and the guest may make it.
    pub(super) fn tells_of_sockets(&self, request: u64) -> bool {
        self.access.is_some() && (request == c::SIOCATMARK || asks_of_interface(request))
    }

    fn make_socket(&self, args: &[u64; 6]) -> Answer {
        let [domain, kind, protocol, ..] = *args;
        let (domain, kind) = (domain as i32, (kind & TYPE_MASK) as i32);
        if domain != AF_INET && domain != AF_INET6 {
            return Err(Errno::EAFNOSUPPORT);
        }
        // Streams are connected first, and that call knows no flag for not waiting.
        let (more, known) = match kind {
            SOCK_STREAM => (libc::SOCK_NONBLOCK, libc::IPPROTO_TCP),
            SOCK_DGRAM => (0, libc::IPPROTO_UDP),
            // Raw ones are for root, on Linux too.
            libc::SOCK_RAW => return Err(Errno::EPERM),
            _ => return Err(Errno::ESOCKTNOSUPPORT),
        };
        if protocol != 0 && protocol as i32 != known {
            return Err(Errno::EPROTONOSUPPORT);
        }
        let kind = kind | more | SOCK_CLOEXEC;
        let made = host::call(libc::SYS_socket, &[domain as u64, kind as u64, protocol])?;
        Ok(self.insert_new(made))
    }

    /// A handle for a descriptor that Linux has just made.
    pub(super) fn insert_new(&self, fd: i64) -> i64 {
        // SAFETY: it is new, and nobody else's.
        self.handles.insert(unsafe { OwnedFd::from_raw_fd(fd as i32) })
    }

    fn bind(&self, access: &Access, file: &OwnedFd, address: u64, len_bytes: u64) -> Answer {
        let mut address = self.address_in(address, len_bytes)?;
        let asked = socket_address(&address).ok_or_else(|| no_address(&address))?;
        let transport = transport_of(file)?;
        match access.published.host_port(asked.port(), transport) {
            Some(port) => address[2..4].copy_from_slice(&port.to_be_bytes()),
            None if !access.network.allows_own(asked) => return Err(Errno::EACCES),
            // A datagram socket has no listen(2) at which this could be done; port 0 is for those who only ask.
            None if transport == Transport::Udp && asked.port() != 0 && !asked.ip().is_loopback() => {
                stay_on_this_machine(file)?;
            }
            None => {}
        }
        host::call(libc::SYS_bind, &[file.as_raw_fd() as u64, address.as_ptr() as u64, address.len() as u64])
    }

    fn option(&self, fd: u64, level: u64, name: u64, [value, len_address]: [u64; 2]) -> Answer {
        options::may_get(level, name)?;
        let mut len_bytes = self.memory.read::<u32>(len_address)?;
        if i32::try_from(len_bytes).is_err() {
            return Err(Errno::EINVAL);
        }
        len_bytes = len_bytes.min(MAX_OPTION_BYTES as u32);
        let mut bytes = [0u8; MAX_OPTION_BYTES as usize];
        let (bytes_at, len_at) = (bytes.as_mut_ptr() as u64, &raw mut len_bytes as u64);
        host::call(libc::SYS_getsockopt, &[fd, level, name, bytes_at, len_at])?;
        let told = bytes.get(..len_bytes as usize).ok_or(Errno::EINVAL)?;
        self.memory.write_slice(value, told)?;
        self.memory.write(len_address, &len_bytes).map(|()| 0)
    }

    /// An address that the host is to read: Linux's structure, copied. `EINVAL`: too long to be one.
    fn address_in(&self, address: u64, len_bytes: u64) -> Result<Vec<u8>, Errno> {
        self.bytes(address, len_bytes, MAX_ADDRESS_BYTES)
    }

    /// At most `most` bytes of the guest's, copied. `EINVAL`: more.
    fn bytes(&self, address: u64, len_bytes: u64, most: u64) -> Result<Vec<u8>, Errno> {
        if len_bytes > most {
            return Err(Errno::EINVAL);
        }
        self.memory.read_vec(address, len_bytes)
    }

    fn interfaces(&self, fd: u64, buffer: u64, len_bytes: u64) -> Answer {
        let count = (len_bytes as usize / INTERFACE_BYTES).min(MAX_INTERFACES);
        let mut found = vec![0u8; count * INTERFACE_BYTES];
        let mut request = libc::ifconf {
            ifc_len: found.len() as i32,
            ifc_ifcu: libc::__c_anonymous_ifc_ifcu { ifcu_buf: found.as_mut_ptr().cast() },
        };
        host::call(libc::SYS_ioctl, &[fd, libc::SIOCGIFCONF, &raw mut request as u64])?;
        let told = found.get(..request.ifc_len as usize).ok_or(Errno::EINVAL)?;
        self.memory.write_slice(buffer, told)?;
        Ok(told.len() as i64)
    }
}

fn listen(access: &Access, file: &OwnedFd, backlog: u64) -> Answer {
    let fd = file.as_raw_fd() as u64;
    let mut room = Room::new();
    host::call(libc::SYS_getsockname, &[fd, room.address(), room.len_address()])?;
    let own = socket_address(room.bytes()).ok_or(Errno::EOPNOTSUPP)?;
    if !own.ip().to_canonical().is_loopback() && !access.published.opens(own.port(), Transport::Tcp) {
        stay_on_this_machine(file)?;
    }
    // Nobody waits in accept4(2) itself.
    set_blocking(file, false)?;
    host::call(libc::SYS_listen, &[fd, backlog])
}

/// What comes over other devices is not for this socket any more. `EACCES`: the host cannot promise that (before Linux
/// 5.7 only root's sockets).
fn stay_on_this_machine(file: &OwnedFd) -> Result<(), Errno> {
    let (name, len_bytes) = (LOOPBACK.as_ptr() as u64, LOOPBACK.len() as u64);
    let (level, option) = (libc::SOL_SOCKET as u64, libc::SO_BINDTODEVICE as u64);
    match host::call(libc::SYS_setsockopt, &[file.as_raw_fd() as u64, level, option, name, len_bytes]) {
        Ok(_) => Ok(()),
        // It is bound to a device already: nobody but this function does that.
        Err(Errno::EPERM) if is_on_loopback(file) => Ok(()),
        Err(_) => Err(Errno::EACCES),
    }
}

fn is_on_loopback(file: &OwnedFd) -> bool {
    let (mut name, mut len_bytes) = ([0u8; libc::IFNAMSIZ], libc::IFNAMSIZ as u32);
    let (level, option) = (libc::SOL_SOCKET as u64, libc::SO_BINDTODEVICE as u64);
    let args = [file.as_raw_fd() as u64, level, option, name.as_mut_ptr() as u64, &raw mut len_bytes as u64];
    host::call(libc::SYS_getsockopt, &args).is_ok() && name.starts_with(LOOPBACK) && name[LOOPBACK.len()] == 0
}

/// Bytes of the argument of such a request.
pub const fn request_bytes(request: u64) -> u64 {
    (if request == c::SIOCATMARK { size_of::<i32>() } else { INTERFACE_BYTES }) as u64
}

/// An option of SOL_SOCKET that is an `int`.
fn int_option(file: &OwnedFd, name: i32) -> Result<i32, Errno> {
    let (mut value, mut len_bytes) = (0i32, size_of::<i32>() as u32);
    let (fd, level) = (file.as_raw_fd() as u64, libc::SOL_SOCKET as u64);
    let args = [fd, level, name as u64, &raw mut value as u64, &raw mut len_bytes as u64];
    host::call(libc::SYS_getsockopt, &args).map(|_| value)
}

fn transport_of(file: &OwnedFd) -> Result<Transport, Errno> {
    Ok(if int_option(file, libc::SO_TYPE)? == SOCK_STREAM { Transport::Tcp } else { Transport::Udp })
}

/// O_NONBLOCK of a socket that no other process has.
fn set_blocking(file: &OwnedFd, blocking: bool) -> Result<(), Errno> {
    let fd = file.as_raw_fd() as u64;
    let flags = host::call(libc::SYS_fcntl, &[fd, libc::F_GETFL as u64])? as i32;
    let wanted = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    if wanted != flags {
        host::call(libc::SYS_fcntl, &[fd, libc::F_SETFL as u64, wanted as u64])?;
    }
    Ok(())
}
