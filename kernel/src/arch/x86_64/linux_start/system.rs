//! Linux's system calls, for an image that is an ordinary process of Linux's: [`Name`] and what is done with it.

use core::ffi::{CStr, c_char};

/// System calls (arch/x86/entry/syscalls/syscall_64.tbl).
const WRITE: u64 = 1;
const STAT: u64 = 4;
const MMAP: u64 = 9;
const PWRITE64: u64 = 18;
const ACCESS: u64 = 21;
const EXECVE: u64 = 59;
const READLINK: u64 = 89;
const EXIT_GROUP: u64 = 231;
const MEMFD_CREATE: u64 = 319;

/// Error numbers that have words here.
pub const ENOENT: i64 = 2;
pub const EACCES: i64 = 13;
pub const ENOTDIR: i64 = 20;

/// Longest path that Linux takes, with the NUL at its end.
const PATH_MAX: usize = 4096;

/// What a system call is given.
enum Argument<'a> {
    Number(u64),
    Path(&'a CStr),
    /// Its address; the length is an argument of its own.
    Bytes(&'a [u8]),
    Room(&'a mut [u8]),
}

impl Argument<'_> {
    fn word(self) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Path(path) => path.as_ptr() as u64,
            Self::Bytes(bytes) => bytes.as_ptr() as u64,
            Self::Room(room) => room.as_mut_ptr() as u64,
        }
    }
}

/// A system call that touches no memory but what its arguments lend.
fn call_with<const N: usize>(number: u64, arguments: [Argument<'_>; N]) -> i64 {
    const { assert!(N <= 6) };
    let mut words = [0; 6];
    for (word, argument) in words.iter_mut().zip(arguments) {
        *word = argument.word();
    }
    // SAFETY: of the calls above, EXECVE is the only one that follows pointers in memory, and it is not called by this; MMAP is told no place.
    // PWRITE64 only reads, and Linux checks what.
    unsafe { call(number, words) }
}

/// # Safety
/// As the call demands, of its pointers above all.
#[cfg(panic = "abort")]
unsafe fn call(number: u64, args: [u64; 6]) -> i64 {
    let result: i64;
    // SAFETY: the caller's.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number as i64 => result,
            in("rdi") args[0], in("rsi") args[1], in("rdx") args[2],
            in("r10") args[3], in("r8") args[4], in("r9") args[5],
            lateout("rcx") _, lateout("r11") _, options(nostack),
        );
    }
    result
}

/// Nothing of this is called on the host.
#[cfg(not(panic = "abort"))]
unsafe fn call(_: u64, _: [u64; 6]) -> i64 {
    -38
}

/// A path that is being put together.
pub struct Name {
    bytes: [u8; PATH_MAX],
    len: usize,
    is_cut: bool,
}

impl Name {
    /// An empty one.
    pub const fn new() -> Self {
        Self { bytes: [0; PATH_MAX], len: 0, is_cut: false }
    }

    /// These parts in a row.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut name = Self::new();
        parts.iter().for_each(|part| name.push(part));
        name
    }

    /// Adds `part`; what is too long for Linux is no name at all.
    pub fn push(&mut self, part: &[u8]) {
        let end = self.len + part.len();
        match self.bytes.get_mut(self.len..end).filter(|_| end < PATH_MAX) {
            Some(place) => {
                place.copy_from_slice(part);
                self.len = end;
            }
            None => self.is_cut = true,
        }
    }

    /// Adds a number.
    pub fn push_number(&mut self, number: u64) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push(&[b'0' + (number % 10) as u8]);
    }

    /// As a C string, if it fits.
    pub fn as_c_str(&self) -> Option<&CStr> {
        CStr::from_bytes_with_nul(self.bytes.get(..=self.len)?).ok().filter(|_| !self.is_cut)
    }
}

/// Writes all of `text` to standard error, as far as that takes it.
pub fn say(text: &[u8]) {
    call_with(WRITE, [Argument::Number(2), Argument::Bytes(text), Argument::Number(text.len() as u64)]);
}

/// Ends the process.
pub fn exit(status: u8) -> ! {
    loop {
        call_with(EXIT_GROUP, [Argument::Number(u64::from(status))]);
    }
}

/// Becomes the program at `path`; returns the error number if that failed.
///
/// # Safety
/// `argv` and `envp` must be arrays of C strings that a null pointer ends.
pub unsafe fn execute(path: &CStr, argv: *const *const c_char, envp: *const *const c_char) -> i64 {
    // SAFETY: the caller's arrays.
    -unsafe { call(EXECVE, [path.as_ptr() as u64, argv as u64, envp as u64, 0, 0, 0]) }
}

/// Whether this process may read the file.
pub fn may_read(path: &CStr) -> bool {
    const R_OK: u64 = 4;
    call_with(ACCESS, [Argument::Path(path), Argument::Number(R_OK)]) == 0
}

/// Device and number of a file, by which no other is known.
pub fn identity(path: &CStr) -> Option<[u64; 2]> {
    // `struct stat`: 144 bytes that begin with st_dev and st_ino.
    let mut status = [0; 144];
    let result = call_with(STAT, [Argument::Path(path), Argument::Room(&mut status)]);
    let word = |at: usize| status[at..].first_chunk().copied().map(u64::from_le_bytes);
    (result == 0).then_some([word(0)?, word(8)?])
}

/// Where a symbolic link leads.
pub fn target_of(link: &CStr) -> Option<Name> {
    let mut name = Name::new();
    // The last byte stays 0.
    let room = Argument::Room(&mut name.bytes[..PATH_MAX - 1]);
    let len = call_with(READLINK, [Argument::Path(link), room, Argument::Number(PATH_MAX as u64 - 1)]);
    name.len = usize::try_from(len).ok()?;
    Some(name)
}

/// Fresh memory, zero, for the rest of the process's life.
pub fn memory(len_bytes: usize) -> Option<&'static mut [u8]> {
    const PROT_READ_WRITE: u64 = 3;
    const MAP_PRIVATE_ANONYMOUS: u64 = 0x22;
    let arguments = [0, len_bytes as u64, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, u64::MAX, 0];
    let start = call_with(MMAP, arguments.map(Argument::Number));
    // SAFETY: the mapping that was just made, which nobody else knows.
    (start > 0).then(|| unsafe { core::slice::from_raw_parts_mut(start as usize as *mut u8, len_bytes) })
}

/// A file in memory that stays open when this process becomes another program.
pub fn memory_file(name: &CStr) -> Option<u64> {
    u64::try_from(call_with(MEMFD_CREATE, [Argument::Path(name), Argument::Number(0)])).ok()
}

/// Writes `len_bytes` from `address` on to an offset of the file. Whether all was written.
pub fn write_at(file: u64, address: u64, len_bytes: u64, offset: u64) -> bool {
    let mut done = 0;
    while done < len_bytes {
        let arguments = [file, address + done, len_bytes - done, offset + done];
        match u64::try_from(call_with(PWRITE64, arguments.map(Argument::Number))) {
            Ok(written) if written > 0 => done += written,
            _ => return false,
        }
    }
    true
}
