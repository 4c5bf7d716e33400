//! Which options of sockets a program may set and ask for: what Linux gives to an ordinary user, as far as it is about this
//! socket alone.
//!
//! Not among them are those of root, those that load programs into Linux's kernel (filters), give the socket another protocol's
//! code (TCP_ULP), forge its state (TCP_REPAIR) or choose its device, which is the proxy's to choose. Time
//! limits are kept by the guest's kernel.

use abi::errno::Errno;

/// Levels.
const SOCKET: u64 = libc::SOL_SOCKET as u64;
const IP: u64 = libc::IPPROTO_IP as u64;
const TCP: u64 = libc::IPPROTO_TCP as u64;
const UDP: u64 = libc::IPPROTO_UDP as u64;
const IPV6: u64 = libc::IPPROTO_IPV6 as u64;

/// REUSEADDR, DONTROUTE, BROADCAST, SNDBUF, RCVBUF, KEEPALIVE, OOBINLINE, NO_CHECK, PRIORITY, LINGER, REUSEPORT, RCVLOWAT, TIMESTAMP,
/// TIMESTAMPNS, RXQ_OVFL, MAX_PACING_RATE, INCOMING_CPU.
const OF_SOCKETS: &[u64] = &[2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 18, 29, 35, 40, 47, 49];

/// TYPE, ERROR, SNDLOWAT, ACCEPTCONN, PROTOCOL, DOMAIN, MEMINFO, INCOMING_NAPI_ID, COOKIE: only to be asked for.
const TOLD_OF_SOCKETS: &[u64] = &[3, 4, 19, 30, 38, 39, 55, 56, 57];

/// TOS, TTL, RECVOPTS, PKTINFO, MTU_DISCOVER, RECVERR, RECVTTL, RECVTOS, RECVORIGDSTADDR, MINTTL, BIND_ADDRESS_NO_PORT, MULTICAST_IF to
/// DROP_SOURCE_MEMBERSHIP, MSFILTER, MCAST_* (42 to 48), MULTICAST_ALL, UNICAST_IF.
const OF_IP: &[u64] = &[
    1, 2, 6, 8, 10, 11, 12, 13, 20, 21, 24, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
    48, 49, 50,
];

/// MTU.
const TOLD_OF_IP: &[u64] = &[14];

/// NODELAY, MAXSEG, CORK, KEEPIDLE, KEEPINTVL, KEEPCNT, SYNCNT, LINGER2, DEFER_ACCEPT, WINDOW_CLAMP, QUICKACK, CONGESTION,
/// THIN_LINEAR_TIMEOUTS, THIN_DUPACK, USER_TIMEOUT, FASTOPEN, TIMESTAMP, NOTSENT_LOWAT, SAVE_SYN, FASTOPEN_CONNECT,
/// FASTOPEN_NO_COOKIE, INQ.
const OF_TCP: &[u64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 18, 23, 24, 25, 27, 30, 34, 36];

/// INFO, CC_INFO, SAVED_SYN.
const TOLD_OF_TCP: &[u64] = &[11, 26, 28];

/// CORK, NO_CHECK6_TX, NO_CHECK6_RX, SEGMENT, GRO.
const OF_UDP: &[u64] = &[1, 101, 102, 103, 104];

/// 2292PKTINFO, 2292HOPLIMIT, UNICAST_HOPS, MULTICAST_IF, MULTICAST_HOPS, MULTICAST_LOOP, ADD_MEMBERSHIP, DROP_MEMBERSHIP,
/// MTU_DISCOVER, MTU, RECVERR, V6ONLY, MULTICAST_ALL, MCAST_* (42 to 48), RECVPKTINFO, PKTINFO, RECVHOPLIMIT, HOPLIMIT, RECVPATHMTU,
/// DONTFRAG, RECVTCLASS, TCLASS, AUTOFLOWLABEL, ADDR_PREFERENCES, MINHOPCOUNT, UNICAST_IF.
const OF_IPV6: &[u64] = &[
    2, 8, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 29, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 60, 62, 66,
    67, 70, 72, 73, 76,
];

/// PATHMTU.
const TOLD_OF_IPV6: &[u64] = &[61];

/// `EPERM`: it exists, or may, and is not for programs; `ENOPROTOOPT`: no such level.
pub fn may_set(level: u64, name: u64) -> Result<(), Errno> {
    let known = match level {
        SOCKET => OF_SOCKETS,
        IP => OF_IP,
        TCP => OF_TCP,
        UDP => OF_UDP,
        IPV6 => OF_IPV6,
        _ => return Err(Errno::ENOPROTOOPT),
    };
    if known.contains(&name) {
        return Ok(());
    }
    // What can only be asked for is unknown here, as on Linux.
    Err(if may_get(level, name).is_ok() { Errno::ENOPROTOOPT } else { Errno::EPERM })
}

/// Errors: as [`may_set`].
pub fn may_get(level: u64, name: u64) -> Result<(), Errno> {
    let known = match level {
        SOCKET => [OF_SOCKETS, TOLD_OF_SOCKETS],
        IP => [OF_IP, TOLD_OF_IP],
        TCP => [OF_TCP, TOLD_OF_TCP],
        UDP => [OF_UDP, &[]],
        IPV6 => [OF_IPV6, TOLD_OF_IPV6],
        _ => return Err(Errno::ENOPROTOOPT),
    };
    if known.iter().any(|names| names.contains(&name)) { Ok(()) } else { Err(Errno::EPERM) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_roots_or_loads_programs_is_refused() {
        let (filter, bpf, device, mark) = (26, 50, 25, 36);
        for name in [filter, bpf, device, mark] {
            assert_eq!(
                (may_set(SOCKET, name), may_get(SOCKET, name)),
                (Err(Errno::EPERM), Err(Errno::EPERM))
            );
        }
        let (ulp, repair, transparent) = ((TCP, 31), (TCP, 19), (IP, 19));
        for (level, name) in [ulp, repair, transparent] {
            assert_eq!(may_set(level, name), Err(Errno::EPERM));
        }
        assert_eq!((may_set(255, 1), may_get(270, 1)), (Err(Errno::ENOPROTOOPT), Err(Errno::ENOPROTOOPT)));
    }

    #[test]
    fn what_can_only_be_asked_for_cannot_be_set() {
        for (level, name) in [(SOCKET, libc::SO_TYPE), (SOCKET, libc::SO_ERROR), (TCP, libc::TCP_INFO)] {
            assert_eq!(may_get(level, name as u64), Ok(()));
            assert_eq!(may_set(level, name as u64), Err(Errno::ENOPROTOOPT));
        }
        for (level, name) in
            [(SOCKET, libc::SO_REUSEADDR), (TCP, libc::TCP_NODELAY), (IPV6, libc::IPV6_V6ONLY)]
        {
            assert_eq!((may_get(level, name as u64), may_set(level, name as u64)), (Ok(()), Ok(())));
        }
    }
}
