//! Keeps what the server lets through from the machine that runs this: [`enter`], [`own_network`].
//!
//! The server does for a guest what the user may do, and a target may be run by root. What is left is a folder of its own, and
//! a network with nobody else in it; nothing changes modes, owners and times, of which Landlock knows nothing.

use proxy::options::{FileAccess, Files};
use proxy::sandbox::files::{self, FileFence, Reach, Signals, Tcp};
use std::ffi::{CStr, c_char};
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// Largest file, in bytes: a guest may ask for room without end.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Where there is no disk to wait for, when a guest asks for its files to be there for good.
const IN_MEMORY: &str = "/dev/shm";

/// Name of the guest's folder, without the number of the process.
const FOLDER: &str = "fuzz-isle-";

/// What a guest finds beside its folder, to be read.
const READABLE: [&str; 5] = ["/dev/null", "/dev/zero", "/proc/meminfo", "/proc/self", "/usr/include"];

/// Option of libFuzzer for the folder of inputs that failed.
const ARTIFACTS: &str = "-artifact_prefix=";

/// Moves this thread to a network of its own, which reaches nothing but itself. Only root may do that while there are other
/// threads, and libFuzzer has one.
pub fn own_network() -> io::Result<()> {
    // SAFETY: a thread without sockets changes its network.
    if unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let socket = std::net::UdpSocket::bind("0.0.0.0:0")?;
    // SAFETY: an `ifreq` is plain numbers, and `lo` fits into its name.
    let result = unsafe {
        let mut request: libc::ifreq = std::mem::zeroed();
        request.ifr_name[0] = b'l' as c_char;
        request.ifr_name[1] = b'o' as c_char;
        request.ifr_ifru.ifru_flags = libc::IFF_UP as i16;
        libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Confines this thread for good, and says which folder is the guest's. Panics where Landlock does not hold.
pub fn enter(has_sockets: bool) -> PathBuf {
    let folder = make_folder().expect("a folder for the guest's files");
    let mut granted = vec![(FileAccess::ReadWrite, folder.clone())];
    granted.extend(own_folders().map(|folder| (FileAccess::ReadWrite, folder)));
    granted.extend(
        READABLE
            .map(PathBuf::from)
            .into_iter()
            .filter(|path| path.exists())
            .map(|path| (FileAccess::Read, path)),
    );
    limit_writes();
    refuse_attributes().expect("a filter that refuses to change modes and owners");
    let program = File::open("/proc/self/exe").expect("the program itself, for its backtraces");
    let grants =
        files::grants(Reach::Named(&Files(granted), std::os::fd::AsFd::as_fd(&program))).expect("paths");
    let tcp = if has_sockets { Tcp::Any } else { Tcp::Ports(&[]) };
    let fence = files::limit(&grants, tcp, Signals::Own).expect("Landlock");
    assert!(
        !matches!(fence, FileFence::Missing(_)),
        "without Landlock random requests reach the user's files: {fence}"
    );
    folder
}

/// Makes the guest's folder, and removes those of earlier runs: the confined process cannot remove its own.
fn make_folder() -> io::Result<PathBuf> {
    let parent = if Path::new(IN_MEMORY).is_dir() { PathBuf::from(IN_MEMORY) } else { std::env::temp_dir() };
    for entry in fs::read_dir(&parent)?.flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            // That of another user stays.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let folder = parent.join(format!("{FOLDER}{}", std::process::id()));
    fs::create_dir(&folder)?;
    Ok(folder)
}

/// Where libFuzzer itself reads and writes inputs, by the command line.
fn own_folders() -> impl Iterator<Item = PathBuf> {
    let folder = |argument: String| {
        let path = PathBuf::from(argument.strip_prefix(ARTIFACTS).unwrap_or(&argument));
        path.is_dir().then_some(path)
    };
    std::env::args().skip(1).filter_map(folder)
}

/// No file becomes large, and who tries gets EFBIG; who writes where nobody reads gets EPIPE.
fn limit_writes() {
    let limit = libc::rlimit { rlim_cur: MAX_FILE_BYTES, rlim_max: MAX_FILE_BYTES };
    // SAFETY: a limit, and dispositions without handlers.
    unsafe {
        libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit);
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
    }
}

/// The system calls that change modes, owners and times answer EPERM. All calls are made by the proxy's code: no other
/// architecture's numbers are to be feared.
fn refuse_attributes() -> io::Result<()> {
    let refused =
        [libc::SYS_fchmod, libc::SYS_fchmodat, libc::SYS_fchown, libc::SYS_fchownat, libc::SYS_utimensat];
    let step = |code: u32, k: u32, jt: u8| libc::sock_filter { code: code as u16, jt, jf: 0, k };
    let number = std::mem::offset_of!(libc::seccomp_data, nr) as u32;
    let mut steps = vec![step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, number, 0)];
    for (index, call) in refused.into_iter().enumerate() {
        // Over the remaining questions and the answer to all other calls.
        let to_refusal = (refused.len() - index) as u8;
        steps.push(step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, call as u32, to_refusal));
    }
    steps.push(step(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0));
    steps.push(step(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32, 0));
    let program = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: the program lives through the call, which copies it.
    let result = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// What AddressSanitizer asks for its options: it must not start a program that names addresses, which nobody may here.
/// `addr2line` does that afterwards.
#[unsafe(no_mangle)]
pub extern "C" fn __asan_default_options() -> *const c_char {
    const OPTIONS: &CStr = c"symbolize=0";
    OPTIONS.as_ptr()
}
