//! How the kernel asks the host for something: one request layout for every isle.
//!
//! The kernel fills a [`Request`] anywhere in guest memory, sets its state to [`state::POSTED`] and rings the isle's
//! doorbell (`BootInfo::doorbell`). The host writes `result` and then, with release order, [`state::DONE`]. What
//! cannot wait is done when the ring is over (process, uhyve); what waits for others is still posted then, and an interrupt tells, as
//! it does always in the qemu isle. The kernel may look before.
//!
//! All integers are little-endian; addresses are 64-bit guest addresses. `result` is a value, or a negative
//! [`crate::errno::Errno`]. The host checks every address and length: a request can fail, never hurt.
//!
//! A *handle* names an open host file, and is a number of the server's own table: 0, 1, 2 are the standard streams.
//! `dirfd` is a handle, or [`AT_FDCWD`] for the proxy's working directory, which is the program's. Paths are given
//! as address and length (at most [`MAX_PATH_BYTES`]), without NUL. In `Open`, `ReadLink` and `Access` an empty path and a handle as
//! `dirfd` mean the file behind the handle.

/// Longest path the server takes, in bytes.
pub const MAX_PATH_BYTES: u64 = 4096;

/// Most elements of a `ReadV`/`WriteV` vector.
pub const MAX_IO_VECTORS: u64 = 1024;

/// Most elements of a `Poll` set: as many as a program has descriptors. The host's limit (RLIMIT_NOFILE) may be lower.
pub const MAX_POLL_HANDLES: u64 = 65536;

/// `dirfd` that stands for the working directory.
pub const AT_FDCWD: i64 = -100;

/// Longest socket address, in bytes (`struct sockaddr_storage`).
pub const MAX_ADDRESS_BYTES: u64 = 128;

/// Longest value of a socket option, in bytes.
pub const MAX_OPTION_BYTES: u64 = 1024;

/// Most bytes of control messages of one `SendMessage` or `ReceiveMessage`.
pub const MAX_CONTROL_BYTES: u64 = 4096;

/// Most events that one `EpollWait` tells of.
pub const MAX_EPOLL_EVENTS: u64 = 4096;

/// [`Request::number`] flag: other threads of this core could run; the host may return from the doorbell with the request
/// still POSTED and answer it later, with vector ANSWER. It may do so without being asked in VM isles, and in the process
/// isle when an interrupt comes for the vCPU while a request blocks it (only with a pending word: see `SetTrapEntry`).
pub const MAY_PEND: u32 = 1 << 31;

/// One hypercall. 64 bytes, a cache line: align it to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Request {
    /// One of [`state`]; both sides access it atomically.
    pub state: u32,
    /// A [`Number`], and possibly [`MAY_PEND`].
    pub number: u32,
    /// Arguments in the order that [`Number`] documents; the rest is ignored.
    pub args: [u64; 6],
    /// Value, or a negative error number.
    pub result: i64,
}

/// Values of `Request::state`.
pub mod state {
    /// Not in use.
    pub const IDLE: u32 = 0;
    /// The host owns the request.
    pub const POSTED: u32 = 1;
    /// `result` is valid; the kernel owns the request again.
    pub const DONE: u32 = 2;
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident = $value:literal,)*) => {
        /// What is asked for. The arguments are listed in order, then the result after `->` (none: 0).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum Number {
            $($(#[$doc])* $name = $value,)*
        }

        impl Number {
            /// Every number, ascending.
            pub const ALL: &'static [Number] = &[$(Number::$name,)*];

            /// The number for its wire value, if there is one.
            pub const fn from_u32(value: u32) -> Option<Number> {
                match value {
                    $($value => Some(Number::$name),)*
                    _ => None,
                }
            }

            /// Its name, for logs and statistics.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Number::$name => stringify!($name),)*
                }
            }
        }
    };
}

numbers! {
    /// End the isle, from any vCPU: `status`. Not answered.
    Exit = 1,
    /// End the isle with a report: `signal`, `frame` (address of a [`crate::trap::TrapFrame`], or 0), `text`,
    /// `text_len`. The host prints text, registers and a symbolised backtrace on stderr; the status is 128 + signal.
    /// Not answered.
    Fatal = 2,
    /// Append to the kernel log: `text`, `text_len`. Whole lines, shown on stderr when verbose.
    Log = 3,
    /// Process isle: sleep until `Kick` or until CLOCK_MONOTONIC reaches `deadline_ns` (`u64::MAX`: no deadline). A
    /// kick that came since the last `Wait` makes it return at once.
    Wait = 4,
    /// Process isle: wake vCPU `cpu` from `Wait` or interrupt it: `cpu`, `vector`.
    Kick = 5,
    /// Process isle, each vCPU for itself: `address` of `extern "C" fn(frame: *mut TrapFrame)`, called for CPU exceptions
    /// and interrupts; `pending`, address of a `u64`: an interrupt that comes while the vCPU is in the host sets bit
    /// `vector` - 32 there instead (atomically), and the kernel looks after every doorbell. 0: nowhere.
    SetTrapEntry = 6,
    /// Process isle without FSGSBASE: `which` (0: FS, 1: GS), `value`.
    SetSegmentBase = 7,
    /// Process isle: change access to whole pages of guest RAM, or to those that `Move` brought to reservable addresses: `address`,
    /// `len`, `prot` (PROT_READ 1 | PROT_WRITE 2, or with `flag::JIT` PROT_READ 1 | PROT_EXEC 4).
    Protect = 8,
    /// Give whole pages of guest RAM back to the host; they read as zero afterwards: `address`, `len`.
    Discard = 9,
    /// Random bytes from the host: `buffer`, `len` (at most 4096) -> bytes written.
    Entropy = 10,
    /// Process isle: start vCPU `cpu` (1..nr_cpus), once: a pinned host thread that enters the ELF entry.
    StartCpu = 11,
    /// Process isle: interrupt this vCPU with vector TIMER when CLOCK_MONOTONIC reaches `deadline_ns`; replaces the last
    /// deadline. `u64::MAX`: never.
    SetTimer = 12,
    /// What the host's `signal` (1..=64) does: `action` 0 its default, 1 ignored, 2 the program gets it: vector HOST_SIGNAL
    /// with the number in the frame's error code (process), byte `ring::SIGNAL` + number (qemu).
    CatchSignal = 13,
    /// End a request that has not been answered, and that may block, with EINTR if it has done nothing yet: `request`, its
    /// address. `ESRCH` if there is none: it has been answered, or will be soon.
    Cancel = 14,
    /// Process isle: let whoever else wants this vCPU's CPU of the host run first.
    YieldCpu = 15,
    /// uhyve: make RAM usable up to the guest address `end` at least -> the end of what is usable now. `EINVAL` for an end behind
    /// all RAM, `ENOMEM` if the host has no memory for its tables.
    Extend = 16,
    /// Process isle: whole pages end at one place and begin, as zeroes that can be written, at another, where nothing is: `from`,
    /// `to`, `len`. One place is in RAM, the other among the reservable addresses of the boot info. `EEXIST`: something is there.
    Move = 17,
    /// Process isle: whole pages of guest RAM, or reservable addresses, become those of an open regular file or block device, shared with all who
    /// map it: `handle`, `offset`, `address`, `len`, `prot` (PROT_READ 1 | PROT_WRITE 2). Errors are those of mmap(2); `ENOTSUP`: this
    /// isle cannot. To touch what is behind the file's end is a page fault with `trap::page_fault::OF_FILE`.
    MapShared = 18,
    /// Process isle: whole pages, shared ones or others, become fresh ones of the guest's own, which can be written and read as
    /// zero: `address`, `len`.
    UnmapShared = 19,

    /// openat(2): `dirfd`, `path`, `path_len`, `flags`, `mode` -> handle.
    Open = 32,
    /// close(2): `handle`.
    Close = 33,
    /// read(2): `handle`, `buffer`, `len` -> bytes.
    Read = 34,
    /// write(2): `handle`, `buffer`, `len` -> bytes.
    Write = 35,
    /// pread(2): `handle`, `buffer`, `len`, `offset` -> bytes.
    PRead = 36,
    /// pwrite(2): `handle`, `buffer`, `len`, `offset` -> bytes.
    PWrite = 37,
    /// readv(2): `handle`, `vectors` (of [`crate::file::IoVec`]), `count` -> bytes.
    ReadV = 38,
    /// writev(2): `handle`, `vectors`, `count` -> bytes.
    WriteV = 39,
    /// lseek(2): `handle`, `offset`, `whence` -> new offset.
    Seek = 40,
    /// fstatat(2): `dirfd`, `path`, `path_len`, `flags` (AT_SYMLINK_NOFOLLOW), `stat` (address of a
    /// [`crate::file::Stat`]).
    Stat = 41,
    /// fstat(2): `handle`, `stat`.
    FStat = 42,
    /// unlinkat(2): `dirfd`, `path`, `path_len`, `flags` (AT_REMOVEDIR).
    Unlink = 43,
    /// renameat(2): `old_dirfd`, `old`, `old_len`, `new_dirfd`, `new`, `new_len`.
    Rename = 44,
    /// mkdirat(2): `dirfd`, `path`, `path_len`, `mode`.
    MkDir = 45,
    /// getdents64(2): `handle`, `buffer`, `len` -> bytes of `struct linux_dirent64`.
    ReadDir = 46,
    /// ftruncate(2): `handle`, `len`.
    Truncate = 47,
    /// fsync(2), or fdatasync(2) if `data_only` is 1: `handle`, `data_only`.
    Sync = 48,
    /// linkat(2): `old_dirfd`, `old`, `old_len`, `new_dirfd`, `new`, `new_len`.
    Link = 49,
    /// symlinkat(2): `target`, `target_len`, `dirfd`, `path`, `path_len`.
    SymLink = 50,
    /// readlinkat(2): `dirfd`, `path`, `path_len`, `buffer`, `len` -> bytes.
    ReadLink = 51,
    /// faccessat(2): `dirfd`, `path`, `path_len`, `mode`.
    Access = 52,
    /// chdir(2): `path`, `path_len`. Moves the proxy, so that relative paths follow.
    ChDir = 53,
    /// fchdir(2): `handle`.
    ChDirHandle = 54,
    /// getcwd(2): `buffer`, `len` -> bytes, NUL included.
    GetCwd = 55,
    /// ioctl(2), requests on terminals (TCGETS, TCSETS*, TIOCGWINSZ, FIONREAD, TIOCGPGRP), and of sockets SIOCATMARK
    /// and what tells of one interface (SIOCGIF*, `struct ifreq`): `handle`, `request`, `argument`.
    IoCtl = 56,
    /// poll(2): `set` (of [`crate::file::PollHandle`]), `count`, `timeout_ms` -> number ready.
    Poll = 57,
    /// fchmodat(2): `dirfd`, `path`, `path_len`, `mode`, `flags` (AT_SYMLINK_NOFOLLOW: `EOPNOTSUPP` for a link, which has no
    /// mode on Linux).
    ChMod = 58,
    /// fchmod(2): `handle`, `mode`.
    ChModHandle = 59,
    /// utimensat(2): `dirfd`, `path`, `path_len`, `times` (address of two [`crate::file::TimeSpec`], or 0), `flags`.
    SetTimes = 60,
    /// futimens(2): `handle`, `times`.
    SetTimesHandle = 61,
    /// fcntl(2) F_GETLK, F_SETLK, F_SETLKW: `handle`, `command`, `flock` (address of a [`crate::file::FileLock`]).
    Lock = 62,
    /// fcntl(2) F_SETFL: `handle`, `flags` (O_APPEND, O_NONBLOCK).
    SetFlags = 63,
    /// fcntl(2) F_GETFL: `handle` -> flags.
    GetFlags = 64,
    /// posix_fallocate(3): `handle`, `offset`, `len`.
    Allocate = 65,
    /// fchownat(2): `dirfd`, `path`, `path_len`, `uid`, `gid`, `flags` (AT_SYMLINK_NOFOLLOW).
    ChOwn = 66,
    /// fchown(2): `handle`, `uid`, `gid`.
    ChOwnHandle = 67,
    /// statfs(2): `dirfd`, `path`, `path_len`, `statfs` (address of a [`crate::file::StatFs`]).
    StatFs = 68,
    /// fstatfs(2): `handle`, `statfs`.
    StatFsHandle = 69,

    /// socket(2): `domain` (AF_INET, AF_INET6), `type` (SOCK_STREAM, SOCK_DGRAM), `protocol` -> handle. `EACCES`: the image does
    /// not use sockets, or the user allows no network. Addresses of this and what follows are at most [`MAX_ADDRESS_BYTES`] long.
    Socket = 80,
    /// bind(2): `handle`, `address`, `len`.
    Bind = 81,
    /// listen(2): `handle`, `backlog`.
    Listen = 82,
    /// accept4(2): `handle`, `address`, `len` (address of a `u32`: how much room, and how long it is), `flags` (MSG_DONTWAIT: do not
    /// wait) -> handle. `address` 0: nobody asks.
    Accept = 83,
    /// connect(2): `handle`, `address`, `len`, `flags` (MSG_DONTWAIT: `EINPROGRESS` instead of waiting).
    Connect = 84,
    /// getsockname(2), or getpeername(2) if `which` is 1: `handle`, `which`, `address`, `len` (address of a `u32`).
    SocketName = 85,
    /// setsockopt(2): `handle`, `level`, `name`, `value`, `len` (at most [`MAX_OPTION_BYTES`]).
    SetOption = 86,
    /// getsockopt(2): `handle`, `level`, `name`, `value`, `len` (address of a `u32`).
    GetOption = 87,
    /// shutdown(2): `handle`, `how`.
    Shutdown = 88,
    /// send(2), which never raises SIGPIPE: `handle`, `buffer`, `len`, `flags` -> bytes.
    Send = 89,
    /// recv(2): `handle`, `buffer`, `len`, `flags` -> bytes.
    Receive = 90,
    /// sendmsg(2): `handle`, `message` (address of a [`crate::socket::Message`]), `flags` -> bytes.
    SendMessage = 91,
    /// recvmsg(2): `handle`, `message`, `flags` -> bytes. Lengths and flags of the message are what came.
    ReceiveMessage = 92,
    /// ioctl(2) SIOCGIFCONF: `handle`, `buffer`, `len` -> bytes of `struct ifreq`.
    Interfaces = 93,

    /// epoll_create1(2) -> handle.
    EpollCreate = 110,
    /// epoll_ctl(2): `handle`, `operation`, `member` (a handle), `events`, `data`.
    EpollControl = 111,
    /// epoll_wait(2) that does not wait: `handle`, `events` (of [`crate::file::EpollEvent`]), `count` (at most [`MAX_EPOLL_EVENTS`]) ->
    /// how many. Whoever waits does so with `Poll`.
    EpollWait = 112,
}

const _: () = assert!(size_of::<Request>() == 64);
const _: () = assert!(core::mem::offset_of!(Request, args) == 8);
const _: () = assert!(core::mem::offset_of!(Request, result) == 56);

#[cfg(test)]
mod tests {
    use super::{AT_FDCWD, MAY_PEND, Number};

    #[test]
    fn words_beside_the_numbers() {
        assert_eq!(AT_FDCWD, -100, "as Linux has it");
        assert_eq!(MAY_PEND, 0x8000_0000);
        assert!(Number::ALL.iter().all(|&number| number as u32 & MAY_PEND == 0));
    }

    #[test]
    fn every_number_survives_the_wire() {
        for &number in Number::ALL {
            assert_eq!(Number::from_u32(number as u32), Some(number));
        }
        assert!(Number::ALL.is_sorted());
        assert_eq!(Number::from_u32(0), None);
        assert_eq!(Number::from_u32(u32::MAX), None);
    }
}
