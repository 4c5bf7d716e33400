//! Requests of a hostile guest to the hypercall server: [`run`].
//!
//! An input is a list of steps: the guest writes into its memory, or makes a request whose arguments are what a careless or hostile
//! guest might pass. The server is the isles' own; only what an isle does itself (`Control`) is missing.

use crate::confine;
use crate::guest::{self, Guest};
use crate::input::Input;
use abi::errno::Errno;
use abi::hypercall::{AT_FDCWD, MAY_PEND, Number, Request, state};
use abi::layout::PAGE_SIZE;
use proxy::host_signals::interrupt::Moment;
use proxy::options::{Network, Options};
use proxy::server::sockets::Access;
use proxy::server::{Control, Ending, KernelLog, Pending, Server};
use std::cell::OnceCell;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Most steps of an input: more show nothing new and take long.
const MAX_STEPS: usize = 64;

/// Where strings and structures of most requests are.
const DATA: u64 = guest::BASE + PAGE_SIZE;

thread_local! {
    static STAGE: OnceCell<Stage> = const { OnceCell::new() };
}

/// What all inputs share.
struct Stage {
    guest: Guest,
    /// The guest's files.
    folder: PathBuf,
    /// Where libFuzzer's relative paths begin.
    outside: File,
    /// Sockets among the guest's own, if they reach nobody else.
    access: Option<Access>,
}

/// An isle that can do nothing, and leaves requests that would wait unanswered.
struct Isle(u32);

impl Control for Isle {
    fn control(&self, _: usize, _: Number, _: &[u64; 6]) -> Result<i64, Errno> {
        Err(Errno::ENOSYS)
    }

    fn may_pend(&self, _: bool) -> bool {
        true
    }

    fn hand_over(&self, _: usize, pending: Pending, _: Moment) -> Result<(), Pending> {
        if self.may_wait() { Ok(()) } else { Err(pending) }
    }
}

impl Isle {
    /// Whether the request may wait for long. Nothing else does: there are no pipes, no terminals, and nobody else who locks. What
    /// reads and writes may be a socket.
    fn may_wait(&self) -> bool {
        use Number::{Poll, Read, ReadV, Write, WriteV};
        let sockets = Number::Socket as u32..=Number::Interfaces as u32;
        sockets.contains(&self.0)
            || [Poll, Read, ReadV, Write, WriteV].iter().any(|&number| number as u32 == self.0)
    }
}

/// Serves the requests of an input.
pub fn run(bytes: &[u8]) {
    STAGE.with(|stage| {
        let stage = stage.get_or_init(Stage::new);
        stage.enter();
        let server = stage.server();
        let mut input = Input::new(bytes);
        for _ in 0..MAX_STEPS {
            if input.is_over() || step(&server, &mut input).is_some() {
                break;
            }
        }
        stage.guest.check_canaries();
        drop(server);
        stage.leave();
    });
}

impl Stage {
    fn new() -> Self {
        let outside = File::open(".").expect("the current folder");
        let network = confine::own_network();
        let access = network.is_ok().then(|| Access::allowed_by(&local_network())).flatten();
        if let Err(reason) = &network {
            eprintln!("fuzz: no sockets, since there is no network of our own: {reason}");
        }
        Self { guest: Guest::new(), folder: confine::enter(access.is_some()), outside, access }
    }

    /// The guest's folder is the current one, as far as its requests do not change that.
    fn enter(&self) {
        std::env::set_current_dir(&self.folder).expect("the guest's folder");
    }

    /// A server with a device, nothing, a file, a folder, a device that has bytes for every read, and sockets.
    fn server(&self) -> Server {
        let readable = |path: &Path| Some(OwnedFd::from(File::open(path).expect("granted to the guest")));
        let mut file = File::options();
        let file = file.read(true).write(true).create(true).truncate(false).open(self.folder.join("file"));
        let mut handles = vec![
            readable(Path::new("/dev/null")),
            None,
            Some(file.expect("in the guest's folder").into()),
            readable(&self.folder),
            readable(Path::new("/dev/zero")),
        ];
        if self.access.is_some() {
            handles.extend(sockets().expect("in the target's network").map(Some));
        }
        Server::new(self.guest.memory(), KernelLog::Hidden, handles).with_sockets(self.access.clone())
    }

    /// Removes what the guest has left, so that no input depends on others, and goes back.
    fn leave(&self) {
        for entry in fs::read_dir(&self.folder).expect("the guest's folder").flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let path = entry.path();
            let removed = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.expect("what the guest has made");
        }
        let back = format!("/proc/self/fd/{}", self.outside.as_raw_fd());
        std::env::set_current_dir(back).expect("the current folder of before");
    }
}

/// One that sends datagrams to itself, and both ends of a connection with who accepts more of them.
fn sockets() -> io::Result<[OwnedFd; 4]> {
    let here = (Ipv4Addr::LOCALHOST, 0);
    let datagrams = UdpSocket::bind(here)?;
    datagrams.connect(datagrams.local_addr()?)?;
    let listener = TcpListener::bind(here)?;
    let stream = TcpStream::connect(listener.local_addr()?)?;
    let (accepted, _) = listener.accept()?;
    Ok([datagrams.into(), listener.into(), stream.into(), accepted.into()])
}

/// Nothing beyond this machine, which is the target's own network.
fn local_network() -> Options {
    Options { net: Some(Network::Local), ..Options::default() }
}

/// One step; the ending, if that was the last one.
fn step(server: &Server, input: &mut Input<'_>) -> Option<Ending> {
    let kind = input.u8();
    if kind.is_multiple_of(4) {
        let (offset, len) = (u64::from(input.u16()) % guest::LEN_BYTES, usize::from(input.u8()));
        // A guest's writes may miss, too.
        let _ = server.memory.write_slice(guest::BASE + offset, input.take(len));
        return None;
    }
    let number = match input.u8() {
        u8::MAX => input.u64() as u32,
        number => {
            // Some that do not exist, too.
            let index = usize::from(number) % (Number::ALL.len() + 3);
            Number::ALL.get(index).map_or(u32::from(number) + 1000, |&known| known as u32)
        }
    };
    let args = std::array::from_fn(|_| argument(input));
    let request = Request { state: state::POSTED, number, args, result: i64::MIN };
    server.memory.write(guest::BASE, &request).expect("the guest's first page");
    let isle = Isle(number & !MAY_PEND);
    let ending = server.serve(&isle, 0, guest::BASE);
    let after: Request = server.memory.read(guest::BASE).expect("the guest's first page");
    assert!(
        ending.is_some() || isle.may_wait() || after.state == state::DONE,
        "{number} {args:x?} was not answered"
    );
    ending
}

/// A number that a careless or hostile guest might pass: its first byte says of which kind.
fn argument(input: &mut Input<'_>) -> u64 {
    match input.u8() {
        small @ 0..64 => u64::from(small),
        64..128 => DATA + u64::from(input.u8()),
        128..144 => guest::BASE + u64::from(input.u16()),
        144..160 => AT_FDCWD as u64,
        160..176 => 1_u64.rotate_left(u32::from(input.u8())),
        176..192 => (u64::from(input.u8())).wrapping_neg(),
        // Around the page that cannot be accessed, and around the end.
        192..208 => guest::HOLE - 128 + u64::from(input.u8()),
        208..224 => guest::BASE + guest::LEN_BYTES - 128 + u64::from(input.u8()),
        224..240 => u64::from(input.u16()),
        _ => input.u64(),
    }
}
