//! Structures that file calls exchange: Linux's, x86-64.

/// `struct stat` of stat(2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Stat {
    /// Device that holds the file.
    pub st_dev: u64,
    /// Inode number.
    pub st_ino: u64,
    /// Number of hard links.
    pub st_nlink: u64,
    /// Type and permissions.
    pub st_mode: u32,
    /// Owner.
    pub st_uid: u32,
    /// Group.
    pub st_gid: u32,
    /// Padding.
    pub pad0: u32,
    /// Device number of a device file.
    pub st_rdev: u64,
    /// Size in bytes.
    pub st_size: i64,
    /// Preferred block size in bytes.
    pub st_blksize: i64,
    /// Blocks of 512 bytes.
    pub st_blocks: i64,
    /// Last access.
    pub st_atim: TimeSpec,
    /// Last change of contents.
    pub st_mtim: TimeSpec,
    /// Last change of status.
    pub st_ctim: TimeSpec,
    /// Reserved.
    pub reserved: [i64; 3],
}

/// `struct timespec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct TimeSpec {
    /// Seconds.
    pub tv_sec: i64,
    /// Nanoseconds, 0..1_000_000_000.
    pub tv_nsec: i64,
}

/// `struct iovec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct IoVec {
    /// Guest address.
    pub base: u64,
    /// Length in bytes.
    pub len_bytes: u64,
}

/// `struct pollfd`, with a handle in place of the file descriptor (negative: ignored).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct PollHandle {
    /// Handle.
    pub handle: i32,
    /// Events asked for: POLLIN 1, POLLOUT 4, ...
    pub events: i16,
    /// Events found.
    pub revents: i16,
}

/// `struct flock`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct FileLock {
    /// F_RDLCK 0, F_WRLCK 1, F_UNLCK 2.
    pub l_type: i16,
    /// SEEK_SET 0, SEEK_CUR 1, SEEK_END 2.
    pub l_whence: i16,
    /// Padding.
    pub pad0: u32,
    /// First byte.
    pub l_start: i64,
    /// Number of bytes, 0 to the end.
    pub l_len: i64,
    /// Who holds it.
    pub l_pid: i32,
    /// Padding.
    pub pad1: u32,
}

/// `struct winsize` of TIOCGWINSZ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct WindowSize {
    /// Rows, in characters.
    pub ws_row: u16,
    /// Columns, in characters.
    pub ws_col: u16,
    /// Width in pixels.
    pub ws_xpixel: u16,
    /// Height in pixels.
    pub ws_ypixel: u16,
}

const _: () = assert!(size_of::<Stat>() == 144);
const _: () = assert!(core::mem::offset_of!(Stat, st_size) == 48);
const _: () = assert!(core::mem::offset_of!(Stat, st_atim) == 72);
const _: () = assert!(size_of::<IoVec>() == 16);
const _: () = assert!(size_of::<PollHandle>() == 8);
const _: () = assert!(size_of::<FileLock>() == 32);
