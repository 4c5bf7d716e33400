//! Structures that file calls exchange: Linux's, x86-64. Kernel and proxy share them, and programs see them.

use crate::c::layout;

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

/// `struct statfs` of statfs(2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct StatFs {
    /// Kind of file system: a magic number.
    pub f_type: i64,
    /// Preferred block size in bytes.
    pub f_bsize: i64,
    /// Size in blocks of `f_frsize`.
    pub f_blocks: u64,
    /// Free blocks.
    pub f_bfree: u64,
    /// Free blocks for everybody.
    pub f_bavail: u64,
    /// Number of inodes.
    pub f_files: u64,
    /// Free inodes.
    pub f_ffree: u64,
    /// Its id.
    pub f_fsid: [i32; 2],
    /// Longest name in bytes.
    pub f_namelen: i64,
    /// Block size in bytes.
    pub f_frsize: i64,
    /// ST_RDONLY 1, ST_NOSUID 2, ...
    pub f_flags: i64,
    /// Reserved.
    pub reserved: [i64; 4],
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

/// `struct dirent`, as getdents64(2) writes it: it ends behind the name's NUL, padded to a multiple of 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct DirEntry {
    /// Inode number.
    pub d_ino: u64,
    /// Where the next entry begins, for lseek(2); opaque.
    pub d_off: i64,
    /// Length of this entry in bytes.
    pub d_reclen: u16,
    /// `DT_*`.
    pub d_type: u8,
    /// The name, with a NUL.
    pub d_name: [u8; 256],
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

/// `struct epoll_event`, which is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct EpollEvent {
    /// `EPOLL*`.
    pub events: u32,
    /// The program's own words.
    pub data: [u32; 2],
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

layout! {
    Stat = "struct stat" in "sys/stat.h" {
        members: st_dev, st_ino, st_nlink, st_mode, st_uid, st_gid, st_rdev, st_size, st_blksize, st_blocks, st_atim, st_mtim, st_ctim;
        padding: pad0, reserved;
    }
    StatFs = "struct statfs" in "sys/statfs.h" {
        members: f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid, f_namelen, f_frsize, f_flags;
        padding: reserved;
    }
    TimeSpec = "struct timespec" in "time.h" {
        members: tv_sec, tv_nsec;
    }
    IoVec = "struct iovec" in "sys/uio.h" {
        members: base as "iov_base", len_bytes as "iov_len";
    }
    PollHandle = "struct pollfd" in "poll.h" {
        members: handle as "fd", events, revents;
    }
    EpollEvent = "struct epoll_event" in "sys/epoll.h" later {
        members: events, data;
    }
    FileLock = "struct flock" in "fcntl.h" {
        members: l_type, l_whence, l_start, l_len, l_pid;
        padding: pad0, pad1;
    }
    DirEntry = "struct dirent" in "dirent.h" {
        members: d_ino, d_off, d_reclen, d_type, d_name;
    }
    WindowSize = "struct winsize" in "sys/ioctl.h" {
        members: ws_row, ws_col, ws_xpixel, ws_ypixel;
    }
}
