//! Requests on sockets: what the user allows, who is reached, and nonsense by the hundred thousand.

use super::super::sockets::Access;
use super::*;
use crate::options::{Options, Published};
use abi::c::{AF_INET, MSG_DONTWAIT, SOCK_DGRAM, SOCK_STREAM};
use abi::file::IoVec;
use abi::socket::Message;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};

/// Where the tests put addresses, lengths, data and messages.
const ADDRESS: usize = 0x1000;
const LENGTH: usize = 0x1100;
const DATA: usize = 0x2000;
const MESSAGE: usize = 0x3000;
const VECTORS: usize = 0x3100;

/// `struct sockaddr_in`.
fn bytes_of(address: SocketAddrV4) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[0] = AF_INET as u8;
    bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
    bytes[4..8].copy_from_slice(&address.ip().octets());
    bytes
}

const fn here(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)
}

const fn anywhere(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port)
}

impl Guest {
    fn with_access(access: Access) -> Self {
        let Self { host, server } = Self::new();
        Self { host, server: server.with_sockets(Some(access)) }
    }

    fn with_options(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::default();
        change(&mut options);
        Self::with_access(Access::allowed_by(&options).expect("some network"))
    }

    fn socket(&self, kind: i32) -> u64 {
        self.call(Number::Socket, [AF_INET as u64, kind as u64, 0, 0, 0, 0]).unwrap() as u64
    }

    fn to(&self, number: Number, handle: u64, address: SocketAddrV4) -> Result<i64, Errno> {
        let place = self.put(ADDRESS, &bytes_of(address));
        self.call(number, [handle, place, 16, MSG_DONTWAIT as u64, 0, 0])
    }

    fn port(&self, handle: u64) -> u16 {
        let (place, len) = (GUEST + ADDRESS as u64, self.put(LENGTH, &128_u32.to_ne_bytes()));
        self.call(Number::SocketName, [handle, 0, place, len, 0, 0]).unwrap();
        assert_eq!(self.server.memory.read::<u32>(len), Ok(16));
        let bytes: [u8; 16] = self.server.memory.read(place).unwrap();
        u16::from_be_bytes([bytes[2], bytes[3]])
    }

    /// A socket that listens on a port of Linux's choice.
    fn listening(&self, own: SocketAddrV4) -> (u64, u16) {
        let handle = self.socket(SOCK_STREAM);
        self.to(Number::Bind, handle, own).unwrap();
        self.call(Number::Listen, [handle, 8, 0, 0, 0, 0]).unwrap();
        (handle, self.port(handle))
    }

    fn accept(&self, handle: u64) -> Result<i64, Errno> {
        self.call(Number::Accept, [handle, 0, 0, MSG_DONTWAIT as u64, 0, 0])
    }
}

/// What a call comes to that does not wait, and has to.
fn soon(call: impl Fn() -> Result<i64, Errno>) -> Result<i64, Errno> {
    for _ in 0..5000 {
        match call() {
            Err(Errno::EAGAIN | Errno::EINPROGRESS | Errno::EALREADY) => {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            result => return result,
        }
    }
    panic!("not within five seconds");
}

/// An address of this machine's that is not the loopback one, if there is any.
fn outer_address() -> Option<Ipv4Addr> {
    let probe = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Nothing is sent: Linux only chooses the way.
    probe.connect((Ipv4Addr::new(198, 51, 100, 1), 9)).ok()?;
    match probe.local_addr().ok()? {
        SocketAddr::V4(own) if !own.ip().is_loopback() => Some(*own.ip()),
        _ => None,
    }
}

#[test]
fn an_image_without_sockets_makes_none() {
    let guest = Guest::new();
    let made = guest.call(Number::Socket, [AF_INET as u64, SOCK_STREAM as u64, 0, 0, 0, 0]);
    assert_eq!(made, Err(Errno::EACCES));
    for number in [Number::Accept, Number::Connect, Number::Send, Number::Receive, Number::Interfaces] {
        assert_eq!(guest.call(number, [0; 6]), Err(Errno::EACCES), "{number:?}");
    }
    assert!(Access::allowed_by(&Options { net: "none".parse().ok(), ..Options::default() }).is_none());
}

#[test]
fn only_tcp_and_udp_are_made() {
    let guest = Guest::with_access(Access::to_all());
    let make = |domain: i32, kind: i32, protocol: i32| {
        guest.call(Number::Socket, [domain as u64, kind as u64, protocol as u64, 0, 0, 0])
    };
    assert!(make(AF_INET, SOCK_STREAM, libc::IPPROTO_TCP).is_ok() && make(10, SOCK_DGRAM, 17).is_ok());
    assert_eq!(make(AF_INET, libc::SOCK_RAW, 1), Err(Errno::EPERM));
    assert_eq!(make(AF_INET, SOCK_STREAM, libc::IPPROTO_MPTCP), Err(Errno::EPROTONOSUPPORT));
    assert_eq!(make(AF_INET, SOCK_DGRAM, libc::IPPROTO_ICMP), Err(Errno::EPROTONOSUPPORT));
    for domain in [libc::AF_UNIX, libc::AF_NETLINK, libc::AF_PACKET, libc::AF_VSOCK, -1] {
        assert_eq!(make(domain, SOCK_STREAM, 0), Err(Errno::EAFNOSUPPORT), "{domain}");
    }
}

#[test]
fn a_stream_goes_both_ways() {
    let guest = Guest::with_access(Access::to_all());
    let (listener, port) = guest.listening(here(0));
    assert_eq!(guest.accept(listener), Err(Errno::EAGAIN));
    let mut peer = TcpStream::connect(here(port)).unwrap();
    let handle = soon(|| guest.accept(listener)).unwrap() as u64;
    let data = guest.put(DATA, b"hello");
    let transfer = |number| guest.call(number, [handle, data, 5, MSG_DONTWAIT as u64, 0, 0]);
    assert_eq!(transfer(Number::Receive), Err(Errno::EAGAIN));
    assert_eq!(transfer(Number::Send), Ok(5));
    peer.write_all(b"world").unwrap();
    assert_eq!(guest.call(Number::Receive, [handle, data, 5, 0, 0, 0]), Ok(5), "it may wait for it");
    assert_eq!(guest.server.memory.read::<[u8; 5]>(data), Ok(*b"world"));
    peer.read_exact(&mut [0; 5]).unwrap();
    drop(peer);
    assert_eq!(guest.call(Number::Receive, [handle, data, 5, 0, 0, 0]), Ok(0), "the end");
}

#[test]
fn connecting_without_waiting_says_so_and_then_works() {
    let listener = TcpListener::bind(here(0)).unwrap();
    let SocketAddr::V4(address) = listener.local_addr().unwrap() else { panic!("asked for IPv4") };
    let guest = Guest::with_access(Access::to_all());
    let handle = guest.socket(SOCK_STREAM);
    assert!(matches!(guest.to(Number::Connect, handle, address), Ok(0) | Err(Errno::EINPROGRESS)));
    let (mut peer, _) = listener.accept().unwrap();
    // As after a connect(2) that was in progress when it came back.
    let file = guest.server.handles.get(handle).unwrap();
    rustix::fs::fcntl_setfl(&*file, rustix::fs::OFlags::NONBLOCK).unwrap();
    let later = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(20));
        peer.write_all(b"x").unwrap();
    });
    let data = GUEST + DATA as u64;
    assert_eq!(
        guest.call(Number::Receive, [handle, data, 1, 0, 0, 0]),
        Ok(1),
        "waits, although it was not to"
    );
    later.join().unwrap();
    let refused = guest.socket(SOCK_STREAM);
    drop(listener);
    assert_eq!(soon(|| guest.to(Number::Connect, refused, address)), Err(Errno::ECONNREFUSED));
}

#[test]
fn messages_bring_addresses_and_nothing_that_is_not_allowed() {
    let guest = Guest::with_access(Access::to_all());
    let handle = guest.socket(SOCK_DGRAM);
    guest.to(Number::Bind, handle, here(0)).unwrap();
    let peer = UdpSocket::bind(here(0)).unwrap();
    let SocketAddr::V4(peer_address) = peer.local_addr().unwrap() else { panic!("asked for IPv4") };
    let vectors = [IoVec { base: GUEST + DATA as u64, len_bytes: 3 }];
    guest.server.memory.write_slice(GUEST + VECTORS as u64, &vectors).unwrap();
    guest.put(DATA, b"abc");
    let name = guest.put(ADDRESS, &bytes_of(peer_address));
    let message =
        Message { name, name_bytes: 16, vectors: GUEST + VECTORS as u64, count: 1, ..Message::default() };
    let call = |number, message: Message| {
        guest.server.memory.write(GUEST + MESSAGE as u64, &message).unwrap();
        guest.call(number, [handle, GUEST + MESSAGE as u64, MSG_DONTWAIT as u64, 0, 0, 0])
    };
    assert_eq!(call(Number::SendMessage, message), Ok(3));
    let mut buffer = [0; 8];
    let (len, from) = peer.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..len], from.port()), (&b"abc"[..], guest.port(handle)));
    peer.send_to(b"longer", from).unwrap();
    guest.put(ADDRESS, &[0; 16]);
    assert_eq!(call(Number::ReceiveMessage, message), Ok(3));
    let got: Message = guest.server.memory.read(GUEST + MESSAGE as u64).unwrap();
    assert_eq!((got.flags, got.name_bytes, got.control_bytes), (libc::MSG_TRUNC, 16, 0));
    assert_eq!(guest.server.memory.read::<[u8; 16]>(name), Ok(bytes_of(peer_address)));
    // Descriptors are not sent.
    let rights = [&20_u64.to_ne_bytes()[..], &1_u32.to_ne_bytes(), &1_u32.to_ne_bytes(), &[0; 8]].concat();
    let control = guest.put(0x4000, &rights);
    let with_rights = Message { control, control_bytes: rights.len() as u64, ..message };
    assert_eq!(call(Number::SendMessage, with_rights), Err(Errno::EINVAL));
}

#[test]
fn addresses_that_are_not_allowed_are_refused_wherever_they_are_named() {
    let guest = Guest::with_options(|options| options.net = "local".parse().ok());
    let there = SocketAddrV4::new(Ipv4Addr::new(198, 51, 100, 1), 9);
    let (stream, datagram) = (guest.socket(SOCK_STREAM), guest.socket(SOCK_DGRAM));
    for handle in [stream, datagram] {
        assert_eq!(guest.to(Number::Connect, handle, there), Err(Errno::EACCES));
        assert_eq!(guest.to(Number::Bind, handle, there), Err(Errno::EACCES));
    }
    let name = guest.put(ADDRESS, &bytes_of(there));
    let message = Message { name, name_bytes: 16, ..Message::default() };
    guest.server.memory.write(GUEST + MESSAGE as u64, &message).unwrap();
    let sent = guest.call(Number::SendMessage, [datagram, GUEST + MESSAGE as u64, 0, 0, 0, 0]);
    assert_eq!(sent, Err(Errno::EACCES));
    assert_eq!(guest.to(Number::Connect, datagram, here(9)), Ok(0));
}

#[test]
fn who_listens_is_reached_from_this_machine_only_unless_published() {
    let guest = Guest::new();
    let Some(outer) = outer_address() else {
        eprintln!("skipped: this machine has no address but the loopback one");
        return;
    };
    drop(guest);
    let free = TcpListener::bind(anywhere(0)).unwrap().local_addr().unwrap().port();
    let guest =
        Guest::with_options(|options| options.publish = format!("{free}:7").parse::<Published>().unwrap());
    let devices = |handle: u64| {
        let file = guest.server.handles.get(handle).unwrap();
        let (mut name, mut len) = ([0u8; 16], 16_u32);
        let args = [file.as_raw_fd() as u64, 1, 25, name.as_mut_ptr() as u64, &raw mut len as u64];
        host::call(libc::SYS_getsockopt, &args).unwrap();
        String::from_utf8_lossy(&name[..len as usize]).trim_end_matches('\0').to_owned()
    };
    let (hidden, port) = guest.listening(anywhere(0));
    assert_eq!(devices(hidden), "lo");
    assert!(TcpStream::connect(here(port)).is_ok() && TcpStream::connect((outer, port)).is_err());
    let (published, port) = guest.listening(anywhere(7));
    assert_eq!((devices(published), port), (String::new(), free));
    let datagram = guest.socket(SOCK_DGRAM);
    guest.to(Number::Bind, datagram, anywhere(0)).unwrap();
    assert_eq!(devices(datagram), "", "who only asks");
    let server = guest.socket(SOCK_DGRAM);
    guest.to(Number::Bind, server, anywhere(guest.port(datagram) ^ 1)).unwrap();
    assert_eq!(devices(server), "lo");
}

#[test]
fn nonsense_about_sockets_harms_nobody() {
    let guest = Guest::with_options(|options| options.net = "local".parse().ok());
    let (listener, port) = guest.listening(here(0));
    let stream = guest.socket(SOCK_STREAM);
    soon(|| guest.to(Number::Connect, stream, here(port))).unwrap();
    let accepted = soon(|| guest.accept(listener)).unwrap() as u64;
    let datagram = guest.socket(SOCK_DGRAM);
    let handles = [listener, stream, accepted, datagram];
    let numbers: Vec<Number> = Number::ALL
        .iter()
        .copied()
        .filter(|&number| number >= Number::Socket && number <= Number::Interfaces)
        .collect();
    let mut random = Random(0x853c_49e6_748f_ea9b);
    for _ in 0..200_000 {
        let number = numbers[random.next() as usize % numbers.len()];
        let mut args: [u64; 6] = core::array::from_fn(|_| random.argument());
        if number != Number::Socket && !random.next().is_multiple_of(8) {
            args[0] = handles[random.next() as usize % handles.len()];
        }
        // Nobody would end a wait.
        let flags = if matches!(number, Number::SendMessage | Number::ReceiveMessage) { 2 } else { 3 };
        args[flags] |= MSG_DONTWAIT as u64;
        if let Ok(handle) = guest.call(number, args)
            && matches!(number, Number::Socket | Number::Accept)
        {
            guest.call(Number::Close, [handle as u64, 0, 0, 0, 0, 0]).unwrap();
        }
    }
    assert!(guest.canaries_live());
}
