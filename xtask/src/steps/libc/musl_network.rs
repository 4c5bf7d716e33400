//! What of musl's speaks of the network: headers, texts of addresses, and the resolver. The calls themselves are ours
//! (`newlib-port/sys/hermit/socket.c` and its neighbours).

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::files::write;

/// Headers, below `include`.
const HEADERS: &[&str] = &[
    "arpa/ftp.h",
    "arpa/inet.h",
    "arpa/nameser.h",
    "arpa/nameser_compat.h",
    "arpa/telnet.h",
    "arpa/tftp.h",
    "ifaddrs.h",
    "net/ethernet.h",
    "net/if.h",
    "net/if_arp.h",
    "net/route.h",
    "netdb.h",
    "netinet/ether.h",
    "netinet/icmp6.h",
    "netinet/if_ether.h",
    "netinet/igmp.h",
    "netinet/in.h",
    "netinet/in_systm.h",
    "netinet/ip.h",
    "netinet/ip6.h",
    "netinet/ip_icmp.h",
    "netinet/tcp.h",
    "netinet/udp.h",
    "resolv.h",
    "sys/socket.h",
    "sys/un.h",
];

/// Sources below `src/network`, without `.c`.
pub const SOURCES: &[&str] = &[
    "network/dn_comp",
    "network/dn_expand",
    "network/dn_skipname",
    "network/dns_parse",
    "network/ent",
    "network/ether",
    "network/freeaddrinfo",
    "network/getaddrinfo",
    "network/gethostbyaddr",
    "network/gethostbyaddr_r",
    "network/gethostbyname",
    "network/gethostbyname2",
    "network/gethostbyname2_r",
    "network/gethostbyname_r",
    "network/getnameinfo",
    "network/getservbyname",
    "network/getservbyname_r",
    "network/getservbyport",
    "network/getservbyport_r",
    "network/htonl",
    "network/htons",
    "network/in6addr_any",
    "network/in6addr_loopback",
    "network/inet_addr",
    "network/inet_aton",
    "network/inet_ntoa",
    "network/inet_ntop",
    "network/inet_pton",
    "network/lookup_ipliteral",
    "network/lookup_name",
    "network/lookup_serv",
    "network/netname",
    "network/ns_parse",
    "network/ntohl",
    "network/ntohs",
    "network/proto",
    "network/res_init",
    "network/res_mkquery",
    "network/res_msend",
    "network/res_query",
    "network/res_querydomain",
    "network/res_send",
    "network/res_state",
    "network/resolvconf",
    "network/serv",
];

/// Installs the headers of the folder `musl` into `include`. What they keep for `_BSD_SOURCE`, which musl sets where nothing is
/// asked for, is for `_DEFAULT_SOURCE` in our headers,
/// where `__unused` is an attribute.
pub fn install_headers(musl: &Path, include: &Path) -> Result<()> {
    for name in HEADERS {
        let source = musl.join("include").join(name);
        let text =
            fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
        let ours = text.replace("_BSD_SOURCE", "_DEFAULT_SOURCE").replace("__unused", "__glibc_reserved");
        write(&include.join(name), ours)?;
    }
    Ok(())
}
