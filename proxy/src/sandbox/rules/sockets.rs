//! What comes in for an image that can make sockets, in each isle, if the user allows any network: calls on TCP and UDP over
//! IPv4 and IPv6.
//!
//! A filter cannot look into addresses, nor into options' values: in the VM isles, where the guest makes no system calls, the
//! server's checks are whole; in the process isle a hostile program may talk to whatever the user may
//! (SECURITY.md).

use super::When::{self, AllOf, Always, OneOf};

/// AF_INET and AF_INET6.
const DOMAINS: &[u32] = &[libc::AF_INET as u32, libc::AF_INET6 as u32];

/// As the server makes them: SOCK_STREAM not blocking, SOCK_DGRAM; both with SOCK_CLOEXEC.
const TYPES: &[u32] = &[
    (libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC) as u32,
    (libc::SOCK_DGRAM | libc::SOCK_CLOEXEC) as u32,
];

/// What belongs to the type, IPPROTO_TCP and IPPROTO_UDP: not MPTCP, SCTP, ICMP.
const PROTOCOLS: &[u32] = &[0, libc::IPPROTO_TCP as u32, libc::IPPROTO_UDP as u32];

/// Whose options there are.
const LEVELS: &[u32] = &[
    libc::SOL_SOCKET as u32,
    libc::IPPROTO_IP as u32,
    libc::IPPROTO_TCP as u32,
    libc::IPPROTO_UDP as u32,
    libc::IPPROTO_IPV6 as u32,
];

/// SIOCATMARK, SIOCGIFNAME, SIOCGIFCONF, FLAGS, ADDR, DSTADDR, BRDADDR, NETMASK, MTU, HWADDR, INDEX (linux/sockios.h): they tell,
/// and change nothing.
const REQUESTS: &[u32] =
    &[0x8905, 0x8910, 0x8912, 0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x8921, 0x8927, 0x8933];

/// System calls on sockets.
const CALLS: &[(i64, When)] = &[
    (libc::SYS_socket, AllOf(&[(0, DOMAINS), (1, TYPES), (2, PROTOCOLS)])),
    (libc::SYS_bind, Always),
    (libc::SYS_listen, Always),
    (libc::SYS_accept4, OneOf(3, &[&[libc::SOCK_CLOEXEC as u32]])),
    (libc::SYS_connect, Always),
    (libc::SYS_getsockname, Always),
    (libc::SYS_getpeername, Always),
    (libc::SYS_setsockopt, OneOf(1, &[LEVELS])),
    (libc::SYS_getsockopt, OneOf(1, &[LEVELS])),
    (libc::SYS_shutdown, Always),
    (libc::SYS_sendto, Always),
    (libc::SYS_recvfrom, Always),
    (libc::SYS_sendmsg, Always),
    (libc::SYS_recvmsg, Always),
];

/// The same rules, and sockets.
pub fn with_sockets(rules: &[(i64, When)]) -> Vec<(i64, When)> {
    let is_here = |number| CALLS.iter().any(|(other, _)| *other == number);
    let rest = rules.iter().filter(|(number, _)| !is_here(*number));
    let with_requests = |&(number, when): &(i64, When)| match when {
        OneOf(argument, lists) if number == libc::SYS_ioctl => (number, OneOf(argument, longer(lists))),
        _ => (number, when),
    };
    rest.map(with_requests).chain(CALLS.iter().copied()).collect()
}

/// Made once, when filters are compiled.
fn longer(lists: &'static [&'static [u32]]) -> &'static [&'static [u32]] {
    lists.iter().copied().chain([REQUESTS]).collect::<Vec<_>>().leak()
}
