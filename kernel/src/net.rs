//! Sockets: [`host`] has those that the proxy holds.
//!
//! They are files like others, and implement [`crate::fs::socket::Socket`] beside. Nothing here waits but in the host, no
//! thread and no timer exists for them, and an image that makes no socket contains none of it.

mod host;
mod patience;

use alloc::sync::Arc;

use crate::fs::file::File;
use crate::fs::socket::Socket;
use abi::c::{AF_INET, AF_INET6, SOCK_CLOEXEC, SOCK_NONBLOCK};
use abi::errno::Errno;
use host::HostSocket;

/// Linux's SOCK_MAX: what is no type at all.
const NR_TYPES: i32 = 11;

/// socket(2). Errors: `EAFNOSUPPORT` no such family, `EINVAL` no such type or flags.
pub fn socket(domain: i32, kind: i32, protocol: i32) -> Result<Arc<dyn File>, Errno> {
    let flags = kind & (SOCK_NONBLOCK | SOCK_CLOEXEC);
    if !(0..NR_TYPES).contains(&(kind & !flags)) {
        return Err(Errno::EINVAL);
    }
    match domain {
        AF_INET | AF_INET6 => {
            let socket = HostSocket::make(domain, kind & !flags, protocol, flags & SOCK_NONBLOCK != 0)?;
            Ok(Arc::new(socket))
        }
        _ => Err(Errno::EAFNOSUPPORT),
    }
}

/// Does `work` with the socket that `file` is. `ENOTSOCK`: it is none.
pub fn with<R>(file: &dyn File, work: impl FnOnce(&dyn Socket) -> Result<R, Errno>) -> Result<R, Errno> {
    if let Some(socket) = file.as_socket() {
        return work(socket);
    }
    // One that the program has of its parent is a file of the host's like any other: the host knows what it is.
    work(&host::Inherited::of(file)?)
}
