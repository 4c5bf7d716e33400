//! Open files and folders of what a program sees of itself.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::spot::{Folder, LINKS, Link, MAIN, Spot, TEXTS, Text, statfs};
use super::text;
use crate::fs::fd_table;
use crate::fs::file::{File, as_kind, sought};
use crate::fs::listing::{self, Entry};
use crate::sched::{self, TaskId};
use crate::sync::Mutex;
use crate::user::{UserCursor, UserSlice};
use abi::c::{self, S_IFDIR, S_IFMT};
use abi::errno::Errno;
use abi::file::{Stat, StatFs};

const O_ACCMODE: u64 = c::O_ACCMODE as u64;

/// An open text. It is made when it is read from its beginning.
pub struct TextFile {
    text: Text,
    thread: TaskId,
    flags: u64,
    reading: Mutex<Reading>,
}

/// How far somebody has read, and in what.
struct Reading {
    position: u64,
    bytes: Vec<u8>,
}

/// An open folder.
pub struct FolderFile {
    folder: Folder,
    /// The cookie of what was told last.
    position: Mutex<u64>,
    flags: u64,
}

/// The folder that a file is, if it is one of these.
pub fn folder_of(file: &dyn File) -> Option<Folder> {
    as_kind::<FolderFile>(file).map(|file| file.folder)
}

/// Whether a file is a directory, of whatever kind.
pub fn is_directory(file: &dyn File) -> bool {
    file.stat().is_ok_and(|stat| stat.st_mode & S_IFMT == S_IFDIR)
}

impl TextFile {
    /// Opened with these flags of open(2). `EACCES`: it cannot be written, or not be read.
    pub fn open(text: Text, thread: TaskId, flags: u64) -> Result<Self, Errno> {
        let writes = flags & O_ACCMODE != 0 || flags & c::O_TRUNC as u64 != 0;
        if text == Text::Mem || (writes && text != Text::Comm) {
            return Err(Errno::EACCES);
        }
        let reading = Mutex::new(Reading { position: 0, bytes: Vec::new() });
        Ok(Self { text, thread, flags: flags & O_ACCMODE, reading })
    }

    fn read_from(&self, reading: &mut Reading, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        if self.flags == c::O_WRONLY as u64 {
            return Err(Errno::EBADF);
        }
        if offset == 0 || reading.bytes.is_empty() {
            reading.bytes = text::of(self.text, self.thread)?;
        }
        let rest = &reading.bytes[reading.bytes.len().min(offset as usize)..];
        let wanted = rest.len().min(to.left() as usize);
        let count = to.write(&rest[..wanted]);
        if count == 0 && wanted > 0 { Err(Errno::EFAULT) } else { Ok(count as u64) }
    }
}

impl File for TextFile {
    fn read(&self, to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        let mut reading = self.reading.lock();
        let position = reading.position;
        let count = self.read_from(&mut reading, to, position)?;
        reading.position += count;
        Ok(count)
    }

    /// A thread's name: as much as fits.
    fn write(&self, from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        if self.flags == 0 {
            return Err(Errno::EBADF);
        }
        let mut name = [0; sched::NAME_BYTES];
        let wanted = name.len().min(from.left() as usize);
        if from.read(&mut name[..wanted]) < wanted {
            return Err(Errno::EFAULT);
        }
        let end = name[..wanted].iter().position(|&byte| byte == 0 || byte == b'\n').unwrap_or(wanted);
        sched::get(self.thread).ok_or(Errno::ESRCH)?.name.set_start_of(&name[..end]);
        from.advance(from.left());
        Ok(from.done())
    }

    fn read_at(&self, to: &mut UserCursor<'_>, offset: u64) -> Result<u64, Errno> {
        self.read_from(&mut self.reading.lock(), to, offset)
    }

    /// `EINVAL` from the end, which nobody knows.
    fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        let mut reading = self.reading.lock();
        reading.position = sought(reading.position, || None, offset, whence)?;
        Ok(reading.position)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Spot::Text(self.text, self.thread).stat())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(statfs())
    }

    fn flags(&self) -> Result<u64, Errno> {
        Ok(self.flags)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        let folder = self.text.folder(self.thread).path();
        Ok([folder.as_bytes(), b"/", self.text.name().as_bytes()].concat())
    }

    fn reopen(&self, flags: u64) -> Result<Arc<dyn File>, Errno> {
        Ok(Arc::new(Self::open(self.text, self.thread, flags)?))
    }
}

impl FolderFile {
    /// Opened with these flags of open(2). `EISDIR`: for writing.
    pub fn open(folder: Folder, flags: u64) -> Result<Self, Errno> {
        let creates = flags & c::O_CREAT as u64 != 0;
        if flags & O_ACCMODE != 0 || creates {
            return Err(Errno::EISDIR);
        }
        let flags = flags & (c::O_DIRECTORY | c::O_NONBLOCK) as u64;
        Ok(Self { folder, position: Mutex::new(0), flags })
    }
}

impl File for FolderFile {
    fn read(&self, _to: &mut UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EISDIR)
    }

    fn write(&self, _from: &mut UserCursor<'_>) -> Result<u64, Errno> {
        Err(Errno::EBADF)
    }

    /// To the beginning, or to where telldir(3) was.
    fn seek(&self, offset: i64, whence: i32) -> Result<u64, Errno> {
        let mut position = self.position.lock();
        *position = sought(*position, || None, offset, whence)?;
        Ok(*position)
    }

    fn stat(&self) -> Result<Stat, Errno> {
        Ok(Spot::Folder(self.folder).stat())
    }

    fn statfs(&self) -> Result<StatFs, Errno> {
        Ok(statfs())
    }

    fn read_dir(&self, to: UserSlice) -> Result<u64, Errno> {
        let mut position = self.position.lock();
        let seen = *position;
        let later = self.folder.entries().into_iter().filter(|entry| entry.cookie > seen);
        listing::tell(later, to, &mut position)
    }

    fn flags(&self) -> Result<u64, Errno> {
        Ok(self.flags)
    }

    fn name(&self) -> Result<Vec<u8>, Errno> {
        Ok(self.folder.path().into_bytes())
    }

    fn reopen(&self, flags: u64) -> Result<Arc<dyn File>, Errno> {
        Ok(Arc::new(Self::open(self.folder, flags)?))
    }
}

/// Cookies of `.` and `..` come first; those of numbers follow from the number.
const FIRST_COOKIE: u64 = 3;

impl Folder {
    /// `.`, `..` and all that is in it, in the order of their cookies.
    fn entries(self) -> Vec<Entry> {
        let entry = |cookie, name: &[u8], spot: Spot| Entry {
            cookie,
            name: name.to_vec(),
            number: spot.number(),
            kind: spot.mode() & S_IFMT,
        };
        let mut all: Vec<Entry> =
            [(1, &b"."[..]), (2, b"..")].map(|(cookie, name)| entry(cookie, name, Spot::Folder(self))).into();
        let numbered = |number: i32, spot: Spot| {
            entry(FIRST_COOKIE + number as u64, alloc::format!("{number}").as_bytes(), spot)
        };
        match self {
            Self::Process | Self::Thread(_) => {
                let thread = if let Self::Thread(id) = self { id } else { MAIN };
                let texts = TEXTS.iter().map(|(name, text)| (*name, Spot::Text(*text, thread)));
                let links = LINKS.iter().map(|(name, link)| (*name, Spot::Link(*link)));
                let folders: [(&[u8], _); 3] =
                    [(b"fd", Self::Fd), (b"fdinfo", Self::FdInfo), (b"task", Self::Task)];
                let of_process = if self == Self::Process { 3 } else { 2 };
                let folders =
                    folders.into_iter().take(of_process).map(|(name, folder)| (name, Spot::Folder(folder)));
                let named = texts.chain(links).chain(folders).zip(FIRST_COOKIE..);
                all.extend(named.map(|((name, spot), cookie)| entry(cookie, name, spot)));
            }
            Self::Fd => {
                all.extend(fd_table::numbers().into_iter().map(|fd| numbered(fd, Spot::Link(Link::Fd(fd)))));
            }
            Self::FdInfo => {
                let spot = |fd| Spot::Text(Text::FdInfo(fd), MAIN);
                all.extend(fd_table::numbers().into_iter().map(|fd| numbered(fd, spot(fd))));
            }
            Self::Task => {
                let folder = |id| numbered(id, Spot::Folder(Self::Thread(id)));
                all.extend(sched::ids().into_iter().map(folder));
            }
        }
        all
    }
}
