//! localhost inside of the test bed: [`start`] switches the loopback device on, as `ip link set lo up` would.

use std::io;

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, recv, sendto, socket};

/// RTM_NEWLINK (linux/rtnetlink.h).
const NEW_LINK: u16 = 16;
/// NLM_F_REQUEST and NLM_F_ACK (linux/netlink.h).
const REQUEST_ACK: u16 = 1 | 4;
/// NLMSG_ERROR; without an error it is the acknowledgement.
const ERROR: u16 = 2;
/// IFF_UP (linux/if.h).
const UP: u32 = 1;
/// The loopback device is the first in every network.
const LOOPBACK: i32 = 1;

/// Header of a message, and behind it an `ifinfomsg` (rtnetlink(7)).
const MESSAGE_BYTES: usize = 32;

fn message() -> [u8; MESSAGE_BYTES] {
    let mut bytes = [0; MESSAGE_BYTES];
    let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    put(0, &(MESSAGE_BYTES as u32).to_ne_bytes());
    put(4, &NEW_LINK.to_ne_bytes());
    put(6, &REQUEST_ACK.to_ne_bytes());
    put(20, &LOOPBACK.to_ne_bytes());
    // Flags, and which of them to change.
    put(24, &UP.to_ne_bytes());
    put(28, &UP.to_ne_bytes());
    bytes
}

/// Switches it on; NETLINK_ROUTE is protocol 0.
///
/// # Errors
/// What the kernel answers.
pub fn start() -> io::Result<()> {
    let line = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    sendto(&line, &message(), SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut answer = [0; 64];
    let (_, len) = recv(&line, &mut answer[..], RecvFlags::empty())?;
    match result(&answer[..len.min(answer.len())]) {
        Some(0) => Ok(()),
        Some(error) => Err(io::Error::from_raw_os_error(-error)),
        None => Err(io::Error::other("the kernel answers something else")),
    }
}

/// The error number in the answer, negative, or 0.
fn result(answer: &[u8]) -> Option<i32> {
    let kind = u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?);
    let error = i32::from_ne_bytes(*answer.get(16..)?.first_chunk()?);
    (kind == ERROR).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_is_no_error() {
        let mut answer = [0; 36];
        answer[4] = ERROR as u8;
        assert_eq!(result(&answer), Some(0));
        answer[16..20].copy_from_slice(&(-1_i32).to_ne_bytes());
        assert_eq!(result(&answer), Some(-1));
        assert_eq!(result(&answer[..10]), None);
    }
}
