//! Which addresses the program may reach, and on which ports the world may reach it: [`Network`], [`Published`].

use core::net::{IpAddr, SocketAddr};
use core::str::FromStr;

/// More ports than these are many.
const MAX_FEW_PORTS: usize = 256;

/// Value of `--net` and `HERMIT_NET`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// No sockets at all.
    None,
    /// This machine only (127.0.0.0/8, ::1).
    Local,
    /// Any address may be connected to; who listens is reached from this machine only, but on published ports.
    #[default]
    Host,
    /// As [`Self::Host`], but only these addresses.
    Only(Vec<Pattern>),
}

/// Addresses and ports, written as `10.1.0.0/16:443`, `[::1]:*`, `192.168.1.7` or `*:8000-8100`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The network, and how many of its bits count; `None`: every address.
    network: Option<(IpAddr, u8)>,
    ports: (u16, u16),
}

/// The text is no network.
#[derive(Debug, thiserror::Error)]
#[error(
    "give none, local, host, or addresses with commas between them, such as 10.1.0.0/16:443,[::1]:*,*:8000-8100 (no names: \
     they are looked up by the program)"
)]
pub struct BadNetwork;

impl Network {
    /// Whether the program may send to this address.
    pub fn allows(&self, to: SocketAddr) -> bool {
        // An IPv4 address that is written as one of IPv6 is one of IPv4.
        let ip = to.ip().to_canonical();
        match self {
            Self::None => false,
            // Linux takes the unspecified address for the loopback one.
            Self::Local => ip.is_loopback() || ip.is_unspecified(),
            Self::Host => true,
            Self::Only(patterns) => patterns.iter().any(|pattern| pattern.matches(ip, to.port())),
        }
    }

    /// The ports in a list, if they are few.
    pub fn few_ports(&self) -> Option<Vec<u16>> {
        let Self::Only(patterns) = self else { return None };
        let count: usize = patterns.iter().map(|one| usize::from(one.ports.1 - one.ports.0) + 1).sum();
        (count <= MAX_FEW_PORTS).then(|| patterns.iter().flat_map(|one| one.ports.0..=one.ports.1).collect())
    }

    /// Whether the program may have this address itself.
    pub fn allows_own(&self, own: SocketAddr) -> bool {
        let ip = own.ip().to_canonical();
        match self {
            Self::None => false,
            Self::Local | Self::Only(_) => ip.is_loopback() || ip.is_unspecified(),
            Self::Host => true,
        }
    }
}

impl Pattern {
    fn matches(&self, ip: IpAddr, port: u16) -> bool {
        let is_inside = self.network.is_none_or(|(network, bits)| has_start(ip, network, bits));
        is_inside && (self.ports.0..=self.ports.1).contains(&port)
    }
}

/// Whether the first bits of both are the same.
fn has_start(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    let same = |ip: u128, network: u128, len: u8| bits == 0 || (ip ^ network) >> (len - bits.min(len)) == 0;
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => same(ip.to_bits().into(), network.to_bits().into(), 32),
        (IpAddr::V6(ip), IpAddr::V6(network)) => same(ip.to_bits(), network.to_bits(), 128),
        _ => false,
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        match text {
            "none" => Ok(Self::None),
            "local" => Ok(Self::Local),
            "host" => Ok(Self::Host),
            list => list.split(',').map(str::parse).collect::<Result<_, _>>().map(Self::Only),
        }
    }
}

impl FromStr for Pattern {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (address, ports) = split_ports(text)?;
        let network = match address {
            "*" => None,
            address => Some(network(address)?),
        };
        Ok(Self { network, ports: port_range(ports)? })
    }
}

/// At the colon before the ports, which in an address of IPv6 stands behind a bracket.
fn split_ports(text: &str) -> Result<(&str, &str), BadNetwork> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, ports) = rest.split_once(']').ok_or(BadNetwork)?;
        return match ports.strip_prefix(':') {
            Some(ports) => Ok((address, ports)),
            None if ports.is_empty() => Ok((address, "*")),
            None => Err(BadNetwork),
        };
    }
    Ok(text.split_once(':').unwrap_or((text, "*")))
}

fn network(text: &str) -> Result<(IpAddr, u8), BadNetwork> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(all), |bits| bits.parse::<u8>().map_err(|_| BadNetwork))?;
    if bits > all { Err(BadNetwork) } else { Ok((address, bits)) }
}

fn port_range(text: &str) -> Result<(u16, u16), BadNetwork> {
    let one = |text: &str| text.parse::<u16>().map_err(|_| BadNetwork);
    match (text, text.split_once('-')) {
        ("*", _) => Ok((0, u16::MAX)),
        (_, Some((first, last))) => {
            let range = (one(first)?, one(last)?);
            if range.0 <= range.1 { Ok(range) } else { Err(BadNetwork) }
        }
        (port, None) => one(port).map(|port| (port, port)),
    }
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The default.
    Tcp,
    /// `/udp`.
    Udp,
}

/// Value of `--publish` and `HERMIT_APP_PORT`: ports that the world may reach, written as `8080`, `80:8080` (the host's, and the
/// program's), `53:5353/udp`, several with commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published(Vec<Publication>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Publication {
    host: u16,
    program: u16,
    transport: Transport,
}

/// The text names no ports.
#[derive(Debug, thiserror::Error)]
#[error(
    "give ports with commas between them, such as 8080, 80:8080 (the host's and the program's) or 5353/udp"
)]
pub struct BadPorts;

impl Published {
    /// Whether the world may reach what listens on this port of the host's.
    pub fn opens(&self, port: u16, transport: Transport) -> bool {
        self.0.iter().any(|one| one.host == port && one.transport == transport)
    }

    /// On which port of the host the world reaches what listens on `port`; `None`: on none.
    pub fn host_port(&self, port: u16, transport: Transport) -> Option<u16> {
        let is_it = |one: &&Publication| one.program == port && one.transport == transport;
        self.0.iter().find(is_it).map(|one| one.host)
    }
}

impl FromStr for Published {
    type Err = BadPorts;

    fn from_str(text: &str) -> Result<Self, BadPorts> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Publication {
    type Err = BadPorts;

    fn from_str(text: &str) -> Result<Self, BadPorts> {
        let (ports, transport) = match text.split_once('/') {
            None | Some((_, "tcp")) => (text.trim_end_matches("/tcp"), Transport::Tcp),
            Some((ports, "udp")) => (ports, Transport::Udp),
            Some(_) => return Err(BadPorts),
        };
        let one = |text: &str| match text.parse() {
            Ok(port @ 1..) => Ok(port),
            _ => Err(BadPorts),
        };
        let (host, program) = ports.split_once(':').unwrap_or((ports, ports));
        Ok(Self { host: one(host)?, program: one(program)?, transport })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn words_and_what_they_allow() {
        let [none, local, host] = ["none", "local", "host"].map(|word| word.parse::<Network>().unwrap());
        let here =
            ["127.0.0.1:1", "127.9.9.9:80", "[::1]:1", "[::ffff:127.0.0.1]:9", "0.0.0.0:7", "[::]:7"].map(at);
        let there = ["10.0.0.1:1", "[2001:db8::1]:1", "[::ffff:8.8.8.8]:53", "255.255.255.255:9"].map(at);
        assert!(here.iter().all(|to| local.allows(*to) && host.allows(*to) && !none.allows(*to)));
        assert!(there.iter().all(|to| !local.allows(*to) && host.allows(*to) && !none.allows(*to)));
        assert!(here.iter().all(|own| local.allows_own(*own) && !none.allows_own(*own)));
        assert!(there.iter().all(|own| !local.allows_own(*own) && host.allows_own(*own)));
    }

    #[test]
    fn lists_name_networks_and_ports() {
        let list: Network =
            "10.1.0.0/16:443,[2001:db8::]:*,192.168.1.7,*:8000-8100,[fe80::/10]".parse().unwrap();
        let yes = [
            "10.1.255.3:443",
            "[2001:db8::]:9",
            "192.168.1.7:1",
            "9.9.9.9:8000",
            "[::5]:8100",
            "[fe9f::1]:2",
        ];
        let no = [
            "10.2.0.1:443",
            "10.1.0.1:444",
            "[2001:db8::1]:9",
            "192.168.1.8:1",
            "9.9.9.9:8101",
            "[fec0::1]:2",
        ];
        assert!(yes.iter().all(|to| list.allows(at(to))));
        assert!(no.iter().all(|to| !list.allows(at(to))));
        assert!(list.allows(at("[::ffff:10.1.2.3]:443")), "the same address");
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.allows(at("1.2.3.4:5")) && !all.allows(at("[::5]:5")));
    }

    #[test]
    fn texts_that_are_no_network() {
        for text in [
            "",
            "None",
            "example.org",
            "10.0.0.0/33",
            "1.2.3",
            "*:99999",
            "*:9-8",
            "[::1",
            "[::1]x",
            "::1:80",
            ",",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn ports_are_published_under_their_own_number_or_another() {
        let published: Published = "8080,80:8000,53:5353/udp,1/tcp".parse().unwrap();
        use Transport::{Tcp, Udp};
        let host_ports = [(8080, Tcp), (8000, Tcp), (80, Tcp), (5353, Udp), (5353, Tcp), (1, Tcp)];
        let expected = [Some(8080), Some(80), None, Some(53), None, Some(1)];
        assert_eq!(host_ports.map(|(port, transport)| published.host_port(port, transport)), expected);
        for text in ["", "0", "1:0", "80/sctp", "65536", "1:2:3", "80,", "-1"] {
            assert!(text.parse::<Published>().is_err(), "{text}");
        }
    }
}
