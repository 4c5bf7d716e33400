//! Socket addresses: from the guest, and to it.

use crate::memory::GuestMemory;
use abi::c::{AF_INET, AF_INET6};
use abi::errno::Errno;
use abi::hypercall::MAX_ADDRESS_BYTES;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use libc::AF_UNSPEC;

/// Length of `struct sockaddr_in`, in bytes.
const IPV4_BYTES: usize = 16;

/// Least length of `struct sockaddr_in6` that Linux takes, in bytes: without the scope, as in RFC 2133.
const IPV6_BYTES: usize = 24;

/// What such a structure says, if it is one of IPv4 or IPv6.
pub fn socket_address(bytes: &[u8]) -> Option<SocketAddr> {
    let port = u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?);
    match family(bytes)? {
        AF_INET if bytes.len() >= IPV4_BYTES => {
            let ip: [u8; 4] = bytes[4..8].try_into().ok()?;
            Some((Ipv4Addr::from(ip), port).into())
        }
        AF_INET6 if bytes.len() >= IPV6_BYTES => {
            let ip: [u8; 16] = bytes[8..24].try_into().ok()?;
            Some((Ipv6Addr::from(ip), port).into())
        }
        _ => None,
    }
}

/// Whether it is of no family: what dissolves the association of a datagram socket.
pub fn is_unspecified(bytes: &[u8]) -> bool {
    family(bytes) == Some(AF_UNSPEC)
}

/// What is wrong with bytes that are no address of IPv4 or IPv6: `EINVAL` too short, `EAFNOSUPPORT` of another family.
pub fn no_address(bytes: &[u8]) -> Errno {
    match family(bytes) {
        None | Some(AF_INET | AF_INET6) => Errno::EINVAL,
        _ => Errno::EAFNOSUPPORT,
    }
}

/// The family of an address; `None`: it is too short for one.
fn family(bytes: &[u8]) -> Option<i32> {
    bytes.first_chunk().map(|&family| i32::from(u16::from_ne_bytes(family)))
}

/// Room for an address that Linux tells.
#[repr(C, align(8))]
pub struct Room {
    bytes: [u8; MAX_ADDRESS_BYTES as usize],
    len_bytes: u32,
}

impl Room {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { bytes: [0; MAX_ADDRESS_BYTES as usize], len_bytes: MAX_ADDRESS_BYTES as u32 }
    }

    /// For Linux.
    pub fn address(&mut self) -> u64 {
        self.bytes.as_mut_ptr() as u64
    }

    /// The same, for its length.
    pub fn len_address(&mut self) -> u64 {
        &raw mut self.len_bytes as u64
    }

    /// What Linux has told.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.bytes.len().min(self.len_bytes as usize)]
    }

    /// Tells the guest, who has room for as many bytes as the number at `len_address` says, which then is the whole
    /// length. Nothing if `address` is 0.
    pub fn tell(&self, memory: &GuestMemory, address: u64, len_address: u64) -> Result<(), Errno> {
        if address == 0 {
            return Ok(());
        }
        let room = memory.read::<u32>(len_address)?;
        if i32::try_from(room).is_err() {
            return Err(Errno::EINVAL);
        }
        let told = self.bytes();
        memory.write_slice(address, &told[..told.len().min(room as usize)])?;
        memory.write(len_address, &self.len_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_linux_reads_them() {
        let ipv4 = [2, 0, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(socket_address(&ipv4), Some("127.0.0.1:8080".parse().unwrap()));
        let mut ipv6 = [0u8; 28];
        (ipv6[0], ipv6[3], ipv6[23]) = (10, 80, 1);
        assert_eq!(socket_address(&ipv6), Some("[::1]:80".parse().unwrap()));
        assert_eq!(socket_address(&ipv6[..24]), Some("[::1]:80".parse().unwrap()));
        for bad in [&ipv4[..15], &ipv6[..23], &[], &[2], &[1, 0, b'/', b'x'], &[0; 16]] {
            assert_eq!(socket_address(bad), None, "{bad:?}");
        }
        assert_eq!([no_address(&ipv4[..15]), no_address(&[2])], [Errno::EINVAL; 2]);
        assert_eq!(no_address(&[1, 0, b'/']), Errno::EAFNOSUPPORT);
        assert!(is_unspecified(&[0; 16]) && !is_unspecified(&ipv4) && !is_unspecified(&[]));
    }
}
