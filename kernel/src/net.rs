//! Sockets: [`host`] has those that the proxy holds, [`unix`] those between threads of the isle.
//!
//! They are files like others, and implement [`crate::fs::socket::Socket`] beside. No
//! thread and no timer exists for them, and an image that makes no socket contains none of it.

mod host;
mod patience;
mod unix;

use alloc::sync::Arc;

use crate::fs::file::File;
use crate::fs::socket::Socket;
use abi::c::{AF_INET, AF_INET6, AF_UNIX, SOCK_CLOEXEC, SOCK_NONBLOCK};
use abi::errno::Errno;
use host::HostSocket;
use unix::UnixSocket;

/// Linux's SOCK_MAX: what is no type at all.
const NR_TYPES: i32 = 11;

/// socket(2). Errors: `EAFNOSUPPORT` no such family, `EINVAL` no such type or flags.
pub fn socket(domain: i32, kind: i32, protocol: i32) -> Result<Arc<dyn File>, Errno> {
    let (kind, is_nonblocking) = kind_and_waiting(kind)?;
    match domain {
        AF_INET | AF_INET6 => Ok(Arc::new(HostSocket::make(domain, kind, protocol, is_nonblocking)?)),
        AF_UNIX => Ok(Arc::new(UnixSocket::make(kind, protocol, is_nonblocking)?)),
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

/// socketpair(2). Errors: `EOPNOTSUPP` of another family, `EINVAL` no such type or flags.
pub fn pair(domain: i32, kind: i32, protocol: i32) -> Result<[Arc<dyn File>; 2], Errno> {
    let (kind, is_nonblocking) = kind_and_waiting(kind)?;
    match domain {
        AF_UNIX => {
            let (one, other) = UnixSocket::pair(kind, protocol, is_nonblocking)?;
            Ok([Arc::new(one), Arc::new(other)])
        }
        AF_INET | AF_INET6 => Err(Errno::EOPNOTSUPP),
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

/// A socket's type without its flags, and whether SOCK_NONBLOCK is among these. `EINVAL`: no such type or flags.
fn kind_and_waiting(kind: i32) -> Result<(i32, bool), Errno> {
    let flags = kind & (SOCK_NONBLOCK | SOCK_CLOEXEC);
    let plain = kind & !flags;
    if (0..NR_TYPES).contains(&plain) { Ok((plain, flags & SOCK_NONBLOCK != 0)) } else { Err(Errno::EINVAL) }
}

/// What getsockopt(2) tells: as much of `bytes` as `value` has room for. Returns how many bytes that are.
fn put(bytes: &[u8], value: &mut [u8]) -> usize {
    let len = value.len().min(bytes.len());
    value[..len].copy_from_slice(&bytes[..len]);
    len
}

/// Does `work` with the socket that `file` is. `ENOTSOCK`: it is none.
pub fn with<R>(file: &dyn File, work: impl FnOnce(&dyn Socket) -> Result<R, Errno>) -> Result<R, Errno> {
    if let Some(socket) = file.as_socket() {
        return work(socket);
    }
    // One that the program has of its parent is a file of the host's like any other: the host knows what it is.
    work(&host::Inherited::of(file)?)
}
