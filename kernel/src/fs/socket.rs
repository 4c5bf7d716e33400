//! What an open socket can do beside what files can: [`Socket`].
//!
//! A method that a kind of socket does not have keeps the answer that Linux gives. [`crate::net`] has the kinds.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::File;
use crate::user::UserCursor;
use abi::errno::Errno;
use abi::hypercall::MAX_ADDRESS_BYTES;

/// Longest address, in bytes.
const ROOM: usize = MAX_ADDRESS_BYTES as usize;

/// A socket's address: Linux's structure.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    bytes: [u8; ROOM],
    len_bytes: u32,
}

impl Address {
    /// None: of no family, and no length.
    pub const fn none() -> Self {
        Self { bytes: [0; ROOM], len_bytes: 0 }
    }

    /// `EINVAL`: too long.
    pub fn new(bytes: &[u8]) -> Result<Self, Errno> {
        let mut address = Self::none();
        address.bytes.get_mut(..bytes.len()).ok_or(Errno::EINVAL)?.copy_from_slice(bytes);
        address.len_bytes = bytes.len() as u32;
        Ok(address)
    }

    /// The structure, as far as it goes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..ROOM.min(self.len_bytes as usize)]
    }

    /// Where it lies, for the host to read or to write.
    pub fn place(&mut self) -> u64 {
        self.bytes.as_mut_ptr() as u64
    }

    /// How long it is, for the host to write, when there is room for any.
    pub fn len_place(&mut self) -> u64 {
        self.len_bytes = ROOM as u32;
        &raw mut self.len_bytes as u64
    }

    /// How much room there is for the host, in bytes.
    pub const fn place_bytes(&self) -> u32 {
        ROOM as u32
    }

    /// Its length in bytes, which may be more than there is of it (of an address that the host tells).
    pub const fn len_bytes(&self) -> u32 {
        self.len_bytes
    }

    /// Says how long an address is that the host has written.
    pub const fn set_len_bytes(&mut self, len_bytes: u32) {
        self.len_bytes = len_bytes;
    }
}

/// What goes out beside the data.
#[derive(Debug, Default)]
pub struct Outgoing<'a> {
    /// To whom.
    pub to: Option<&'a Address>,
    /// Control messages (cmsg(3)), as the program has written them.
    pub control: &'a [u8],
    /// `MSG_*`.
    pub flags: i32,
}

/// What comes in beside the data.
#[derive(Debug)]
pub struct Incoming {
    /// Who wants to know from whom it came.
    pub asks_from: bool,
    /// From whom.
    pub from: Address,
    /// Room for so many bytes of control messages.
    pub control_room: usize,
    /// Control messages, as a program reads them.
    pub control: Vec<u8>,
    /// In: `MSG_*` of the call; out: of the message.
    pub flags: i32,
}

impl Incoming {
    /// Data alone.
    pub const fn of(flags: i32) -> Self {
        Self { asks_from: false, from: Address::none(), control_room: 0, control: Vec::new(), flags }
    }
}

/// An open socket.
pub trait Socket {
    /// bind(2).
    fn bind(&self, address: &Address) -> Result<(), Errno>;

    /// listen(2).
    fn listen(&self, backlog: i32) -> Result<(), Errno>;

    /// accept4(2) with SOCK_NONBLOCK or 0: the new socket, and who it is.
    fn accept(&self, flags: i32) -> Result<(Arc<dyn File>, Address), Errno>;

    /// connect(2).
    fn connect(&self, address: &Address) -> Result<(), Errno>;

    /// getsockname(2).
    fn name(&self) -> Result<Address, Errno>;

    /// getpeername(2).
    fn peer(&self) -> Result<Address, Errno>;

    /// getsockopt(2) into `value`: how many bytes it has.
    fn option(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno>;

    /// setsockopt(2).
    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Result<(), Errno>;

    /// shutdown(2).
    fn shutdown(&self, how: i32) -> Result<(), Errno>;

    /// sendmsg(2). Returns bytes.
    fn send(&self, from: &mut UserCursor<'_>, outgoing: &Outgoing<'_>) -> Result<u64, Errno>;

    /// recvmsg(2). Returns bytes.
    fn receive(&self, to: &mut UserCursor<'_>, incoming: &mut Incoming) -> Result<u64, Errno>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_length() {
        assert!(Address::none().bytes().is_empty());
        let address = Address::new(&[2, 0, 0, 80]).unwrap();
        assert_eq!((address.bytes(), address.len_bytes()), (&[2, 0, 0, 80][..], 4));
        assert_eq!(Address::new(&[1; ROOM + 1]).err(), Some(Errno::EINVAL));
        let mut told = Address::new(&[1; ROOM]).unwrap();
        told.set_len_bytes(4096);
        assert_eq!(told.bytes().len(), ROOM, "as much as there is");
    }
}
