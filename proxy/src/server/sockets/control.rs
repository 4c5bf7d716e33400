//! Control messages that a program may send with its data: [`check`].

use abi::errno::Errno;
use abi::socket::ControlHeader;

/// Levels and types: where from and where to a datagram goes, its life and its class, and in how many it is cut.
const ALLOWED: &[(i32, i32)] = &[
    (libc::IPPROTO_IP, libc::IP_TOS),
    (libc::IPPROTO_IP, libc::IP_TTL),
    (libc::IPPROTO_IP, libc::IP_PKTINFO),
    (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO),
    (libc::IPPROTO_IPV6, libc::IPV6_HOPLIMIT),
    (libc::IPPROTO_IPV6, libc::IPV6_TCLASS),
    (libc::IPPROTO_IPV6, libc::IPV6_DONTFRAG),
    (libc::IPPROTO_UDP, libc::UDP_SEGMENT),
];

/// Whether all messages are of the kinds that are allowed: descriptors and credentials are not. `EINVAL`: one is, or lengths
/// do not fit.
pub fn check(mut control: &[u8]) -> Result<(), Errno> {
    while let Some((header, _)) = ControlHeader::take(&mut control)? {
        if !ALLOWED.contains(&(header.level, header.kind)) {
            return Err(Errno::EINVAL);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(len: u64, level: i32, kind: i32, data: &[u8]) -> Vec<u8> {
        [&len.to_ne_bytes()[..], &level.to_ne_bytes(), &kind.to_ne_bytes(), data].concat()
    }

    #[test]
    fn only_known_messages_of_sound_length_pass() {
        let ttl = message(20, libc::IPPROTO_IP, libc::IP_TTL, &[9, 0, 0, 0, 0, 0, 0, 0]);
        let rights = message(20, libc::SOL_SOCKET, libc::SCM_RIGHTS, &[0; 4]);
        assert_eq!(
            (check(&[]), check(&ttl), check(&ttl[..20]), check(&ttl[..15])),
            (Ok(()), Ok(()), Ok(()), Ok(()))
        );
        assert_eq!(check(&[&ttl[..], &ttl].concat()), Ok(()));
        assert_eq!(check(&rights), Err(Errno::EINVAL));
        assert_eq!(check(&[&ttl[..], &rights].concat()), Err(Errno::EINVAL), "also behind others");
        for len in [0, 15, 25, u64::MAX, u64::MAX - 7] {
            assert_eq!(
                check(&message(len, libc::IPPROTO_IP, libc::IP_TTL, &[0; 8])),
                Err(Errno::EINVAL),
                "{len}"
            );
        }
    }
}
