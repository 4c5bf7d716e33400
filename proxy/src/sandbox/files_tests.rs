//! Landlock alone, without the filter before it: what each right that the sandbox handles takes away, and
//! what it leaves.
//!
//! Landlock holds for a thread and its children, so a test confines a thread of its own.

#![allow(unsafe_code, reason = "bare system calls that the sandbox forbids")]

use super::files::{FileFence, Reach, Signals, Tcp, grants, limit};
use std::ffi::CString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tests::lack::Lack;

/// LANDLOCK_CREATE_RULESET_VERSION of landlock_create_ruleset(2).
const VERSION: u64 = 1;

/// A process outside the sandbox, of the same user.
struct Outsider(Child);

impl Outsider {
    fn new() -> Self {
        let command = &mut Command::new("cat");
        Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
    }

    fn memory(&self) -> io::Result<File> {
        File::options().read(true).write(true).open(format!("/proc/{}/mem", self.0.id()))
    }

    fn is_reached_by_signal(&self) -> io::Result<()> {
        // SAFETY: signal 0 only asks whether it could be sent.
        check(unsafe { libc::kill(self.0.id() as i32, 0) })
    }
}

impl Drop for Outsider {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn check(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn make_node(path: &Path, kind: u32) -> io::Result<()> {
    let path = CString::new(path.to_str().unwrap()).unwrap();
    // SAFETY: a live path. The device is /dev/null's number, or that of a first RAM disk.
    check(unsafe { libc::mknod(path.as_ptr(), kind | 0o600, libc::makedev(1, 3)) })
}

/// Asked by the system call; the crate has its own way.
fn version() -> i64 {
    // SAFETY: asks for a number.
    unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, 0, 0, VERSION) }
}

/// Runs `look` on a thread that has the fence around files, in an empty folder; false if there is no whole
/// fence.
fn fenced(look: impl FnOnce(&Path) + Send) -> bool {
    /// That of [`FileFence::Whole`].
    const WHOLE: i64 = 6;
    if version() < WHOLE {
        Lack::Installed(format!("this Linux has no Landlock {WHOLE}")).skip();
        return false;
    }
    let folder = tempfile::tempdir().unwrap();
    let confine_and_look = || {
        rustix::thread::set_no_new_privs(true).unwrap();
        let grants = grants(Reach::All).unwrap();
        assert_eq!(limit(&grants, Tcp::Ports(&[]), Signals::Own).unwrap(), FileFence::Whole);
        look(folder.path());
    };
    let result = std::thread::scope(|scope| scope.spawn(confine_and_look).join());
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
    true
}

fn is_denied<T: core::fmt::Debug>(what: &str, result: io::Result<T>, errno: i32) {
    let got = result.as_ref().err().and_then(io::Error::raw_os_error);
    assert_eq!(got, Some(errno), "{what}: {result:?}");
}

#[test]
fn nothing_is_executed_and_no_device_made() {
    fenced(|folder| {
        is_denied("execute", Command::new("/bin/true").spawn(), libc::EACCES);
        fs::copy("/bin/true", folder.join("program")).unwrap();
        is_denied("execute a copy", Command::new(folder.join("program")).spawn(), libc::EACCES);
        is_denied("character device", make_node(&folder.join("null"), libc::S_IFCHR), libc::EACCES);
        is_denied("block device", make_node(&folder.join("disk"), libc::S_IFBLK), libc::EACCES);
    });
}

#[test]
fn tcp_is_out_of_reach() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    fenced(|_| {
        is_denied("bind", TcpListener::bind("127.0.0.1:0"), libc::EACCES);
        is_denied("connect", TcpStream::connect(address), libc::EACCES);
    });
    TcpStream::connect(address).unwrap();
}

#[test]
fn processes_outside_are_out_of_reach() {
    let outsider = Outsider::new();
    let name = format!("hermit-outside-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(name).unwrap();
    let _listener = UnixListener::bind_addr(&address).unwrap();
    // What is allowed without the fence: else its absence would not be seen below.
    outsider.memory().unwrap();
    outsider.is_reached_by_signal().unwrap();
    UnixStream::connect_addr(&address).unwrap();
    fenced(|_| {
        let of = |name: &str| format!("/proc/{}/{name}", outsider.0.id());
        is_denied("memory", outsider.memory(), libc::EACCES);
        is_denied("signal", outsider.is_reached_by_signal(), libc::EPERM);
        is_denied("abstract socket", UnixStream::connect_addr(&address), libc::EPERM);
        is_denied("its root", fs::metadata(of("root/")), libc::EACCES);
        is_denied("its folder", fs::metadata(of("cwd/")), libc::EACCES);
        is_denied("its files", fs::metadata(of("fd/0")), libc::EACCES);
    });
}

/// All that a program may do with the user's files: each is a right of its own, which "/" grants.
#[test]
fn the_users_files_stay_the_programs() {
    fenced(|folder| {
        let path = |name: &str| folder.join(name);
        fs::create_dir(path("a")).unwrap();
        fs::create_dir(path("b")).unwrap();
        fs::write(path("a/file"), "text").unwrap();
        assert_eq!(fs::read(path("a/file")).unwrap(), b"text");
        File::options().write(true).open(path("a/file")).unwrap().set_len(2).unwrap();
        File::options().write(true).truncate(true).open(path("a/file")).unwrap();
        fs::rename(path("a/file"), path("b/file")).unwrap();
        fs::hard_link(path("b/file"), path("a/link")).unwrap();
        symlink("b/file", path("symlink")).unwrap();
        make_node(&path("pipe"), libc::S_IFIFO).unwrap();
        drop(UnixListener::bind(path("socket")).unwrap());
        assert_eq!(fs::read_dir(folder).unwrap().count(), 5);
        fs::remove_file(path("b/file")).unwrap();
        fs::remove_dir(path("b")).unwrap();
        let device = File::options().read(true).write(true).open("/dev/zero").unwrap();
        let mut value = 0_i32;
        // SAFETY: a live number. The request gets as far as the device, which does not know it.
        let result = unsafe { libc::ioctl(device.as_raw_fd(), libc::TIOCOUTQ, &raw mut value) };
        is_denied("ioctl", check(result), libc::ENOTTY);
        assert_eq!(File::open(path("missing")).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn every_gap_has_its_own_words_and_a_cure() {
    let part = FileFence::Part(landlock::ABI::V3).to_string();
    assert!(part.contains("version 3 of Landlock, the sandbox uses 6; Linux 6.12"), "{part}");
    let missing = FileFence::Missing("this Linux has none".into()).to_string();
    assert!(missing.contains("without Landlock (this Linux has none)"), "{missing}");
    assert!(missing.contains("memory of the user's other processes; boot with lsm=landlock"), "{missing}");
}
